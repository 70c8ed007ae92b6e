"""Messages about changes: their content, their limits, and that nothing in them is active."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from alerts.message.change_lines import text_difference
from alerts.message.citations import Background
from alerts.message.compose import compose
from alerts.message.lines import DetailLevel, Line
from alerts.message.recipient import Form, Recipient
from state.model import EventKind, Marks, Mention
from tests.growth import growth

MOSCOW = ZoneInfo("Europe/Moscow")
TASS = ("tass", "TASS", "report")
DUROV = ("durov", "Telegram: durov", "statement")
SOURCES = ("rkn-landing", "tass")


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
    assert message.title == "Telegram Messenger Inc: now в стадии согласования (Roskomnadzor, 236-FZ list)"
    assert (
        message.text
        == """\
■ RECORD: the authority itself

CHANGED: Telegram Messenger Inc
branch
was: не исполнено
now: в стадии согласования
Mentions telegram: “Telegram Messenger Inc” in title
Open the record: https://rkn.example/register/7
Key: 7

Roskomnadzor, 236-FZ list · Noticed: 2025-07-15 10:07:12 MSK · Last good reading before: 10:06:12 MSK"""
    )


def test_a_report_added(report):
    message = told(report)
    assert message.title == "Telegram начал согласовывать открытие представительства в РФ (report, TASS)"
    assert (
        message.text
        == """\
■ REPORT: press report

ADDED: Telegram начал согласовывать открытие представительства в РФ
МОСКВА, 15 июля. Telegram начал процедуру.
Это следует из реестра.
Mentions telegram: “Telegram” in title, text
Open the report: https://tass.example/1
Published: 2025-07-15 10:20:00 MSK

TASS · Noticed: 2025-07-15 10:21:12 MSK · Last good reading before: 10:20:12 MSK"""
    )


def test_a_statement_added_does_not_say_its_title_twice(statement):
    message = told(statement)
    assert message.title == "Telegram has no plans to open an office in Russia (statement, Telegram: durov)"
    assert (
        message.text
        == """\
■ STATEMENT: a party speaking

ADDED: Telegram has no plans to open an office in Russia
We answered a form.
Mentions telegram: “Telegram” in text
Open the statement: https://t.me/durov/410
Key: 410

