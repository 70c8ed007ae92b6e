"""Prints a proposal: what it reads, the reasons for its key, the first entries, the other proposals."""

from __future__ import annotations

from collections.abc import Sequence

from sources import Entry, Page
from sources.text import listing
from watcher.propose.proposal import Proposal
from watcher.terminal.console import printable, say
from watcher.terminal.tables import table
from watcher.terminal.words import count

SHOWN = 5  # entries
_CELL = 44  # characters of a value
_COLUMNS = 2  # fields besides key and title


def show(chosen: Proposal, proposals: Sequence[Proposal], page: Page, remarks: Sequence[str], shared: int) -> None:
    """Print a proposal, and remarks about it; `shared` is the number of its entries that share their key."""
    entries = count(len(chosen.entries), "entry", "entries")
    say(f"{page.url}: {chosen.what}, read by the kind {chosen.kind}: {entries}")
    say(f"key: {key_words(chosen)}", hang=2)
    for remark in remarks:
        say(remark, hang=2)
    if shared:
        say(f"{shared} entries share their key: their edits will be seen as one removed and one added", hang=2)
    say()
    _table(chosen.entries)
    for number, other in enumerate(proposals, 1):
        if other.what != chosen.what:
            say(f"also there (--take {number}): {other.what}", hang=2)


def show_block(text: str) -> None:
    """Print the block that would be written. It is not wrapped, so that it can be copied."""
    print(printable(f"\n{text}"))  # noqa: T201 - the command's own output


def key_words(proposal: Proposal) -> str:
    """The key of a proposal, with the reasons for and against it."""
    key = proposal.key
    if key is None:
        return "there is one entry"
    return f"{listing(key.names)}: {key.why}" if key.names else key.why


def _table(entries: Sequence[Entry]) -> None:
    fields = list(dict.fromkeys(name for entry in entries for name in entry.fields))
    telling = [
        name
        for name in fields
        if any(entry.fields.get(name) not in (None, entry.key, entry.title) for entry in entries)
    ]
    names = telling[:_COLUMNS]
    titled = any(entry.title != entry.key for entry in entries)
    headings = ["key", *(["title"] if titled else []), *names]
    rows = [
        [entry.key, *([entry.title] if titled else []), *(entry.fields.get(name, "") for name in names)]
        for entry in entries[:SHOWN]
    ]
    table(headings, [[_short(cell) for cell in row] for row in rows])
    if len(entries) > SHOWN:
        say(f"... and {len(entries) - SHOWN} more")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _CELL else f"{line[: _CELL - 1]}…"
