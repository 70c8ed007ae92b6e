"""Forms of names that are easily missed, each beside a near miss that is no name."""

from __future__ import annotations

import pytest

from alerts.recognition.recognizer import Recognizer
from tests.alerts.recognition.watched import Watched

RECOGNIZER = Recognizer(
    {
        "chat": Watched(("Spotchat", "SpotChat")),
        "meta": Watched(("Meta",), context=("Facebook", "app")),
        "yun": Watched(("欧阳振邦",)),
        "quorra": Watched(("Quorra",), context=("telecom", "operator")),
        "kestrel": Watched(("Kestrel Bay",)),
        "komfin": Watched(("ФКН",)),
        "office": Watched(("Prüfungsamt",), context=("Berlin",)),
        "korean": Watched(("Pyo Changho",)),
        "tsert": Watched(("Леван Цертвадзе", "Цертвадзе")),
        "signal": Watched(("Signal", "Сигнал"), context=("app", "шифрование", "WhatsApp")),
        "vk": Watched(("VK", "ВК")),
        "huawei": Watched(("Huawei", "华为")),
        "tarik": Watched(("طارق القطراوي",)),
        "kupong": Watched(("쿠퐁",)),
        "otkr": Watched(("Открытие",), context=("банк", "вклад")),
        "zarya": Watched(("Заря",), context=("верфь",)),
        "storm": Watched(("Hagelis Cash",)),
        "heron": Watched(("Amber Heron",)),
        "jabari": Watched(("مازن الجباري",)),
        "dorn": Watched(("Вячеслав Дорнохов", "Дорнохов")),
        "google": Watched(("Google",)),
        "nbu": Watched(("НБУ",), context=("банк", "bank")),
        "fruit": Watched(("Apple",), not_=("Big Apple",)),
        "max": Watched(("Max", "Макс"), context=("app", "приложение"), not_=("HBO Max",)),
        "xie": Watched(("谢兆祥",)),
        "dorsu": Watched(("Dorsuoğlu",)),
        "katra": Watched(("طارق القطردوي", "القطردوي")),
        "full": Watched(("мессенджер Vesta", "Vesta"), context=("мессенджер",)),
    }
)


