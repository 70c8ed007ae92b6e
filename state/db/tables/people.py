"""The tables of people: what waits for them, what they did at the desk, and what they set up there.

Only that loads them, as each table takes a millisecond or two.
"""

from datetime import datetime

from sqlalchemy import JSON, Boolean, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlmodel import Field

from state.db.tables.core import Number, Utc, columns, make_table, parent
from state.db.tables.rows import TableRow, table
from state.model import Event


class Snooze(TableRow, table=True):
    """What is snoozed (a source or an entity), since when and until when, and who wants that."""

    kind: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)
    until: datetime = Field(sa_type=Utc)
    who: str

    def covers(self, event: Event) -> bool:
        """Whether an event is about it. One that began in the future is of a clock that was moved back."""
        about = self.name == event.source if self.kind == "source" else self.name in event.entities
        return about and self.at <= event.at < self.until


SNOOZES = table("snoozes", Snooze)

# A message that has to be approved: by which channels (`asked_by`), until when, and what became of it.
APPROVALS = make_table(
    "approvals",
    *columns(Number, "id", primary_key=True),
    parent("message_id", "messages", index=True),
    *columns(Utc, "asked"),
    *columns(Utc, "until", nullable=True),
    *columns(String, "then"),
    *columns(JSON, "asked_by"),
    *columns(String, "state"),
    *columns(String, "who", nullable=True),
    *columns(Utc, "decided", nullable=True),
    Index(None, "state", "until"),
)
# A change that a channel is reminded of until somebody acknowledges it: `every` seconds, next at a time.
ESCALATIONS = make_table(
    "escalations",
    *columns(Number, "id", primary_key=True),
    parent("event_id", "events"),
    *columns(String, "channel"),
    *columns(Integer, "every"),
    *columns(Utc, "began", "next_at"),
    *columns(Integer, "times"),
    UniqueConstraint("event_id", "channel"),
    Index(None, "next_at"),
)
# A change that somebody has marked as handled.
HANDLED = make_table(
    "handled",
    parent("event_id", "events", primary_key=True),
    *columns(Utc, "at"),
    *columns(String, "who"),
)
# When a person last looked at the desk, and when the visit before that one ended.
VISITS = make_table(
    "visits",
    *columns(String, "who", primary_key=True),
    *columns(Utc, "at"),
    *columns(Utc, "before", nullable=True),
)
# An action that a person took: who, what (`accept`, `retry`, ...) and on which subject.
# `link` binds it to the action before it (`storage/actions`); None for those of before there were links.
ACTIONS = make_table(
    "actions",
    *columns(Number, "id", primary_key=True),
    *columns(Utc, "at"),
    *columns(String, "who", "what", "subject"),
    *columns(LargeBinary, "link", nullable=True),
    Index(None, "at"),
)
# The random value that the key of a feed is derived from.
FEED_KEYS = make_table(
    "feed_keys",
    *columns(String, "feed", primary_key=True),
    *columns(LargeBinary, "value"),
)
# An edit of the configuration at the desk: what an object is from then on, as JSON; None if it was deleted.
# `pause` is an object, too: of a source, with the time until which it is not checked.
REVISIONS = make_table(
    "config_revisions",
    *columns(Integer, "id", primary_key=True),
    *columns(String, "object", "name"),
    *columns(String, "document", nullable=True),
    *columns(String, "who"),
    *columns(Utc, "at"),
    *columns(Boolean, "is_current"),
    Index(None, "object", "name", unique=True, sqlite_where=text("is_current"), postgresql_where=text("is_current")),
)