Telegram: durov · Noticed: 2025-07-15 12:07:12 MSK · Last good reading before: 12:06:12 MSK"""
    )


def test_several_sources_in_one_message_with_the_record_first(record, report, statement):
    message = told(report, statement, record)
    assert message.title.endswith(" (Roskomnadzor, 236-FZ list) +2")
    headings = [line for line in message.text.splitlines() if line.startswith("■")]
    assert headings == [
        "■ RECORD: the authority itself",
        "■ STATEMENT: a party speaking",
        "■ REPORT: press report",
    ]


class Words(HTMLParser):
    """What a document says, in its order, with the address of each link behind its words."""

    def __init__(self, html):
        super().__init__()
        self.words, self.link, self.silent = "", "", False
        self.feed(html.replace("<br>", " "))

    def handle_starttag(self, tag, attrs):
        self.link = dict(attrs).get("href", self.link)
        self.silent = self.silent or tag == "head"

    def handle_endtag(self, tag):
        self.silent = self.silent and tag != "head"
        if tag == "a" and not self.words.rstrip().endswith(self.link):
            self.words += f" {self.link} "

    def handle_data(self, data):
        self.words += "" if self.silent else f"{data} "


def said(text):
    return re.sub(r"[■·\u200b]|:(?=\s|$)", " ", text).split()


@pytest.mark.parametrize("form", [Form.DOCUMENT, Form.CHAT])
def test_html_says_what_the_text_says_in_the_same_order(record, report, statement, form):
    message = compose(
        [record, report, statement], timezone=MOSCOW, body_limit=32768, title_limit=250, recipient=Recipient(form=form)
    )
    assert said(Words(message.html).words) == said(message.text)


def many(change, number, *, mentions=(), hours=0):
    row = change(fields={"status": ("a", "b")}, mentions=mentions)
    at = row.at + timedelta(hours=hours)
    return [
        replace(row, id=no, at=at, data={**row.data, "title": f"Row {no}", "key": f"{no} {bool(mentions)} {hours}"})
        for no in range(number)
    ]


TELEGRAM = Mention("telegram", "Telegram", "Telegram", "title")


def test_many_changes_begin_with_their_sum_and_a_hundred_are_named_those_that_mention_somebody_first(change):
    events = [*many(change, 470), *many(change, 30, mentions=[TELEGRAM])]
    events += [change("added", f"New {at}", id=1000 + at, key=f"new {at}") for at in range(50)]
    message = told(*events)
    assert message.title == "Telegram: a → b (Roskomnadzor, 236-FZ list) +549"
    assert message.text.startswith(
        "550 changes: 50 added, 500 changed in status\n30 of them mention what you watch: telegram 30\n\n"
    )
    assert message.text.count("Mentions telegram") == 10
    lines = re.findall("^changed: Row .*", message.text, re.MULTILINE)
    assert lines[:2] == [f"changed: Row {at}, status: a → b · telegram" for at in (10, 11)]
    assert [line.endswith("telegram") for line in lines] == [True] * 20 + [False] * 70
    assert message.text.endswith("and 450 more changes")


def test_three_changes_have_no_sum(change):
    assert told(*many(change, 3)).text.startswith("■ RECORD: Roskomnadzor, 236-FZ list (the authority itself)\n")


def test_a_digest_of_changes_that_mention_nobody_names_each_of_them(change):
    later = timedelta(hours=5)
    events = [*many(change, 30), *(change("added", f"News {at}", source=TASS, key=f"{at}") for at in range(8))]
    events += [change("removed", f"Late {at}", key=f"late {at}", at=events[0].at + later) for at in range(2)]
    text = told(*events).text
    assert all(re.search(f"(?:CHANGED|changed): Row {at}\\b", text) for at in range(30))
    assert all(f"added: News {at}\n" in text for at in range(8))
    assert all(f"REMOVED: Late {at}\n" in text for at in range(2))
    assert "more changes" not in text


def test_lines_about_several_checks_of_a_source_stand_together(change):
    events = [event for hour in range(4) for event in many(change, 3, hours=hour)]
    text = told(*events).text
    assert "changed: Row 1, status: a → b\nchanged: Row 2, status: a → b\n" in text
    assert "Noticed: 2025-07-15 11:07:12 MSK to 13:07:12 MSK" in text


def test_the_times_of_lines_are_those_of_all_of_them_in_whatever_order_they_stand(change):
    early = many(change, 6)
    late = [replace(event, data={**event.data, "change": "removed"}) for event in many(change, 6, hours=5)]
    times = re.findall("Noticed: .*", told(*early, *late).text)
    assert times[-1] == "Noticed: 2025-07-15 10:07:12 MSK to 15:07:12 MSK"


def test_what_is_left_out_is_counted_by_source_with_a_link_to_it(change):
    events = [*many(change, 130), *(change(source=TASS, key=f"{number}") for number in range(8))]
    numbers = "and 30 more changes from Roskomnadzor, 236-FZ list", "and 8 more changes from TASS"
    assert told(*events).text.splitlines()[-2:] == [*numbers]
    for recipient, places, urls in [
        (Recipient(desk="https://desk.test"), {}, [f"https://desk.test/changes?source={name}" for name in SOURCES]),
        (
            Recipient(),
            {name: f"https://{name}.example/" for name in SOURCES},
            [f"https://{x}.example/" for x in SOURCES],
        ),
    ]:
        made = compose(
            events,
            timezone=MOSCOW,
            body_limit=32768,
            title_limit=250,
            recipient=recipient,
            known=Background(places=places),
        )
        assert made.text.splitlines()[-2:] == [f"{what}: {url}" for what, url in zip(numbers, urls, strict=True)]
        assert f'<a href="{urls[0]}">{numbers[0]}</a>' in made.html


def test_what_a_register_removed_or_changed_of_those_who_are_watched_comes_before_what_it_added(change):
    added = change("added", "Telegram Europe", key="1", mentions=[TELEGRAM])
    changed = change(title="Telegram Asia", fields={"status": ("a", "b")}, key="2", mentions=[TELEGRAM])
    removed = change("removed", "Telegram", key="3", mentions=[TELEGRAM])
    message = told(added, changed, removed)
    assert message.title == "Telegram: removed (Roskomnadzor, 236-FZ list) +2"
    assert re.findall("^([A-Z]+): Tele", message.text, re.MULTILINE) == ["REMOVED", "CHANGED", "ADDED"]


def test_a_message_about_ten_thousand_changes_with_titles_of_ten_thousand_characters_is_bounded(change):
    events = [change(title=f"{at} " + "T" * 10_000, id=at, key=f"{at}", mentions=[TELEGRAM]) for at in range(10_000)]
    message = told(*events)
    assert message.title.endswith(" +9,999")
    assert len(re.findall("^(?:changed|CHANGED): ", message.text, re.MULTILINE)) == 100
    assert message.text.endswith("and 9,900 more changes")
    assert len(message.text) < 32768


def test_rather_all_changes_are_named_than_some_shown_whole_or_with_links(change):
    events = [
        change(
            title=f"Row {at}",
            fields={"status": ("a", "b")},
            key=f"{at}",
            mentions=[TELEGRAM],
            url=f"https://a.test/{at}",
        )
        for at in range(30)
    ]
    roomy, tight = told(*events), told(*events, body_limit=2000)
    assert "changed: Row 29, status: a → b · telegram: https://a.test/29\n" in roomy.text
    assert "changed: Row 29, status: a → b · telegram\n" in tight.text
    assert len(tight.text) <= 2000


def test_only_an_operator_reads_commands(change):
    events, operator = many(change, 130), Recipient(operator=True)
    made = compose(events, timezone=MOSCOW, body_limit=32768, title_limit=250, recipient=operator)
    assert made.text.endswith("and 30 more changes: watch log --source rkn-landing")


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
    assert text.startswith("■ RECORD: the authority itself\nCHANGED: TTTT")
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
    assert told(event).title.startswith("Telegram Messenger Inc: new text: price: 20")


NAMES = "Ivan Petrovich Petrov; I. P. Petrov"


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"title": ("Old", "New")}, "Old → New"),
        ({"status": (None, "on")}, "X: (nothing) → on"),
        ({"url": ("a", "b"), "status": ("on", None), "x": ("1", "2")}, "X: on → (nothing)"),
        ({"text": ("a\nb", "b")}, "X: text taken out: a"),
        ({"text": ("a\nb", "b\na")}, "X: text: other order of its lines"),
        ({"text": ("On 3 May 2026:\na in b", "On 9 May 2026:\na in c")}, "X: new text: a in c"),
        ({"text": ("On 3 May 2026:\na\nb", "On 9 May 2026:\nb")}, "X: text taken out: a"),
        ({"text": ("On 3 May 2026:\nb", "On 9 May 2026:\nb")}, "X: new text: On 9 May 2026:"),
        ({"text": ("A of\n5\nB of\n10", "B of\n10\nA of\n5")}, "X: text: other order of its lines"),
        ({"text": ("A of\n5\nB of\n10", "A of\n10\nB of\n5")}, "X: new text: 10"),
        ({"text": ("A 5\nB 10 in all", "A 10\nB 5 in all")}, "X: new text: A 10"),
        ({"text": ("a b, paid 5 of\n10", "a b, paid 10 of\n5")}, "X: new text: a b, paid 10 of"),
        ({"text": ("x\na b c 5 10 y", "x\na b c 10 5 y")}, "X: new text: a b c 10 5 y"),
        (
            {"text": ("x\non 5 May it was decided here", "x\nit was decided here on 5 May")},
            "X: text: other order of its words",
        ),
        ({"names": (f"{NAMES}; Иван", f"{NAMES}; Vanya; Иван")}, "X: now with Vanya"),
        ({"names": (f"{NAMES}; Vanya; Иван", f"{NAMES}; Иван")}, "X: now without Vanya"),
        ({"names": (f"{NAMES}; Vanya; Иван", f"{NAMES}; Иван; Wanja")}, "X: Vanya → Wanja"),
    ],
)
def test_the_title_of_a_change(change, fields, title):
    assert told(change(title="X", fields=fields)).title == f"{title} (Roskomnadzor, 236-FZ list)"


@pytest.mark.parametrize(
    ("who", "title"),
    [
        ("Firm", "Firm: invalid since: (nothing) → 05.02.2026"),
        ("Messenger Inc", "Messenger Inc: invalid since: 05.02.2026"),
        ("The Public Company of Telegraphs and Telephones", "The Public Compan…: invalid since: 05.02.2026"),
    ],
)
def test_a_value_that_came_keeps_the_name_of_its_field(change, who, title):
    event = change(title=who, fields={"invalid since": (None, "05.02.2026")}, mentions=[])
    assert told(event).title.startswith(f"{title} (")


def test_words_of_two_scripts_are_told_by_the_watched_name(change):
    found = Mention("telegram", "Telegram Messenger", "мессенджере Telegram", "title")
    title = told(
        change(title="О мессенджере Telegram и его офисе", fields={"branch": ("нет", "да")}, mentions=[found])
    ).title
    assert title.startswith("Telegram Messenger: branch: нет → да")


def test_a_removed_entry_is_told_as_it_was(change):
    event = change("removed", "Gone", fields={"status": ("listed", None)}, entry={"status": "listed", "since": "2021"})
    text = told(event).text
    assert "REMOVED: Gone\nstatus: listed\nsince: 2021\n" in text


def test_a_long_entry_is_told_in_part(change):
    event = change("added", "Many", fields={f"f{number}": (None, "v") for number in range(30)})
    assert "f11: v\nand 18 more fields\n" in told(event).text


def test_a_date_stays_a_date(change):
    assert "Published: 2025-07-01\n" in told(change(published="2025-07-01T00:00:00+00:00")).text


def test_a_date_that_is_still_to_come_is_not_called_published(change):
    text = told(change("added", "Licence", published="2031-01-01T00:00:00+00:00")).text
    assert "Dated: 2031-01-01" in text
    assert "Published" not in text


def test_no_line_says_what_another_one_says(change):
    entry = {"Firm": "Sable Capital", "No": "7", "Expires": "1 July 2025", "Status": "Active"}
    event = change("added", "Sable Capital", entry=entry, key="7", published="2025-07-01T00:00:00+00:00")
    assert told(event).text.splitlines()[2:6] == [
        "ADDED: Sable Capital",
        "No: 7",
        "Expires: 1 July 2025",
        "Status: Active",
    ]
    assert not re.search("Key|Published|Firm", told(event).text)


@pytest.mark.parametrize("text", ["Sable Capital", "SABLE  Capital.", "Sable Capital\n"])
def test_an_entry_s_text_does_not_say_its_title_again(change, text):
    assert told(change("added", "Sable Capital", fields={"text": (None, text)})).text.lower().count("sable") == 1


EVIL = '@everyone <b>"x"</b> [click](https://evil.example) <!channel> <https://evil.example|bank>\x1b[31m'


def test_html_escapes_everything_from_outside(change):
    mention = Mention("telegram", "Telegram", EVIL, EVIL)
    event = change(
        "added", EVIL, fields={EVIL: (None, EVIL)}, mentions=[mention], source=("s", EVIL, "record"), key=EVIL
    )
    message = compose(
        [event], timezone=MOSCOW, body_limit=32768, title_limit=250, recipient=Recipient(form=Form.DOCUMENT)
    )
    assert '<b>"x"' not in message.html
    assert "<b>&quot;" not in message.html
    assert message.html.count("&lt;b&gt;&#34;x&#34;&lt;/b&gt;") >= 5
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
    assert shown in [line.removeprefix("Open the record: ") for line in message.text.splitlines()]
    assert ("<a href" in message.html) is shown.startswith("https://")
    assert "script>" not in message.html


def test_only_what_differs_of_a_text_is_told_and_how_much_more_there_is() -> None:
    before = [f"line {number}" for number in range(100)]
    after = [*before[:40], "new", *before[41:80], *before[81:]]
    told = [line.text for line in text_difference("\n".join(before), "\n".join(after), DetailLevel(400, 12, 900, 2))]
    assert told == ["line 40", "new", "and 1 more line"]


RULES = [
    "The bank must hold $1,000,000 in reserve.",
    "Every firm files a report by 31 March.",
    "Whoever doubts an entry may ask the registry.",
    "The fee is 100 euro a year.",
]


def test_a_paragraph_that_was_moved_is_told_once_as_moved_and_after_what_differs(change):
    after = "\n".join([*RULES[1:], RULES[0]])
    event = change(fields={"text": ("\n".join(RULES), after)})
    assert f"\ntext\nmoved in the text: {RULES[0]}\n" in told(event).text
    event = change(fields={"text": ("\n".join(RULES), after.replace("100", "250"))})
    told_lines = [f"- {RULES[3]}", "+ The fee is 250 euro a year.", f"moved in the text: {RULES[0]}"]
    assert "\n".join(["\ntext", *told_lines, ""]) in told(event).text
    html = as_mail(event).html
    assert html.count("moved in the text") == html.count("$1,000,000") == 1


def test_a_line_counts_as_moved_as_often_as_it_is_on_both_sides() -> None:
    before, after = "a\na\nb\nc\nd", "b\nc\nd\na"
    lines = list(text_difference(before, after, DetailLevel(400, 12, 900, 24)))
    assert [(line.label, line.text) for line in lines] == [("-", "a"), ("moved in the text", "a")]
    back = "\n".join(reversed(RULES))
    lines = list(text_difference("\n".join(RULES), back, DetailLevel(400, 12, 900, 1)))
    assert [line.text for line in lines[1:]] == ["and 2 more lines"]


def test_a_long_line_is_told_without_cutting_a_number_and_by_what_differs(change):
    rule = "The bank must hold $1,000,000 in reserve, whatever it lends and to whom. "
    event = change(fields={"text": (f"Rules\n{rule * 30}", f"Rules\n{rule * 14}New: $2,500,000. {rule * 16}")})
    line = next(line for line in told(event).text.splitlines() if line.startswith("+ "))
    assert "New: $2,500,000." in line
    assert set(re.findall(r"[\d,]*\d", line)) == {"1,000,000", "2,500,000"}
    added = change(fields={"text": ("Rules", f"Rules\n{rule * 30}")})
    assert set(re.findall(r"[\d,]*\d", told(added).text.partition("\n+ ")[2].partition("\n")[0])) == {"1,000,000"}


@pytest.mark.parametrize(
    ("others", "news"),
    [
        ({"Status": ("Active", "Revoked")}, "Sable Ltd: Active → Revoked"),
        ({"Name": ("Alder Ltd", "Sable Ltd")}, "Alder Ltd → Sable Ltd"),
        ({"Updated": ("2025-07-01", "2025-07-15")}, "Alder Ltd → Sable Ltd"),
        ({"Updated": ("2025-07-01", "2025-07-15"), "Status": ("Active", "Revoked")}, "Sable Ltd: Active → Revoked"),
        ({"Notes": ("one\ntwo", "one\nthree"), "Status": ("Active", "Revoked")}, "Sable Ltd: Active → Revoked"),
    ],
)
def test_of_an_entry_that_gets_another_name_too_the_subject_tells_what_it_says(change, others, news):
    fields = {"title": ("Alder Ltd", "Sable Ltd"), **others}
    assert told(change(title="Sable Ltd", fields=fields)).title == f"{news} (Roskomnadzor, 236-FZ list)"


def test_the_subject_tells_the_other_headline_of_a_report_first(change):
    fields = {"title": ("A ban is near", "A ban is off"), "section": ("World", "Business")}
    event = change(title="A ban is off", fields=fields, source=("wire", "Tagus Wire", "report"))
    assert told(event).title == "A ban is near → A ban is off (report, Tagus Wire)"


def test_the_subject_names_what_was_taken_out_beside_a_line_that_was_moved(change):
    event = change(title="X", fields={"text": ("moved\nsecret\na\nb", "a\nb\nmoved")})
    assert told(event).title.startswith("X: text taken out: secret (")


def every_line_changed(lines: int) -> list[Line]:
    old, new = ([f"{side} {number % 7}" for number in range(lines)] for side in ("old", "new"))
    return list(text_difference("\n".join(old), "\n".join(new), DetailLevel(400, 12, 900, 24)))


@pytest.mark.parametrize("lines", [1_500, 40_000, 400_000])
def test_a_text_of_which_every_line_changed_is_told_in_its_first_lines(lines: int) -> None:
    told = every_line_changed(lines)
    assert len(told) == 25
    assert f"{2 * lines - 24:,} more lines" in told[-1].text


def test_a_text_of_which_every_line_changed_costs_no_more_than_its_length() -> None:
    assert growth(every_line_changed, 20_000, 160_000) < 3


STATEMENT = (
    "The authority supervises payment firms in the country.\nIt keeps the register of all that hold a licence.\n"
)


def as_mail(event):
    return compose([event], timezone=MOSCOW, body_limit=32768, title_limit=250, recipient=Recipient(form=Form.DOCUMENT))


def test_a_mail_about_one_word_of_a_page_shows_the_word_and_not_the_page(change):
    text = STATEMENT + "Whoever doubts an entry may ask the registry.\n" * 200
    mail = as_mail(change(fields={"text": (text, text.replace("payment firms", "payment institutions"))}))
    assert "payment <b>firms</b> in the country." in mail.html
    assert "payment <b>institutions</b> in the country." in mail.html
    assert "- The authority supervises payment firms in the country.\n+ The authority supervises" in mail.text
    assert "Whoever doubts" not in mail.text + mail.html
    assert mail.title.startswith("Telegram Messenger Inc: firms → institutions (")


def test_the_subject_names_a_value_that_came_or_went_without_what_joins_it(change):
    names = "; ".join(f"Alias {letter * 8} Petrov" for letter in "abcdefghijkl")
    title = told(change(title="Ivan Petrov", fields={"names": (names, f"{names}; Ivan Sidorov")})).title
    assert title.startswith("Ivan Petrov: new text: Ivan Sidorov (")
    title = told(change(title="Ivan Petrov", fields={"names": (f"Ivan Sidorov; {names}", names)})).title
    assert title.startswith("Ivan Petrov: text taken out: Ivan Sidorov (")


def test_the_subject_names_what_was_added_or_taken_out_cut_at_words(change):
    added = "On 30 November the authority withdrew the licence of Northgate Payments Ltd."
    title = "Supervision"
    event = change(title=title, fields={"text": (STATEMENT, STATEMENT + added)})
    assert told(event).title == f"{title}: new text: On 30 November the… (Roskomnadzor, 236-FZ list)"
    event = change(title=title, fields={"text": (STATEMENT + added, STATEMENT)})
    assert told(event).title == f"{title}: text taken out: On 30 November the… (Roskomnadzor, 236-FZ list)"


def test_the_subject_of_a_text_of_which_a_sign_alone_is_another_one_names_its_line(change):
    lines = [f"Paragraph {n} of the statement says what the authority supervises in the country." for n in range(3)]
    event = change(title="Rules", fields={"text": ("\n".join(lines), "\n".join([f"{lines[0]} •", *lines[1:]]))})
    assert told(event).title == "Rules: other signs in: …statement says what the… (Roskomnadzor, 236-FZ list)"


def test_a_text_from_right_to_left_is_shown_by_its_words(change):
    text = "הרשות מפקחת על חברות התשלומים במדינה.\nהמרשם פתוח לציבור.\n"
    mail = as_mail(change(title="הודעה", fields={"text": (text, text.replace("התשלומים", "האשראי"))}))
    assert "<b>התשלומים</b>" in mail.html
    assert 'dir="auto"' in mail.html.partition("<b>האשראי</b>")[0].rpartition("<span")[2]
    assert mail.title.startswith("הודעה: new text: הרשות מפקחת על חברות האשראי…")


def test_a_page_that_goes_back_and_forth_is_told_in_mirror_image(change):
    other = STATEMENT.replace("payment", "credit").replace("licence", "permit")
    there, back = (change(fields={"text": sides}) for sides in ((STATEMENT, other), (other, STATEMENT)))
    lines = [line for line in told(there).text.splitlines() if line[:2] in {"- ", "+ "}]
    turned = [line.translate({ord("-"): "+", ord("+"): "-"}) for line in lines]
    assert sorted(turned) == sorted(line for line in told(back).text.splitlines() if line[:2] in {"- ", "+ "})


def test_a_title_and_the_column_it_comes_from_are_told_once(change):
    names = ("Northgate Payments Ltd", "Northgate Power SE")
    mentions = [Mention("ngp", "Northgate", "Northgate", field) for field in ("title", "Firm")]
    event = change(title=names[1], fields={"title": names, "Firm": names}, entry={"Firm": names[1]}, mentions=mentions)
    message = told(event)
    assert message.text.count(names[0]) == 1
    assert "\nFirm\nwas: Northgate Payments Ltd\nnow: Northgate Power SE\n" in message.text
    assert "Mentions ngp: “Northgate” in Firm\n" in message.text


def test_an_object_in_json_is_compared_by_member(change):
    before = '{"city": "London", "geo": {"lat": 1, "lon": 2}, "street": "High St 33"}'
    after = '{"city": "Nicosia", "geo": {"lat": 1, "lon": 3}, "street": "High St 33"}'
    message = told(change(title="Alder AG", fields={"address": (before, after)}))
    assert message.title.startswith("Alder AG: address.city: London → Nicosia")
    text = message.text
    assert "\naddress.city\nwas: London\nnow: Nicosia\naddress.geo.lon\nwas: 2\nnow: 3\n" in text
    assert "High St" not in text
    broken = told(change(fields={"address": (before, after[:-1])})).text
    assert "High St" in broken


WIRE_LIST, WIRE_FEED = ("wire", "Wire, list", "report"), ("wire-feed", "Wire, feed", "report")


def article(change, source, url, title="Sable Capital loses its licence", **more):
    return change("added", title, source=source, url=url, key=url, **more)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://wire.example/7/sable", "http://www.wire.example/7/sable/#top"),
        ("https://wire.example/7/sable", "https://wire.example/7/sable?utm_source=rss&from=feed"),
        ("https://wire.example/read?id=7", "https://wire.example/read?id=7"),
    ],
)
def test_one_article_by_list_and_feed_is_one_in_a_message(change, one, other):
    message = told(article(change, WIRE_LIST, one), article(change, WIRE_FEED, other, id=2))
    assert message.text.count("Sable Capital loses its licence") == 1
    assert "Also in: Wire, feed" in message.text
    assert "+1" not in message.title


@pytest.mark.parametrize(
    ("source", "url", "title"),
    [
        (WIRE_FEED, "https://wire.example/read?id=8", "Another headline"),
        (WIRE_LIST, "https://wire.example/read?id=7", "Another row that leads to the same page"),
        (("list", "Register", "record"), "https://wire.example/read?id=7", "Sable Capital loses its licence"),
        (WIRE_FEED, None, "Sable Capital loses its licence"),
    ],
)
def test_what_is_not_surely_one_article_is_told_twice(change, source, url, title):
    message = told(
        article(change, WIRE_LIST, "https://wire.example/read?id=7"), article(change, source, url, title, id=2)
    )
    assert message.text.count("ADDED: ") == 2
    assert "Also in" not in message.text


def test_an_article_that_mentions_somebody_else_in_the_feed_is_told_with_its_mention(change):
    url = "https://wire.example/7/sable"
    named = [Mention("sable", "Sable Capital", "Sable Capital", "title")]
    both = [*named, Mention("tagus", "Tagus Bank", "Tagus Bank", "text")]
    events = article(change, WIRE_LIST, url, mentions=named), article(change, WIRE_FEED, url, id=2, mentions=both)
    assert "Mentions tagus" in told(*events).text


def test_each_of_many_held_changes_says_that_it_is_not_believed_yet(record):
    why = {"reason": "mass_change", "message": "'since' changed in 21 of 21 entries at once"}
    held = [
        replace(record, id=at, kind=EventKind.HELD, data={**record.data, **why, "key": f"{at}", "title": f"Firm {at}"})
        for at in range(120)
    ]
    message = told(record, *held)
    assert message.title.startswith("Telegram Messenger Inc: ")
    lines = [line for line in message.text.splitlines() if re.search(r"\bFirm \d+", line)]
    assert len(lines) == 100
    assert all(line.casefold().lstrip("· ").startswith("not believed yet, changed: firm") for line in lines)
    assert message.text.count("It was read, but is not believed yet: 'since' changed in 21 of 21") == 1
    assert "and 20 more changes that are not believed yet" in message.text
    alone = told(*held)
    assert alone.title.startswith("Not believed yet: ")


def test_each_held_change_of_one_entry_says_that_it_is_not_believed_yet(record):
    why = {"reason": "mass_loss", "message": "13 of 24 entries gone at once"}
    held = [
        replace(
            record,
            id=at,
            kind=EventKind.HELD,
            data={**record.data, **why, "fields": {"status": {"before": "Active", "after": now}}},
        )
        for at, now in enumerate(("Suspended", "Closed"), 1)
    ]
    text = told(*held).text
    assert "THEN NOT BELIEVED YET, CHANGED: " in text
    assert "THEN CHANGED" not in text


def test_what_is_written_otherwise_is_counted_once_and_may_be_about_whom_you_watch(change):
    title = "23 entries written otherwise: dates rewritten"
    more = {"count": 22, "titles": ["Firm B", "Firm C"], "fields": ["Since"]}
    sides = {"Since": ("2018-01-01", "01.01.2018")}
    event = change(title=title, key="7", id=200, fields=sides, form="dates rewritten", more=more)
    message = told(event)
    assert message.title == f"{title} (Roskomnadzor, 236-FZ list)"
    assert f"CHANGED: {title}" in message.text
    assert "Together: this one and 22 more entries in the same check\nsuch as: Firm B" in message.text
    assert "mentions what you watch" not in message.text
    many = told(event, *(change(title=f"Firm {at}", key=f"{at}", id=at) for at in range(100, 120)))
    assert many.text.startswith("43 changes: 43 changed\n")
    assert f"changed: {title}, Since: 2018-01-01 → 01.01.2018\n" in many.text
    assert "more like it" not in many.text


def test_what_is_summed_up_since_nobody_is_mentioned_in_it_says_so(change):
    event = change("added", "Firm A", more={"count": 463, "titles": ["Firm B"], "fields": []})
    message = told(event)
    assert message.title == "Firm A: added (Roskomnadzor, 236-FZ list) +463"
    said = "Together: this one and 463 more entries in the same check, none of which mentions what you watch"
    assert said in message.text


FOREIGN = {
    "title": "Licence of Telegram <b>revoked</b>",
    "fields": {"branch": {"before": "not fulfilled", "after": "being agreed"}},
    "text": None,
    "engine": "LibreTranslate",
}


def translated(event, language="en", *, form=Form.CHAT, limit=32768, **other):
    """The message for a reader of a language, with these translations."""
    known = Background(marks={event.id: Marks(translations={"en": FOREIGN, **other})})
    to = Recipient(form=form, language=language)
    return compose([event], timezone=MOSCOW, body_limit=limit, title_limit=250, known=known, recipient=to)


@pytest.mark.parametrize("form", [Form.CHAT, Form.DOCUMENT])
def test_a_translation_stands_below_the_original_with_its_engine(record, form):
    message, plain = translated(record, form=form), told(record)
    lines = message.text.splitlines()
    assert [line for line in lines if "machine translation" not in line] == plain.text.splitlines()
    assert [line for line in lines if "machine translation" in line] == [
        "machine translation (LibreTranslate): Licence of Telegram <\u200bb>revoked<\u200b/b>",
        "branch, as it was, machine translation (LibreTranslate): not fulfilled",
        "branch, as it is, machine translation (LibreTranslate): being agreed",
    ]
    assert lines.index("now: в стадии согласования") < lines.index(next(each for each in lines if "machine" in each))
    assert message.title == plain.title
    assert "<b>revoked" not in message.html
    assert "being agreed" in message.html


def test_the_translation_is_that_in_the_readers_language(record):
    german = {**FOREIGN, "title": "Lizenz entzogen", "engine": "DeepL"}
    assert "Lizenz entzogen" in translated(record, "de", de=german).text
    assert "revoked" not in translated(record, "de", de=german).text
    assert "Lizenz" not in translated(record, de=german).text


def test_what_people_said_of_a_value_before_is_no_machine_s(record):
    told_by_people = {**FOREIGN, "title": None, "engine": "glossary"}
    lines = translated(record, en=told_by_people).text.splitlines()
    assert "branch, as it was, from the glossary: not fulfilled" in lines
    assert "branch, as it is, from the glossary: being agreed" in lines
    assert "machine" not in "\n".join(lines)


@pytest.mark.parametrize("form", [Form.CHAT, Form.DOCUMENT])
def test_a_summary_stands_below_the_original_in_one_line(record, form):
    said = {"text": "<b>Branch</b> is @here being agreed.\nNow.", "engine": "Qwen 3"}
    known = Background(marks={record.id: Marks(summaries={"en": said})})
    limits = {"timezone": MOSCOW, "body_limit": 32768, "title_limit": 250}
    message = compose([record], **limits, known=known, recipient=Recipient(form=form))
    plain, lines = told(record), message.text.splitlines()
    (line,) = [line for line in lines if line not in plain.text.splitlines()]
    assert line == "summary by Qwen 3: <\u200bb>Branch<\u200b/b> is @\u200bhere being agreed. Now."
    assert [each for each in lines if each != line] == plain.text.splitlines()
    assert message.title == plain.title
    assert "<b>Branch" not in message.html


def test_a_translation_takes_no_room_from_the_original(record):
    for limit in range(20, 1500, 20):
        message = translated(record, limit=limit).text
        assert len(message) <= limit
        own = [line for line in message.splitlines() if "machine translation" not in line]
        assert own == told(record, body_limit=limit).text.splitlines()


def test_the_text_of_an_article_is_translated_in_one_line(report):
    article = {**FOREIGN, "fields": {"Город": {"before": None, "after": "Moscow"}}, "text": "One.\nTwo.", "title": None}
    lines = translated(report, ru=article, language="ru").text.splitlines()
    assert [line for line in lines if "LibreTranslate" in line][-1].endswith(": One. Two.")
    assert any("Город" in line and line.endswith(": Moscow") for line in lines)


@pytest.mark.parametrize("form", [Form.PLAIN, Form.CHAT])
def test_a_change_in_one_line_of_a_digest_has_its_link_to_be_acknowledged(change, form):
    events = [change(title=f"Firm {number}", fields={"state": ("a", "b")}, id=number) for number in range(1, 10)]
    recipient = Recipient(
        form, escalated={*range(1, 9)}, sign=lambda what, number, _: f"https://w.example/{what}/{number}"
    )

    def made(limit: int) -> str:
        return compose(events, timezone=MOSCOW, body_limit=limit, title_limit=250, recipient=recipient).text

    whole = made(9_000)
    assert re.findall(r"Acknowledge: https://w\.example/acknowledge/(\d)\b", whole) == [*"12345678"]
    assert re.search(r"Firm 7, .*\nAcknowledge: .*/7\n.*Firm 8, .*\nAcknowledge: .*/8\n.*Firm 9, ", whole)
    short = made(700)  # rather further names than links
    assert ("Firm 8" in short, "acknowledge/8" in short) == (True, False)


def test_an_emoji_counts_as_two_as_telegram_counts(change):
    events = [change(title="\U0001f6d1" * 60 + f"{number}", id=number) for number in range(60)]
    for form in Form:
        made = compose(events, timezone=MOSCOW, body_limit=3_000, title_limit=250, recipient=Recipient(form))
        assert 1_500 < len(made.text.encode("utf-16-le")) // 2 <= 3_000
