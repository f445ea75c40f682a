"""What Polish, Czech, German and other first names are shortened to, folded. `nicknames` knows the English ones."""

_TABLE = """
adam adas adasiek
adrian adek adrianek
agata agatka
agnieszka aga agniesia agusia
aleksander alek olek oles sasza
aleksandra ola olka olenka sasza
alicja ala alka
anastazja nastka nastia
andrzej jedrek jedrzej
aneta anetka
angelika andzia angela
anna ania anka andzia hania anula anusia
antoni antek antos tosiek
antonina tosia tonia
barbara basia baska
bartlomiej bartek bartus
bartosz bartek bartus
beata beatka
blazej blazejek
bogdan bodzio boguslaw
boguslaw bogus bogdan
bozena bozenka
cezary czarek
czeslaw czesiek
damian damianek
daniel danek
danuta danka danusia
dariusz darek
dawid dawidek
dominik dominiczek domino
dominika domi domka
dorota dorotka dora
edward edek
elzbieta ela elka elunia
emilia emilka
ewa ewka ewunia
ewelina ewelinka
feliks felek
filip filipek
franciszek franek franio
gabriela gabrysia gaba
genowefa gienia
grazyna grazka grazynka
grzegorz grzesiek grzes
halina halinka hala
hanna hania hanka
helena hela helenka
henryk heniek henio
hieronim hirek
ignacy ignas ignac
irena irenka irka
ireneusz irek
iwona iwonka
izabela iza izunia
jacek jacus
jadwiga jadzia
jakub kuba jakubek kubus
jan janek jas jasiek janusz
janina janka jasia
jaroslaw jarek
jerzy jurek
joanna asia aska joasia
jolanta jola jolka
jozef jozek jozio
jozefina jozia
julia julka jula
juliusz julek julian
julian julek
justyna justynka
kamil kamilek
kamila kamilka
karol karolek lolek
karolina karolka karola
katarzyna kasia kaska kate kasienka
kazimierz kazik kazio kazek
kinga kinia
klaudia klaudynka
konrad konradek
krystian krystek
krystyna krysia kryska
krzysztof krzysiek krzys krzysio
lech leszek lechu
leokadia loda
leszek lesio
lucja lucka lusia
lucyna lucynka
lukasz lukaszek lukas
maciej maciek macius
magdalena magda madzia magdusia
malgorzata gosia goska malgosia gocha
marcin marcinek
marek mareczek
maria marysia maryska mania marianna
marianna marysia
mariola mariolka
mariusz mariuszek
marta martusia
martyna martynka
mateusz mati mateuszek
michal michalek misiek
mieczyslaw mietek mieciu
mikolaj mikolajek miki
milena milenka
miroslava mirka
miroslaw mirek
miroslawa mirka
monika monia
natalia natalka nata
nikodem nikos
norbert norbi
oliwia oliwka
patrycja pati patka
patryk patryczek
pawel pawelek pablo
piotr piotrek piotrus
przemyslaw przemek przemo
rafal rafalek
renata renia renatka
robert robercik
roman romek
ryszard rysiek rysio
sebastian seba sebek
slawomir slawek
stanislaw staszek stasiek stas stach
stanislawa stasia
stefan stefek
sylwester sylwek
sylwia sylwka
szczepan szczepek
szymon szymek
tadeusz tadek tadzio
teresa tereska renia
tomasz tomek tomus
urszula ula ulka
wanda wandzia
waclaw wacek
wieslaw wiesiek
wieslawa wiesia
wiktor wiktorek
wiktoria wika wiki
wincenty wicek
witold witek
wladyslaw wladek wladzio
wlodzimierz wlodek
wojciech wojtek wojtus
zbigniew zbyszek zbychu
zdzislaw zdzich zdzisiek
zenon zenek
zofia zosia zoska
zuzanna zuza zuzia
zygmunt zygmus zyga
alexandr sasa
anezka aneza
frantisek franta fanda
jana janicka janca
jaroslav jarda jara
jindrich jindra
jiri jirka jura
josef pepa josefek pepik
karel kaja
katerina katka kata kacka
ladislav lada laco
lenka lenicka
lubomir lubos
ludek ludva
lukas lukasek
magdalena magda madla
martin marta martinek
miloslav milos mila
miroslav mirek mira
oldrich olda
ondrej ondra
pavel pavlik
petr petrik pete
premysl premek
radoslav radek
stanislav standa
stepan stepanek
tomas tom tomasek
vaclav vasek venca vena
vladimir vlada
vojtech vojta
zdenek zdena
alzbeta bety eliska
johannes hans hannes johann
johann hans hannes
elisabeth lisa liesel elli sissi
friedrich fritz fred
heinrich heinz heiner
joachim jochen achim
josef sepp jupp
katharina kathi kathrin katrin
margarete grete gretel greta
matthias matze hias
maximilian max maxi
sebastian basti
siegfried sigi
stefan steff
susanne susi sanne
thomas tom tommi
ulrich uli ulli
wilhelm willi willy helmut
wolfgang wolf wolfi
francisco paco pancho curro
jose pepe
ignacio nacho
enrique quique
manuel manolo
dolores lola
concepcion concha
guillermo memo
jesus chucho
antonio tono toni
rafael rafa
alejandro alex ale jandro
alejandra ale alex
roberto beto rob
guadalupe lupe
mercedes merche
isabel isa chabela
giuseppe beppe peppe
francesco franco cesco checco
giovanni gianni vanni
luigi gigi
salvatore toto
alessandro sandro ale
aleksandr sasha alex
aleksey alyosha lyosha
dmitry dima mitya
ekaterina katya
evgeny zhenya
ivan vanya
maria masha
mikhail misha
natalia natasha
nikolai kolya
oleksandr sasha oleks
olha olya
sergey seryozha serhiy
svetlana sveta
tatiana tanya
vladimir volodymyr vova volodya
yekaterina katya
"""

# Pairs of first name and what it is shortened to.
EUROPEAN = tuple(
    (name, short)
    for line in _TABLE.strip().splitlines()
    for name, *others in [line.split()]
    for short in others
)
