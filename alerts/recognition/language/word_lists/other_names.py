"""Words that make a brand's name another name, and brand names that are ordinary words. Pure."""

from __future__ import annotations

from alerts.recognition.language.scripts import fold
from alerts.recognition.tables import listed


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


FOLLOWING = _set(
    # places and institutions
    "county city town village township parish borough district province river creek island islands isle street avenue road lane square park"
    " basin rainforest jungle hill hills mountain mountains peak valley lake bay beach coast desert forest canyon point grove springs falls bridge tower corps force"
    " forces army troops soldiers brigade regiment battalion squadron fleet revolution war battle empire dynasty family house college university school academy"
    " institute institution church cathedral hospital hotel inn restaurant cafe museum gallery theatre theater opera orchestra choir stadium arena bowl"
    " cup league open prize award awards medal championship trophy foundation society temple castle palace cemetery"
    # things of other kinds
    " box boxes light lights failure failures strength flare flares jammer jammers jamming lamp fault faults cutter cutters hole bolt-hole lens lenses"
    " lovers singer singers glasses keepers applicants applicant applications waiver script scripts casing casings fragments egg eggs smelt words"
    " harvest harvests crop orchard orchards growers grower peel cider recruit bird birds species bearer bearers constellation nebula meteor meteors"
    " effect effects dancing handles movement tag tags description keywords space department action sos"
    " variant virus wave wing blues juice peel tree trees flower flowers blossom cake pie soup wine beer men man woman women guy guys"
    # industries: another company of the same first word
    " electronics robotics foods farms brewing brewery pharma pharmaceuticals therapeutics biosciences biotech materials motors steel mining"
    " resources hospitality properties realty records pictures films publishing athletics threads gold silver minerals petroleum chemicals"
    " semiconductor semiconductors plastics textiles furniture cosmetics shipping logistics airlines railways"
    # in other languages
    " fluss berg tal straße strasse platz insel brücke schule kirche universität krieg preis pokal variante"
    " comté rivière fleuve île rue université école église condado río isla calle universidad"
    " река озеро остров улица площадь гора район округ университет школа церковь война премия кубок"
)
"""Words after a name with which it is the name of something else."""

PLACES = _set(
    "street avenue road lane square terrace drive park point creek river lake bay cove beach head hill hills mountain mount peak valley island bridge tower woods"
    " forest canyon falls county village town township station stadium museum school university college hospital airport cemetery library theatre hotel manor castle"
    " straße strasse platz weg gasse allee ufer brücke berg rue place gata gatan vei tér utca katu"
)
"""Words after a surname with which it is the name of a place."""

PRODUCT = _set(
    "ai app apps pay card cards maps watch music tv cloud store shop desktop mobile web quest messenger business plus pro premium lite food market"
    " foundation money wallet mail drive ads studio platforms platform video news radio chat search travel taxi go express one prime connect browser phone"
    " bank ceo president chairman chairwoman chief director founder founders manager spokesman spokeswoman spokesperson shares stock users"
    " customers pilots workers employees engineers lawyers executives"
)
"""Words after a name with which it stays what it is: its products, and its people."""

COMPOUND = (
    "nachricht",
    "forare", "fahrer", "driver", "app", "bot", "бот", "kanal", "канал", "channel", "chat", "чат", "group", "групп", "gruppe", "user", "nutzer", "пользоват", "gründer", "founder",
    "основат", "chef", "ceo", "boss", "aktie", "share", "konto", "account", "аккаунт", "server", "сервер", "сервис", "service", "dienst", "konzern",
    "tochter", "sprecher", "spokes", "kunde", "customer", "клиент", "backed", "owned", "based", "related", "linked", "style", "like", "free",
    "store", "shop", "магазин", "stick", "web", "desk", "team", "бизнес", "business", "платеж", "счет", "стикер", "мессендж",
)  # fmt: skip
"""Beginnings of words that a hyphen joins to a name which stays what it is."""

