"""What messages about changes say, within what limits, and that nothing in them acts."""

from __future__ import annotations

import time
from datetime import timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from alerts.message.blocks import Detail
from alerts.message.change_lines import text_difference
from alerts.message.compose import compose
from state.model import Mention

MOSCOW = ZoneInfo("Europe/Moscow")
TASS = ("tass", "TASS", "report")
DUROV = ("durov", "Telegram: durov", "statement")


def told(*events, body_limit=32768, title_limit=250):
    return compose(events, timezone=MOSCOW, body_limit=body_limit, title_limit=title_limit)


@pytest.fixture
def record(change):
    """Roskomnadzor's row about Telegram: one field of it changed."""
    return change(
        fields={"branch": ("не исполнено", "в стадии согласования")},
        entry={"branch": "в стадии согласования"},
        mentions=[Mention("telegram", "Telegram Messenger Inc", "Telegram Messenger Inc", "title")],
        url="https://rkn.example/register/7",
        key="7",
    )


@pytest.fixture
def report(change, record):
    return change(
        "added",
        "Telegram начал согласовывать открытие представительства в РФ",
        fields={"text": (None, "МОСКВА, 15 июля. Telegram начал процедуру.\nЭто следует из реестра.")},
        mentions=[
            Mention("telegram", "Telegram", "Telegram", "title"),
            Mention("telegram", "Telegram", "Telegram", "text"),
        ],
        source=TASS,
        at=record.at + timedelta(minutes=14),
        url="https://tass.example/1",
        key="https://tass.example/1",
        published="2025-07-15T07:20:00+00:00",
        id=2,
    )


@pytest.fixture
def statement(change, record):
    return change(
        "added",
        "Telegram has no plans to open an office in Russia",
        fields={"text": (None, "Telegram has no plans to open an office in Russia.\nWe answered a form.")},
        mentions=[Mention("telegram", "Telegram", "Telegram", "text")],
        source=DUROV,
        at=record.at + timedelta(hours=2),
        url="https://t.me/durov/410",
        key="410",
        id=3,
    )


def test_a_record_changed(record):
    message = told(record)
    assert message.title == (
        "RECORD changed: Telegram Messenger Inc, branch: не исполнено → в стадии согласования"
        " (Roskomnadzor, 236-FZ list)"
    )
    assert (
        message.text
        == """\
■ Roskomnadzor, 236-FZ list (the register itself)

CHANGED: Telegram Messenger Inc
branch
was: не исполнено
now: в стадии согласования
Mentions telegram: “Telegram Messenger Inc” in title
https://rkn.example/register/7
Key: 7

Noticed: 2025-07-15 10:07:12 MSK
Last checked before: 2025-07-15 10:06:12 MSK"""
    )


def test_a_report_added(report):
    message = told(report)
    assert message.title == "REPORT added: Telegram начал согласовывать открытие представительства в РФ (TASS)"
    assert (
        message.text
        == """\
■ TASS (press report)

ADDED: Telegram начал согласовывать открытие представительства в РФ
МОСКВА, 15 июля. Telegram начал процедуру.
Это следует из реестра.
Mentions telegram: “Telegram” in title, text
https://tass.example/1
Published: 2025-07-15 10:20:00 MSK

Noticed: 2025-07-15 10:21:12 MSK
Last checked before: 2025-07-15 10:20:12 MSK"""
    )


def test_a_statement_added_does_not_say_its_title_twice(statement):
    message = told(statement)
    assert message.title == "STATEMENT added: Telegram has no plans to open an office in Russia (Telegram: durov)"
    assert (
        message.text
        == """\
■ Telegram: durov (a party speaking)

ADDED: Telegram has no plans to open an office in Russia
We answered a form.
Mentions telegram: “Telegram” in text
https://t.me/durov/410
Key: 410

Noticed: 2025-07-15 12:07:12 MSK
Last checked before: 2025-07-15 12:06:12 MSK"""
    )


