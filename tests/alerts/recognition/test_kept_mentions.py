"""Sentences of the press in which a name stands beside what elsewhere speaks against it: it counts."""

from __future__ import annotations

import pytest

from alerts.recognition.recognizer import Recognizer
from tests.alerts.recognition.watched import Watched

RECOGNIZER = Recognizer(
    {
        "telegram": Watched(("Telegram", "Телеграм")),
        "nku": Watched(("NKÚ",)),
        "orban": Watched(("Orbán",)),
        "ma": Watched(("马云",)),
        "vk": Watched(("VK", "ВК")),
        "rkn": Watched(("Роскомнадзор", "РКН")),
        "bank": Watched(("World Bank",)),
        "storm": Watched(("Tornado Cash",)),
        "centre": Watched(("Центральный банк",)),
        "meta": Watched(("Meta", "მეტა"), context=("Facebook", "app")),
        "apple": Watched(("Apple",)),
        "signal": Watched(("Signal", "Сигнал"), context=("app", "WhatsApp")),
        "max": Watched(("Max", "Макс"), context=("мессенджер", "app")),
        "rain": Watched(("Дождь",), context=("журналист",)),
        "fas": Watched(("FAS",), context=("cartel", "probe")),
        "worm": Watched(("Wormhole",)),
        "law": Watched(("943-ФЗ",)),
    }
)


def told(text: str) -> set[str]:
    return {found.entity for found in RECOGNIZER.findings([("text", text)]) if not found.against}


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("Durov, born in 1984, founded Telegram in 2013", "telegram"),
        ("Павел Дуров родился в 1984 году, основал Telegram", "telegram"),
        ("Губернатор выразил в Telegram соболезнования семьям погибших", "telegram"),
        ("Президент написав у Телеграм співчуття родинам", "telegram"),
        ("Selenskyj schrieb auf Telegram Glückwünsche an den Sieger", "telegram"),
        ("Follow my telegram.", "telegram"),
        ("He posted the video to his telegram and was arrested in Minsk", "telegram"),
        ("NKÚ zveřejnil zprávu o dotacích", "nku"),
        ("ORBÁN: nem engedünk Brüsszelnek", "orban"),
        ("阿里巴巴创始人马云回到中国", "ma"),
        ("У VK 100 млн пользователей в месяц", "vk"),
        ("Der russische Konzern VK verkauft seine Spielesparte", "vk"),
        ("Жители пожаловались в группе ВК на очереди в поликлинике", "vk"),
        ("РКН потребовал удалить сообщения о ракетном ударе по Киеву", "rkn"),
        ("World Bank Grants Ukraine New Loan", "bank"),
        ("World Bank Aid Reaches Sudan After Months of Delay", "bank"),
        ("Court Grants Tornado Cash Relief in Sanctions Case", "storm"),
        ("Банки ждут от центрального банка России снижения ставки", "centre"),
        ("In Brazil, Meta, which owns Facebook, faces a fine", "meta"),
        ("En España, Meta, la dueña de Facebook, recibe denuncias", "meta"),
        ("Meta: un juez ordena cambios en la app", "meta"),
        ("ცუკერბერგის მეტა Facebook-ს ცვლის", "meta"),
        ("Shares of Meta, Alibaba Group and Facebook rivals fell", "meta"),
        ("אתמול אפל השיקה מחשב חדש", "apple"),
        ("דובר אפל מסר כי החברה תערער", "apple"),
        ("Apple Daily Active Users Rise", "apple"),
        ("تدخل آبل سباق الذكاء الاصطناعي بهاتف جديد", "apple"),
        ("Signal brings usernames to its app", "signal"),
        ("Die Chefin des Dienstes Signal warnt vor WhatsApp", "signal"),
        ("so signal is down again, the app will not load", "signal"),
        ("ينصح المدرب الصحفيين بسيغنال بدلا من واتساب", "signal"),
        ("установил мессенджер макс 2 дня назад", "max"),
        ("Журналисты телеканала «Дождь» уехали из России", "rain"),
        ("Russia's FAS opens wheat cartel case", "fas"),
        ("Hackers drained the Wormhole Bridge of $300m", "worm"),
        ("как сказано в статье 943-ФЗ", "law"),
    ],
)
def test_it_counts(text, entity):
    assert entity in told(text)


@pytest.mark.parametrize("text", ["Meta ＶＫen", "The ＶＫen Meta"])
def test_it_does_not_count(text):
    assert not {"apple", "vk"} & told(text)


def test_what_stands_between_two_first_names_is_no_part_of_a_name():
    persons = Recognizer({"martin": Watched(("Alexandre Martin",)), "chen": Watched(("陈志",))})
    for text in ("Nos joueurs Alexandre et Martin ont gagné", "References: Chen C, Wang L. Deep learning. 2019"):
        assert persons.findings([("text", text)]) == []


# As agencies, newspapers and registers write every day: no traps.
DAILY = Recognizer(
    {
        "meta": Watched(("Meta", "Мета"), context=("Facebook", "Instagram", "Zuckerberg")),
        "bolt": Watched(("Bolt",), context=("taxi",)),
        "signal": Watched(("Signal", "Сигнал"), context=("app", "мессенджер")),
        "max": Watched(("Max", "Макс"), context=("мессенджер",)),
        "orange": Watched(("Orange",), context=("telecom",)),
        "apple": Watched(("Apple",), not_=("Big Apple",)),
        "sber": Watched(("Сбербанк",)),
        "musk": Watched(("Elon Musk", "Musk")),
    }
)


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        # a noun before the name, at the beginning of a sentence
        ("A Meta letiltotta a hirdetéseket a Facebookon", "meta"),
        # who says it, in another clause
        ("Meta ontslaat personeel, zegt Zuckerberg", "meta"),
        ("Meta säger upp folk, Zuckerberg skriver", "meta"),
        # what somebody owns, and works for
        ("Shares in Meta rose 4% after Instagram revenue beat forecasts", "meta"),
        ("Shares in Orange rose; the telecom raised its dividend", "orange"),
        # what the entity is
        ("Signal é o app usado pelo governo", "signal"),
        # Czech cases, Chinese names, small letters
        ("Evropská komise pokutovala Metu kvůli Facebooku", "meta"),
        ("马斯克宣布离开政府", "musk"),
        ("苹果被罚一亿欧元", "apple"),
        ("сбербанк заблокировал карту", "sber"),
    ],
)
def test_what_agencies_write_every_day_counts(text, entity):
    found = [finding.entity for finding in DAILY.findings([("text", text)]) if not finding.against]
    assert entity in found


@pytest.mark.parametrize(
    "text",
    [
        "Сигнал — сбой мессенджера в метро",
        "Mete Facebook'a yazdı",
    ],
)
def test_what_is_like_that_does_not(text):
    assert [finding.entity for finding in DAILY.findings([("text", text)]) if not finding.against] == []
