"""What clients write and staff answer, by language: {n} is a number in every text."""

# ruff: noqa: RUF001 - names in Cyrillic letters; lines as long as the words in them

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """One kind of incident: the department it goes to, and the turns of its thread."""

    department: str
    subject: str
    question: str
    answer: str
    thanks: str


def _topics(text: str) -> tuple[Topic, ...]:
    blocks = (block.strip().splitlines() for block in text.strip().split("\n\n"))
    return tuple(Topic(*(line.strip() for line in block)) for block in blocks)


_EN = """Support
Printer on the second floor does not print
Since this morning the printer says "offline" and nothing comes out. We restarted it twice. Two people wait for it.
Please open Settings, Printers, and remove the copy that ends in ({n}). Then print the test page.
That was it, thank you. It prints again.

Support
Cannot sign in
I get "wrong user or password", but I am sure that the password is right. It worked on Friday.
Your account was locked after five attempts. I have unlocked it; please try again and tell me.
Works now. Thanks for the quick help!

Support
Order {n} is missing from my list
I placed order {n} last week and have the confirmation, but the list shows only the older ones.
The list was filtered by year. I have switched the filter off for you; the order is there.
I see it now. Sorry for the noise.

Support
Very slow since the update
Every page takes ten seconds since the update. My colleagues say the same.
We found a stuck job on our side and stopped it at noon. How is it now?
Much better, as before.

Accounts
Invoice {n}: wrong address
The invoice still has our old address. Could you send a corrected one before the end of the month?
Corrected and sent again today, with the same number and a note.
Received, thank you.

Accounts
Paid twice by mistake
We paid invoice {n} twice. Please credit the second payment to the next one.
Both payments are here. The second one is credited to your account.
Perfect.

Field service
Router in the warehouse is dead
No lights at all. The cable and the socket are fine, we tried another one.
A colleague comes tomorrow between 9 and 11 with a replacement.
He was here, everything works. Thank you.

Field service
Please move two desks' network sockets
We are rearranging the office on the {n}th and need two sockets moved by the window.
We can do it on that day from 14:00. It takes about two hours of your credit.
Agreed.

Sales
Quote for {n} more licences
We are growing and need {n} more licences from next month. What would it cost?
The offer is attached; it holds for thirty days.
Accepted. Please go ahead.

Sales
Question about the yearly package
Does the unused time of the yearly package carry over?
It lapses after a year; we remind you a month before.
Good to know.

Support
How do I export my data?
I need all of last year as a spreadsheet for our auditor.
In the list press Export and choose the year. The file comes by mail within minutes.
Found it.

Support
Error E-{n} when saving
When I save the form I get "Error E-{n}" and the text is gone. Third time today.
This is fixed in the version we put in place last night. Your text was kept as a draft.
It saved. Thanks!"""

_PL = """Support
Drukarka nie drukuje
Dzień dobry, od rana drukarka pokazuje "offline" i nic nie wychodzi. Dwa razy ją restartowaliśmy.
Proszę w ustawieniach usunąć kopię drukarki z numerem ({n}) i wydrukować stronę testową.
Działa, dziękuję!

Support
Nie mogę się zalogować
Wpisuję dobre hasło, a system pisze, że jest błędne. W piątek jeszcze działało.
Konto zablokowało się po pięciu próbach. Odblokowałem je, proszę spróbować ponownie.
Już działa, dziękuję za szybką pomoc.

Support
Zamówienia {n} nie ma na liście
Mam potwierdzenie zamówienia {n}, ale na liście widzę tylko starsze.
Lista była zawężona do zeszłego roku. Wyłączyłem filtr, zamówienie jest widoczne.
Widzę je, przepraszam za zamieszanie.

Support
Bardzo wolno działa po aktualizacji
Każda strona otwiera się dziesięć sekund. Koleżanki mają to samo.
W południe zatrzymaliśmy zawieszone zadanie po naszej stronie. Czy jest lepiej?
Tak, dużo lepiej.

Accounts
Faktura {n}: błędny adres
Na fakturze jest nasz stary adres. Proszę o korektę przed końcem miesiąca.
Poprawiona faktura poszła dziś pocztą elektroniczną, z tym samym numerem.
Dotarła, dziękuję.

Accounts
Podwójna płatność za fakturę {n}
Przez pomyłkę zapłaciliśmy dwa razy. Proszę zaliczyć nadpłatę na kolejną fakturę.
Obie wpłaty są u nas, druga została zaliczona na poczet następnej faktury.
Świetnie, dziękuję.

Field service
Router w magazynie nie świeci
Żadna dioda się nie pali. Kabel i gniazdko sprawdziliśmy.
Kolega przyjedzie jutro między 9 a 11 z nowym urządzeniem.
Był, wszystko działa.

Field service
Prośba o przełożenie gniazd sieciowych
Zmieniamy układ biura i potrzebujemy dwóch gniazd przy oknie.
Możemy przyjechać we wtorek od 14:00, zajmie to około dwóch godzin z Państwa puli.
Zgoda.

Sales
Oferta na {n} dodatkowych licencji
Firma rośnie, od przyszłego miesiąca potrzebujemy {n} licencji więcej. Jaki byłby koszt?
Oferta w załączniku, ważna trzydzieści dni.
Akceptujemy, proszę uruchomić.

Support
Jak wyeksportować dane?
Potrzebuję zestawienia z całego zeszłego roku dla audytora.
Na liście proszę nacisnąć Eksport i wybrać rok. Plik przyjdzie pocztą.
Znalazłam, dziękuję."""

