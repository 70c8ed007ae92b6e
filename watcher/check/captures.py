"""What of a check is kept as evidence. Pure."""

from __future__ import annotations

from sources import Source
from state.model import Capture, CaptureKind
from watcher.check.outcome import Accepted, Checked, DetailsChanged, Suspicious


def capture_of(
    kind: CaptureKind, found: Accepted | DetailsChanged | Suspicious, checked: Checked, name: str, source: Source
) -> Capture:
    """The pages to keep as evidence, with facts about the source."""
    about = {
        "name": name,
        "label": source.label_or(name),
        "kind": source.kind,
        "authority": source.authority,
    }
    if isinstance(found, Suspicious):
        doubt = {"reason": found.doubt.code, "message": found.doubt.message}
        return Capture(kind, checked.began, found.pages, about, doubt=doubt)
    pages = [*found.pages, *(found.details.pages if found.details else ())]
    entries = found.difference.count if isinstance(found, Accepted) else None
    return Capture(kind, checked.began, pages, about, entries=entries)
