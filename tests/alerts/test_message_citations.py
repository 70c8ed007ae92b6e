"""What an alert cites: the record behind a report, or that there is none; the reports before a record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.message.citations import Background, Coverage, StandingEntry
from alerts.message.compose import compose
from alerts.message.wording import with_capital
from state.model import Event, EventKind, Mention

LISBON = ZoneInfo("Europe/Lisbon")
NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
REGISTER = ("licences", "Register of licences", "record")
WIRE = ("wire", "Tagus Wire", "report")
HOUSE = ("house", "Press office", "statement")
OURS = [Mention("quillon", "Quillon Pay", "Quillon Pay", "title")]


def told(*events, known, body_limit=32768):
    return compose(events, timezone=LISBON, body_limit=body_limit, title_limit=250, known=known).text


@pytest.fixture
def record(change):
    return change(
        title="Quillon Pay, Lda",
        fields={"status": ("active", "suspended")},
        mentions=OURS,
        source=REGISTER,
        at=NOON,
        url="https://register.example/7",
        id=11,
    )


@pytest.fixture
def report(change):
    return change(
        "added",
        "Quillon Pay is said to have lost its licence",
        mentions=OURS,
        source=WIRE,
        at=NOON + timedelta(hours=2, minutes=3),
        published="2025-03-03T14:00:00+00:00",
        url="https://wire.example/1",
        id=12,
    )


@pytest.fixture
def statement(change):
    return change(
        "added",
        "We keep our licence, says Quillon Pay",
        mentions=OURS,
        source=HOUSE,
        at=NOON + timedelta(hours=5),
        url="https://house.example/1",
        id=13,
    )


def stood(*items, source=REGISTER, at=NOON - timedelta(days=9), id_=1):
    data = {"entries": 40, "mentioning": len(items), "mentioned": list(items)}
    return Event(EventKind.BASELINE, *source, at, None, data, OURS, id_)


def test_a_report_says_when_the_registers_entry_changed_and_how_long_before(record, report):
    lines = told(report, known=Background([report, record])).splitlines()
    place = lines.index(
        "Record: the register's entry changed between 11:59 and 12:00 WET, at least 2 h before this report: Quillon Pay, Lda, "
        "status: active → suspended (Register of licences)"
    )
    assert lines[place + 1] == "https://register.example/7"


def test_a_report_that_no_register_knows_of_says_so(report):
    assert "\nRecord: no entry on the watched registers mentions it yet\n" in told(
        report, known=Background([report], coverage=Coverage(2))
    )


@pytest.mark.parametrize(
    ("coverage", "said"),
    [
        (Coverage(3, unread=1), "no entry on the watched registers mentions it yet; 1 of them cannot be read now"),
        (Coverage(3, searched=False), "no change that was seen on the watched registers mentions it yet"),
    ],
)
def test_what_is_not_certain_is_not_said(report, coverage, said):
    assert f"\nRecord: {said}\n" in told(report, known=Background(coverage=coverage))


def test_where_no_register_is_watched_nothing_is_said_of_records(report):
    assert "Record" not in told(report, known=Background([report], coverage=Coverage(0, others=4)))


def test_a_record_cites_the_reports_and_the_statement_that_were_there_before(record, report, statement):
    report.data["published"] = (NOON - timedelta(minutes=20)).isoformat()
    statement = Event(EventKind.CHANGE, *HOUSE, NOON - timedelta(days=2), None, statement.data, OURS, 13)
    lines = told(record, known=Background([record, report, statement], coverage=Coverage(1, others=2))).splitlines()
    assert (
        "Report: 11:40 WET, at least 19 min before this change: Quillon Pay is said to have lost its licence (Tagus Wire)"
        in lines
    )
    assert (
        "Statement: before 2025-03-01 12:00 WET, at least 1 d 23 h before this change: We keep our licence, says Quillon Pay (Press office)"
        in lines
    )
    assert "https://wire.example/1" in lines


def test_a_record_that_nobody_spoke_of_before_says_that_it_is_first(record):
    first = "\nNo report or statement about it was seen in the 7 days before.\n"
    assert first in told(record, known=Background([record], coverage=Coverage(1, others=2)))
    assert first not in told(record, known=Background([record], coverage=Coverage(1)))


def test_a_denial_cites_the_record_and_the_report(record, report, statement):
    text = told(statement, known=Background([statement, report, record]))
    when = (
        "Record: the register's entry changed between 11:59 and 12:00 WET, at least 4 h 59 min before this statement: "
    )
    assert when in text
    assert (
        "Report: 14:00 WET, at least 2 h 59 min before this statement: Quillon Pay is said to have lost its licence"
        in text
    )


def test_a_report_that_came_before_the_register_was_seen_to_change_says_after(record, report):
    report.data["published"] = (NOON - timedelta(minutes=12)).isoformat()
    assert "entry changed between 11:59 and 12:00 WET, at least 11 min after this report: " in told(
        report, known=Background([report, record])
    )


def test_a_register_that_is_seldom_checked_says_since_when_it_may_have_changed(record, report):
    record = Event(EventKind.CHANGE, *REGISTER, NOON, NOON - timedelta(hours=24), record.data, OURS, 11)
    assert "changed between 2025-03-02 12:00 and 12:00 WET, at least 2 h before this report" in told(
        report, known=Background([record])
    )


def test_an_entry_that_stood_there_already_is_known(report):
    item = {"title": "Quillon Pay, Lda", "url": "https://register.example/7", "entities": ["quillon"]}
    text = told(report, known=Background([report, stood({"title": "X", "url": None, "entities": ["x"]}, item)]))
    assert (
        "\nRecord: the register has had an entry on it since before it was first read, 2025-02-22 12:00 WET:"
        " Quillon Pay, Lda (Register of licences)\nhttps://register.example/7\n" in text
    )


def test_a_change_of_an_entry_says_more_than_that_it_stood_there(record, report):
    text = told(report, known=Background([report, stood(at=NOON + timedelta(hours=1)), record]))
    assert text.count("Record: ") == 1
    assert "the register's entry changed" in text


def test_an_entry_that_is_only_found_in_the_state_is_known(report):
    standing = {"quillon": [StandingEntry("Register of licences", "Quillon Pay, Lda", None)]}
    text = told(report, known=Background([report], standing, Coverage(1)))
    assert "Record: an entry on the register mentions it: Quillon Pay, Lda (Register of licences)" in text
    assert "mentions it yet" not in text


def test_a_record_that_others_publish_is_cited_as_theirs(record, report):
    theirs = "(Register of licences, republished by others, not the authority itself)"
    record.data["worth"] = "republished"
    assert theirs in told(report, known=Background([report, record]))
    standing = {"quillon": [StandingEntry("Register of licences", "Quillon Pay, Lda", None, "republished")]}
    assert theirs in told(report, known=Background([report], standing, Coverage(1)))


def test_what_is_told_in_the_same_message_counts_and_is_told_once(record, report):
    known = Background([report, record], coverage=Coverage(1, others=1), told=frozenset({11, 12}))
    text = told(report, record, known=known)
    assert (
        "entry changed between 11:59 and 12:00 WET, at least 2 h before this report (Register of licences, in this message)"
        in text
    )
    assert text.count("status: active") == 0
    assert text.count("No report or statement") == 0
    assert text.count("is said to have lost its licence") == 1


def test_an_alert_about_two_entities_says_which_the_record_is_about(record, report):
    both = [*OURS, Mention("brightwater", "Brightwater", "Brightwater", "text")]
    report = Event(EventKind.CHANGE, *WIRE, report.at, None, report.data, both, 12)
    text = told(report, known=Background([report, record], coverage=Coverage(1)))
    assert "Record (quillon): the register's entry changed" in text
    assert "Record (brightwater): no entry on the watched registers mentions it yet" in text


def test_the_latest_of_each_of_three_registers_is_cited(change, report):
    records = [
        change(title=f"No. {number}", mentions=OURS, source=(f"r{number}", f"R{number}", "record"), id=100 + number,
               at=NOON - timedelta(days=number), fields={"status": ("a", "b")})
        for number in range(5)
    ]  # fmt: skip
    text = told(report, known=Background([report, *records]))
    assert [label for label in ("(R0)", "(R1)", "(R2)", "(R3)") if label in text] == ["(R0)", "(R1)", "(R2)"]


@pytest.mark.parametrize("published", ["2031-01-01T10:00:00+00:00", "soon", None])
def test_a_published_time_that_is_none_or_in_the_future_counts_as_the_time_it_was_seen(record, report, published):
    report.data["published"] = published
    assert "at least 2 h 2 min before this report" in told(report, known=Background([record]))


@pytest.mark.parametrize("published", ["2025-03-03T00:00:00+00:00", "2025-03-02T00:00:00+00:00"])
def test_a_report_dated_by_a_day_that_may_be_the_records_says_no_order(record, report, published):
    report.data["published"] = published
    text = told(report, known=Background([record]))
    assert "entry changed between 11:59 and 12:00 WET; which came first is not known: Quillon Pay" in text
    text = told(record, known=Background([report]))
    assert f"Report: {published[:10]}; which came first is not known: Quillon Pay is said" in text


def test_a_day_is_told_in_days(record, report):
    report.data["published"] = "2025-02-20T00:00:00+00:00"
    assert "Report: 2025-02-20, at least 9 d before this change: " in told(record, known=Background([report]))
    report.data["published"] = "0001-01-01T00:00:00+00:00"
    assert "Report: 0001-01-01, at least " in told(record, known=Background([report]))


@given(
    st.lists(st.integers(0, 6), min_size=4, max_size=4),
    st.sampled_from(["seen", "exact", "day"]),
    st.integers(-20, 20),
)
def test_an_order_is_said_only_where_all_that_the_readings_leave_open_agrees(minutes, how, offset):
    """`truth` are the earliest and the latest moments at which each may have happened."""
    first, until, seen_before, seen = (NOON + timedelta(minutes=5 * each) for each in minutes)
    record = Event(EventKind.CHANGE, *REGISTER, until, first, {"change": "changed", "key": "k", "title": "T", "url": None,
                   "fields": {"s": {"before": "a", "after": "b"}}, "published": None}, OURS, 11)  # fmt: skip
    data = {"change": "added", "key": "r", "title": "R", "url": None, "fields": {}, "published": None}
    truth = (seen_before if seen_before <= seen else None, seen)
    if how == "exact" and (said := seen + timedelta(minutes=offset)) < seen:
        data["published"], truth = said.isoformat(), (said, said)
    elif how == "day":
        day = NOON.replace(hour=0) + timedelta(days=offset)
        if day < seen:
            data["published"] = day.isoformat()
            truth = (day - timedelta(hours=14), min(seen, day + timedelta(hours=36)))
    report = Event(EventKind.CHANGE, *WIRE, seen, seen_before, data, OURS, 12)
    text = told(report, known=Background([record]))
    earliest = first if first <= until else None
    if truth[0] and until < truth[0]:
        assert "before this report" in text
    elif earliest and truth[1] < earliest:
        assert "after this report" in text
    else:
        assert "; which came first is not known" in text
    if data["published"] and how == "day":
        assert " s before" not in text
        assert " min before" not in text


def test_of_two_records_the_one_about_the_same_name_is_cited(change, report):
    names = [Mention("quillon", "Quillon Shipping", "Quillon Shipping", "title")]
    shipping = change(title="Quillon Shipping SA", mentions=names, source=REGISTER, id=22, at=NOON + timedelta(hours=1))
    pay = change(title="Quillon Pay, Lda", mentions=OURS, source=REGISTER, id=21, at=NOON)
    text = told(report, known=Background([report, shipping, pay]))
    assert "Quillon Pay, Lda (Register of licences)" in text
    assert "Quillon Shipping" not in text
    assert "Quillon Shipping SA (Register" in told(report, known=Background([report, shipping]))


def test_of_one_reading_the_entry_that_changed_is_cited_rather_than_one_that_came(change, record, report):
    came = change("added", "Quillon Pay Europe SA", mentions=OURS, source=REGISTER, id=12, at=NOON)
    text = told(report, known=Background([report, came, record]))
    assert "Quillon Pay, Lda, status: active → suspended (Register of licences)" in text
    assert "Quillon Pay Europe" not in text


def test_a_record_under_a_longer_name_is_about_the_same_name(change, report):
    longer = [Mention("quillon", "Quillon Pay Lda", "Quillon Pay, Lda", "title")]
    record = change(title="Quillon Pay, Lda", mentions=longer, source=REGISTER, id=21, at=NOON)
    first = stood({"title": "Quillon Pay, Lda", "url": None, "entities": ["quillon"]})
    assert "the register's entry changed between" in told(report, known=Background([report, record, first]))


def test_of_a_first_reading_the_entry_with_the_same_name_is_cited(report):
    items = [
        {"title": title, "url": None, "entities": ["quillon"]} for title in ("Quillon Shipping", "QUILLON PAY Lda")
    ]
    assert "QUILLON PAY Lda (Register of licences)" in told(report, known=Background([report, stood(*items)]))


def test_where_room_is_scarce_what_is_cited_goes_first(record, report):
    text = told(report, known=Background([record]), body_limit=150)
    assert "ADDED: Quillon Pay is said to have lost its licence" in text
    assert "Record" not in text


def test_what_is_cited_orders_nothing_in_a_chat(record, report):
    record.data["title"] = "@everyone <!channel> [x](https://evil.example)"
    text = told(report, known=Background([record]))
    assert "@everyone" not in text
    assert "<!channel" not in text


@pytest.mark.parametrize("authority", ["record", "report", "statement"])
@pytest.mark.parametrize("what", ["added", "changed", "removed", "reappeared", "rekeyed"])
@pytest.mark.parametrize("limit", [34, 250])
def test_every_title_says_who_what_happened_and_whose_word_it_is(change, authority, what, limit):
    event = change(what, "Quillon Pay", fields={"status": ("a", "b")}, source=("s", "Source", authority), mentions=OURS)
    title = compose([event], timezone=UTC, body_limit=1000, title_limit=limit).title
    happened = {"changed": ": a → b", "removed": ": removed", "reappeared": ": back", "rekeyed": ": a → b"}
    headline = what == "added" and authority != "record"
    assert title.startswith(f"Quillon Pay{'' if headline else happened.get(what, ': added')}")
    where = "Source" if authority == "record" else f"{authority}, Source"
    assert title.endswith((f" ({where})", f" ({authority})" if limit < 250 else "!"))


@pytest.mark.parametrize(("word", "label"), [("record", "Record"), ("wpis w KRS", "Wpis w KRS"), ("", "")])
def test_a_label_keeps_the_capital_letters_of_its_word(word, label):
    assert with_capital(word) == label