OPENING = _set(
    "yesterday today tomorrow now then when while why how if as after before since until once because although though but and or so yet still"
    " use try install download delete join open ask ban block avoid forget meet buy sell watch quit leave ditch inside behind across like amid despite even only just"
    " also here there perhaps maybe meanwhile however thus did does do is are was were has have had will would can could should may might must"
    " rival startup start-up company firm giant maker operator provider service platform app brand network group parent owner founder carrier"
    " airline bank exchange messenger messaging ride-hailer lender retailer insurer tech russian russia's chinese american british german french ukrainian"
    " european estonian lithuanian latvian polish turkish swedish finnish danish dutch korean japanese indian israeli swiss italian spanish"
    " one two three four five six seven eight nine ten several another"
    " using via with without from for by on in to at of the a an its his her their our my your this that these those some many most all both no not"
    " der die das ein eine auch und oder wie wer was wann warum nach bei mit von für gegen über laut trotz wegen seit heute gestern morgen"
    " le la les un une des du et ou où quand pourquoi comment après avant avec sans pour contre selon chez el los las una y cuando por para con según"
    " oggi ieri domani hoy ayer manana hoje ontem amanha aujourd hui hier dzisiaj dzis wczoraj jutro dnes vcera zitra bugun dun yarin il lo gli uno e o quando dopo con per secondo w z na po od do za i oraz czy jak gdy a v s o"
)
"""Words at the beginning of a sentence that are not the first part of a name."""

OF_COUNTRIES = listed(
    "russ rusi rusy rusk rusij rosy rossi rosj ruse venaja venalai venem vene kriev orosz ukrain amerik americ brit francus franzos french francai nemec nemet deutsch german turk turc chines kinai kinij china japon japan iran izrael israel itali olasz"
    " spani hiszpan polsk polish europ kazak qazaq ozbek estoni россий русск казахс украин украї белорус америк кита немец француз турец японс британс израил"
)
"""Beginnings of words for countries, which may open a sentence before a name."""

OF_BUSINESS = listed(
    "kierow ridic vodic vozac sofer conductor chofer stacj actiun hersteller riese spółk społk firm compan spolecn spoloc klient klienc client abon utiliz usuar uzivat uzytk kullan felhaszn kayttaj naudot lietot akci aktie akcj koncern konzern spolk sluzb servic"
    " servis dienst aplik applic aplic messen mesag komunik platform operat provid gigant majitel eigent chef reditel dyrekt directeur director prezes mluvc"
    " rzeczn vlastn mutter tochter filial kurum bakanl mahkem kurul baskan meclis sirket uygulam mesajlas bankas cegveze vallalat alkalmaz uzenet yhtio sovell"
    " palvelu ettevot rakendus teenus imone programel uznemum pakalpojum kompan kompani fretag foretag selskap virksomhed bedrijf maatschap empres sociedad azienda"
    " societe entrepris groupe grupo gruppo skupin regulat urad autorit"
)
"""Beginnings of words for companies, their people and who oversees them, before a name that stays what it is."""

AND = _set("и та і and or und oder et ou y o e i oraz lub ja tai ve és vagy")