_DE = """Support
Drucker druckt nicht mehr
Seit heute Morgen steht der Drucker auf "offline". Wir haben ihn schon zweimal neu gestartet.
Bitte löschen Sie in den Einstellungen die Kopie mit der Nummer ({n}) und drucken Sie die Testseite.
Es geht wieder, vielen Dank.

Support
Anmeldung nicht möglich
Ich bekomme "falsches Kennwort", obwohl es stimmt. Am Freitag ging es noch.
Ihr Konto war nach fünf Versuchen gesperrt. Ich habe es freigegeben, bitte versuchen Sie es noch einmal.
Jetzt klappt es, danke.

Support
Seit der Aktualisierung sehr langsam
Jede Seite braucht zehn Sekunden. Den Kolleginnen geht es genauso.
Wir haben mittags einen hängenden Auftrag beendet. Ist es besser?
Ja, wie vorher.

Accounts
Rechnung {n}: falsche Anschrift
Auf der Rechnung steht noch unsere alte Anschrift. Bitte schicken Sie uns eine berichtigte.
Die berichtigte Rechnung ging heute hinaus, die Nummer bleibt.
Ist angekommen, danke.

Field service
Router im Lager ist ausgefallen
Keine Lampe leuchtet. Kabel und Steckdose sind in Ordnung.
Ein Kollege kommt morgen zwischen 9 und 11 Uhr mit einem Ersatzgerät.
Er war da, alles läuft.

Sales
Angebot für {n} weitere Lizenzen
Ab nächstem Monat brauchen wir {n} Lizenzen mehr. Was würde das kosten?
Das Angebot liegt bei und gilt dreißig Tage.
Angenommen, bitte ausführen."""

_CS = """Support
Tiskárna netiskne
Od rána tiskárna hlásí "offline". Dvakrát jsme ji restartovali.
Prosím odeberte v nastavení kopii s číslem ({n}) a vytiskněte zkušební stránku.
Funguje, děkuji.

Support
Nemohu se přihlásit
Píše to špatné heslo, ale heslo je správně. V pátek to ještě šlo.
Účet se po pěti pokusech zamkl. Odemkl jsem ho, zkuste to prosím znovu.
Už to jde, díky.

Accounts
Faktura {n}: chybná adresa
Na faktuře je naše stará adresa. Prosím o opravu do konce měsíce.
Opravenou fakturu jsme dnes poslali, číslo zůstává.
Došla, děkuji.

Field service
Router ve skladu nesvítí
Nesvítí žádná kontrolka, kabel i zásuvka jsou v pořádku.
Kolega přijede zítra mezi 9. a 11. hodinou s náhradou.
Byl tady, vše běží.

Sales
Nabídka na {n} licencí
Od příštího měsíce potřebujeme o {n} licencí více. Kolik by to stálo?
Nabídka je v příloze, platí třicet dní.
Souhlasíme."""