def test_several_sources_in_one_message_with_the_record_first(record, report, statement):
    message = told(report, statement, record)
    assert message.title.startswith("RECORD changed: Telegram Messenger Inc, branch: не исполнено → ")
    assert message.title.endswith(" (+2 more)")
    headings = [line for line in message.text.splitlines() if line.startswith("■")]
    assert headings == [
        "■ Roskomnadzor, 236-FZ list (the register itself)",
        "■ Telegram: durov (a party speaking)",
        "■ TASS (press report)",
    ]


def test_html_says_what_the_text_says(record, report, statement):
    class Words(HTMLParser):
        words = ""

        def handle_data(self, data):
            self.words += data + " "

    message, html = told(record, report, statement), Words()
    html.feed(message.html)
    assert html.words.split() == message.text.replace("■", "").split()


def test_of_500_changes_20_are_told_those_that_mention_somebody_first(change):
    events = [change(title=f"Row {number}", fields={"status": ("a", "b")}, id=number) for number in range(499)]
    watched = change(
        title="Telegram", fields={"status": ("a", "b")}, mentions=[Mention("telegram", "Telegram", "Telegram", "title")]
    )
    message = told(*events, watched)
    assert message.title == "RECORD changed: Telegram, status: a → b (+499 more)"
    assert message.text.count("CHANGED:") == 20
    assert message.text.index("CHANGED: Telegram\n") < message.text.index("CHANGED: Row 0\n")
    assert message.text.endswith("and 480 more: watch log --source rkn-landing")


def test_what_is_left_out_is_counted_by_source(change):
    events = [change(id=number, key=f"{number}") for number in range(30)]
    events += [change(source=TASS, key=f"{number}") for number in range(3)]
    assert told(*events).text.splitlines()[-2:] == [
        "and 10 more from Roskomnadzor, 236-FZ list: watch log --source rkn-landing",
        "and 3 more from TASS: watch log --source tass",
    ]


@pytest.mark.parametrize("limit", [67, 140, 300, 600, 1700, 4000])
def test_a_message_keeps_within_its_limits_and_cuts_no_entry(change, limit):
    events = [
        change(
            title=f"Row {number} " + "x" * 30,
            fields={"status": ("before", "after")},
            url="https://a.example/",
            id=number,
        )
        for number in range(40)
    ]
    message = told(*events, body_limit=limit, title_limit=limit // 2)
    assert 0 < len(message.text) <= limit
    assert 0 < len(message.title) <= limit // 2
    assert message.text.count("CHANGED: Row") >= 1
    assert message.text.count("now: after") == message.text.count("CHANGED: Row")


def test_the_first_entry_is_squeezed_where_even_it_is_too_long(change):
    event = change(title="T" * 200, fields={"status": ("b" * 500, "a" * 500)}, url="https://a.example/" + "u" * 300)
    text = told(event, body_limit=160).text
    assert text.splitlines()[0].startswith("CHANGED: TTTT")
    assert "now: aaa" in text
    assert "https://" not in text  # a link that is cut leads nowhere


def test_long_values_are_shortened_so_that_the_difference_stays_in_sight(change):
    before, after = "same " * 200 + "ten" + " tail" * 200, "same " * 200 + "twenty" + " tail" * 200
    lines = told(change(fields={"sum": (before, after)})).text.splitlines()
    assert lines[4].startswith("was: …")
    assert " ten tail" in lines[4]
    assert " twenty tail" in lines[5]
    assert max(map(len, lines)) < 420


def test_text_of_several_lines_is_shown_as_the_lines_that_went_and_came(change):
    event = change(fields={"text": ("kept\nold\nand\nend\nprice: 10", "kept\nend\nprice: 20\nnew")})
    assert "\ntext\n- old\n- and\n- price: 10\n+ price: 20\n+ new\n" in told(event).text
    assert told(event).title.startswith("RECORD changed: Telegram Messenger Inc, new text: price: 20")


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"title": ("Old", "New")}, "Old → New"),
        ({"status": (None, "on")}, "X, status: (nothing) → on"),
        ({"url": ("a", "b"), "status": ("on", None), "x": ("1", "2")}, "X, status: on → (nothing), and 2 more fields"),
        ({"text": ("a\nb", "b")}, "X, text taken out: a"),
        ({"text": ("a\nb", "b\na")}, "X, text: other order of its lines"),
    ],
)
def test_the_title_of_a_change(change, fields, title):
    assert told(change(title="X", fields=fields)).title == f"RECORD changed: {title} (Roskomnadzor, 236-FZ list)"


