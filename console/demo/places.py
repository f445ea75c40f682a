"""Countries: their towns, streets, telephone numbers, companies."""

# ruff: noqa: RUF001, E501 - names in Cyrillic letters; lines as long as the words in them

from dataclasses import dataclass

Town = tuple[str, str, str]


@dataclass(frozen=True)
class Country:
    """What addresses and companies of a country look like.

    ``towns`` are name, postcode pattern, area code; in patterns `#` is any digit. ``street`` is a form with {street}
    and {number}. ``mobile`` are national patterns of numbers without the leading zero that ``trunk`` adds.
    """

    code: str
    language: str
    time_zone: str
    share: int
    calling: str
    trunk: str
    towns: tuple[Town, ...]
    streets: tuple[str, ...]
    street: str
    mobile: tuple[str, ...]
    landline: str
    forms: tuple[str, ...]
    trades: tuple[str, ...]
    role: str
    top_level: str


def _towns(text: str) -> tuple[Town, ...]:
    found = []
    for line in text.strip().splitlines():
        name, postcode, area = line.strip().split("|")
        found.append((name, postcode, area))
    return tuple(found)


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("\n", ",").split(",") if part.strip())


_POLAND = Country(
    "PL",
    "pl",
    "Europe/Warsaw",
    38,
    "48",
    "",
    _towns("""Warszawa|0#-###|22
        Kraków|3#-###|12
        Łódź|9#-###|42
        Wrocław|5#-###|71
        Poznań|6#-###|61
        Gdańsk|80-###|58
        Szczecin|7#-###|91
        Bydgoszcz|85-###|52
        Lublin|20-###|81
        Białystok|15-###|85
        Katowice|40-###|32
        Gdynia|81-###|58
        Częstochowa|42-###|34
        Radom|26-###|48
        Rzeszów|35-###|17
        Toruń|87-###|56
        Kielce|25-###|41
        Olsztyn|10-###|89
        Bielsko-Biała|43-###|33
        Zielona Góra|65-###|68"""),
    _list("""Długa, Krótka, Polna, Leśna, Słoneczna, Ogrodowa, Szkolna, Kwiatowa, Lipowa, Brzozowa, Akacjowa, Sosnowa,
        Mickiewicza, Słowackiego, Kościuszki, Sienkiewicza, Piłsudskiego, Kopernika, Żeromskiego, Reymonta,
        Wojska Polskiego, 3 Maja, Warszawska, Krakowska, Parkowa, Rynek, Zamkowa, Młyńska, Kolejowa, Dworcowa"""),
    "ul. {street} {number}",
    ("50#######", "51#######", "60#######", "66#######", "69#######", "72#######", "79#######", "88#######"),
    "#######",
    ("sp. z o.o.", "S.A.", "sp.j.", "sp.k."),
    _list("""Hurtownia, Biuro rachunkowe, Serwis, Transport, Meble, Piekarnia, Drukarnia, Apteka, Budownictwo,
        Kancelaria, Logistyka, Elektro, Okna, Instalacje, Auto"""),
    "biuro",
    "pl",
)
_CZECHIA = Country(
    "CZ",
    "cs",
    "Europe/Prague",
    10,
    "420",
    "",
    _towns("""Praha|1## 00|2
        Brno|6## 00|54
        Ostrava|7## 00|59
        Plzeň|3## 00|37
        Liberec|460 ##|48
        Olomouc|77# 00|58
        České Budějovice|370 ##|38
        Hradec Králové|500 ##|49
        Pardubice|530 ##|46
        Zlín|760 ##|57"""),
    _list("""Dlouhá, Krátká, Polní, Lesní, Školní, Zahradní, Nádražní, Husova, Jiráskova, Palackého, Komenského, Masarykova,
        Nerudova, Riegrova, Smetanova, Tyršova, Žižkova, Luční, Na Výsluní, U Potoka"""),
    "{street} {number}",
    ("60#######", "72#######", "73#######", "77#######"),
    "#######",
    ("s.r.o.", "a.s.", "v.o.s."),
    _list("Stavby, Doprava, Pekárna, Servis, Účetní kancelář, Nábytek, Tisk, Elektro, Zahrady, Logistika"),
    "info",
    "cz",
)
_GERMANY = Country(
    "DE",
    "de",
    "Europe/Berlin",
    13,
    "49",
    "0",
    _towns("""Berlin|10###|30
        Hamburg|20###|40
        München|80###|89
        Köln|50###|221
        Frankfurt am Main|60###|69
        Stuttgart|70###|711
        Düsseldorf|40###|211
        Leipzig|04###|341
        Dresden|01###|351
        Hannover|30###|511
        Nürnberg|90###|911
        Bremen|28###|421
        Görlitz|028##|3581"""),
    _list("""Hauptstraße, Schulstraße, Bahnhofstraße, Gartenstraße, Dorfstraße, Bergstraße, Lindenstraße, Kirchstraße,
        Waldstraße, Ringstraße, Schillerstraße, Goethestraße, Friedrichstraße, Mühlweg, Am Markt, Birkenweg,
        Beethovenstraße, Mozartstraße, Wiesenweg, Rosenweg"""),
    "{street} {number}",
    ("151########", "160#######", "170#######", "171#######", "175#######", "176########", "179#######"),
    "#######",
    ("GmbH", "GmbH & Co. KG", "AG", "e.K."),
    _list(
        "Maschinenbau, Spedition, Bäckerei, Elektrotechnik, Steuerberatung, Möbelhaus, Druckerei, Baustoffe, Software"
    ),
    "info",
    "de",
)
_BRITAIN = Country(
    "GB",
    "en",
    "Europe/London",
    12,
    "44",
    "0",
    _towns("""London|SW1# #AB|20
        Manchester|M1# #DE|161
        Birmingham|B1# #FG|121
        Leeds|LS1 #HJ|113
        Glasgow|G1 #KL|141
        Bristol|BS1 #NP|117
        Edinburgh|EH1 #QR|131
        Cardiff|CF1# #ST|29
        Leicester|LE1 #UV|116
        Belfast|BT1 #WX|28"""),
    _list("""High Street, Station Road, Church Lane, Victoria Road, Green Lane, Manor Road, Park Avenue, Queens Road,
        New Street, Kings Road, Mill Lane, London Road, The Crescent, Springfield Road, York Road, Albert Street"""),
    "{number} {street}",
    ("74########", "75########", "77########", "78########", "79########"),
    "#######",
    ("Ltd", "PLC", "LLP", "& Sons Ltd"),
    _list(
        "Legal, Plumbing, Bakery, Logistics, Motors, Printing, Joinery, Consulting, Gardens, Media, Insurance"
    ),
    "enquiries",
    "uk",
)
_STATES = Country(
    "US",
    "en",
    "America/New_York",
    9,
    "1",
    "",
    _towns("""New York|100##|212
        Boston|021##|617
        Philadelphia|191##|215
        Atlanta|303##|404
        Pittsburgh|152##|412
        Cleveland|441##|216
        Baltimore|212##|410
        Buffalo|142##|716
        Charlotte|282##|704
        Richmond|232##|804"""),
    _list("""Main Street, Oak Avenue, Maple Street, Washington Avenue, Second Street, Park Place, Elm Street, Lake Drive,
        Hill Road, Cedar Lane, Lincoln Avenue, Sunset Boulevard, River Road, Jefferson Street"""),
    "{number} {street}",
    ("5#2555####", "6#4555####", "7#7555####"),
    "555####",
    ("Inc.", "LLC", "Corp.", "Co."),
    _list("Supply, Dental, Hardware, Insurance, Trucking, Design, Realty, Catering, Systems, Foods"),
    "office",
    "us",
)
_FRANCE = Country(
    "FR",
    "fr",
    "Europe/Paris",
    9,
    "33",
    "0",
    _towns("""Paris|750##|1
        Marseille|130##|4
        Lyon|690##|4
        Toulouse|310##|5
        Nice|060##|4
        Nantes|440##|2
        Strasbourg|670##|3
        Bordeaux|330##|5
        Lille|590##|3
        Rennes|350##|2"""),
    _list("""rue de la République, rue Victor-Hugo, avenue Jean-Jaurès, rue de l'Église, place du Marché, rue Pasteur,
        boulevard Gambetta, rue des Écoles, rue du Moulin, chemin des Vignes, rue de la Gare, impasse des Lilas"""),
    "{number} {street}",
    ("61#######", "62#######", "67#######", "68#######", "76#######"),
    "########",
    ("SARL", "SAS", "SA", "et Fils"),
    _list("Boulangerie, Imprimerie, Transports, Menuiserie, Conseil, Électricité, Vins, Assurances, Jardins"),
    "contact",
    "fr",
)
_UKRAINE = Country(
    "UA",
    "uk",
    "Europe/Kyiv",
    9,
    "380",
    "0",
    _towns("""Київ|01###|44
        Львів|79###|32
        Харків|61###|57
        Одеса|65###|48
        Дніпро|49###|56
        Вінниця|21###|432
        Полтава|36###|532
        Чернівці|58###|372
        Івано-Франківськ|76###|342"""),
    _list("""Шевченка, Франка, Лесі Українки, Грушевського, Сагайдачного, Садова, Шкільна, Соборна, Зелена, Центральна,
        Незалежності, Київська, Польова, Набережна"""),
    "вул. {street}, {number}",
    ("50#######", "63#######", "66#######", "67#######", "68#######", "93#######", "97#######", "99#######"),
    "#######",
    ("ТОВ", "ПП", "АТ"),
    _list("Будсервіс, Логістика, Агро, Меблі, Друкарня, Пекарня, Електро, Консалтинг"),
    "office",
    "ua",
)

