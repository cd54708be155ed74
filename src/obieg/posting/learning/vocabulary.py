"""What Polish firms buy, by the beginnings of words: general knowledge that a new client lacks.

Beginnings are without diacritics; those of three letters or fewer are whole words.
"""

from collections.abc import Iterable
from functools import lru_cache

_WHOLE = 3  # letters; shorter beginnings would fit anything
_KINDS = """
fuel: paliw benzyn diesel etylin napedow lpg autogaz pb95 pb98 e10 e5 eurosuper verva tankow on
adblue: adblue mocznik noxy
wash: mycie myjni mycia
parking: parking postoj
toll: autostrad etoll viatoll winiet przejazd
repair: napraw serwis mechani wymian diagnos wulkaniz przeglad robociz blacharsk lakiernicz
tyres: opon ogumien felg
carparts: hamulc klock amortyz sprzegl lozysk wahacz filtr akumulator rozrzad swiec alternator
carfluids: silnikow hydraulicz przekladni chlodnicz spryskiw
inspection: techniczn rejestracyjn przegladu
leasing: leasing
capital: kapitalow
interest: odsetk odsetkow
insurance: ubezpiecz polis oc ac nnw skladk
phone: abon telefon telekom glosow komork rozmow sms gsm mobile
internet: internet swiatlowod lte lacze transmisj 5g
devices: smartfon tablet telewizor sluchawk ladowark kabel powerbank
computers: komputer laptop notebook monitor drukark mysz klawiatur dysk procesor pendrive skaner
printing: toner tusz kartridz
software: licencj oprogramowan program software crm erp subskrypc antywirus
hosting: hosting domen serwer vps chmur ssl cdn cloud
itservice: programist testowan wdrozen konsultac informatycz devops frontend backend helpdesk
electricity: energi elektryczn dystrybucj pradu ppe en
gas: gaz gazow ziemny
water: woda wody wode wodocia sciek kanaliz
heat: ciepl ogrzew grzewcz opalow
waste: odpad smieci wywoz utylizac recykl
rent: najem najmu czynsz lokal dzierzaw wynajem
upkeep: eksploatacyj media mediow refaktur zarzadc
cleaning: sprzatan czystosc porzadk pranie pralni
cleaners: mydl plyn domestos recznik scierk worki mop detergent szyb srodek naczyn papier
office: segregator dlugopis papier zeszyt koszulk zszywacz teczk notes biurow marker koperta olowek
coffee: kawa kawy kawowy herbat cukier mleko mleka
drinks: napoj woda sok cola mineraln
sweets: ciast wafle paluszk cukierk czekolad batonik slodyc
alcohol: piwo wino wodka whisky beczk alkohol spirytus
food: mieso miesny drobi wolow wieprz wedlin kurczak filet ryba ryby rybny jaja jajka ser sery
food: serow maslo smietan makaron maka maki ryz drozdz pieczyw chleb
vegetables: warzyw owoc ziemnia pomidor salat cebul jabl banan marchew
spices: przypraw pieprz sos ocet sol ketchup oliwa bulion
restaurant: gastronom lunch obiad catering restaur konsumpc bistro kolacj poczestun
hotel: nocleg hotel zakwater pensjonat pobyt apartament
taxi: taxi taksow przewoz
travel: bilet lotnicz kolej pkp delegac
freight: transport fracht spedyc przewozu ladun podwykonawst
courier: kurier przesyl paczk nadanie pobrani
post: poczt znaczk listow
advertising: reklam kampani marketing baner ulotk wizytowk roll google facebook ads seo pozycjon
events: targi targow stoisk konferenc impreza event
training: szkoleni kurs warsztat webinar
books: ksiazk prenumerat czasopism publikac
law: prawn kancelari notari adwokat radc sadow
accounting: ksieg rachunkow kadrow podatkow plac bilans
banking: prowizj bankow terminal platnicz transakc konta przelew karta bezgotowk
marketplace: sprzedaz marketplace allegro aukc wyroznieni
security: ochron monitor dozor
health: medycyn lekars badani pracownik okresow
lab: laborator histopat morfolog analiz krwi
medicine: leki lekow strzykaw igla igly opatrun rekawicz
medicine: dezynf bandaz kompres maseczk gaza gaziki szczepion
medical: cisnieniomierz stetoskop aparat usg ekg
dental: stomatolog dentyst implant wycisk
safety: bhp ochronn kask okular rekawic odziez obuwie buty kamizel
clothing: spodni koszul bluza kurtk fartuch
tools: wiertark szlifierk mlotek wkretark srubokr klucz pila poziomic drabina tarcza wiertlo nozyc
hardware: wkret srub kolek nakretk gwozd podkladk zawias uchwyt prowadnic okuc
power: przedluzacz przewod gniazd wlacznik zarow led oswietl lamp bezpiecznik rozdzielnic
building: cement beton zapraw styropian cegl pustak bloczek klej plyt gips tynk welna piasek zwir
roof: dachow papa rynna rynny blachod
paint: farb lakier emali grunt malarsk pedzel
pipes: rura rury rur kolank syfon hydraul zawor armatur uszczel
wood: drewn sklejk mdf forniru okleina deska deski tarcic listwa
metal: stal stali stalow aluminium profil pret prety ksztaltown ciecie spawan blacha
subcontract: wykonani roboty montaz instalac podwykonaw budowlan prace
machines: maszyn koparka agregat podnosnik wozek sprezark
rental: wypozycz wynajmu
furniture: biurko krzesl szafa regal mebl stol fotel
kitchen: garnek talerz szklank sztucc pojemnik patelni kubek
textiles: posciel recznik koc zaslon dywan poduszk tkanin
packaging: karton folia tasma pakow opakow etykiet stretch worki wypeln
printshop: druk poligraf naklejk ksero
design: projekt grafik ux logo fotograf video
plants: kwiat roslin sadzon ogrod traw zywoplo
animals: pasza pasz weterynar karma zwierz
beauty: kosmet szampon fryzjer krem perfum
sport: silown fitness pilk rower
toys: zabawk klock
crops: nasion nawoz nawozy oprysk herbicyd pestycyd ziarno
farming: ciagni kombajn doju rolnicz
machining: frez frezar tokar toczen ostrz szlifow hartow
welding: spawal elektrod acetylen argon
sewing: nici guzik dzianin podszew haft szycie
education: podreczn korepet czesne egzamin
cosmetics: kosmet balsam maskara pielegn
photography: zdjec fotogr obiektyw
sanitary: toalet pisuar bidet umywalk
heating: kociol kotla grzejnik piec pellet wegiel
aircon: klimatyz wentylac rekuper
security: alarm kamera
fees: oplat
discount: rabat bonus
"""


@lru_cache(maxsize=32768)
def kinds_of(stem: str) -> tuple[str, ...]:
    """The kinds of things that a word (or its stem) may name."""
    if found := _BY_BEGINNING.get(stem):
        return found
    beginnings = (stem[:end] for end in range(len(stem) - 1, _WHOLE, -1))
    return next((found for one in beginnings if (found := _BY_BEGINNING.get(one))), ())


def kinds_in(stems: Iterable[str]) -> tuple[str, ...]:
    """All kinds that the words name, in alphabetical order."""
    return tuple(sorted({kind for stem in stems for kind in kinds_of(stem)}))


def _by_beginning() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in _KINDS.strip().splitlines():
        kind, _, beginnings = line.partition(": ")
        for beginning in beginnings.split():
            found[beginning[:6]] = (*found.get(beginning[:6], ()), kind)
    return found


_BY_BEGINNING = _by_beginning()
