"""Logging: one line for each record on standard error, without secrets and control characters."""

import logging
import sys

from watcher.terminal.console import is_journal, log_time, printable

OUR_LOGGERS = ("watch", "watcher", "alerts", "state", "sources")
_JOURNAL_LEVELS = ((logging.ERROR, "<3>"), (logging.WARNING, "<4>"), (logging.INFO, "<6>"), (logging.NOTSET, "<7>"))


class LineFormatter(logging.Formatter):
    """Formats a record as one line; only a traceback, shown with `-v`, takes more."""

    def __init__(self, *, journal: bool) -> None:
        super().__init__("%(message)s" if journal else "%(asctime)s %(levelname)s %(message)s")
        self.journal = journal

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - logging's name
        """The time, in the time zone of the configuration once that is loaded."""
        return log_time(record.created)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line with escaped line breaks, so that foreign text cannot add lines to the log."""
        record.message = printable(record.message).replace("\n", "\\n")
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        """The whole record. In the journal, each line starts with its priority."""
        text = printable(super().format(record))
        if not self.journal:
            return text
        priority = next(mark for level, mark in _JOURNAL_LEVELS if record.levelno >= level)
        return "\n".join(priority + line for line in text.splitlines())


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]  # of any stream
    """A class of our own, so that a second `setup` finds and replaces the handler."""


def setup(*, verbose: bool = False) -> None:
    """Log to standard error: this program's packages from INFO (`verbose`: DEBUG), libraries from WARNING."""
    logging.raiseExceptions = False  # a broken standard error must not print tracebacks
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _Handler)]:
        root.removeHandler(handler)
    handler = _Handler(sys.stderr)
    handler.setFormatter(LineFormatter(journal=is_journal()))
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in OUR_LOGGERS:
        logging.getLogger(name).setLevel(logging.DEBUG if verbose else logging.INFO)
