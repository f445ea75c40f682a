"""Names of people, country by country, as they are common there."""

# ruff: noqa: RUF001, E501 - names in Cyrillic letters; lines as long as the words in them

from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """Given names and family names; ``feminine`` turns a family name into a woman's."""

    men: tuple[str, ...]
    women: tuple[str, ...]
    families: tuple[str, ...]
    feminine: tuple[tuple[str, str], ...] = ()
    nicknames: tuple[tuple[str, str], ...] = ()

    def family_of(self, family: str, *, woman: bool) -> str:
        """The family name as a man or a woman bears it."""
        if woman:
            for ending, other in self.feminine:
                if family.endswith(ending):
                    return family.removesuffix(ending) + other
        return family


_PL_MEN = """Adam Aleksander Andrzej Antoni Artur Bartosz Błażej Cezary Czesław Damian Daniel Dariusz Dawid Dominik
Emil Filip Franciszek Grzegorz Henryk Hubert Igor Jacek Jakub Jan Janusz Jarosław Jerzy Józef Kacper Kamil Karol
Konrad Krystian Krzysztof Łukasz Maciej Marcin Marek Mariusz Mateusz Michał Mirosław Norbert Patryk Paweł Piotr
Przemysław Radosław Rafał Robert Sebastian Sławomir Stanisław Stefan Szymon Tadeusz Tomasz Waldemar Wiesław Wojciech
Zbigniew Zdzisław"""
_PL_WOMEN = """Agata Agnieszka Aleksandra Alicja Aneta Anna Barbara Beata Bożena Danuta Dominika Dorota Edyta Elżbieta
Emilia Ewa Gabriela Grażyna Halina Hanna Helena Irena Iwona Izabela Jadwiga Janina Joanna Jolanta Julia Justyna
Kamila Karolina Katarzyna Kinga Klaudia Krystyna Lucyna Magdalena Małgorzata Maria Mariola Marta Monika Natalia
Oliwia Paulina Renata Sylwia Teresa Urszula Weronika Wiesława Wiktoria Zofia Zuzanna Żaneta"""
_PL_FAMILIES = """Adamczyk Adamski Andrzejewski Bąk Baran Baranowski Bednarek Bielecki Błaszczyk Borkowski Brzeziński
Chmielewski Cieślak Czarnecki Czerwiński Dąbrowski Domański Duda Dudek Dziedzic Fijałkowski Gajewski Głowacki
Górecki Górski Grabowski Gutowski Jabłoński Jakubowski Jankowski Jasiński Jaworski Kaczmarek Kaczmarczyk Kalinowski
Kamiński Karpiński Kasprzak Kaźmierczak Kołodziej Konieczny Kopeć Kowal Kowalczyk Kowalewski Kowalik Kowalski Kozłowski
Krajewski Krawczyk Król Krupa Kubiak Kucharski Kurek Kwiatkowski Laskowski Lewandowski Lis Łuczak Maciejewski
Majewski Makowski Malinowski Marciniak Mazur Michalak Michalski Mróz Nowak Nowakowski Nowicki Olszewski Ostrowski
Pawlak Pawłowski Piątek Pietrzak Piotrowski Przybylski Rogowski Rutkowski Sadowski Sikora Sikorski Sobczak Sokołowski
Stankiewicz Stępień Szczepański Szewczyk Szulc Szymański Śliwiński Tomaszewski Urban Urbański Walczak Wasilewski
Wierzbicki Wilk Wiśniewski Witkowski Włodarczyk Wojciechowski Wójcik Woźniak Wróbel Wróblewski Wysocki Zając Zakrzewski
Zalewski Zawadzki Zieliński Ziółkowski Żak Żukowski"""
_CZ_MEN = """Antonín Daniel David Filip František Jakub Jan Jaroslav Jiří Josef Karel Ladislav Libor Lukáš Marek Martin
Matěj Michal Milan Miroslav Ondřej Pavel Petr Radek Roman Stanislav Tomáš Václav Vladimír Vojtěch Zdeněk"""
_CZ_WOMEN = """Adéla Alena Anna Barbora Dana Eliška Eva Hana Helena Ivana Jana Jaroslava Jitka Kateřina Kristýna Lenka
Lucie Ludmila Marie Markéta Martina Michaela Monika Petra Šárka Tereza Věra Veronika Zdeňka Zuzana"""
_CZ_FAMILIES = """Bartoš Beneš Blažek Čermák Černý Dostál Doležal Dušek Dvořák Fiala Hájek Havlíček Holub Horák Hruška
Jelínek Kadlec Kolář Kopecký Kovář Krejčí Král Kratochvíl Kučera Liška Malý Marek Mareš Moravec Navrátil Němec Novák
Novotný Pokorný Polák Pospíšil Procházka Růžička Ryšánek Říha Sedláček Staněk Svoboda Svobodník Šimek Šťastný Urban
Vaněk Veselý Vlček Zeman Žák"""
_DE_MEN = """Alexander Andreas Benjamin Bernd Christian Daniel Dieter Dominik Elias Felix Florian Frank Georg Günter
Hans Heinz Helmut Holger Jan Jens Jonas Jörg Jürgen Kai Karl Klaus Leon Lukas Manfred Markus Martin Matthias Max
Michael Niklas Oliver Paul Peter Rainer Ralf Sebastian Stefan Sven Thomas Thorsten Tim Tobias Ulrich Uwe Wolfgang"""
_DE_WOMEN = """Andrea Angelika Anja Anke Anna Antje Barbara Birgit Brigitte Claudia Daniela Elke Emma Eva Franziska
Gabriele Gisela Hannah Heike Helga Ingrid Jana Johanna Julia Karin Katharina Katrin Kerstin Laura Lea Lena Manuela
Maria Marie Martina Melanie Monika Nicole Petra Renate Sabine Sandra Silke Sophie Stefanie Susanne Tanja Ursula Ute"""
_DE_FAMILIES = """Albrecht Arnold Bauer Baumann Beck Becker Berger Böhm Braun Busch Dietrich Engel Fischer Frank Franke
Friedrich Fuchs Graf Groß Günther Haas Hahn Hartmann Heinrich Herrmann Hoffmann Hofmann Horn Huber Jäger Jung Kaiser
Keller Klein Koch Köhler König Krämer Kraus Krause Krüger Kuhn Kühn Lang Lange Lehmann Lorenz Ludwig Maier Martin
Mayer Meier Meyer Möller Müller Neumann Otto Peters Pfeiffer Pohl Richter Roth Sauer Schäfer Schmid Schmidt Schmitt
Schneider Scholz Schreiber Schröder Schubert Schulte Schulz Schumacher Schuster Schwarz Seidel Simon Sommer Stein
Thomas Vogel Vogt Voigt Wagner Walter Weber Weiß Werner Winkler Winter Wolf Wolff Ziegler Zimmermann"""
_GB_MEN = """Aaron Adam Alan Alexander Andrew Anthony Benjamin Callum Charles Christopher Colin Connor Craig Daniel
David Dean Derek Edward Gareth Gary George Graham Harry Henry Ian Jack James Jamie Jason John Jonathan Joseph Keith
Kevin Liam Luke Mark Martin Matthew Michael Nathan Neil Nicholas Oliver Oscar Patrick Paul Peter Philip Richard Robert
Samuel Scott Sean Simon Stephen Steven Stuart Thomas Timothy William"""
_GB_WOMEN = """Abigail Alice Alison Amanda Amelia Amy Angela Ann Anna Barbara Caroline Catherine Charlotte Chloe Claire
Deborah Diane Eleanor Elizabeth Ella Emily Emma Fiona Frances Gemma Georgia Grace Hannah Heather Helen Holly Isabella
Jacqueline Jane Janet Jennifer Jessica Joanne Judith Julie Karen Katherine Kirsty Laura Leanne Linda Lisa Lucy Lynn
Margaret Maria Mary Megan Michelle Natalie Nicola Olivia Patricia Rachel Rebecca Ruth Samantha Sarah Sharon Sophie
Susan Tracey Victoria Wendy Zoe"""
_GB_FAMILIES = """Adams Ahmed Allen Anderson Armstrong Bailey Baker Barker Barnes Begum Bell Bennett Booth Bradley Brooks
Brown Burton Butler Campbell Carter Chapman Clark Clarke Cole Collins Cook Cooper Cox Davies Davis Dixon Edwards Ellis
Evans Fisher Fletcher Foster Fox Gibson Gill Graham Grant Gray Green Griffiths Hall Hamilton Harper Harris Harrison
Harvey Hill Holmes Hughes Hunt Hussain Jackson James Jenkins Johnson Johnston Jones Kaur Kelly Kennedy King Knight
Lee Lewis Lloyd Marshall Martin Mason Matthews McDonald Miller Mills Mitchell Moore Morgan Morris Murphy Murray O'Brien
O'Connor Owen Palmer Parker Patel Pearson Phillips Powell Price Reid Reynolds Richards Richardson Roberts Robertson
Robinson Rogers Rose Ross Russell Ryan Saunders Scott Shaw Simpson Singh Smith Stevens Stewart Taylor Thomas Thompson
Turner Walker Walsh Ward Watson Webb Wells White Wilkinson Williams Wilson Wood Wright Young"""
_FR_MEN = """Alain Alexandre André Antoine Arnaud Benoît Bernard Bruno Cédric Charles Christian Christophe Claude Clément
Daniel David Didier Emmanuel Éric Étienne Fabrice François Frédéric Gérard Guillaume Henri Hugo Jacques Jean Jérôme
Julien Laurent Léo Louis Loïc Luc Marc Mathieu Michel Nicolas Olivier Pascal Patrick Paul Philippe Pierre Quentin
René Rémi Romain Sébastien Serge Stéphane Sylvain Thierry Thomas Vincent Xavier Yves Jean-Pierre Jean-Luc"""
_FR_WOMEN = """Adèle Agnès Alice Amélie Anne Aurélie Béatrice Brigitte Camille Caroline Catherine Cécile Chantal
Charlotte Chloé Christine Claire Corinne Céline Delphine Élise Élodie Émilie Emma Florence Françoise Hélène Inès
Isabelle Jacqueline Jeanne Julie Laure Laurence Léa Louise Lucie Manon Margaux Marie Marine Martine Mathilde Monique
Nathalie Nicole Noémie Pauline Sandrine Sophie Stéphanie Sylvie Valérie Véronique Virginie Anne-Marie Marie-Claude"""
_FR_FAMILIES = """André Barbier Bernard Bertrand Blanc Bonnet Boyer Brun Chevalier Clément David Denis Dubois Dufour Dumont
Dupont Durand Faure Fontaine Fournier François Garnier Gauthier Gautier Girard Guérin Henry Lambert Laurent Leclercq
Lefebvre Lefèvre Legrand Lemaire Leroux Leroy Lopez Lucas Marchand Martin Martinez Mathieu Mercier Meunier Meyer Michel
Moreau Morel Morin Muller Nicolas Noël Perrin Petit Pierre Renard Richard Rivière Robert Robin Roche Rousseau Roussel
Roux Roy Schmitt Simon Thomas Vidal Vincent"""
_UA_MEN = """Андрій Богдан Василь Віктор Віталій Володимир Дмитро Євген Іван Ігор Максим Микола Михайло Назар Олег
Олександр Олексій Остап Павло Петро Роман Руслан Сергій Степан Тарас Юрій Ярослав"""
_UA_WOMEN = """Алла Анастасія Вікторія Галина Дарина Ірина Катерина Лариса Леся Людмила Марія Марина Надія Наталія
Оксана Олена Ольга Поліна Світлана Соломія Софія Тетяна Юлія Ярина"""
_UA_FAMILIES = """Бондар Бондаренко Бойко Василенко Гончар Гончаренко Гриценко Данилюк Дяченко Захарченко Іваненко Іщенко
Кириленко Коваленко Коваль Ковальчук Козак Колісник Кравець Кравченко Кравчук Кузьменко Левченко Литвин Литвиненко
Лисенко Мазур Марченко Мельник Мороз Назаренко Олійник Павленко Панченко Петренко Поліщук Пономаренко Приходько Романюк
Руденко Савченко Семенюк Сидоренко Ткаченко Ткачук Харченко Шевченко Шевчук Юрченко Яковенко"""

