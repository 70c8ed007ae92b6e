"""The bots of a daemon: a thread for each that hears what people press and ask, and one that has messages say what was
decided. A fault of a bot stays with it; the operator is told of one that is not heard any more.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from state.errors import StateError
from state.store import Store
from watcher.config.load import Config
from watcher.delivery.operator_alerts import TELL_AFTER, tell_service
from watcher.errors import LASTING
from watcher.runtime.background import put_off

if TYPE_CHECKING:
    from alerts.chat.bot import BotEars, ChatQuestion, Press

log = logging.getLogger(__name__)

EVERY = 2.0  # seconds between two looks at decisions
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds without a bot that cannot be heard; doubled each time
_LAST = 10.0  # seconds for a press that is being done at the end


class Bots:
    """All bots of a configuration: begun and ended with the daemon, and anew with each configuration. Without
    bots and buttons nothing runs, and nothing is loaded.
    """

    def __init__(self, config: Config, store: Store, clock: Callable[[], datetime]) -> None:
        self._config, self._store, self._clock = config, store, clock
        self._attendants = list[_Attendant]()
        self._threads = list[threading.Thread]()
        self._news, self._ending = threading.Event(), threading.Event()

    def __enter__(self) -> Callable[[Config], None]:
        self.use(self._config)
        return self.use

    def __exit__(self, *_: object) -> None:
        self._end()
        for thread in self._threads:
            thread.join(_LAST)

    def _end(self) -> None:
        self._ending.set()
        self._news.set()
        for each in self._attendants:
            each.ears.stop()

    def use(self, config: Config) -> None:
        """Use another configuration from now on. What is under way with the former one ends by itself, as the daemon
        must not wait for it.
        """
        self._end()
        self._config, self._news, self._ending = config, threading.Event(), threading.Event()
        self._attendants, self._threads = [], []
        if not config.bots and not any(each.buttons for each in config.channels.values()):
            return
        from alerts.chat.choice import open_ears  # noqa: PLC0415 - few have bots

        for name, bot in config.bots.items():
            ears = open_ears(name, bot, config.secrets, config.http, self._clock)
            attendant = _Attendant(name, ears, config, self._store, self._clock, self._news.set)
            self._attendants.append(attendant)
            self._begin(f"bot {name}", attendant.attend, self._ending)
        self._begin("bots", self._show, config, self._ending, self._news)

    def _begin(self, name: str, run: Callable[..., None], *args: object) -> None:
        self._threads.append(threading.Thread(target=run, args=args, name=name, daemon=True))
        self._threads[-1].start()

    def _show(self, config: Config, ending: threading.Event, news: threading.Event) -> None:
        """Have messages say what was decided, soon after a press, and each EVERY seconds."""
        from watcher.bots.decisions import ShownDecisions  # noqa: PLC0415 - few have bots

        shown = ShownDecisions(config, self._store, self._clock)
        while not ending.is_set():
            news.clear()
            try:
                shown.update()
            except StateError as error:
                log.error("messages do not say what was decided: %s", error, extra=LASTING)
            except Exception:
                log.exception("messages do not say what was decided: unexpected fault")
            news.wait(EVERY)


class _Attendant:
    """Who listens to one bot: an `Ear`. Each press is done here; `tell` is called after it."""

    def __init__(
        self,
        name: str,
        ears: BotEars,
        config: Config,
        store: Store,
        clock: Callable[[], datetime],
        tell: Callable[[], None],
    ) -> None:
        self.ears = ears
        self._name, self._config, self._store, self._clock, self._tell = name, config, store, clock, tell
        self._failing_since: datetime | None = None
        self._is_known = False  # whether it is known that the bot works, or that it does not

    def attend(self, ending: threading.Event) -> None:
        """Listen until told to end, and again after each fault."""
        from alerts.chat.bot import BotError  # noqa: PLC0415 - few have bots

        pause = _FIRST_PAUSE
        while not ending.is_set():
            wait, began = timedelta(), self._failing_since
            try:
                self.ears.listen(self)
            except BotError as error:
                log.warning("bot %s is not heard: %s", self._name, error, extra=LASTING)
                wait = error.wait or wait
                now = self._clock()
                self._failing_since = self._failing_since or now
                if error.revoked or now - self._failing_since >= TELL_AFTER:
                    self._alert(str(error))
            except StateError as error:
                log.error("bot %s: presses wait: %s", self._name, error, extra=LASTING)
            except Exception:
                log.exception("bot %s: unexpected fault", self._name)
            pause = _FIRST_PAUSE if began is None else min(2 * pause, _LONGEST_PAUSE)
            ending.wait(max(pause, wait.total_seconds()))

    def press(self, press: Press) -> str:
        """Do what somebody has pressed for. Raises StateError: then it is reported once more."""
        from watcher.bots.decisions import decide_press  # noqa: PLC0415 - few have bots

        try:
            return self._answer(decide_press, press, self._clock)
        finally:
            self._tell()

    def ask(self, question: ChatQuestion) -> str:
        """The answer to a question. Raises StateError: then it is asked once more."""
        from watcher.bots.questions import answer  # noqa: PLC0415 - few have bots

        return self._answer(answer, question)

    def _answer(self, make: Callable[..., str], *told: object) -> str:
        try:
            return make(self._config, self._store, *told)
        except StateError:
            raise
        except Exception:
            log.exception("bot %s: what was pressed or asked cannot be answered: unexpected fault", self._name)
            return ""

    def works(self) -> None:
        """It is heard: the operator is told if he was told that it is not."""
        if self._failing_since or not self._is_known:
            self._alert("")
        self._failing_since, self._is_known = None, True

    def _alert(self, why: str) -> None:
        with put_off(f"nobody is alerted of bot {self._name}"):
            tell_service(self._store, self._config, self._clock(), f"bot {self._name}", "bot", why)