# Names of brands that are ordinary nouns, adjectives or pronouns of a language.
_ORDINARY = {
    "en": "discord grab titan falcon max apple orange bolt wise signal delta target meta tether shell gap visa line zoom slack wave boost stripe square block circle kraken amazon"
    " oracle discover chase ally sprint virgin polo ford dove ivory tide gain crest all cheer puma jaguar fox mint sage nest ring box spark torch"
    " beam match spring bloom canvas notion linear pilot scout reef arrow anchor harbor summit horizon compass bridge atlas echo siri alexa"
    " ripple snap tinder bumble hinge mirror mantle cosmos polygon stellar dash maker compound curve avalanche steam epic rumble thread threads session toast chime"
    " plaid root lemonade clover progressive capital fidelity vanguard shift lift cruise vault ledger gemini robin arc brave opera edge stream pulse wish etsy",
    "de": "vogel taube adler fuchs wolf hahn stein berg wald baum koch bauer jäger fischer schäfer kaiser könig richter kraft frost winter sommer herbst freitag blume rose stern sturm hammer nagel tor zoom gate mir ozon kraken orange signal delta max meta meer pik bahn post stern bild welt spiegel zeit focus regen wagner linie welle ring kreis telegramm"
    " apfel blitz sonne mond wolke anker brücke adler falke löwe tiger drache",
    "fr": "orange signal delta meta bolt pic max air vent ligne onde carrefour total monde figaro express point canal kraken société",
    "es": "lenta amazonas meta signal delta orange max mir claro línea onda mundo país sol luna bolsa visa",
    "pt": "meta delta claro vivo oi nós onda mundo sol lua visa",
    "it": "lenta meta delta wind tre onda mondo sole luna visa tim",
    "pl": "sok tor meduza sygnał meta delta orange ozon kraken mir mapa świat polityka fakt plus play wagner era",
    "cs": "mír ozon delta meta kraken medúza signál",
    "sk": "mier ozón delta meta medúza",
    "lv": "meduza delta ozons signāls maks", "lt": "meduza delta ozonas signalas", "et": "meduus delta osoon signaal", "fi": "delta meta otsoni signaali",
    "hu": "delta orange ózon medúza", "tr": "şok yıldız delta ozon orange meta sinyal", "sv": "delta orange signal ozon", "nl": "oranje delta signaal ozon",
    "ro": "orange delta meduza semnal ozon", "hr": "delta meduza ozon mir signal meta",
}  # fmt: skip
_INTERNATIONAL = (
    "opera aurora element delta signal matrix polo nova terra luna agora forum arena metro corona titan atlas omega alfa alpha beta gamma sigma orbit"
    " planet era phoenix diamond kristall oasis visa orion polaris mercury jupiter saturn venus neptun ariel electron neutron vector vektor cascade kaskad"
)
ORDINARY: dict[str, frozenset[str]] = {}
"""Each of them, in small letters, with the languages that have it as an ordinary word."""
for _language, _text in _ORDINARY.items():
    for _word in map(fold, f"{_text} {_INTERNATIONAL}".split()):
        ORDINARY[_word] = ORDINARY.get(_word, frozenset()) | {_language}

OTHER_SCRIPTS = _set(
    "فيزا ويزا ויזה ვიზა վիզա βιζα οπερα αμαζονιοσ σημα ビザ 비자 วีซ่า वीज़ा اوبرا اپرا אופרה ოპერა օպերա オペラ 오페라 โอเปร่า ओपेरा امازون אמזון"
    " אמזונס ამაზონი ամազոն アマゾン 아마존 亚马逊 シグナル 시그널 סיגנל სიგნალი سيگنال دلتا דלתא דלתה დელტა դելտա デルタ 델타 डेल्टा"
    " เดลต้า メタ 메타 მეტა מטה オレンジ 오렌지 ターゲット 타깃 타겟 ズーム 줌 ライン 라인 ワイズ ボルト 볼트 エレメント 엘리먼트 シェル 셸 マックス 맥스 ゲート 게이트 スレッド 스레드"
    " תור טור קרקן クラーケン 크라켄 オラクル 오라클 スラック ブースト ウェーブ 웨이브 ストライプ スクエア ブロック 블록 サークル 서클 ポロ ノーション リング 링 ボックス 박스 スパーク 스파크"
    " トーチ ビーム マッチ 매치 スプリング ブルーム キャンバス 캔버스 パイロット 파일럿 ホライズン アトラス エコー 에코 ヴィザ ლენტა παροσ παρου παρο सिग्नल سگنل سيگنل ωριωνασ ωριωνα ميتا شل של 쉘"
)
"""The same in the scripts other than Latin and Cyrillic, folded."""

ACCENTED = _set("μετά") | {word for words in _ORDINARY.values() for word in words.split() if not word.isascii()}
"""Words of another meaning, with their accents: names that sound so have none, or another one."""

NEVER_FIRST = _set("ميتا")
"""Those of them with which no sentence begins."""
NO_NAMES = _set("מטה של شل")
"""Those of them that are no usual spelling of a name: its context must be next to it."""