def test_a_removed_entry_is_told_as_it_was(change):
    event = change("removed", "Gone", fields={"status": ("listed", None)}, entry={"status": "listed", "since": "2021"})
    text = told(event).text
    assert "REMOVED: Gone\nstatus: listed\nsince: 2021\n" in text


def test_a_long_entry_is_told_in_part(change):
    event = change("added", "Many", fields={f"f{number}": (None, "v") for number in range(30)})
    assert "f11: v\nand 18 more fields\n" in told(event).text


def test_a_date_stays_a_date(change):
    assert "Published: 2025-07-01\n" in told(change(published="2025-07-01T00:00:00+00:00")).text


EVIL = '@everyone <b>"x"</b> [click](https://evil.example) <!channel> <https://evil.example|bank>\x1b[31m'


def test_html_escapes_everything_from_outside(change):
    mention = Mention("telegram", "Telegram", EVIL, EVIL)
    event = change(
        "added", EVIL, fields={EVIL: (None, EVIL)}, mentions=[mention], source=("s", EVIL, "record"), key=EVIL
    )
    message = told(event)
    assert '<b>"x"' not in message.html
    assert "<b>&quot;" not in message.html
    assert message.html.count("&lt;b&gt;&quot;x&quot;&lt;/b&gt;") >= 5
    assert "\x1b" not in message.html + message.text + message.title


def test_text_from_outside_orders_nothing_in_a_chat(change):
    message = told(change("added", EVIL, fields={"text": (None, EVIL + "\n@here")}))
    for text in (message.title, message.text):
        for order in ("@everyone", "@here", "](", "<!channel", "<https"):
            assert order not in text
        assert "@\u200beveryone" in text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/x?a=1&b=ы", "https://a.example/x?a=1&b=ы"),
        ('https://a.example/"><script>', "https://a.example/%22%3E%3Cscript%3E"),
        ("https://a.example/ x\ny/@everyone", "https://a.example/%20x%20y/%40everyone"),
        ("javascript:alert(1)", "Address: javascript:alert(1)"),
    ],
)
def test_links_are_web_addresses_that_nothing_breaks_out_of(change, url, shown):
    message = told(change(url=url))
    assert shown in message.text.splitlines()
    assert ("<a href" in message.html) is shown.startswith("https://")
    assert "script>" not in message.html


def test_only_what_differs_of_a_text_is_told_and_how_much_more_there_is() -> None:
    before = [f"line {number}" for number in range(100)]
    after = [*before[:40], "new", *before[41:80], *before[81:]]
    told = [line.text for line in text_difference("\n".join(before), "\n".join(after), Detail(400, 12, 900, 2))]
    assert told == ["line 40", "new", "and 1 more line"]


@pytest.mark.parametrize("lines", [1_500, 40_000, 400_000])
def test_a_text_of_which_every_line_changed_is_told_in_its_first_lines(lines: int) -> None:
    """difflib's time grows with the square of what differs: so much is not looked through for what is equal."""
    old, new = ([f"{side} {number % 7}" for number in range(lines)] for side in ("old", "new"))
    began = time.process_time()
    told = list(text_difference("\n".join(old), "\n".join(new), Detail(400, 12, 900, 24)))
    assert time.process_time() - began < 1
    assert len(told) == 25
    assert f"{2 * lines - 24:,} more lines" in told[-1].text
