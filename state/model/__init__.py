"""The values that go into the state and come out of it: plain and frozen, independent of the database.

changes  how an entry changed, what its own page says of it; a snapshot's difference; what one check writes
sources  health, pages and due times of a source; times without a reading, and the number of checks
past     captures that others kept of a source: which count, and what changed between them
events   events, mentions, clearings, routes; deliveries and messages
"""

from state.model.changes import (
    NOTHING,
    Acceptance,
    Capture,
    CaptureKind,
    Change,
    ChangeKind,
    Commit,
    Detail,
    DetailRead,
    Difference,
    DueDetail,
    FieldChange,
    Known,
    Receipt,
    Rhythm,
    Standing,
    StoredEntry,
)
from state.model.events import (
    UNMARKED,
    Alert,
    Approval,
    ApprovalState,
    ChannelTrouble,
    Clearing,
    Comment,
    Delivery,
    DeliveryState,
    Event,
    EventKind,
    Handled,
    HeldMessage,
    Importance,
    Marks,
    Mention,
    Message,
    Past,
    Proof,
    Route,
)
from state.model.past import PastCapture, PastWitness
from state.model.sources import (
    DAMAGED,
    CheckTimes,
    DayTally,
    Habits,
    Health,
    Prefetched,
    SourceState,
    SourceStatus,
    Status,
    StoredPage,
    Unread,
    WhyUnread,
    add_check,
    day_tally,
)