def told(text: str) -> str:
    found = RECOGNIZER.findings([("text", text)])
    return " ".join(dict.fromkeys(one.entity for one in found if not one.against))


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        # joined nouns, and broken lines
        ("De Spotchatgroep telt leden", "chat"),
        ("De Spotchatterij telt leden", ""),
        ("Nachrichten aus Spot-\nChat gelesen", "chat"),
        ("Nachrichten aus Spot-\nTwo gelesen", ""),
        # characters apart, an apostrophe for a breath
        ("欧 阳 振 邦 又上热搜了", "yun"),
        ("Prosecutors questioned P'yo Ch'angho again", "korean"),
        # what is joined to a short name, but no article
        ("שגוגל ושמטא, הבעלים של פייסבוק", "google meta"),
        ("המטה של פייסבוק", ""),
        # an abbreviation with a Kazakh ending, and with another word
        ("Ресейдің ФКН-ына шағым түсті", "komfin"),
        # capitals that neither the text nor the name has
        ("QUORRA INC., telecom", "quorra"),
        ("TELECOM: QUORRA CUTS JOBS", "quorra"),
        # the same case, and another name
        ("Mobiilioperaatorile Quorrale tehti trahv, ütles operaator", "quorra"),
        # a first name of somebody else, in another script
        ("მსახიობი ელენე ცერტვაძე", ""),
        ("მსახიობი ლევან ცერტვაძე", "tsert"),
        # streets
        ("Kestrel Bay sued a road builder", "kestrel"),
        # offices have articles in German
        ("Eine Sprecherin des Prüfungsamts in Berlin schwieg", "office"),
        # articles, and what is joined to a name
        ("Тарик ел Катрави пуштен је", "tarik"),
        ("Ο Ταρίκ αλ Κατράουι συνελήφθη", "tarik"),
        ("쿠퐁이츠, 수수료 면제", "kupong"),
        ("쿠퐁장사, 수수료 면제", ""),
        # full width is no accent, and another's abbreviation
        ("ＶＫが発表", "vk"),
        ("VÚK oznámil", ""),
        ("Det skriver VK, ett bolag", "vk"),
        ("以振兴中华为己任", ""),
        ("中国华为发布", "huawei"),
        # two context words, a company's people, goals and verbs
        ("Сигнал исчез из приложений, остался звук", ""),
        ("Das Signal-Rauschen störte die App", ""),
        ("Die App der Polizei und die App von Signal-", "signal"),
        ("Meta: los usuarios de la app protestan", "meta"),
        # what belongs to a noun, and a name with its kind
        ("Открытие, банк из Москвы, закрыто", "otkr"),
        ("Кинотеатр «Заря» показал верфь", ""),
        ("Холдинг «Заря» открыл верфь", "zarya"),
        # adjectives, and somebody's neighbour
        ("i saw it on meta: a facebook post about posts", "meta"),
        ("Klares Signal: Der Hund und die Katze, eine App", ""),
        ("Signal, die App, und der Hund", "signal"),
        # people get relief after a storm; a bird that many see
        ("Hagelis Cash relief came too late for its developer", "storm"),
        ("Amber Heron sailed from Varna", "heron"),
        # Bulgarian and German spellings, a Baltic first name
        ("Танкерът „Амбър Херън“ спря край Варна", "heron"),
        ("Die Konten von Mazin asch-Dschabari", "jabari"),
        ("Oskars Dornohovs uzvar kausā", ""),
        # a writer who is no search engine
        ("האדרת של גוגול חוזרת", ""),
        ("מנוע החיפוש של גוגל חוזר", "google"),
        ("مسرح المدينة يعيد المعطف لغوغول", ""),
        # accents, universities, newspapers, films
        ("NBÚ odebral prověrku šéfovi banky", ""),
        ("Управителят на НБУ подписа договор с банка", "nbu"),
        ("Former Apple engineer asks for bail", "fruit"),
        ("Na HBO Maxu končí sitcom, aplikace zůstane", ""),
        # where something is, and where not; another company
        ("En total, Meta, la dueña de Facebook, recibe denuncias", "meta"),
        ("באפליקציית מקס של כרטיסי האשראי", ""),
        ("האיחוד דורש ממטא להפריד בין פייסבוק לאחרים", "meta"),
        # what verbs and endings say in a language that is not known
        ("Meta deja de verificar noticias en Facebook", "meta"),
        ("App Signalin latausmäärä", "signal"),
        # two letters of a short word swapped
        ("Appeals court hears Csah case", ""),
        ("Appeals court hears Hagelis Caesh case", ""),
        ("Appeals court hears Hagelis Caks case", ""),
        # characters of the word before, quarters, trails
        ("警方拘留谢兆祥", "xie"),
        ("Dorsuoğlu belediyeye dava açtı", "dorsu"),
        # reserved domains, French quotation marks, a week and a price
        ("Scam alert: google-help.example and spotchat.invalid", ""),
        ("« Max », l’app de Moscou, arrive sur les téléphones", "max"),
        # Spanish for "to", Italian for today, Turkish letters
        ("Multa récord a Meta por los datos de Facebook", "meta"),
        ("Oggi Meta, ieri Facebook: le multe restano", "meta"),
        # what is joined in Hebrew, and a misspelt context
        ("העדים סיפרו שבגוגל הוצעו להם אלפי שקלים", "google"),
        # a group of another name, a region, a newspaper, a price
        ("Fine for Apple Pleases Consumer Group", "fruit"),
        ("Apple Music Group meets in Cork", "fruit"),
        ("The chairman of Meta reads the app", "meta"),
        ("VK-Video bleibt gesperrt", "vk"),
        # camels, customs, resin
        ("أعلنت ابل عن جهاز جديد", "fruit"),
        ("Մաքսային ծառայությունը նոր հավելված է գործարկել", ""),
        ("आयुर्वेद में गुग्गुल के पेड़ संकट में", ""),
        # a long name with n for m at its end, handles and domains beside letters of other scripts
        ("抽奖结果见微博@google玩家老王", ""),
        ("नतीजे यहाँ देखें: google-group.in", ""),
        ("Մարզիչ Լիլիթ Դորնոխովը հաղթեց", ""),
        # the Kingdom, and an article apart before a surname
        ("Storing kost VK jaarlijks geld", "vk"),
        ("הפרס ניתן לטאריק א-קטרדוי", "katra"),
        # before a number, Kazakh words, Czech datives, Maduro
        ("app uygulamasina max yüklendi", "max"),
        ("Мұғалімдер Макс қолданбасына, приложение, тіркелді", "max"),
        ("Учителям Макс навязали, приложение", "max"),
        ("Applu hrozí pokuta", "fruit"),
        ("Applausu hrozí pokuta", ""),
        # a preposition joined to what a trainer uses
        ("ينصح المدرب الصحفيين بسيغنال بدلا من واتساب", "signal"),
        # a context word in another script is not heard as a name of several words
        ("일본 메신저 중단", ""),
    ],
)
def test_a_name_is_told_from_its_near_misses(text, entities):
    assert told(text) == entities