_FR = """Support
L'imprimante n'imprime plus
Depuis ce matin elle affiche "hors ligne". Nous l'avons redémarrée deux fois.
Supprimez la copie numéro ({n}) dans les réglages, puis imprimez la page de test.
Ça marche, merci !

Support
Connexion impossible
On me dit que le mot de passe est faux, mais il est bon. Vendredi cela marchait.
Le compte était bloqué après cinq essais. Je l'ai débloqué, pouvez-vous réessayer ?
C'est bon, merci.

Accounts
Facture {n} : mauvaise adresse
La facture porte encore notre ancienne adresse. Pourriez-vous la corriger avant la fin du mois ?
La facture corrigée est partie aujourd'hui, avec le même numéro.
Bien reçue.

Field service
Le routeur de l'entrepôt est éteint
Aucun voyant. Le câble et la prise sont bons.
Un collègue passe demain entre 9 h et 11 h avec un appareil de rechange.
Il est passé, tout fonctionne.

Sales
Devis pour {n} licences
Il nous faut {n} licences de plus dès le mois prochain. Quel serait le prix ?
Le devis est joint, valable trente jours.
Accepté."""

_UK = """Support
Принтер не друкує
Від ранку принтер показує "offline". Двічі перезапускали.
Видаліть, будь ласка, копію з номером ({n}) у налаштуваннях і надрукуйте пробну сторінку.
Працює, дякую.

Support
Не можу увійти
Пише, що пароль неправильний, але він правильний. У п'ятницю ще працювало.
Обліковий запис було заблоковано після п'яти спроб. Розблокували, спробуйте ще раз.
Уже працює, дякую.

Accounts
Рахунок {n}: неправильна адреса
У рахунку наша стара адреса. Прошу виправити до кінця місяця.
Виправлений рахунок надіслали сьогодні, номер той самий.
Отримали, дякуємо.

Field service
Роутер на складі не світиться
Жоден індикатор не світиться, кабель і розетка справні.
Колега приїде завтра між 9 та 11 із заміною.
Був, усе працює."""

TOPICS = {language: _topics(text) for language, text in
          (("en", _EN), ("pl", _PL), ("de", _DE), ("cs", _CS), ("fr", _FR), ("uk", _UK))}  # fmt: skip

GREETINGS = {
    "en": ("Hello,", "Kind regards,"),
    "pl": ("Dzień dobry,", "Pozdrawiam,"),
    "de": ("Guten Tag,", "Mit freundlichen Grüßen"),
    "cs": ("Dobrý den,", "S pozdravem"),
    "fr": ("Bonjour,", "Cordialement,"),
    "uk": ("Добрий день,", "З повагою,"),
}

SPAM = (
    (
        "You have won a prize No. {n}",
        "Dear winner, your prize of {n} dollars waits. Open the link and write your card.",
    ),
    ("Best price pills, {n}% off", "Only today. Buy now, no questions asked."),
    ("Re: your parcel {n}", "Your parcel is on hold. Pay a small fee within {n} hours."),
)

PRIVATE_NOTES = (
    "Called back, nobody answered. Try after 14:00.",
    "Same as last month: their proxy drops long requests.",
    "Wu knows this device, ask her before ordering a new one.",
    "Waits for the supplier's answer.",
    "They are fine with tomorrow.",
    "Do not close before the accountant confirms.",
)

CLIENT_NOTES = (
    "Prefers to be called, not written to.",
    "Speaks English, too.",
    "Invoices go to the head office only.",
    "Has the old model until spring.",
    "Asks for Tom, who set up their network.",
    "Office hours 7:00 to 15:00.",
    "Their accountant changes in January.",
    "Wants a summary at the end of each quarter.",
    "Two locations; always ask which one it is about.",
)

WARNINGS = (
    "Abroad until Friday, call the mobile only",
    "Does not pay: no work on credit without an admin's word",
    "Recording of calls was refused",
    "Ask for the customer password before you tell anything",
    "Allergic to being called by the first name",
)

REASONS = {
    "disapproved": ("not a customer of ours", "no such company", "a second account of the same person"),
    "banned": (
        "insults staff",
        "threatened a colleague",
        "sells our services on",
        "floods the queue with copies",
    ),
    "spam": ("advertising", "phishing", "sent the same to everybody"),
    "approved": ("", "", "", "known from the trade fair", "checked by phone"),
}

TAGS = (
    "vip",
    "north",
    "south",
    "wholesale",
    "school",
    "public sector",
    "trial",
    "slow payer",
    "newsletter",
    "partner",
)

JOB_TITLES = (
    "accountant",
    "office manager",
    "owner",
    "IT",
    "warehouse",
    "purchasing",
    "assistant",
    "technician",
)
