# ruff: noqa: RUF001  (Greek and Cyrillic letters are meant)
"""Countries that labelled clients are made up from: names of Faker's lists, companies, streets, numbers and mail.

Names are as frequent as names are: a few that many bear, and many that a few bear. Faker is needed (40 or newer).
"""

from __future__ import annotations

import importlib
import itertools
import random
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any


def spread(words: str) -> list[str]:
    """The words of a text."""
    return words.split()


@dataclass(frozen=True, slots=True)
class Country:
    """``share`` of all clients. ``street`` has {n} for the number and {s} for a surname that it is named after.

    ``forms`` has the writings of each legal form; ``calls`` is the code of its phones and the first digits of mobiles.
    """

    code: str
    locale: str
    share: float
    cities: str
    street: str
    postcode: str
    calls: tuple[str, str, int]
    forms: tuple[str, ...]
    trades: str
    mail: str
    top: str
    titles: str
    short: str = ""


COUNTRIES = (
    Country(
        "PL", "pl_PL", 0.17, "Warszawa|Kraków|Łódź|Wrocław|Poznań|Gdańsk|Bydgoszcz|Lublin|Radom|Toruń|Kielce",
        "ul. {s} {n}", "##-###", ("48", "5678", 9),
        ("Sp. z o.o.|sp. z o. o.|Spółka z o.o.|SP. Z O.O.|Spółka z ograniczoną odpowiedzialnością", "S.A.|SA",
         "sp. k.|Sp.k.|spółka komandytowa", "s.c.|S.C."),
        "Transport|Budownictwo|Hurtownia|Apteka|Usługi|Piekarnia|Meble|Auto Serwis|Ogrody|Doradztwo",
        "wp.pl|o2.pl|onet.pl|gmail.com|interia.pl|op.pl", "pl|com.pl|eu", "Pan|Pani|mgr|dr",
        "Aleksandra:Ola|Katarzyna:Kasia|Małgorzata:Gosia|Agnieszka:Aga|Joanna:Asia|Krzysztof:Krzysiek|Tomasz:Tomek"
        "|Jakub:Kuba|Jan:Janek|Stanisław:Staszek|Piotr:Piotrek|Michał:Michałek|Paweł:Pawełek|Ewelina:Ewela",
    ),
    Country(
        "GB", "en_GB", 0.12, "London|Birmingham|Leeds|Glasgow|Sheffield|Bradford|Liverpool|Bristol|Cardiff|Derby|Hull",
        "{n} {s} Road", "XX# #XX", ("44", "7", 10),
        ("Ltd|Limited|LTD|Ltd.", "PLC|plc", "LLP|L.L.P."),
        "Joinery|Logistics|Dental Care|Catering|Plumbing|Interiors|Motors|Recruitment|Garden Centre|Optics",
        "gmail.com|outlook.com|btinternet.com|sky.com|icloud.com|live.co.uk", "co.uk|com|uk", "Mr|Mrs|Dr|Ms",
        "William:Will|Robert:Rob|Elizabeth:Liz|Margaret:Maggie|James:Jim|Thomas:Tom|Katherine:Kate|Michael:Mike"
        "|Anthony:Tony|Jennifer:Jen|Samuel:Sam|Rebecca:Becky|Victoria:Vicky|Christopher:Chris|Joanne:Jo|Susan:Sue",
    ),
    Country(
        "DE", "de_DE", 0.11, "Berlin|Hamburg|München|Köln|Stuttgart|Dortmund|Leipzig|Bremen|Dresden|Mainz|Ulm",
        "{s}straße {n}", "#####", ("49", "15", 10),
        ("GmbH|G.m.b.H.|Gesellschaft mit beschränkter Haftung", "GmbH & Co. KG|GmbH & Co KG", "AG|Aktiengesellschaft",
         "e.K.|eK", "UG (haftungsbeschränkt)|UG"),
        "Bau|Haustechnik|Handel|Elektro|Spedition|Metallbau|Druckerei|Bäckerei|Immobilien|Gartenbau",
        "gmx.de|web.de|t-online.de|gmail.com|posteo.de|freenet.de", "de|com", "Herr|Frau|Dr.|Prof. Dr.",
        "Johannes:Hannes|Katharina:Kathi|Maximilian:Max|Elisabeth:Lisa|Friedrich:Fritz|Joseph:Sepp|Susanne:Susi"
        "|Wolfgang:Wolf|Alexander:Alex|Andreas:Andi|Michael:Michi|Christina:Tina|Gabriele:Gabi|Hans-Joachim:Hajo",
    ),
    Country(
        "IT", "it_IT", 0.1, "Roma|Milano|Napoli|Torino|Palermo|Genova|Bologna|Firenze|Bari|Verona|Parma",
        "Via {s} {n}", "#####", ("39", "3", 10),
        ("S.r.l.|Srl|SRL|S.R.L.", "S.p.A.|SpA|SPA", "S.n.c.|Snc", "S.a.s.|Sas"),
        "Costruzioni|Trasporti|Arredamenti|Alimentari|Servizi|Studio Legale|Officina|Ottica|Farmacia|Viaggi",
        "libero.it|gmail.com|alice.it|virgilio.it|hotmail.it|tiscali.it", "it|com|eu", "Sig.|Sig.ra|Dott.|Ing.",
        "Giuseppe:Beppe|Francesco:Franco|Giovanni:Gianni|Antonio:Tonio|Luigi:Gigi|Domenico:Mimmo|Alessandro:Sandro",
    ),
    Country(
        "NL", "nl_NL", 0.08, "Amsterdam|Rotterdam|Utrecht|Eindhoven|Groningen|Tilburg|Almere|Breda|Arnhem|Zwolle",
        "{s}straat {n}", "#### XX", ("31", "6", 9),
        ("B.V.|BV|b.v.", "N.V.|NV", "V.O.F.|VOF"),
        "Bouw|Installatie|Groothandel|Logistiek|Tuinen|Techniek|Advies|Bakkerij|Schilderwerken|Zorg",
        "ziggo.nl|kpnmail.nl|gmail.com|hotmail.nl|planet.nl|xs4all.nl", "nl|com", "Dhr.|Mevr.|Drs.|Ir.",
        "Johannes:Jan|Cornelis:Kees|Willem:Wim|Hendrik:Henk|Elisabeth:Els|Margaretha:Greet|Petrus:Piet",
    ),
    Country(
        "HU", "hu_HU", 0.06, "Budapest|Debrecen|Szeged|Miskolc|Pécs|Győr|Nyíregyháza|Kecskemét|Székesfehérvár|Eger",
        "{s} utca {n}.", "####", ("36", "2", 9),
        ("Kft.|Kft|KFT|Korlátolt Felelősségű Társaság", "Zrt.|Zrt", "Bt.|Bt", "Nyrt."),
        "Építő|Fuvarozó|Kereskedelmi|Gépész|Pékség|Bútor|Könyvelő|Kertészet|Villany|Nyomda",
        "freemail.hu|citromail.hu|gmail.com|t-online.hu|indamail.hu", "hu|eu", "Dr.|id.|ifj.",
        "László:Laci|István:Pista|József:Józsi|Katalin:Kati|Erzsébet:Bözsi|Zsuzsanna:Zsuzsa|Ferenc:Feri|Gábor:Gabi",
    ),
    Country(
        "RO", "ro_RO", 0.06, "București|Cluj-Napoca|Timișoara|Iași|Constanța|Craiova|Brașov|Galați|Oradea|Sibiu",
        "Strada {s} {n}", "######", ("40", "7", 9),
        ("S.R.L.|SRL|srl", "S.A.|SA", "S.R.L.-D.|SRL-D"),
        "Construct|Trans|Mobila|Farm|Instal|Auto|Consult|Agro|Prod|Serv",
        "yahoo.com|gmail.com|rdslink.ro|yahoo.ro|outlook.com", "ro|com", "Dl|Dna|Ing.",
        "Alexandru:Alex|Constantin:Costel|Gheorghe:Gigi|Mihai:Misu|Nicolae:Nicu|Elena:Lenuta|Ecaterina:Cati",
    ),
    Country(
        "SE", "sv_SE", 0.06, "Stockholm|Göteborg|Malmö|Uppsala|Västerås|Örebro|Linköping|Helsingborg|Lund|Umeå",
        "{s}gatan {n}", "### ##", ("46", "7", 9),
        ("AB|Aktiebolag|ab", "HB|Handelsbolag", "KB"),
        "Bygg|Måleri|Åkeri|Konsult|Plåt|Snickeri|Redovisning|Tandvård|Elektriska|Fastigheter",
        "telia.com|gmail.com|hotmail.se|comhem.se|outlook.com", "se|nu|com", "Herr|Fru|Dr",
        "Alexander:Alex|Margareta:Greta|Kristina:Stina|Gustav:Gurra|Elisabeth:Lisa|Fredrik:Frippe|Magnus:Mange",
    ),
    Country(
        "SK", "sk_SK", 0.06, "Bratislava|Košice|Prešov|Žilina|Nitra|Banská Bystrica|Trnava|Martin|Trenčín|Poprad",
        "{s}ova {n}", "### ##", ("421", "9", 9),
        ("s.r.o.|s. r. o.|spol. s r.o.|spol. s r. o.", "a.s.|a. s.|akciová spoločnosť"),
        "Stavby|Doprava|Nábytok|Kúrenie|Pekáreň|Autoservis|Účtovníctvo|Záhrady|Elektro|Potraviny",
        "azet.sk|centrum.sk|gmail.com|post.sk|zoznam.sk", "sk|eu", "pán|pani|Ing.|Mgr.",
        "Jozef:Jožko|Katarína:Katka|Zuzana:Zuzka|Michal:Miško|Alexandra:Saša|Štefan:Pišta|Mária:Majka|Ján:Janko",
    ),
    Country(
        "GR", "el_GR", 0.05, "Αθήνα|Θεσσαλονίκη|Πάτρα|Ηράκλειο|Λάρισα|Βόλος|Ιωάννινα|Χανιά|Καβάλα|Ρόδος",
        "{s} {n}", "### ##", ("30", "69", 10),
        ("Α.Ε.|ΑΕ|A.E.", "Ε.Π.Ε.|ΕΠΕ|E.P.E.", "Ι.Κ.Ε.|ΙΚΕ"),
        "Κατασκευές|Μεταφορές|Έπιπλα|Τρόφιμα|Τεχνική|Φαρμακείο|Λογιστικά|Εκτυπώσεις",
        "gmail.com|yahoo.gr|otenet.gr|hotmail.gr|outlook.com.gr", "gr|com.gr|com", "κ.|κα|Δρ.",
    ),
    Country(
        "UA", "uk_UA", 0.06, "Київ|Харків|Одеса|Дніпро|Львів|Запоріжжя|Вінниця|Полтава|Черкаси|Суми",
        "вул. {s}а {n}", "#####", ("380", "69", 9),
        ("ТОВ|Товариство з обмеженою відповідальністю", "ПП|Приватне підприємство", "ПрАТ"),
        "Буд|Транс|Меблі|Сервіс|Техніка|Агро|Друк|Торг|Аптека",
        "ukr.net|gmail.com|i.ua|meta.ua", "ua|com.ua", "пан|пані",
        "Олександр:Саша|Володимир:Вова|Катерина:Катя|Наталія:Наташа|Дмитро:Діма|Микола:Коля|Тетяна:Таня|Олена:Лєна",
    ),
    Country(
        "BG", "bg_BG", 0.03, "София|Пловдив|Варна|Бургас|Русе|Стара Загора|Плевен|Сливен",
        "ул. {s} {n}", "####", ("359", "8", 9),
        ("ЕООД|Е.О.О.Д.|EOOD", "ООД|О.О.Д.|OOD", "АД|AD"),
        "Строй|Транс|Мебели|Сервиз|Инженеринг|Агро|Печат|Аптеки",
        "abv.bg|gmail.com|mail.bg|dir.bg", "bg|com", "г-н|г-жа|д-р",
        "Александър:Сашо|Георги:Гошо|Иван:Ванко|Димитър:Митко|Николай:Ники|Екатерина:Катя",
    ),
    Country(
        "PT", "pt_PT", 0.05, "Lisboa|Porto|Braga|Coimbra|Funchal|Setúbal|Faro|Aveiro|Viseu|Leiria",
        "Rua {s} {n}", "####-###", ("351", "9", 9),
        ("Lda.|Lda|LDA|Limitada", "Unipessoal Lda|Unip. Lda", "S.A.|SA"),
        "Construções|Transportes|Móveis|Padaria|Consultores|Óptica|Farmácia|Turismo|Oficina",
        "sapo.pt|gmail.com|hotmail.com|clix.pt|outlook.pt", "pt|com|com.pt", "Sr.|Sra.|Eng.|Dra.",
        "Francisco:Chico|António:Tó|José:Zé|Joaquim:Quim|Manuel:Manel|Maria:Mia|Isabel:Bela",
    ),
    Country(
        "IN", "en_IN", 0.05, "Mumbai|Delhi|Bengaluru|Chennai|Pune|Hyderabad|Kolkata|Jaipur|Surat|Kochi",
        "{n}, {s} Nagar", "######", ("91", "9", 10),
        ("Pvt Ltd|Pvt. Ltd.|Private Limited", "LLP", "Ltd|Limited"),
        "Textiles|Infotech|Exports|Pharma|Traders|Steel|Foods|Travels|Electricals",
        "gmail.com|rediffmail.com|yahoo.co.in|outlook.com", "in|co.in|com", "Mr|Mrs|Dr|Shri|Smt",
    ),
)  # fmt: skip
SHARES = list(itertools.accumulate(country.share for country in COUNTRIES))
# The lower, the more have the commonest: a surname one in a hundred, a first name one in twenty.
COMMON_FAMILIES, COMMON_NAMES, COMMON_CITIES = 20, 6, 3
RARE_FAMILIES = 4000


