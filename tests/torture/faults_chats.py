"""Messages with buttons in two chats, killed at every step of sending, pressing and showing: one decision, shown in all.

Telegram's API is played on loopback. The public gets once what somebody approved, and nothing that nobody did.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from tests.telegram_api import TOKEN, RefusedError, TelegramServer
from tests.torture.databases import on_server
from tests.torture.desks import Register, register, tally
from tests.torture.processes import until
from tests.torture.rows import Fault

AT_ONCE = 3
DUTY, CHIEF = "-1001", "-1002"
SENDING = ("before_send", "after_send", "after_note", "after_mark")
APPROVING = ("press_taken", "deciding", "decided", "press_answered", "message_edited")
ACKNOWLEDGING = ("press_taken", "acknowledging", "acknowledged", "press_answered", "message_edited")
ONCE = "1 decision, shown in all, 2 answers, lost 0, twice 0"
NONE = "1 decision, shown in all, 2 answers, sent 0"
MARKED = "1 decision, shown in all, 2 answers"
CHATS = """
[bots.telegram]
kind = "telegram"
token = "{token}"
api = "{api}"
chats = [-1001, -1002]
[channels.duty]
url = "tgram://{token}/-1001"
buttons = true
[channels.chief]
url = "tgram://{token}/-1002"
buttons = true
[channels.public]
url = "{hook}/public"
approve = ["duty", "chief"]
[[alerts]]
to = {to}
"""


def faults() -> Iterator[Fault]:
    for point in SENDING:
        yield Fault(f"SIGKILL {_words(point)} of a question", ONCE, partial(killed_asking, point))
    for point in APPROVING:
        yield Fault(f"SIGKILL {_words(point)} to approve", ONCE, partial(killed_pressing, point))
    for point in ("press_taken", "deciding", "decided", "press_answered"):
        yield Fault(f"SIGKILL {_words(point)} to reject", NONE, partial(killed_pressing, point, "reject"))
    for point in ACKNOWLEDGING:
        yield Fault(f"SIGKILL {_words(point)} to acknowledge", MARKED, partial(killed_marking, point, "ack"))
    for point in ("press_taken", "press_answered", "message_edited"):
        yield Fault(f"SIGKILL {_words(point)} to snooze", MARKED, partial(killed_marking, point, "snooze"))
    yield Fault("a press reported 20 times, to two workers if there are", ONCE, heard_often)
    yield Fault("rejected, then approved in the other chat, 10 times", NONE, partial(rejected, 10))
    yield Fault("the token is revoked, and works again", "others told, operator told, then told here", revoked)


def _words(point: str) -> str:
    return point.replace("_", " ")


@contextmanager
def chats(to: str = '["public"]') -> Iterator[tuple[Register, TelegramServer]]:
    """A register with two chats, after its first snapshot."""
    with register() as case:
        telegram, hook = TelegramServer(case.site), case.site.url("").replace("http", "json")
        case.site.page("/public")
        case.configure(more=CHATS.format(token=TOKEN, api=case.site.url(""), hook=hook, to=to))
        assert case.program.once().code == 0
        telegram.messages.clear()  # that it is watched
        yield case, telegram


def press(telegram: TelegramServer, verb: str) -> None:
    """Two people press at once, each in one chat."""
    for chat, who, name in ((DUTY, 7, "Anna"), (CHIEF, 8, "Boris")):
        telegram.press(chat, telegram.data(chat, verb), who, name)


def run_until_shown(case: Register, telegram: TelegramServer, answers: int = 2) -> None:
    """A daemon, or two workers, until all presses are answered and all messages say something."""
    for _ in range(2 if on_server() else 1):
        case.program.start(*(["worker"] if on_server() else []))
    until(lambda: len(dict(telegram.toasts)) >= answers and all(map(decision, telegram.messages.values())))


def decision(message: dict[str, object]) -> str:
    """What a message says that was decided, and by whom."""
    found = re.search(r"<b>((Approved|Rejected|Acknowledged): [^,]*|telegram: .*|list: .*)", f"{message['text']}")
    return found[1] if found else ""


def outcome(case: Register, telegram: TelegramServer, decisions: str = "actions", answers: int = 2) -> str:
    said = {decision(each) for each in telegram.messages.values()}
    shown = "shown in all" if len(said) == 1 else f"shown {said}"
    number = case.program.ask(f"SELECT count(*) FROM {decisions}")
    told = len(dict(telegram.toasts))
    return f"{number} decision, {shown}, {2 if told == answers else f'of {answers} {told}'} answers"


def killed_asking(point: str) -> str:
    with chats() as (case, telegram):
        case.show("B")
        assert case.program.once(failpoint=f"{point}:KILL").code == -signal.SIGKILL
        assert case.program.once().code == 0
        press(telegram, "approve")
        run_until_shown(case, telegram)
        return f"{outcome(case, telegram)}, {public(case)}"


def killed_pressing(point: str, verb: str = "approve") -> str:
    with chats() as (case, telegram):
        case.show("B")
        assert case.program.once().code == 0
        press(telegram, verb)
        daemon = case.program.start(*(["worker"] if on_server() else []), failpoint=f"{point}:KILL")
        assert daemon.wait().code == -signal.SIGKILL
        run_until_shown(case, telegram)
        return f"{outcome(case, telegram)}, {public(case, verb)}"


def killed_marking(point: str, verb: str) -> str:
    with chats('["duty", "chief"]') as (case, telegram):
        case.show("B")
        assert case.program.once().code == 0
        press(telegram, verb)
        daemon = case.program.start(*(["worker"] if on_server() else []), failpoint=f"{point}:KILL")
        assert daemon.wait().code == -signal.SIGKILL
        run_until_shown(case, telegram)
        return outcome(case, telegram)


def heard_often() -> str:
    with chats() as (case, telegram):
        case.show("B")
        assert case.program.once().code == 0
        data = telegram.data(DUTY, "approve")
        for _ in range(10):
            for number in ("1", "2"):
                telegram.press(DUTY, data, 7, "Anna", number)
        run_until_shown(case, telegram)
        return f"{outcome(case, telegram)}, {public(case)}"


def rejected(times: int) -> str:
    with chats() as (case, telegram):
        case.show("B")
        assert case.program.once().code == 0
        telegram.press(DUTY, telegram.data(DUTY, "reject"), 7, "Anna")
        approve = telegram.data(CHIEF, "approve")
        for _ in range(times):
            telegram.press(CHIEF, approve, 8, "Boris")
        run_until_shown(case, telegram, 1 + times)
        return f"{outcome(case, telegram, answers=1 + times)}, {public(case, 'reject')}"


def public(case: Register, verb: str = "approve") -> str:
    """What the public got."""
    if verb == "approve":
        until(lambda: bool(case.told("/public")))
    told = case.told("/public")
    return tally(told, 1) if verb == "approve" else f"sent {len(told)}"


def revoked() -> str:
    with chats('["duty", "chief"]') as (case, telegram):
        telegram.refuse[""] = RefusedError(401, "Unauthorized")
        case.show("B")
        case.program.start(*(["worker"] if on_server() else []))
        until(lambda: any(each.is_change for each in case.told()))
        until(lambda: any("ot telegram is not heard" in each.title for each in case.told("/ops")))
        telegram.refuse.clear()
        until(lambda: len(telegram.messages) == 2)
        return "others told, operator told, then told here"