_PL_SHORT = """Aleksandra Ola;Katarzyna Kasia;Małgorzata Gosia;Magdalena Magda;Agnieszka Aga;Joanna Asia;Anna Ania
Barbara Basia;Elżbieta Ela;Zofia Zosia;Tomasz Tomek;Krzysztof Krzysiek;Piotr Piotrek;Jakub Kuba;Stanisław Staszek
Grzegorz Grzesiek;Wojciech Wojtek;Paweł Pawełek;Jan Janek;Aleksander Olek"""
_EN_SHORT = """Robert Bob;William Bill;Elizabeth Liz;Katherine Kate;Margaret Maggie;Richard Dick;Thomas Tom;James Jim
Michael Mike;Christopher Chris;Jennifer Jen;Patricia Pat;Samantha Sam;Nicholas Nick;Andrew Andy;Matthew Matt
Edward Ted;Rebecca Becky;Susan Sue;Anthony Tony;Daniel Dan;Timothy Tim;Joseph Joe;Deborah Debbie"""
_DE_SHORT = (
    "Katharina Kathi;Johanna Hanna;Sebastian Basti;Alexander Alex;Maximilian Max;Susanne Susi;Stefan Steff"
)
_CZ_SHORT = (
    "Jan Honza;Josef Pepa;Jiří Jirka;Tomáš Tom;Kateřina Katka;Veronika Verča;Zuzana Zuzka;František Franta"
)
_FR_SHORT = (
    "Alexandre Alex;Frédéric Fred;Nicolas Nico;Stéphanie Steph;Véronique Véro;Caroline Caro;Christophe Chris"
)
_UA_SHORT = (
    "Олександр Сашко;Наталія Наталка;Катерина Катя;Михайло Мишко;Володимир Вова;Анастасія Настя;Дмитро Діма"
)


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    found = (pair.split() for pair in text.replace("\n", ";").split(";"))
    return tuple((long, short) for long, short in found)


