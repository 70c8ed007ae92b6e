"""The values that go into the state and come out of it: plain and frozen, independent of the database.

changes     how an entry changed; a snapshot's difference
sources     health, pages and due times of a source
events      events, mentions, routes
details     what an entry's own page says of it
deliveries  deliveries and messages
commits     what one check writes
"""

from state.model.changes import NOTHING, Change, ChangeKind, Difference, FieldChange, Known, Standing, StoredEntry
from state.model.commits import Acceptance, Capture, CaptureKind, Commit
from state.model.deliveries import ChannelTrouble, Delivery, DeliveryState, Message
from state.model.details import Detail, DetailRead, DueDetail
from state.model.events import Alert, Event, EventKind, Mention, Proof, Route
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
    "Capture",
    "CaptureKind",
    "Change",
    "ChangeKind",
    "ChannelTrouble",
    "Commit",
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
    "Known",
    "Mention",
    "Message",
    "Prefetched",
    "Proof",
    "Route",
    "SourceState",
    "SourceStatus",
    "Standing",
    "Status",
    "StoredEntry",
    "StoredPage",
    "UnchangedCheck",
]