def drawn(steps: int, common: int) -> list[float]:
    """Cumulative weights of ranked values, as names and cities have them."""
    return list(itertools.accumulate(1 / (rank + common) for rank in range(steps)))


class Names:
    """The first names and surnames of a country with how common each is."""

    def __init__(self, country: Country, rng: random.Random) -> None:
        provider = _provider("person", country.locale)
        self.men = _shuffled(_listed(provider, "first_names_male"), rng)
        self.women = _shuffled(_listed(provider, "first_names_female"), rng)
        families = _listed(provider, "last_names_male", "unisex_last_names", "last_names")
        self.families = _shuffled([name for name in families if " " not in name], rng)
        self.families += _made_of(self.families, RARE_FAMILIES, rng)
        more = _listed(_provider("address", country.locale), "cities", "city_names")
        self.cities = [*country.cities.split("|"), *_shuffled(more, rng)[:120]]
        self.short = dict(pair.split(":") for pair in country.short.split("|") if pair)
        self._weights = {
            id(some): drawn(len(some), common)
            for some, common in (
                (self.men, COMMON_NAMES),
                (self.women, COMMON_NAMES),
                (self.families, COMMON_FAMILIES),
                (self.cities, COMMON_CITIES),
            )
        }

    def one(self, some: Sequence[str], rng: random.Random) -> str:
        """One of a list, the first ones more often."""
        return rng.choices(some, cum_weights=self._weights[id(some)])[0]


