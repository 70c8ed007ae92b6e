"""Looks up a word in a Russian dictionary, which is loaded (0.3 s, 30 MB) with the first word."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from alerts.recognition.language.scripts import cyrillic, fold, script_of
from alerts.recognition.sound.alphabets import alphabet
from alerts.recognition.tables import listed

_LONGEST = 30  # letters of a name in another script
_WITH_VOWELS = frozenset({"greek", "georgian", "armenian", "devanagari"})

_FOREIGN = """
ahmet mehmet mustafa ali hasan huseyin ibrahim ismail osman yusuf murat emre burak can cem kemal binali recep fatma
ayse emine hatice zeynep elif merve selin deniz serkan hakan volkan orhan cengiz erdem umut jan andrzej piotr
krzysztof stanisław tomasz paweł jozef marcin marek michał grzegorz jerzy tadeusz adam łukasz zbigniew ryszard dariusz
henryk mariusz kazimierz wojciech robert mateusz marian rafał jacek janusz mirosław maciej sławomir jarosław kamil
wiesław roman władysław jakub artur zdzisław edward mieczysław damian dawid przemysław sebastian czesław leszek daniel
waldemar anna maria katarzyna małgorzata agnieszka krystyna barbara ewa elzbieta zofia teresa magdalena joanna janina
monika danuta jadwiga aleksandra halina irena beata marta dorota helena karolina grazyna jolanta iwona natalia justyna
hanna hans peter wolfgang klaus michael thomas jurgen gunter stefan christian uwe werner horst frank dieter manfred
andreas heinz walter martin bernd matthias markus gerhard jorg ursula karin helga sabine ingrid renate susanne gisela
petra birgit andrea brigitte claudia erika christa elke stefanie gertrud elisabeth angelika heike gabriele kathrin
ilse nicole anja hildegard martina ingeborg gerda marion jutta sven lars jens kai torsten thorsten ralf holger olaf
friedrich karl ludwig fritz otto james john william david richard joseph charles christopher matthew anthony mark
donald steven paul andrew joshua kenneth kevin brian george timothy ronald jason jeffrey ryan jacob gary nicholas eric
jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick raymond jack dennis jerry tyler
aaron jose nathan henry douglas zachary kyle mary patricia jennifer linda elizabeth susan jessica sarah karen lisa
nancy betty margaret sandra ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca sharon
laura cynthia dorothy amy kathleen angela shirley emma brenda pamela samantha katherine christine helen debra rachel
carolyn janet catherine heather diane olivia julie joyce victoria ruth virginia lauren kelly christina joan evelyn
judith hannah megan cheryl jacqueline martha alice alistair jean pierre michel philippe alain nicolas christophe
francois frederic laurent stephane olivier pascal thierry gerard bernard jacques didier antoine marie nathalie
isabelle sylvie martine francoise valerie sandrine veronique celine chantal anne monique claire antonio manuel
francisco juan javier carlos jesus miguel angel pedro luis fernando alberto pablo ramon sergio jorge rafael enrique
diego andres carmen ana isabel dolores pilar lucia cristina elena rosa paula giuseppe giovanni mario luigi stefano
marco francesco alessandro paolo lorenzo matteo davide giulia chiara francesca sara valentina joao paulo tiago rui
nuno janos laszlo istvan jozsef zoltan ferenc sandor gabor attila tamas gergely balazs szabolcs csaba eva katalin
ilona zsuzsanna erzsebet agnes judit viktor arpad balint miklos gyorgy jiri petr jaroslav miroslav zdenek vaclav karel
josef ondrej vojtech lukas tomas frantisek ladislav milan juraj lenka katerina alena lucie janis andris juris edgars
martins aivars guntis maris valdis egils ilze inese kristine anita jonas mindaugas gintaras vytautas darius andrius
algirdas antanas rasa inga juha matti mikko timo jari kari antti pekka jukka markku tarja paivi tiina sari jaan mart
tonu margus priit toomas urmas kersti kaja giorgi davit levan irakli zurab mikheil nino tamar armen hayk tigran vardan
gevorg mohammed muhammad mohamed ahmed omar hassan hussein khalid yousef mahmoud abdullah samir tariq layla fatima
aleksandr vladimir sergei sergey nikolai nikolay dmitri dmitry mikhail evgeny yury igor grigory gennady ivan vasily
konstantin maxim anatoly leonid kirill fyodor stepan oleg vyacheslav vladislav ekaterina tatiana olga irina svetlana
yulia anastasia daria lyudmila galina остап богдан назар тарас оксана леся ярослава соломія зоряна мирослава богдана
орест
abigail adele agathe agnieszka aidan ailsa aino aleksi alessia alexandre alexis alfie alfonso alfred alina alison alma alois amelie amina amir amos ana anders
anders angus anika anselm anton antonia antonin antonina archie arne arnaud arnold arthur arturo aurelie aurelien axel baptiste barnaby bartosz basil bastien
beatrice beatriz benedict benedikt benjamin benoit bernhard bertrand bettina bjorn blanche blaise bohdan bohumil bohuslav boris bridget bruno caitlin callum camille carla
carlo carlotta carole caroline catalina cecile cecilia cedric celeste cesar charlotte chloe clara clarence claude clement clemens clemence clive coralie corinne
cormac cornelia craig damien dana daniela daniele danilo declan delphine denise desmond detlef didi dmytro dominik dominique dylan edmund eduardo eero eileen
eleanor eleonora eliane elias elisa ellen elodie eloise emanuele emil emile emilia emilie emilio emmanuel emmanuelle enzo erik erwin esteban estelle esther etienne
etta eugene eugenia eugenio fabian fabien fabio fabrice federica federico felicity felipe felix fergus fiona flavia flora florence florent florian franco franz
frederik frida gabriel gaelle gaetan gareth gaspard gaston gavin geneviève genevieve geoffrey georg georges georgia geraint germain gianni gilbert gilles gina giorgio giuliana
gonzalo gottfried graham greta guido guillaume guillermo gustav gustavo guy gwen hamish hannes harald harold harriet harry hedwig heidi heinrich hector hermann
hermine hilary hubert hugh hugo ian ignacio igor ines inigo ingo irene iris irma isaac isabella isidor isla ivan ivana ivar ivy jacob jacopo jade jana jarmila jasmine
jasper javier jeanne jemma jeremy jerome jimena joachim joel johan johann johannes jochen jonas jorgen joris josefa josephine jost jules julia julian juliana julien
juliette julio justine jurgen karolina kaspar kasper katja katrin keith kieran kilian klara konrad kurt laszlo leandro leif lena leo leon leonard leonie leonor leopold
leszek liam lilian lina lionel lisbeth loic loïc lorena lorna lothar louis louise luc luca lucas lucien lucille ludovic luisa lukas luuk lydia maarten mabel mael magali
magnus maia malcolm manon manuela marc marcel marcela marcelo marco margaux margot marguerite marianne marina marine marjorie marlene martine mathias mathieu mathilde
matilda matteo matthieu maud maurice mauricio maurizio maximilian melanie melina mercedes mia mikael mikolaj mikołaj milena milos miranda mireille miriam mohamed moritz
muriel nadia nadine neil nell nicola nicolo niels nigel nils nina ninon noah noel noemi nora norbert norman octave odile oisin oliver olivia oriane orla oscar osric
ottilie owen pamela patricio patrizia paula paulette pauline percy perrine philip philipp phoebe pia pieter pietro pilar priscilla quentin ramona raoul raphael raul
reinhard remi remy renaud rene renee rhys riccardo rita robin rodrigo roland rolf romain rosalie rosie rory roxane ruben rudolf rudi rupert sabrina salvatore samira santiago
saskia sean sebastien selma serge severine sigrid silke silvia silvio simon simone sissi slavomir sofia sofie solange solene sonia sonja sophia sophie soren stan stella
steffen suzanne sybille sylvain tabea tamara tanguy tanja tatjana teo terence theo theodor theresa therese thibaut thibault tilda tim timo tobias tom tommaso tristan udo
ugo ulf ulrich ulrike ulrika ute valeria vera verena vincent vincenzo violette vit vlasta volker wanda wendy werner wilhelm wilma wim wolf xavier yael yann yannick yolande
yves yvette yvonne zbyszek zdenka zoe zofia ilya ilia vadim vitaly vitali valery valentin denis artem artyom roman ruslan timur rustam anton arkady gleb lev maksim matvei
nikita pavel pyotr semyon timofei veniamin yegor yevgeny zakhar alla alyona darya elizaveta ksenia larisa lidia marina nadezhda nina polina raisa sofya tamara valentina vera
veronika zinaida zoya
eleni elene dimitris dimitrios nikos kostas giannis yannis ioannis giorgos georgios vasilis vassilis christos panagiotis spyros stavros thanasis athanasios evangelos manolis petros
stelios vangelis katerina vasiliki dimitra despina sotiria aikaterini mariam ketevan salome luka lasha shota vakhtang tornike tamaz otar nodar zaza gela tengiz
natia aram ashot hovhannes artur vahan suren mher gayane lusine narine siranush anahit hasmik lilit gohar karine armine rajesh suresh ramesh mahesh sanjay rahul amit vijay
anil sunil deepak priya pooja neha kavita sunita rekha lakshmi ravi arjun rohit manoj vikram ashok zoran goran dragan nenad dejan slobodan zeljko branko bojan nikola luka
ivana jelena dragana milica snezana vesna ljiljana biljana sasa marija kristina iva hrvoje tomislav zvonimir drazen stjepan dubravka matej jernej janez bostjan gregor
georgi dimitar ivaylo plamen stoyan hristo krasimir todor boyan desislava tsvetelina gergana ionut gheorghe vasile mihai radu bogdan florin adrian ioana andreea mihaela
astrid bjarne eirik halvor haakon knut sigurd solveig torbjorn trond gunnar goran hakan ingvar kjell leif sture sven ulla gunilla birgitta
aarne esko hannu heikki ilkka jarmo jorma juhani jukka kalevi kalle lauri markku olli pentti raimo reijo sakari seppo tapio tuomas veikko anneli kaarina marjatta ritva
ants arvo kalev rein tarmo aigars dainis gints imants oskar edgar rihard gunar ivar valdemar janis laila sandra aiste egle jurate kestutis ramunas saulius tomas aydin elchin elshan ilham rashad vugar aygun
gulnara nursultan daulet yerlan serik aidar azamat bolat marat aigul dinara saule jasur sherzod bakhtiyor dilshod rustam otabek gulchehra joaquin
"""


@cache
def foreign() -> frozenset[str]:
    """The names that no Russian dictionary has."""
    return frozenset(listed(_FOREIGN))


def is_foreign(folded: str) -> bool:
    """Whether a word is one of these, in Latin letters or in another script that writes the vowels."""
    if folded.isascii() or len(folded) > _LONGEST or alphabet(folded) not in _WITH_VOWELS:
        return folded in foreign()
    from anyascii import anyascii  # noqa: PLC0415 - a table of all scripts, needed for few texts

    return str(anyascii(folded)).lower().replace("'", "") in foreign()


_SAME = """
александр=олександр=аляксандр алексей=олексій=аляксей андрей=андрій=андрэй владимир=володимир=уладзімір
сергей=сергій=сяргей николай=микола=мікалай дмитрий=дмитро=дзмітрый=зміцер
ефим=юхим=яўхім тимофей=тимофій=цімафей филипп=пилип=піліп яков=яків=якаў осип=йосип=язэп остап=астап богдан=багдан
фома=хома семен=сямен антон=антін лев=леў глеб=гліб
михаил=михайло=міхаіл павел=павло=павал
евгений=євген=яўген юрий=юрій=юры игорь=ігор=ігар григорий=григорій=рыгор геннадий=геннадій=генадзь петр=петро=пятро
иван=іван василий=василь виктор=віктор=віктар константин=костянтин=канстанцін аркадий=аркадій=аркадзь
анатолий=анатолій=анатоль леонид=леонід роман=раман никита=микита=мікіта кирилл=кирило=кірыл даниил=данило=даніла
федор=федір=федар степан=сцяпан олег=алег вячеслав=вячеслав=вячаслаў владислав=уладзіслаў ярослав=яраслаў
егор=єгор=ягор илья=ілля матвей=матвій=мацвей борис=барыс эдуард=едуард артем=арцем вадим=вадзім елена=олена=алена
наталья=наталія=наталля анна=ганна екатерина=катерина=кацярына татьяна=тетяна=таццяна ольга=вольга ирина=ірина=ірына
мария=марія=марыя светлана=світлана=святлана юлия=юлія вера=віра надежда=надія=надзея любовь=любов=любоў галина=галіна
"""
SAME: dict[str, list[str]] = {}
"""The names that stand for a name in another language: Володимир for Владимир."""
for _group in _SAME.split():
    for _name in _group.split("="):
        SAME[_name] = [_other for _other in _group.split("=") if _other != _name]


_PROPER = frozenset({"Name", "Surn", "Patr", "Geox", "Orgn", "Trad", "Abbr", "Init"})

_INFLECTED = frozenset({"NOUN", "NPRO", "ADJF", "ADJS", "PRTF", "PRTS", "VERB", "INFN", "NUMR"})


_VERBS = frozenset({"VERB", "PRTS"})
_SMALL = frozenset({"PREP", "CONJ", "PRCL", "NPRO"})


@cache
def _dictionary() -> Any:
    import pymorphy3_dicts_ru  # noqa: PLC0415 - slow to import, and seldom needed
    from pymorphy3 import MorphAnalyzer  # noqa: PLC0415 - as above

    return MorphAnalyzer(path=pymorphy3_dicts_ru.get_path())


@lru_cache(maxsize=20_000)
def _known(folded: str) -> tuple[frozenset[str], ...]:
    """The grammemes of each reading of a word; none if the dictionary lacks it."""
    dictionary = _dictionary()
    if not dictionary.word_is_known(folded):
        return ()
    return tuple(frozenset(reading.tag.grammemes) for reading in dictionary.parse(folded))


def is_word(word: str) -> bool:
    """Whether it is a Russian word in any form, including names."""
    return bool(_known(fold(word)))


def is_common(word: str) -> bool:
    """Whether it is an inflected Russian word that, in its most likely reading, is not a name."""
    readings = _known(fold(word))
    return bool(readings) and bool(readings[0] & _INFLECTED) and not readings[0] & _PROPER


def is_noun(folded: str) -> bool:
    """Whether it is, in its most likely reading, a Russian common noun."""
    readings = _known(folded)
    return bool(readings) and "NOUN" in readings[0] and not readings[0] & _PROPER


def is_noun_too(folded: str) -> bool:
    """Whether it is, in any reading, a Russian common noun: мороз, which is a surname, too."""
    return any("NOUN" in reading and not reading & _PROPER for reading in _known(folded))


def is_singular(folded: str, *, person: bool) -> bool:
    """Whether it is a Russian common noun in the nominative singular; `person`: for somebody."""
    needed = {"NOUN", "sing", "nomn"} | ({"anim"} if person else set())
    return any(needed <= reading and not reading & _PROPER for reading in _known(folded))


def is_dative(folded: str) -> bool:
    """Whether it is, in its most likely reading, a Russian common noun in the dative case."""
    readings = _known(folded)
    return bool(readings) and {"NOUN", "datv"} <= readings[0] and not readings[0] & _PROPER


def is_verb(folded: str) -> bool:
    """Whether it is, in its most likely reading, a Russian verb."""
    readings = _known(folded)
    return bool(readings) and not readings[0].isdisjoint(_VERBS)


def is_plural(folded: str) -> bool:
    """Whether it is, in its most likely reading, a Russian common noun in the plural."""
    readings = _known(folded)
    return bool(readings) and {"NOUN", "plur"} <= readings[0] and not readings[0] & _PROPER


def is_genitive(folded: str) -> bool:
    """Whether it is a Russian noun that may be in the genitive case."""
    return any("NOUN" in reading and "gent" in reading for reading in _known(folded))


def is_mostly_genitive(folded: str) -> bool:
    """Whether it is, in its most likely reading, a Russian common noun in the genitive case, and no verb."""
    readings = _known(folded)
    return bool(readings) and {"NOUN", "gent"} <= readings[0] and not readings[0] & _PROPER


def is_given_name(word: str) -> bool:
    """Whether it is a first name: a Russian one, in Cyrillic or in Latin letters that can be read so, or a usual one of
    another language.
    """
    from alerts.recognition.language.dictionary import SAME, is_foreign  # noqa: PLC0415 - seldom needed

    folded = fold(word)
    if is_foreign(folded) or folded in SAME or (folded.endswith("s") and is_foreign(folded[:-1])):  # Oskars
        return True
    if any(_known(folded)[:1]) and _known(folded)[0] & _SMALL:
        return False
    return any("Name" in reading for form in _readings(word) for reading in _known(form))


def _readings(word: str) -> Iterator[str]:
    folded = fold(word)
    if script_of(folded) == "cyrillic":
        yield folded
    elif script_of(folded) == "latin":
        yield from cyrillic(folded)
        if "j" in folded:
            yield from cyrillic(folded.replace("j", "dzh"))