COUNTRIES = (_POLAND, _CZECHIA, _GERMANY, _BRITAIN, _STATES, _FRANCE, _UKRAINE)

# Parts of company names that say nothing anywhere.
STEMS = _list("""Acme, Alba, Alto, Ambra, Aqua, Arka, Astra, Atlas, Aurora, Baltic, Beskid, Borea, Bravo, Brio, Calma,
    Canto, Celer, Civis, Cobalt, Corvus, Delta, Domus, Duna, Echo, Elara, Emporia, Fabrica, Falco, Ferro, Fides, Flora,
    Fortis, Fulmen, Gamma, Gemini, Global, Granit, Helios, Heritage, Horizon, Ignis, Inova, Iris, Jantar, Juno, Karpat,
    Lazur, Libra, Linea, Luna, Magna, Maris, Merkury, Mira, Modus, Neptun, Nexa, Nord, Nova, Omega, Opal, Orbis, Orion,
    Pallas, Paragon, Pegaz, Pluton, Polaris, Polnoc, Prima, Quanta, Radius, Regia, Rubin, Salix, Saturn, Sigma, Silva,
    Solaris, Stella, Sudety, Tatra, Tempo, Terra, Titan, Topaz, Triton, Ultra, Unitas, Urania, Vega, Verde, Vesta, Via,
    Victoria, Vistula, Volta, Wega, Zefir, Zenit""")

# Reserved names (RFC 2606), so that no mail of a demonstration ever reaches anybody.
FREE_MAIL = (
    "poczta.example",
    "mail.example",
    "post.example",
    "seznam.example",
    "freemail.example",
    "boite.example",
)
