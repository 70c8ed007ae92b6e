"""Forms of names that are easily missed, each beside a near miss that is no name."""

from __future__ import annotations

import pytest

from alerts.recognition.recognizer import Recognizer
from tests.alerts.recognition.watched import Watched

RECOGNIZER = Recognizer(
    {
        "chat": Watched(("Spotchat", "SpotChat")),
        "meta": Watched(("Meta",), context=("facebook", "app")),
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
        ("שגוגל ושמטא, הבעלים של פייסבוק", "meta"),
        ("המטה של פייסבוק", ""),
        # an abbreviation with a Kazakh ending, and with another word
        ("Ресейдің ФКН-ына шағым түсті", "komfin"),
        # capitals that neither the text nor the name has
        ("The telecom owner paid for a QUORRA on every sample", ""),
        ("QUORRA INC., telecom", "quorra"),
        ("TELECOM: QUORRA CUTS JOBS", "quorra"),
        # the same case, and another name
        ("Mobiilioperaatorile Quorrale tehti trahv, ütles operaator", "quorra"),
        # a first name of somebody else, in another script
        ("მსახიობი ელენე ცერტვაძე", ""),
        ("მსახიობი ლევან ცერტვაძე", "tsert"),
        # streets
        ("Two cottages on Kestrel Bay Road burned", ""),
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
        ("Det skriver VK, Västerbottens-Kuriren", ""),
        ("Det skriver VK, ett bolag", "vk"),
        ("新生儿缺乏维生素K时补充VK针剂", ""),
        ("Volejbalistky VK Prostějov vyhrály", ""),
        ("以振兴中华为己任", ""),
        ("中国华为发布", "huawei"),
        # two context words, a company's people, goals and verbs
        ("Сигнал исчез из приложений, шифрование осталось", "signal"),
        ("Сигнал исчез из приложений, остался звук", ""),
        ("Signal-Chefin droht der EU mit Rückzug ihrer App", "signal"),
        ("Das Signal-Rauschen störte die App", ""),
        ("Meta recurrirá la multa por los anuncios en la app", "meta"),
        ("Meta: un millón de seguidores en la app", ""),
        ("Meta: los usuarios de la app protestan", "meta"),
        # what belongs to a noun, and a name with its kind
        ("Открытие вклада займёт минуту", ""),
        ("Открытие, банк из Москвы, закрыто", "otkr"),
        ("Телеканал «Заря» показал верфь", ""),
        ("Холдинг «Заря» открыл верфь", "zarya"),
        # adjectives, and somebody's neighbour
        ("it got very meta: a facebook post about posts", ""),
        ("i saw it on meta: a facebook post about posts", "meta"),
        ("Klares Signal: Der Hund und die Katze, eine App", ""),
        ("Signal, die App, und der Hund", "signal"),
        # a preposition joined to what a trainer uses
        ("ينصح المدرب الصحفيين بسيغنال بدلا من واتساب", "signal"),
        # a context word in another script is not heard as a name of several words
        ("일본 메신저 중단", ""),
    ],
)
def test_a_name_is_told_from_its_near_misses(text, entities):
    assert told(text) == entities