def _provider(what: str, locale: str) -> Any:
    try:
        return importlib.import_module(f"faker.providers.{what}.{locale}").Provider
    except ModuleNotFoundError as error:
        if error.name == "faker":
            raise SystemExit(
                "Labelled clients are made with Faker. Install it: pip install 'faker>=40'"
            ) from None
        return None


def _listed(provider: Any, *names: str) -> list[str]:
    """What the first of these lists has that is there."""
    for name in names:
        found = getattr(provider, name, None)
        if isinstance(found, (tuple, list, dict)) and len(found) > 1:
            return sorted({str(one).strip() for one in found if len(str(one)) > 2})
    return []


def _shuffled(some: list[str], rng: random.Random) -> list[str]:
    found = list(some)
    rng.shuffle(found)
    return found


def _made_of(families: Sequence[str], number: int, rng: random.Random) -> list[str]:
    """Rare surnames: the beginning of one with the end of another."""
    there, made = set(families), dict[str, None]()
    for _ in range(number * 2):
        one, other = rng.choice(families), rng.choice(families)
        name = one[: max(3, len(one) // 2)] + other[-max(3, len(other) // 2) :]
        if name not in there and len(name) < 16 and len(made) < number and name.isalpha():
            made[name] = None
    return list(made)


def of_woman(family: str, code: str) -> str:
    """A surname as a woman of this country bears it."""
    for country, man, woman in _WOMEN:
        if country == code and family.endswith(man):
            return family[: len(family) - len(man)] + woman
    return family


_WOMEN = (
    ("PL", "ski", "ska"),
    ("PL", "cki", "cka"),
    ("SK", "ý", "á"),
    ("SK", "", "ová"),
    ("UA", "ський", "ська"),
    ("UA", "цький", "цька"),
    ("BG", "ов", "ова"),
    ("BG", "ев", "ева"),
    ("GR", "ης", "η"),
    ("GR", "ος", "ου"),
    ("GR", "ας", "α"),
)

_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        spread("a v g d e z i th i k l m n x o p r s s t y f ch ps o"),
        strict=True,
    )
)
_CYRILLIC = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяъыэё",
        spread("a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch _ iu ia a y e yo"),
        strict=True,
    )
)
_CYRILLIC["ь"] = ""
_OLDER = {
    "х": "h",
    "ц": "c",
    "ю": "yu",
    "я": "ya",
    "є": "ye",
    "й": "y",
    "ї": "yi",
    "г": "g",
    "и": "i",
    "ж": "j",
    "ω": "w",
}
_OLDER |= {"η": "h", "χ": "x", "β": "b", "φ": "ph"}
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae", "ł": "l"}