ARTICLES = {
    "de": _set("der die das den dem des ein eine einen einem einer eines"), "fr": _set("le la l les un une du des"),
    "es": _set("el la los las un una del al"), "it": _set("il lo la l i gli un una del della dell"), "pt": _set("um uma"),
    "nl": _set("de het een"), "en": _set("the a an"),
}  # fmt: skip
"""Words before nouns, by language; names of brands have none."""

GERMAN_PREPOSITIONS = _set("gegen bei von laut durch für aus fur")
"""After these, a noun has an article, and a name none."""

KINDS = (
    "крейсер", "теплоход", "пароход", "ледокол", "яхт", "корабл", "фильм", "кинотеатр", "роман", "журнал", "газет", "ресторан", "кафе", "гостиниц", "отел",
    "санатори", "стадион", "театр", "музе", "песн", "альбом", "сериал", "станци", "посёлок", "поселок", "посёлк", "поселк", "конкурс", "фестивал", "преми",
    "спектакл", "опер", "балет", "поэм", "повест", "рассказ", "колхоз", "совхоз", "фабрик", "ансамбл", "мультфильм", "картин", "фрегат", "подлодк", "шхун",
    "завод", "тариф", "магазин", "салон", "аптек", "клиник", "школ", "лице", "детск", "садик", "тц", "трц", "жк", "бц", "больниц", "лагер", "пляж", "типограф", "издательств", "бар", "клуб", "хоккейн", "футбольн", "спортклуб", "пансионат", "кинофильм", "пьес", "симфони", "газопровод", "космодром", "крейсер", "сухогруз", "танкер",
)  # fmt: skip
"""Beginnings of Russian words before a name in quotation marks, which then names a ship, a film, a house."""
NAMED_AFTER = (
    "день", "дня", "дню", "днем", "дней", "парк", "площад", "кубок", "кубк", "чемпион", "знам", "орден", "парад", "салют", "герои", "герой", "народ", "стран", "музе",
    "дворец", "дворц", "праздник", "годовщин", "обелиск", "монумент", "карт", "первенств", "рекорд", "улиц", "проспект", "восход", "закат", "лучи", "конец", "начал",
)  # fmt: skip
"""Beginnings of Russian words before a common noun in the genitive, by which something is named."""
_STATES = (
    "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky"
    " louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania"
    " tennessee texas utah vermont virginia washington wisconsin wyoming ontario quebec alberta manitoba saskatchewan queensland victoria tasmania"
)
STATES = _set(_STATES)
"""States and provinces, which stand after the name of a town and a comma."""

PAPERS = ("telegram", "телеграм", "тэлеграм", "teleqram")
"""Beginnings of words for a telegram."""
DOUBLED = ("telegramm",)
"""The German spelling of them."""
FEMININE_STEMS = ("телеграм", "тэлеграм")
"""Feminine nouns of Slavic languages other than Russian, without their ending, that are like a name without one."""
OF_THEM = _set("з із зі с до від без для щодо крім після по к к у в ў да ад праз замість")
"""Prepositions after which such a form is the name's."""
OF_A_SERVICE = listed(
    "канал чат груп бот адмін засновни блокув обмежен користувач аналог сервер kanal kanał kanava canal channel chaine chat czat chatt group grup gruppe skupin csoport ryhm"
    " bot app aplik aplic applik komunik messen mesaj uygulam kullan user uzyt uziv utiliz usuar"
)
"""Beginnings of nouns after which it is, too."""
_SMALL_ORDINARY = {
    "discord": "en",
    "slack": "en",
    "snap": "en",
    "tinder": "en",
    "oracle": "en",
    "telegram": "pl cs sk hr sl sr nl sv da no tr ro lt",
    "teleqram": "az",
    "telegrama": "es pt lt",
    "telegramm": "de et",
    "telegramma": "it et lv",
    "telegramme": "fr",
    "τηλεγραφημα": "el",
}
SMALL_ORDINARY = {word: _set(languages) for word, languages in _SMALL_ORDINARY.items()}
"""Ordinary words in small letters, with their languages."""
WITHIN = _set(
    "w na v ve z ze do przez on via op pa pe in di su per sur en em no through uz preko cez i za the our my your their"
)
"""Prepositions before a service, which seldom stand before a sheet of paper."""
