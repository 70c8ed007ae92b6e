"""Names of other things, other people's names and other bodies' abbreviations, each beside texts in which the entity is meant."""

from __future__ import annotations

import pytest

from alerts.recognition.recognizer import Recognizer
from tests.alerts.recognition.watched import Watched

RECOGNIZER = Recognizer(
    {
        "max": Watched(
            ("Max", "Макс"), context=("messenger", "мессенджер", "app", "приложение", "чат"), not_=("Max Verstappen",)
        ),
        "signal": Watched(("Signal", "Сигнал"), context=("app", "приложение", "мессенджер", "encryption", "max")),
        "parus": Watched(("Парус",), context=("банк", "лицензия")),
        "apple": Watched(("Apple",)),
        "orange": Watched(("Orange",), context=("mobile", "operator", "réseau")),
        "meta": Watched(("Meta", "Мета"), context=("Facebook", "Instagram")),
        "polyus": Watched(("Полюс",), context=("золото", "рудник")),
        "bolt": Watched(("Bolt", "Болт"), context=("taxi", "такси")),
        "nbu": Watched(("НБУ", "NBU", "Національний банк України"), context=("банк", "Україна")),
        "vk": Watched(("VK", "ВК")),
        "fas": Watched(("ФАС", "FAS"), context=("штраф", "тариф")),
        "masak": Watched(("MASAK",)),
        "orion": Watched(("Orion",), context=("tanker", "shipping")),
        "velnix": Watched(("Velnix",), identifiers=("velnix.io",)),
        "telegram": Watched(("Telegram", "Телеграм")),
        "uber": Watched(("Uber",)),
        "sato": Watched(("佐藤健",)),
        "deng": Watched(("邓立群",)),
        "azoulay": Watched(("דוד אזולאי",)),
        "guerin": Watched(("Thibault Guérion", "Guérion")),
        "orlov": Watched(("Павел Борхов", "Борхов")),
        "pobeda": Watched(("Победа",), context=("рейс", "авиакомпания")),
        "vega": Watched(("Вега",), context=("банк", "радар")),
        "shell": Watched(("Shell",), context=("oil", "gas", "tanker")),
        "sec": Watched(("SEC",), context=("regulator", "stock")),
        "mvd": Watched(("МВД", "MVD")),
    }
)


def told(text: str) -> str:
    return " ".join(dict.fromkeys(found.entity for found in RECOGNIZER.findings([("text", text)]) if not found.against))