@cache
def latin(text: str, *, older: bool = False) -> str:
    """Greek and Cyrillic in Latin letters, by one usage or an older one; other texts stay as they are."""
    if text.isascii():
        return text
    plain = "".join(sign for sign in unicodedata.normalize("NFD", text) if not "̀" <= sign <= "ͯ" or sign == "̆")
    plain = unicodedata.normalize("NFC", plain) if any(sign in _CYRILLIC for sign in plain.lower()) else text
    found = []
    for sign in plain if plain is not text else _toneless(text):
        low = sign.lower()
        made = (_OLDER.get(low) if older else None) or _GREEK.get(low, _CYRILLIC.get(low, sign))
        found.append(made.capitalize() if sign != low and made else made)
    return "".join(found).replace("oy", "ou") if plain is text else "".join(found)


def _toneless(text: str) -> str:
    """Greek without its accents; others as they are."""
    if not any("Ͱ" <= sign <= "Ͽ" for sign in text):
        return text
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


@cache
def plain(text: str, *, umlauts: bool = False) -> str:
    """Latin letters without marks; ``umlauts`` as two letters."""
    if text.isascii():
        return text
    text = latin(text)
    if umlauts:
        for sign, two in _UMLAUTS.items():
            text = text.replace(sign, two).replace(sign.upper(), two.capitalize())
    text = text.replace("ł", "l").replace("Ł", "L").replace("ß", "ss").replace("ø", "o").replace("đ", "d")
    found = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return found.encode("ascii", "ignore").decode()


@cache
def letters(text: str) -> str:
    """A name as it stands in an address."""
    return "".join(sign for sign in plain(text).lower() if sign.isalnum())


def all_names(rng: random.Random) -> dict[str, Names]:
    """The names of every country."""
    return {country.code: Names(country, rng) for country in COUNTRIES}


def choose(values: Iterable[str] | str, rng: random.Random) -> str:
    """One of a few, each as likely; a text is parted at '|'."""
    return rng.choice(values.split("|") if isinstance(values, str) else list(values))
