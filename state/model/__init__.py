"""The values that go into the state and come out of it: plain and frozen, independent of the database.

changes     how an entry changed; a snapshot's difference
sources     health, pages and due times of a source
events      events, mentions, routes
details     what an entry's own page says of it
deliveries  deliveries and messages
commits     what one check writes
history     times without a reading, and the number of checks
"""

from state.model.changes import (
    NOTHING,
    Change,
    ChangeKind,
    Detail,
    DetailRead,
    Difference,
    DueDetail,
    FieldChange,
    Known,
    Standing,
    StoredEntry,
)
from state.model.commits import Acceptance, Capture, CaptureKind, Commit, Rhythm
from state.model.deliveries import (
    ApprovalState,
    ChannelTrouble,
    Delivery,
    DeliveryState,
    HeldMessage,
    Message,
    Past,
)
from state.model.events import Alert, Approval, Event, EventKind, Mention, Proof, Route
from state.model.history import DayTally, Unread, WhyUnread, add_check, day_tally
from state.model.sources import (
    Habits,
    Health,
    Prefetched,
    SourceState,
    SourceStatus,
    Status,
    StoredPage,
    UnchangedCheck,
)

__all__ = [
    "NOTHING",
    "Acceptance",
    "Alert",
    "Approval",
    "ApprovalState",
    "Capture",
    "CaptureKind",
    "Change",
    "ChangeKind",
    "ChannelTrouble",
    "Commit",
    "DayTally",
    "Delivery",
    "DeliveryState",
    "Detail",
    "DetailRead",
    "Difference",
    "DueDetail",
    "Event",
    "EventKind",
    "FieldChange",
    "Habits",
    "Health",
    "HeldMessage",
    "Known",
    "Mention",
    "Message",
    "Past",
    "Prefetched",
    "Proof",
    "Rhythm",
    "Route",
    "SourceState",
    "SourceStatus",
    "Standing",
    "Status",
    "StoredEntry",
    "StoredPage",
    "UnchangedCheck",
    "Unread",
    "WhyUnread",
    "add_check",
    "day_tally",
]
