"""What Polish firms buy, by the beginnings of words: general knowledge that a new client lacks.

Beginnings are without diacritics; those of three letters or fewer are whole words.
"""

from collections.abc import Iterable
from functools import lru_cache

_WHOLE = 3  # letters; shorter beginnings would fit anything
_KINDS = """
accounting: audyt biegl bilans jpk kadrow kadry ksieg ksiegow plac podatkow rachunkow sprawozd
adblue: adblue mocznik noxy
advertising: ads adwords afisz baner bilbord billboard facebook gadzet google influencer kampani
advertising: kampania mailing marketing pozycjon promoc reklam reklamow remarketing roll seo ulotk
advertising: wizytowk
aircon: klimatyz rekuper wentylac
alcohol: alkohol beczk gin koniak likier piwo prosecco rum spirytus szampan whisky winiarsk wino
alcohol: wodka
animals: karma kojec pasz pasza weterynar weterynaryj zwierz
banking: bankow bezgotowk blik faktoring karta konta kredyt lokat paypal platnicz pos prowizj
banking: prowizja przelew przelewy24 stripe terminal terminala transakc
beauty: fryzjer hybryd kosmet krem manicur odzywk pedicur perfum szampon
books: czasopism ksiazk prenumerat publikac
building: beton bloczek cegl cegla cegly cement ceramicz dachowk fuga gips gladz hydroizol klej
building: kostka krawez membran murars piasek plyt pustak styropian szpachl tynk tynkar welna zapraw
building: zbroj zwir
capital: kapitalow
carfluids: chlodnicz hydraulicz przekladni silnikow spryskiw
carparts: akumulator alternator amortyz cewka chlodnic filtr hamulc klock lozysk paski pompa
carparts: reflektor rozrzad sprzegl swiec swieca tlumik uszczelk wahacz wycieraczk zderzak
cleaners: detergent domestos gabk mop mydl naczyn odswiezacz papier papieru plyn recznik reczniki
cleaners: reklamowki scierecz scierk srodek szyb toaletow worki wybielacz zmywak
cleaning: czystosc czyszczen deratyz dezynsekc porzadk pralni pranie sprzat sprzatan
clothing: bielizn bluza bluzk czapk fartuch koszul koszulk kurtk kurtka skarpet spodni spodnic
clothing: sukienk tkanina tshirt
coffee: cappuccino cukier espresso herbat kapsulk kawa kawowy kawy mleka mleko
computers: dokujac drukark dysk ipad klawiatur komputer laptop macbook monitor mysz notebook pamiec
computers: pendrive procesor ram serwerow skaner zasilacz
cosmetics: balsam kosmet maskara pielegn
courier: dhl dpd fedex gls inpost kurier kuriersk nadanie paczk paczkomat pobrani przesyl przesylk
courier: ups
crops: herbicyd kukurydz nasion nawoz nawozy oprysk pestycyd pszenic rzepak ziarno
dental: dentyst implant kompozyt korona ortodont porcelan protet stomatolog wycisk
design: architekt branding fotograf grafik ilustrac logo montazu projekt projektow ux video wizualiz
devices: kabel ladowark powerbank sluchawk smartfon tablet telewizor
discount: bonus rabat
donations: czlonkow darowizn izba skladka
drinks: cola energetyk gazowan lemoniad mineraln mineralna napoj niegaz sok soki woda zrodlan
drinks: zrodlana
education: czesne egzamin korepet podreczn
electricity: dystrybucj elektryczn en energi kogener kwh mocow oze ppe prad pradu przesylow
events: event impreza konferenc stoisk targi targow
farming: ciagni doju kombajn rolnicz
fees: oplat
food: boczek chleb drobi drozdz filet jaja jajka jogurt kasza kielbas konserw krewet kurczak losos
food: maka makaron maki maslo miesny mieso mrozon pieczyw przetwor ryba rybny ryby ryz ser serow
food: sery smietan szynk wedlin wieprz wolow
freight: celna celny fracht kontenerow ladun pakowani podwykonawst przeprowadz przewoz przewozu
freight: rozladun spedyc spedycj transport zaladun
fuel: autogaz benz benzyn bezolow diesel e10 e5 etylin eurosuper lpg napedow oktan on paliw pb95
fuel: pb98 petrol stacj stacja tankow verva
furniture: biurk biurko fotel kanapa komoda krzesl krzeslo lozko mebl meble regal sofa stol szafa
furniture: szafk zaslony
gas: gaz gazow wysokometan ziemny
hardware: gwozd klamk kolek kotw laczn nakretk nakretka okuc okucie podkladk prowadnic srub sruba
hardware: sruby uchwyt wkret zamek zawias
health: badani badanie lekars medycyn okresow pracownik profilaktycz psychotech sanepid
heat: ciepl cieplo cieplown co cwu grzewcz ogrzew opalow
heating: grzejnik kociol kotla pellet piec wegiel
hosting: cdn certyfikat chmur cloud domen hostin hosting kolokac serwer ssl vps
hotel: apartament dworek hostel hotel kwater motel nocleg noclegow pensjonat pobyt zajazd zakwater
inspection: przegladu rejestracyjn techniczn
insurance: ac assistance autocasco nnw oc polis skladk ubezp ubezpiecz
interest: odsetk odsetkow
internet: 5g internet lacze lte modem router swiatlowod szerokopasm transmisj wifi
itservice: api backend bazodanow devops frontend helpdesk implementac informatycz integrac konsultac
itservice: programist programow testowan testy wdrozen wsparcie
kitchen: ekspres garnek kubek lodowk naczynia patelni piekarnik pojemnik szklank sztucc sztucce
kitchen: talerz zamrazark zastaw zmywark
lab: analiz badawcz histopat krwi laborator laboratoryj mikrobiol morfolog probek
law: adwokack adwokat egzekuc kancelari notari notarial prawn prawnicz przysiegl radc sadow tlumacz
law: windykac wpis
leasing: leasing
machines: agregat frezark koparka linia maszyn obrabiark podajnik podnosnik prasa robot silnik
machines: sprezark sprezarka tokark wozek
machining: frez frezar hartow ostrz szlifow toczen tokar
marketplace: allegro amazon aukc aukcj ebay etsy marketplace posrednic sprzedaz wyroznieni
marketplace: wystawieni
medical: aparat autoklaw cisnieniomierz ekg endoskop inhalator koncowk rehabilit rtg skaler stetosk
medical: stetoskop usg
medicine: ampulk antybiot apteczk apteka bandaz dezynf gaza gaziki igla igly kompres leki lekow masc
medicine: maseczk opatrun plaster rekawicz strzykaw szczepion szczepionk tabletk znieczul
metal: aluminium blach blacha ceownik ciecie katownik ksztaltown miedz mosiadz odlew odlewnic pret
metal: prety profil spawan stal stali stalow stalowa zelazo
music: instrument koncert naglosn
office: archiwiz biurow blok dlugopis kalendarz kopert koperta koszulk ksero marker notes olowek
office: olowki papier pieczat ryza segregator skoroszyt spinacz teczk zeszyt zszywacz zszywk
packaging: babelkow etykiet folia karton kartonow kartony opakow opakowan pakow paleta palety pudelk
packaging: streczow stretch styropianow tasma woreczk worki wypeln wypelniacz
paint: bejca emali emulsj farb grunt lakier malarsk pedzel pedzl rozpuszczal walek
parking: parkin parking postoj
phone: abon abonam doladowan glosow gsm komork mobile roaming rozmow sms starter telefon telekom
phone: telekomunikac
photography: fotogr obiektyw zdjec
pipes: armatur hydraul kanalizacyj kolank muszla rur rura rurka rury syfon uszczel wodomierz zawor
pipes: zlaczk zlew
plants: doniczk kwiat kwiaty ogrod roslin roslina sadzon traw trawnik zywoplo
post: listow poczt pocztow polecon znaczk
power: akku bateri bezpiecznik falownik gniazd gniazdo kabla korytk lamp led oswietl przedluzacz
power: przewod rozdzielnic sterownik stycznik swietlow wlacznik zarow zarowk
print3d: filament
printing: kartridz toner tusz
printshop: broszur druk introligat katalog ksero naklejk oprawa plakat poligraf poligraficz wydruk
rent: biura czynsz czynszow dzierzaw hali lokal lokalu magazynu najem najmu powierzchni wynajem
rent: wynajm
rental: dzwig koparki rusztowan wynajmu wypozycz wypozyczeni zageszcz
repair: blacharsk diagnos konserwacj lakiernicz mechani napraw przeglad regulacj robociz serwis
repair: warsztat wulkaniz wymian
restaurant: bistro catering gastronom karczma kawiarni kebab kolacj kolacja konsumpc lunch obiad
restaurant: obiadow pizza poczestun restaur sniadan sushi tawern
rights: patent tantiem zaiks
roof: blachod dachow papa rynna rynny
safety: bhp buty kamizel kamizelk kask maska obuwia obuwie ochronn odziez okular okulary rekawic
safety: rekawice szelki
sanitary: bidet pisuar toalet umywalk
security: alarm dozor gasnic kamera monitor ochron ochrony patrol ppoz
sewing: dzianin guzik haft nici podszew szycie
software: adobe aktualizac antywirus aplikac crm erp licencj licencyjn microsoft office oprogr
software: oprogramowan program saas software subskrypc wersj windows
solar: fotowolt inwerter optymaliz panele
spices: bulion ketchup ocet oliwa pieprz przypraw sol sos
sport: fitness karnet pilk pilka rower rowerow siatk silown
subcontract: brukar budowlan dekars elewac instalac instalacja instalacji montaz podwykonaw
subcontract: podwykonawstwo prace roboty rozbiork wykonani wykonanie wykopy
sweets: batonik bombonier chipsy chrupk ciast cukierk czekolad orzeszk paluszk praliny slodyc wafle
taxi: bolt przejazd przewoz taksow taxi uber
textiles: dywan koc poduszk posciel recznik tkanin zaslon
toll: autostrad drogow etoll myto przejazd viatoll winiet
tools: dluto drabina imadlo klucz klucze lopata mlot mlotek nitownic nozyc pila poziomic poziomnic
tools: spawark srubokr szczypc szlifierk tarcza wiertark wiertl wiertlo wkretark wyrzynar
toys: klock zabawk
training: coaching konferencji kurs kursu szkolen szkoleni warsztat warsztaty webinar webinarium
travel: bilet delegac intercity kolej kolejow lotnicz lotnisk pkp prom rezerwac samolot wiza
tyres: bieznik felg ogumien opon wulkaniz wywazan
upkeep: administrowan eksploatacyj media mediow odsniezan refaktur utrzyman wspolnot zarzadc
vegetables: banan cebul cytryn czosnek jabl kapust marchew ogork owoc papryk pieczark pomidor salat
vegetables: warzyw ziemnia
wash: mycia mycie myjni
waste: bdo gruz komunaln kontener makulatur odpad odpadow recykl smieci utylizac wywoz
water: kanaliz sciek woda wode wodocia wody
welding: acetylen argon elektrod spawal
wood: blat deska deski drewn fornir forniru klepka laminowan listwa mdf okleina parkiet sklejk
wood: tarcic
"""


@lru_cache(maxsize=32768)
def kinds_of(word: str) -> tuple[str, ...]:
    """The kinds of things that a word may name: those of its longest known beginning."""
    if found := _BY_BEGINNING.get(word):
        return found
    beginnings = (word[:end] for end in range(len(word) - 1, _WHOLE, -1))
    return next((found for one in beginnings if (found := _BY_BEGINNING.get(one))), ())


def kinds_in(words: Iterable[str]) -> tuple[str, ...]:
    """All kinds that the words name, in alphabetical order."""
    return tuple(sorted({kind for word in words for kind in kinds_of(word)}))


def _by_beginning() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in _KINDS.strip().splitlines():
        kind, _, beginnings = line.partition(": ")
        for beginning in beginnings.split():
            found[beginning] = (*found.get(beginning, ()), kind)
    return found


_BY_BEGINNING = _by_beginning()
