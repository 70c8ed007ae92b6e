"""What machines said of changes: kept once, told beside each change, gone with it, and nothing to a check."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event, func, select

from sources import Entry
from state.db.limited import VisibleNames
from state.db.tables.seldom import TOLD_CHANGES, TRANSLATED_TEXTS
from state.store import Store
from tests.storing import add_event, came

TOLD = {
    "title": "Licence revoked",
    "fields": {"Status": {"before": None, "after": "over"}},
    "text": None,
    "engine": "E",
}


def rows(store: Store) -> tuple[int, int]:
    """How many texts, and how many told changes, there are."""
    with store._database.reading() as connection:
        texts, told = (connection.scalar(select(func.count()).select_from(t)) for t in (TRANSLATED_TEXTS, TOLD_CHANGES))
    return texts or 0, told or 0


def test_a_text_is_known_in_the_language_that_it_was_asked_for_in(store: Store, noon: datetime) -> None:
    store.translations.keep_texts({"Отозвана": ("Revoked", "E"), "Новая": ("New", "E")}, "en", noon)
    store.translations.keep_texts({"Отозвана": ("Withdrawn", "D")}, "en", noon)
    assert store.translations.texts(["Отозвана", "Новая", "Нет"], "en") == {
        "Отозвана": ("Withdrawn", "D"),
        "Новая": ("New", "E"),
    }
    assert store.translations.texts(["Отозвана"], "de") == {}


def test_thousands_of_texts_are_kept_and_found(store: Store, noon: datetime) -> None:
    answers = {f"Запись {number} \ud800": (f"Entry {number}", "E") for number in range(2500)}
    store.translations.keep_texts(answers, "en", noon)
    assert store.translations.texts(answers, "en") == answers


def test_a_translation_goes_along_with_its_change_and_says_no_secret(url: str, noon: datetime) -> None:
    with Store.open(url, hide=lambda text: text.replace("hunter2", "${KEY}")) as store:
        change = add_event(store, came("a", noon), ["mail"], noon)
        for _ in range(2):
            store.translations.tell({change.id: {**TOLD, "text": "hunter2"}, 999: TOLD}, "en")
        store.translations.tell({change.id: TOLD}, "de")
        ((_, marks),) = store.discussion.along([change])
        assert marks.translations == {"de": TOLD, "en": {**TOLD, "text": "${KEY}"}}
        assert store.discussion.of_change(change.id) == marks
        assert store.discussion.of_changes([change.id]) == {}
        with store._database.reading() as connection:
            words = connection.scalars(select(TOLD_CHANGES.c.words).order_by(TOLD_CHANGES.c.language)).all()
        assert words == [" licence revoked over ", " licence revoked over key "]


def test_a_summary_and_a_translation_stand_beside_each_other(url: str, noon: datetime) -> None:
    with Store.open(url, hide=lambda text: text.replace("hunter2", "${KEY}")) as store:
        change = add_event(store, came("a", noon), ["mail"], noon)
        store.translations.sum_up({change.id: {"text": "Fee hunter2 rises.", "engine": "E"}, 999: {}}, "en")
        assert store.discussion.of_change(change.id).translations == {}
        store.translations.tell({change.id: TOLD}, "en")
        store.translations.sum_up({change.id: {"text": "Gebühr", "engine": "E"}}, "de")
        marks = store.discussion.of_change(change.id)
    assert marks.translations == {"en": TOLD}
    assert marks.summaries == {
        "en": {"text": "Fee ${KEY} rises.", "engine": "E"},
        "de": {"text": "Gebühr", "engine": "E"},
    }


def test_translations_go_with_their_changes(store: Store, noon: datetime) -> None:
    old, new = (add_event(store, came(title, at), [], at) for title, at in (("a", noon), ("b", noon + timedelta(9))))
    store.translations.tell({old.id: TOLD, new.id: TOLD}, "en")
    store.translations.keep_texts({"а": ("a", "E")}, "en", noon)
    store.translations.keep_texts({"б": ("b", "E")}, "en", noon + timedelta(9))
    store.retention.expire(noon + timedelta(1), 100)
    assert rows(store) == (1, 1)
    assert store.discussion.of_change(new.id).translations == {"en": TOLD}


def test_a_check_reads_and_writes_nothing_of_it(store: Store, desk: Any, noon: datetime) -> None:
    statements = list[str]()
    event.listen(store._database._engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    desk.check("list", [Entry("a", "Ada"), Entry("b", "Ben")])
    desk.check("list", [Entry("a", "Ada"), Entry("c", "Cleo")])
    desk.alert("mail", key="a")
    desk.compose(*store.outbox.due(noon))
    store.retention.expire(noon - timedelta(1), 100)
    store.forget("list")
    assert statements
    assert not [each for each in statements if "translated" in each or "told_changes" in each]


def test_entries_are_found_by_translated_words_as_far_as_somebody_may_see(
    store: Store, desk: Any, noon: datetime
) -> None:
    for name in ("one", "two"):
        desk.check(name, [Entry("a", "Отозвана"), Entry("b", "Новая")])
    changes = [add_event(store, came("a", noon, "ada", source=each), [], noon) for each in ("one", "two")]
    store.translations.tell({each.id: TOLD for each in changes}, "en")
    store.translations.tell({changes[0].id: TOLD}, "de")
    first, second = sorted(store.translations.find_entries([" licence", " revoked "]))
    find = store.translations.find_entries
    assert len({first, second}) == 2
    assert find([" licence"], store.entries.source_number("one")) == [first]
    assert find([" licen "]) == find([" lic%ce"]) == []
    assert store.limited(VisibleNames(("two",))).translations.find_entries([" licence"]) == [second]
    assert store.limited(VisibleNames(("one", "two"), ("ben",))).translations.find_entries([" licence"]) == []


def test_the_texts_of_an_engine_are_counted_since_a_time(store: Store, noon: datetime) -> None:
    store.translations.keep_texts({"a": ("A", "E"), "b": ("B", "E"), "c": ("C", "D")}, "en", noon)
    store.translations.keep_texts({"a": ("A", "E")}, "de", noon + timedelta(hours=1))
    counts = [store.translations.count_texts("E", noon + timedelta(minutes=minutes)) for minutes in (0, 1, 61)]
    assert counts == [3, 1, 0]
