"""Deliveries: those that wait, were given up or were sent, and what people do about them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field, SkipValidation

from alerts.language import mark, phrase
from alerts.message import wording
from alerts.message.titles import LONGEST, compose_title
from sources.text import clean
from state.model import ApprovalState, Delivery, DeliveryState, Handled, HeldMessage
from state.storage.people import BY_TIME
from state.store import Store
from watcher.config.load import Config
from watcher.errors import StaleTextError, UsageError
from watcher.reports import NO_DELIVERIES, ReportModel, Time
from watcher.terminal import words
from watcher.terminal.console import complain, person, print_json, say, table
from watcher.terminal.words import change_line, moment

_MOST_LINES = 30  # of a message that has to be approved
_DECIDED = {"approve": "approved", "reject": "rejected"}
_DONE = {"retry": "due now: the daemon sends it within seconds, else `watch --once` does", "drop": "given up"}
_OTHERWISE = {"retry": "that is waiting or dead", "drop": "that is waiting"}


class DeliveryReport(ReportModel):
    """One alert for one channel: held (deferred), unapproved, pending, sent or dead. `error` is what the server
    answered.

    `message` is the number of the message that it is part of: all in one are sent, and approved, together.
    """

    id: int
    state: str
    channel: str
    created: Time
    due: Time
    attempts: int
    sent: Time | None
    next_try: Time | None
    error: str | None
    event: int
    source: str
    about: str
    message: int | None
    changed_since: Time | None = Field(description="of an unapproved one: when its register changed after its text")
    delivery: Annotated[Delivery, SkipValidation] = Field(exclude=True, repr=False)


def report_delivery(delivery: Delivery, now: datetime, store: Store) -> DeliveryReport:
    """One delivery. Raises StateError."""
    later = store.approvals.later([delivery.id]) if delivery.unapproved else []
    state = "unapproved" if delivery.unapproved else "held" if delivery.is_held(now) else delivery.state.value
    event = delivery.event
    names = ("id", "channel", "created", "due", "attempts", "sent", "next_try", "error", "message")
    return DeliveryReport(
        **{name: getattr(delivery, name) for name in names},
        state=state,
        event=event.id,
        source=event.source,
        about=compose_title([event], LONGEST, clean),
        changed_since=later[-1].at if later else None,
        delivery=delivery,
    )


class LetterReport(ReportModel):
    """A letter to a reader about what he follows, by mail or at one of his browsers: pending, sent or dead."""

    id: int
    state: str
    who: str
    by: str
    events: list[int]
    created: Time
    due: Time
    attempts: int
    sent: Time | None
    error: str | None


def report_letters(store: Store, states: Iterable[DeliveryState], limit: int) -> list[LetterReport]:
    """The newest letters to readers in these states; none where nobody is served. Raises StateError."""
    if not store.outbox.serves_readers():
        return []
    found = (each for state in states for each in store.letters.all(state, limit))
    return [LetterReport.model_validate(each, from_attributes=True) for each in found]


def decide(
    store: Store, config: Config, held: HeldMessage | None, *, approve: bool, who: str, now: datetime, seen: int = 0
) -> str:
    """Approve or reject a held message; a line about what was done.

    Raises UsageError where it was decided already, or is gone; StaleTextError where the register has changed since,
    after the change that was `seen`; and StateError.
    """
    if held is None:
        raise UsageError("no such message waits for an approval")
    store.approvals.expire(now)  # who comes late decides nothing, also before the daemon has looked
    later = store.approvals.later(held.deliveries) if approve else []
    if later and later[-1].id > seen:
        since = "; ".join(f"{change_line(event)}, {moment(event.at, config.timezone)}" for event in later)
        what = f"{held.title}: the register has changed since this text was made: {since}"
        raise StaleTextError(what, later[-1].id)
    if not store.approvals.decide(held.id, approve=approve, who=who, now=now):
        raise UsageError(explain_decision(store.approvals.find(held.id) or held, config))
    if approve:
        return phrase("{title}: approved: it is sent within seconds, or by `watch --once`", title=held.title)
    return phrase("{title}: rejected: it is not sent", title=held.title)


def explain_decision(held: HeldMessage, config: Config) -> str:
    """What became of a text that had to be approved, with its title."""
    return wording.label_text(held.title, tell_decision(held, config))


def tell_decision(held: HeldMessage, config: Config) -> str:
    """What became of a text that had to be approved, by whom, and when; "" while it waits."""
    if held.state is ApprovalState.WAITING or held.decided is None:
        return "" if held.deliveries else phrase("Nothing of it waits any more.")
    when = wording.moment(held.decided, config.timezone, seconds=False)
    if held.state is ApprovalState.EXPIRED:
        return phrase("Nobody approved it in time: dropped, {when}", when=when)
    if held.who == BY_TIME:
        return phrase("Nobody answered in time: sent all the same, {when}", when=when)
    is_approved = held.state is ApprovalState.APPROVED
    done = mark("Approved: {name}, {when}") if is_approved else mark("Rejected: {name}, {when}")
    return phrase(done, name=held.who, when=when)


def explain_acknowledgement(handled: Handled, config: Config) -> str:
    """Who has acknowledged a change before, and when."""
    at = wording.moment(handled.at, config.timezone, seconds=False)
    return phrase("{name} has acknowledged it already, at {when}.", name=handled.who, when=at)


def act(store: Store | None, action: str, ids: Sequence[int], *, as_json: bool) -> int:
    """Retry or drop deliveries. Returns the exit code: 2 if one of the numbers is unknown. Raises StateError."""
    done, unknown = list[int](), list[int]()
    for number in ids:
        found = store is not None and (store.outbox.retry(number) if action == "retry" else store.outbox.drop(number))
        (done if found else unknown).append(number)
    if as_json:
        print_json({"action": action, "done": done, "unknown": unknown})
    elif done:
        say(f"{', '.join(map(str, done))}: {_DONE[action]}")
    for number in unknown:
        complain(f"there is no delivery {number} {_OTHERWISE[action]}; `watch deliveries` shows them")
    return 2 if unknown else 0


def decide_all(
    store: Store | None, config: Config, action: str, ids: Sequence[int], *, as_json: bool, seen: int
) -> int:
    """Approve or reject the messages of deliveries: the exit code, 2 if one cannot be decided. Raises StateError."""
    done, unknown = list[int](), list[int]()
    for number in ids:
        held = store.approvals.of_delivery(number) if store else None
        if store is None or held is None or number in done:  # several deliveries may be in one message
            unknown += [] if number in done else [number]
            continue
        try:
            now, approve = datetime.now(UTC), action == "approve"
            line = decide(store, config, held, approve=approve, who=person(), now=now, seen=seen)
        except UsageError as error:
            stale = error.seen if isinstance(error, StaleTextError) else 0
            how = f"; to send it all the same: watch deliveries approve {number} --seen {stale}" if stale else ""
            complain(f"{number}: {error}{how}")
            unknown.append(number)
            continue
        done += held.deliveries
        if not as_json:
            say(f"{', '.join(map(str, held.deliveries))}: {line}")
    if as_json:
        print_json({"action": action, "done": done, "unknown": unknown})
    if unknown:
        complain(f"{', '.join(map(str, unknown))}: not {_DECIDED[action]}; `watch deliveries` shows what waits")
    return 2 if unknown else 0


def show(store: Store | None, config: Config, *, sent: bool, limit: int, as_json: bool) -> None:
    """Print the newest deliveries: those that were sent, else those that wait or were given up. Raises StateError."""
    now, states = datetime.now(UTC), [DeliveryState.SENT] if sent else [DeliveryState.PENDING, DeliveryState.DEAD]
    stored = [each for state in states for each in store.outbox.deliveries(state, limit)] if store else []
    found = [report_delivery(each, now, store) for each in stored] if store else []
    counts = store.outbox.counts() if store else NO_DELIVERIES
    letters = report_letters(store, states, limit) if store else []
    if as_json:
        to_readers = {"letters": [each.dump() for each in letters]} if letters else {}
        print_json({"deliveries": [each.dump() for each in found], "counts": counts, **to_readers})
    elif sent:
        _print_sent(config, found, counts)
    else:
        _print_waiting(config, found, counts, limit, now)
        for held in store.approvals.waiting() if store and counts["unapproved"] else []:
            # The exact message that has to be approved, without most of a long text
            say()
            then = "sent all the same" if held.then == "send" else "dropped"
            until = f", until {moment(held.until, config.timezone)}, else it is {then}" if held.until else ""
            say(f"{', '.join(map(str, held.deliveries))}: to approve, for {held.channel}{until}:", hang=4)
            for event in store.approvals.later(held.deliveries) if store else []:
                say(f"The register has changed since: {change_line(event)}", indent=4, hang=4)
            lines = held.text.splitlines()
            for line in (held.title, *lines[:_MOST_LINES]):
                say(line, indent=4, hang=4)
            if len(lines) > _MOST_LINES:
                say(f"and {len(lines) - _MOST_LINES} more lines: the desk shows all of them", indent=4)
    if letters and store and not as_json:
        say()
        faults = [f": {each.error}" if each.error else "" for each in letters]
        told = Counter(f"{e.state} to {e.who} by {e.by}{fault}" for e, fault in zip(letters, faults, strict=True))
        for line, number in told.items():
            say(f"{words.count(number, 'letter')} {line}", hang=4)
        sums = ", ".join(f"{number} {state}" for state, number in store.letters.counts().items())
        say(f"{sums} of letters to readers")


def _print_sent(config: Config, deliveries: Sequence[DeliveryReport], counts: Mapping[str, int]) -> None:
    if deliveries:
        times = (moment(each.sent, config.timezone) if each.sent else "-" for each in deliveries)
        rows = [(str(e.id), e.channel, at, str(e.attempts), e.about) for e, at in zip(deliveries, times, strict=True)]
        table(["ID", "CHANNEL", "SENT", "TRIES", "ABOUT"], rows, right=["ID", "TRIES"])
        say()
    more = f", the newest {len(deliveries)} of them shown" if len(deliveries) < counts["sent"] else ""
    say(f"{counts['sent']} sent{more}, times in {config.timezone}")


def _print_waiting(
    config: Config, deliveries: Sequence[DeliveryReport], counts: Mapping[str, int], limit: int, now: datetime
) -> None:
    rows, answers = list[list[str]](), defaultdict[str, list[int]](list)
    for each in deliveries:
        following = "-"
        if each.next_try is not None and each.state != "unapproved":
            following = "now" if each.next_try <= now else f"in {words.about(each.next_try - now)}"
        since = moment(each.created, config.timezone)
        rows.append([str(each.id), each.state, each.channel, since, str(each.attempts), following, each.about])
    if rows:
        table(["ID", "STATE", "CHANNEL", "SINCE", "TRIES", "NEXT", "ABOUT"], rows, right=["ID", "TRIES"])
        say()
    for each in sorted((each for each in deliveries if each.error), key=lambda each: each.id):
        answers[f"{each.channel}: {each.error}"].append(each.id)  # each answer of a server once
    for answer, numbers in answers.items():
        say(f"{', '.join(map(str, numbers))}: {answer}", hang=4)
    if held := [each.due for each in deliveries if each.delivery.is_held(now)]:
        say(f"{counts['held']} held for later, the first of them until {moment(min(held), config.timezone)}")
    if counts["unapproved"]:
        how = "`watch deliveries approve ID` sends it, `watch deliveries reject ID` does not"
        say(f"{counts['unapproved']} unapproved: {how}", hang=4)
    say(f"{counts['pending']} waiting, {counts['dead']} given up, {counts['sent']} sent")
    if counts["pending"] + counts["held"] > limit or counts["dead"] > limit:
        say(f"only the newest {limit} of each are shown")
    if deliveries:
        say("`watch deliveries retry ID` tries one again, `watch deliveries drop ID` gives it up")