def _names(men: str, women: str, families: str, feminine: str = "", short: str = "") -> Names:
    endings = tuple(
        (a.removeprefix("-"), b.removeprefix("-")) for a, b in (p.split() for p in feminine.split(";") if p)
    )
    return Names(
        tuple(men.split()),
        tuple(women.split()),
        tuple(families.split()),
        endings,
        _pairs(short) if short else (),
    )


NAMES = {
    "PL": _names(_PL_MEN, _PL_WOMEN, _PL_FAMILIES, "-ski -ska;-cki -cka;-dzki -dzka", _PL_SHORT),
    "CZ": _names(
        _CZ_MEN,
        _CZ_WOMEN,
        _CZ_FAMILIES,
        "-ý -á;-ek -ková;-ec -cová;-el -lová;-a -ová;-í -í;-k -ková;-l -lová;-r -rová;-t -tová;-n -nová;-š -šová;"
        "-ř -řová;-b -bová;-h -hová",
        _CZ_SHORT,
    ),
    "DE": _names(_DE_MEN, _DE_WOMEN, _DE_FAMILIES, short=_DE_SHORT),
    "GB": _names(_GB_MEN, _GB_WOMEN, _GB_FAMILIES, short=_EN_SHORT),
    "US": _names(_GB_MEN, _GB_WOMEN, _GB_FAMILIES, short=_EN_SHORT),
    "FR": _names(_FR_MEN, _FR_WOMEN, _FR_FAMILIES, short=_FR_SHORT),
    "UA": _names(_UA_MEN, _UA_WOMEN, _UA_FAMILIES, short=_UA_SHORT),
}
