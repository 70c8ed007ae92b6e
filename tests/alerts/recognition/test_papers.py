"""A messenger, and what is called like it: a telegram on paper, and a newspaper."""

from __future__ import annotations

import pytest

from alerts.recognition.recognizer import Recognizer
from tests.alerts.recognition.watched import Watched

RECOGNIZER = Recognizer({"telegram": Watched(("Telegram", "Телеграм"))})


def is_told(text: str) -> bool:
    return any(not found.against for found in RECOGNIZER.findings([("text", text)]))


@pytest.mark.parametrize(
    "text",
    [
        "Telegram kondolencyjny prezydenta odczytano",
        "Віншавальная тэлеграма прыйшла ўвечары",
        "Телеграма від прадіда зберігається в музеї",
        "В телеграма до папата президентът изрази почит",
        "Telegramoje popiežiui prezidentas pareiškė užuojautą",
        "1921 წლის ტელეგრამაში მინისტრი დახმარებას ითხოვდა",
        "She had kept the telegram from her aunt",
        "Das Telegramm kam nicht, und der Bote schwieg",
        "Der Bote schwieg, und die Post las das Telegramm-",
    ],
)
def test_what_is_sent_on_paper_is_no_messenger(text):
    assert not is_told(text)


@pytest.mark.parametrize(
    "text",
    [
        "Telegram prezydenta zablokowano",
        "Телеграма в Україні більше не буде",
        "В телеграма пишат за протест",
        "Доступ до Телеграма до 5 травня",
        "Telegrame pasirodė įrašas",
        "ტელეგრამში გამოჩნდა ჩანაწერი",
        "Im Telegramm-Kanal der Gruppe",
        "He owns the telegram channel of the mayor",
        "She wrote it on telegram",
        "Суд оштрафовал Телеграм в 2021 году",
    ],
)
def test_the_messenger_is_found(text):
    assert is_told(text)
