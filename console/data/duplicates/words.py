"""Words that say how a text is to be read: titles, legal forms, role addresses, names of streets and cities."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = _set(
    """
    mr mrs ms miss mx dr prof mgr inz ing herr frau hr fr pan pani p sir dame mag dipl lic lek adw rev
    hon monsieur madame mme mlle m sr sra srta senor senora don dona doc bc bcs judr mudr phdr rndr paed
    shaikh sheikh sayyid frhr
    """
)
SUFFIXES = _set(
    """
    jr sr jnr snr ii iii iv phd mba md esq bsc msc csc
    """
)
PARTICLES = _set(
    """
    de del della der den di da das do dos du la le el al il bin ibn ben bint van von vom zu zum zur af av
    ter ten y e
    """
)

# Parts of legal forms, each alone; what stands together (sp. z o.o., s.r.o.) is found as written without dots.
LEGAL = _set(
    """
    ab ag aktiengesellschaft as asa aps bv bvba cic co company corp corporation cv doo ead ee eg ehf ek
    ev ees eood eu gbr gesmbh gie gmbh ggmbh mbh inc incorporated jsc kft kg kgaa kommanditgesellschaft
    ks lc lda llc llp lp lllp limited limitada ltd ltda mchj nv ob ohg ojsc oao ooo ou oy oyj pao pjsc
    plc pllc pte pty pvt private ptk rt nyrt zrt sa sab saa sae sal sapa sarl sas sasu sca scs sci scop
    se sia sicav sl slu sll snc sp spa spk spj spolka spzoo spzo srl srls sro stiftung tov too ug uab vof
    vos zao zrt aktiebolag handelsbolag ind bhd sdn tas sti as akciova spolecnost sirketi anonim limitet
    societe anonyme sociedad anonima zoo zo ogr odp ae epe ike bt kkt hb kb eood ood ad tov pp prat pat fop
    unipessoal unip haftungsbeschrankt srld
    """
)
LEGAL_PHRASES = (
    "gesellschaft mit beschrankter haftung",
    "obshchestvo s ogranichennoy otvetstvennostyu",
    "obshchestvo s ogranichennoi otvetstvennostiu",
    "aktsionernoe obshchestvo",
    "societatea cu raspundere limitata",
    "tovarystvo z obmezhenoyu vidpovidalnistyu",
    "tovaristvo z obmezhenoyu vidpovidalnistyu",
    "privatne pidpriyemstvo",
    "korlatolt felelossegu tarsasag",
    "beteti tarsasag",
    "joint stock company",
    "joint stock",
    "limited liability company",
    "limited liability",
    "limited liability partnership",
    "spol s r o",
    "spolka z ograniczona odpowiedzialnoscia",
    "spolka z o o",
    "spolka komandytowa",
    "spolka jawna",
    "spolka akcyjna",
    "sp z o o",
    "sp z oo",
    "sp zoo",
    "sp z o",
    "sp k",
    "sp j",
    "s r o",
    "spol s r o",
    "a s",
    "s a r l",
    "s a s",
    "s a",
    "s l",
    "s l u",
    "s p a",
    "s r l d",
    "s r l",
    "s n c",
    "s c",
    "v o s",
    "k s",
    "l l c",
    "l l p",
    "l p",
    "g m b h",
    "e k",
    "e v",
    "p l c",
    "b v",
    "n v",
    "d o o",
    "e o o d",
    "o o d",
    "a e",
    "e p e",
    "i k e",
    "a d",
    "n a",
    "a g",
    "a s a",
    "ltd sti",
    "san ve tic",
    "co kg",
    "pty ltd",
)
JOINING = _set(
    """
    and und et i y e a oraz the of ve og och en
    """
)

ROLES = _set(
    """
    info office biuro kontakt contact sales support help helpdesk hello admin administrator noreply
    donotreply mail email poczta sekretariat reception recepcja service serwis team accounts accounting
    billing invoice invoices faktury ksiegowosc marketing hr jobs kariera praca press webmaster
    postmaster root abuse security shop sklep store orders zamowienia enquiries inquiries enquiry post
    buero kundenservice kundendienst verkauf vertrieb empfang bestellung contato contacto info1 ventas
    vendas administracion comercial atencion direccion commercial accueil ventes compta contatti vendite
    amministrazione segreteria obchod prodej podpora informace iletisim bilgi destek satis zakaznici ofis
    zapyty finance office1 desk general main company firma hallo welcome dispo it bok rodo gdpr privacy
    legal customerservice customercare clientservices care feedback newsletter news noreplies mailer
    daemon
    """
)

STREETS = _set(
    """
    ul ulica al aleja aleje os osiedle pl plac str strasse straat street st road rd avenue ave av lane ln
    drive dr court ct close cl place boulevard blvd rue calle c avenida via viale piazza corso ulice
    trida namesti namestie way terrace ter square sq highway hwy parkway pkwy circuit cct crescent cres
    cr cir circle vul vulytsia vulitsa prospekt prosp bulvar cadde caddesi cad sokak sokagi sk mahallesi
    mah weg platz allee gasse utca ut north south east west n s e w nr no apt apartment flat unit suite
    ste lok m floor fl rm room
    """
)

# The same city under two names; the left one is turned into the right one.
CITIES = {
    "warsaw": "warszawa",
    "varsovie": "warszawa",
    "warschau": "warszawa",
    "cracow": "krakow",
    "krakau": "krakow",
    "breslau": "wroclaw",
    "danzig": "gdansk",
    "posen": "poznan",
    "stettin": "szczecin",
    "kattowitz": "katowice",
    "prague": "praha",
    "prag": "praha",
    "brunn": "brno",
    "pilsen": "plzen",
    "vienna": "wien",
    "munich": "munchen",
    "muenchen": "munchen",
    "cologne": "koln",
    "koeln": "koln",
    "nuremberg": "nurnberg",
    "nuernberg": "nurnberg",
    "duesseldorf": "dusseldorf",
    "frankfurt": "frankfurt am main",
    "hanover": "hannover",
    "geneva": "geneve",
    "genf": "geneve",
    "zuerich": "zurich",
    "brussels": "bruxelles",
    "brussel": "bruxelles",
    "antwerp": "antwerpen",
    "lisbon": "lisboa",
    "milan": "milano",
    "mailand": "milano",
    "rome": "roma",
    "rom": "roma",
    "florence": "firenze",
    "turin": "torino",
    "naples": "napoli",
    "venice": "venezia",
    "seville": "sevilla",
    "the hague": "den haag",
    "copenhagen": "kobenhavn",
    "gothenburg": "goteborg",
    "bucharest": "bucuresti",
    "belgrade": "beograd",
    "kiev": "kyiv",
    "kijow": "kyiv",
    "odessa": "odesa",
    "kharkov": "kharkiv",
    "lvov": "lviv",
    "lwow": "lviv",
    "dnepr": "dnipro",
    "moscow": "moskva",
    "saint petersburg": "sankt peterburg",
    "st petersburg": "sankt peterburg",
    "athens": "athina",
    "lodzh": "lodz",
    "new york city": "new york",
    "nyc": "new york",
}
