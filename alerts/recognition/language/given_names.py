"""Given names: those that no Russian dictionary has, and what East Slavic languages call each other's. Folded. Pure."""

from __future__ import annotations

from functools import cache

from alerts.recognition.tables import listed

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
"""


@cache
def foreign() -> frozenset[str]:
    """The names that no Russian dictionary has."""
    return frozenset(listed(_FOREIGN))


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
