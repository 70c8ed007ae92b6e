"""Letters: each event is in one round, each text is stored once, and what becomes of a letter."""

from datetime import UTC, datetime, timedelta

from state.model import DeliveryState
from state.storage.readers import AT_ONCE, BOUNCES, MAIL, Draft, LetterText, Round
from state.store import Store
from tests.storing import add_event, came

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEXT = LetterText("k", "Title", "Text", "<div>Text</div>", "https://desk.example/changes/1")


def drafts(*readers: str) -> list[Draft]:
    return [Draft(who, MAIL, [1], [7]) for who in readers]


def test_a_round_is_written_once(store: Store) -> None:
    first = Round(7, NOW)
    assert store.letters.write_round(AT_ONCE, None, first, drafts("ann"), NOW)
    assert not store.letters.write_round(AT_ONCE, None, first, drafts("ann"), NOW)
    assert not store.letters.write_round(AT_ONCE, Round(6, NOW), Round(8, NOW), drafts("ann"), NOW)
    assert store.letters.write_round(AT_ONCE, first, Round(8, NOW), [], NOW)
    assert store.letters.rounds() == {AT_ONCE: Round(8, NOW)}
    assert [(each.who, each.follows, each.events) for each in store.letters.all()] == [("ann", [1], [7])]


def test_changes_are_read_between_two_numbers_in_parts(store: Store) -> None:
    numbers = [add_event(store, came(f"{number}", NOW), [], NOW).id for number in range(7)]
    assert store.letters.last_event(0) == numbers[-1]
    assert store.letters.last_event(numbers[-1]) == numbers[-1]
    found = [event.id for event in store.letters.changes(numbers[0], numbers[5], most=2)]
    assert found == numbers[1:6]


def test_a_text_is_stored_once_for_all_letters(store: Store) -> None:
    store.letters.write_round(AT_ONCE, None, Round(7, NOW), drafts("ann", "bob"), NOW)
    ann, bob = store.letters.due(NOW, NOW, 10)
    number = store.letters.compose([ann], TEXT.key, lambda: TEXT, NOW)
    assert store.letters.compose([bob], TEXT.key, lambda: TEXT._replace(title="never made"), NOW) == number
    assert store.letters.texts([number, number]) == {number: TEXT}
    assert {each.text_id for each in store.letters.all()} == {number}


def test_what_is_sent_or_dead_is_not_due(store: Store) -> None:
    store.letters.write(drafts("ann", "bob", "cid"), TEXT, NOW)
    ann, bob, cid = store.letters.due(NOW, NOW, 10)
    for each in (ann, bob, cid):
        store.letters.trying(each)
    store.letters.sent(ann, NOW)
    store.letters.note_failure([bob], "451 later", NOW + timedelta(minutes=1))
    store.letters.note_failure([cid], "given up", None)
    assert store.letters.due(NOW, NOW, 10) == []
    (again,) = store.letters.due(NOW + timedelta(minutes=1), NOW, 10)
    assert (again.who, again.attempts, again.error) == ("bob", 1, "451 later")
    assert store.letters.counts() == {"pending": 1, "sent": 1, "dead": 1}
    assert [each.who for each in store.letters.all(DeliveryState.DEAD)] == ["cid"]


def test_a_letter_of_the_future_is_due_as_the_clock_was_moved_back(store: Store) -> None:
    store.letters.write(drafts("ann"), TEXT, NOW)
    assert store.letters.due(NOW - timedelta(days=365), NOW - timedelta(days=365), 10)


def test_the_last_bounce_in_a_row_stops_what_waits(store: Store) -> None:
    store.letters.write(drafts("ann", "ann", "bob"), TEXT, NOW)
    accepted = store.letters.due(NOW, NOW, 1)[0]
    assert not store.letters.note_bounce("ann", "550 nobody")
    store.letters.sent(accepted, NOW)
    assert [store.letters.note_bounce("ann", "550 nobody") for _ in range(BOUNCES)] == [False] * (BOUNCES - 1) + [True]
    assert store.readers.all()["ann"].stopped == "550 nobody"
    assert store.letters.counts() == {"pending": 1, "sent": 1, "dead": 1}


def test_old_letters_go_with_their_texts(store: Store) -> None:
    store.letters.write(drafts("ann", "bob"), TEXT, NOW)
    ann, _ = store.letters.due(NOW, NOW, 10)
    store.letters.sent(ann, NOW)
    assert store.letters.expire(NOW, 10) == 0
    assert store.letters.expire(NOW + timedelta(seconds=1), 10) == 1
    (bob,) = store.letters.all()
    assert store.letters.texts([bob.text_id or 0])
    store.letters.drop([bob])
    store.letters.write(drafts("cid"), TEXT._replace(key="other"), NOW)
    store.letters.sent(store.letters.all()[0], NOW)
    store.letters.expire(NOW + timedelta(seconds=1), 10)
    assert store.letters.texts([bob.text_id or 0]) == {}


def test_nobody_is_served_until_somebody_follows(store: Store) -> None:
    assert not store.outbox.serves_readers()
    store.letters.write(drafts("ann"), TEXT, NOW)
    assert store.outbox.serves_readers()
