"""Nouns that say what somebody or something else of a name is, directly before it or after a comma. Folded. Pure."""

from __future__ import annotations

from alerts.recognition.tables import listed

CREATURES = """
dog puppy spaniel terrier poodle labrador beagle collie dachshund greyhound mongrel cat kitten tomcat parrot pony horse racehorse stallion mare hamster rabbit
goat donkey cow bull elephant gorilla penguin seal dolphin собака собаки собаку собакой песик* щен* спаниел* терьер* лабрадор* пудел* котен* котик* попуга* жеребец
жеребца лошад* хомяк* кролик* дельфин* слон слона собак* цуцен* песик* пес пса псом кот кота котом hund hunde katze kater welpe dackel papagei pferd pony hengst
chien chienne chiot chaton epagneul perroquet cheval perro perra gato gata cachorro caballo cane cagnolino gatto gattino cucciolo pappagallo cavallo cao
pies piesek psem kotka szczeniak kon papuga pejsek kocour kocka stene papousek kutya kutyus koira kissa kopek kedi kopegi kedisi
caine pisica koer σκυλοσ γατα הכלב כלב חתול החתול كلب الكلب قط القط حصان 강아지 고양이 愛犬 警察犬 盲導犬 猎犬 警犬 宠物狗
"""
PERSONS = """
clown juggler acrobat tamer magician клоун* клоўн* дрессировщи* циркач* акробат* жонглер* фокусник* укротител* дресирувальни* дресыроўшчы* dompteur dresseur jongleur
domador payaso pagliaccio domatore klaun treser bohoc terbiyecisi
режиссер* певец певца певцу певцом певица певицы актер* актрис* художни* скульптор* писател* поэт* пианист* скрипач* хоккеист* футболист* боксер* теннисист* вратар* пловец пловца
singer actor actress swimmer footballer goalkeeper boxer sprinter cyclist drummer guitarist violinist pianist sculptor novelist painter
"""
THINGS = """
drink cocktail mixer lemonade cider liqueur spirit whiskey напиток напитка напитки коктейл* ликер* настойк* напій getrank boisson bebida bevanda napoj ital icki
magazine newspaper weekly tabloid fanzine gazette журнал* газет* часопис* zeitung zeitschrift wochenzeitung hebdomadaire quotidien revista periodico diario semanario
rivista giornale settimanale tygodnik miesiecznik czasopismo noviny casopis gazetesi dergisi
band duo trio quartet rockband punkband boyband orchestra choir zespol kapela zenekar yhtye bendi formacion banda バンド 乐队 樂隊 樂團 乐团 밴드 להקת فرقه
tugboat trawler barge schooner dinghy буксир* катер* баржа баржи лайнер* траулер* ледокол* dampfer schlepper remorqueur paquebot holownik transatlantico crucero
bar bars pub tavern nightclub racecourse racetrack bowling pizzeria bakery brewery nightclub nightspot pub pizza playground kindergarten nursery
"""
KINDS = CREATURES + PERSONS + THINGS
"""All of them, as one table (see `kinds`)."""

ENDING = frozenset(
    listed(
        "of in from with for who that which whose at on by near to is was has had de d du des en avec pour qui dont au a et del con para que da di per che"
        " von in aus mit fur ist im am z ze w od dla ktory ktora na do s pro v ktery из в с для от на у что который которая з із для який яка"
    )
)
"""Words that end a noun and what stands before it."""
PARTS = frozenset(listed("d l s qu n"))
"""Letters that an apostrophe joins."""
OF_BUSINESS = frozenset(
    listed(
        "app service giant firm company messenger platform network operator maker owner group studio exchange bank employer retailer carrier backer producer"
        " supplier distributor startup subsidiary parent rival conglomerate favourite favorite developer publisher broadcaster lender insurer player"
    )
)
"""English nouns for companies and what these are, whatever stands before them."""