@pytest.mark.parametrize(
    "text",
    [
        # `not` in other scripts
        "ماكس فيرستابن يستخدم تطبيق الفريق",
        "מקס ורסטאפן והאפליקציה שלו",
        "막스 페르스타펀, 공식 앱 공개",
        "Μαξ Φερστάπεν και η εφαρμογή του",
        # a first name
        "Ο Μαξ Νικολαΐδης έφτιαξε εφαρμογή",
        "Մաքս Սարգսյանը հավելված ստեղծեց",
        "მაქს კობახიძემ აპლიკაცია შექმნა",
        "マックス・ベーカーがアプリを公開",
        "马克斯·贝克尔发布应用",
        "מקס לוי פיתח לחברים אפליקציה",
        # a maximum
        "Set the volume to max. and open the chat",
        "gromkost na max, czat milczy, głośność bez zmian",
        # a thing of another kind
        "جزيرة باروس تستقبل بنك السياحة",
        "מגדלור פארוס והבנק",
        "Зубная паста «Сигнал» есть в приложении",
        "معجون أسنان سيجنال في التطبيق",
        "Insel Parus und die Bank",
        "ट्रैफिक सिग्नल पर ऐप",
        "交通信号灯Signal与应用",
        "Η Πάρος έχει μία τράπεζα",
        "созвездие Орион видно с танкера",
        "星座Orion与油轮",
        # fruits, and English compounds
        "Signal failure: the app shows no trains",
        # Russian
        # abbreviations of others
        "Národní bezpečnostní úřad (NBÚ) prověřuje banku",
        "The Nordic Bakers Union, NBU, sued a bank",
        "NBU, the Nordic Bakers Union, sued a bank",
        "Vitamin K (VK) for babies",
        "Платье цвета масака",
        # domains
        "访问velnix.io.cn下载",
        # telegrams on paper, small words, longer given names, two people
        "Прем'єр надіслав вітальну телеграму команді",
        "Das letzte Telegramm der Post kam gestern",
        "Kapitan wysłał telegram do matki",
        "Er ging über die Straße",
        "La violoniste Agathe Guérion joue à Lyon",
        # what is named by a noun, clubs, titles, appositions, relatives
        "В День Победы отменят рейсы",
        "Созвездие Вега и банк данных",
        "The singer Max Orley uses the app",
        "Ο Μαξ, ο σκύλος μου, έχει εφαρμογή",
        "Макс. размер файла в чате вырос",
        "La mairie d'Orange change d'opérateur",
        "مقاطعة أورانج ومشغل النقل",
        "배우 막스, 앱 출시",
        "映画『マックス』がアプリで配信",
        "O filme Max no aplicativo",
        "摇滚乐队Signal与应用",
        "Walkers at Guérion Point saw a seal",
        "Статья 70 ВК запрещает стоянку",
        # ordinary words of other scripts, and abbreviations of others
        "وجدوه ميتا بعد بث طويل على فيسبوك",
        "של מי הנפט הזה?",
        "La SEC chilena, regulador eléctrico",
        "هذا الموضوع مهم",
    ],
)
def test_another_thing_of_the_name_is_none(text):
    assert not told(text)


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("Ռուսական Մաքս մեսենջերը պարտադիր է", "max"),
        ("რუსული მესენჯერი მაქსი", "max"),
        ("ロシアのメッセンジャー「マックス」", "max"),
        ("Мессенджер Макс обязателен", "max"),
        ("Signal adds voice rooms to its encrypted app", "signal"),
        ("Мессенджер «Сигнал» заблокирован", "signal"),
        ("Apple grows its services", "apple"),
        ("Apple opened a store", "apple"),
        ("apple sued again", "apple"),
        ("Orange raises mobile prices", "orange"),
        ("Orange: operatorul a fost amendat", "orange"),
        ("Chez Orange, le réseau est en panne", "orange"),
        ("Hetze auf Facebook und Instagram: Meta schweigt", "meta"),
        ("Meta to pay Facebook users", "meta"),
        ("Meta分析了Facebook的数据", "meta"),
        ("Вчера Полюс нарастил добычу золота", "polyus"),
        ("Національний банк України (НБУ) знизив курс", "nbu"),
        ("Narodowy Bank Ukrainy (NBU) podniósł stopy", "nbu"),
        ("The National Bank of Ukraine (NBU) met banks", "nbu"),
        ("Соцсеть VK (бывший «ВК») растёт", "vk"),
        ("ФАС в порту выписала штраф", "fas"),
        ("MASAK hesapları dondurdu", "masak"),
        ("Tanker Orion held off Oman", "orion"),
        ("该木马连接velnix.io的服务器", "velnix"),
        ("Бот у телеграмі не відповідає", "telegram"),
        ("Канали телеграму поширюють фейки", "telegram"),
        ("Er schrieb auf Telegram", "telegram"),
        ("Piszą na telegram i milczą", "telegram"),
        ("Uber fährt über die Grenze", "uber"),
        ("佐藤健被告が上告", "sato"),
        ("佐藤健さんが会見", "sato"),
        ("邓立群出席会议", "deng"),
        ("דוד אזולאי נעצר", "azoulay"),
        ("Le ministre Guérion démissionne", "guerin"),
        ("Yesterday in Paris Guérion denied it", "guerin"),
        ("The Belgian court freed General Guérion", "guerin"),
        ("Министр Борхов подал в отставку", "orlov"),
        ("«Борхов снова молчит», пишет газета", "orlov"),
        ("Meta分析师看好Facebook广告", "meta"),
        ("Signal снова работает, приложение открылось", "signal"),
        ("Meta responde a todos: Facebook seguirá", "meta"),
        ("ФАСу поручили проверить тарифы", "fas"),
        ("Рейсы «Победы» отменены", "pobeda"),
        ("Банк «Вега» лишился лицензии", "vega"),
        ("Gegen Meta läuft ein Verfahren wegen Facebook", "meta"),
        ("Meta, owner of Facebook, was fined", "meta"),
        ("شركة ميتا تغلق حسابات فيسبوك", "meta"),
        ("The SEC sued a stock broker", "sec"),
        ("Shell lifts its gas outlook", "shell"),
        ("МВД объявило розыск", "mvd"),
    ],
)
def test_the_entity_is_still_found(text, entities):
    assert told(text) == entities


def test_a_context_that_is_itself_listed_keeps_its_own_context():
    known = Recognizer({"one": Watched(("Lyra",), context=("browser",)), "two": Watched(("Orla",), context=("Lyra",))})
    found = known.findings([("text", "The browser Lyra blocks Orla")])
    assert [finding.entity for finding in found if not finding.against] == ["one", "two"]
