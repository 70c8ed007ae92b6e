"""`watch add`: look at a page, propose a source, show what it reads, and write it down when that is wanted."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from sources import Entry, Get, Page, Source, SourceError
from sources.http.fetcher import Fetcher
from sources.options import HttpOptions
from sources.text import clean, listing
from watcher.config.files import find as find_file
from watcher.config.files import shown
from watcher.config.load import Config, load
from watcher.errors import ConfigError, UsageError
from watcher.propose.block import append, block, name_for
from watcher.propose.documents.feed import linked
from watcher.propose.find import find
from watcher.propose.keys import explain, one_or_list
from watcher.propose.proposal import Proposal, tried
from watcher.terminal.console import complain, count, is_terminal, printable, say, table
from watcher.tools.saved_pages import saved_page
from watcher.tools.try_source import sharing_a_key

SHOWN = 5  # entries
_CELL = 44  # characters of a value
_COLUMNS = 2  # fields beside key and title
_UNKNOWN = "https://example.org/"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says: where to look, what to take as key, which proposal, under which name, and how."""

    address: str
    url: str | None = None
    key: Sequence[str] = ()
    name: str | None = None
    take: int = 1
    yes: bool = False


def offer(path: Path | None, wanted: Wanted) -> int:
    """Propose a source, and write it down if that is wanted: 0, or 1 when nothing can be read there.

    Raises ConfigError for a configuration that is broken already, UsageError for what cannot be done.
    """
    file, missing = _configuration(path)
    config = load(file) if file else None
    http = config.http if config else HttpOptions()
    try:
        page, proposals = _looked_at(wanted, http)
    except SourceError as error:
        complain(f"{wanted.address}: {error.code}: {error.message}")
        return 1
    if not proposals:
        complain(f"{wanted.address}: nothing on it repeats like the entries of a register")
        return 1
    chosen = _chosen(proposals, page, wanted, http)
    name = _name(wanted, page, config)
    url = None if chosen.own_address else page.get.url if urlsplit(page.get.url).scheme else _UNKNOWN
    text = block(name, chosen.kind, url, chosen.options, f"{chosen.what}; key: {_key_said(chosen)}")
    _show(chosen, proposals, page, text)
    if file is None:
        say(missing)
        return 2 if wanted.yes else 0
    return _write(file, text, name, wanted)


def _configuration(path: Path | None) -> tuple[Path | None, str]:
    """The configuration file, or None and what to say of it."""
    try:
        return find_file(path), ""
    except ConfigError as error:
        return None, f"nothing was written: {error.problems[0]}"


def _looked_at(wanted: Wanted, http: HttpOptions) -> tuple[Page, list[Proposal]]:
    """The page and what could be read from it; where nothing is, its feed, which is what it offers to programs.

    Raises SourceError and UsageError.
    """
    page = _page(wanted, http)
    found = find(page, http)
    if not any(proposal.key for proposal in found):
        for address in linked(page)[:1]:
            say(f"nothing repeats on {page.url}; looking at the feed that it links to")
            try:
                feed = _fetched(address, http)
            except SourceError as error:
                say(f"{address}: {error.message}", indent=2, hang=2)
            else:
                return (feed, feeds) if (feeds := find(feed, http)) else (page, found)
    return page, found


def _page(wanted: Wanted, http: HttpOptions) -> Page:
    """The page of an address, or a saved one. Raises SourceError and UsageError."""
    file = Path(wanted.address)
    if "://" not in wanted.address and file.exists():
        if file.is_dir():
            raise UsageError(f"{file} is a folder; give the file of one page, or the address of one")
        page = saved_page(Source().under(http), Get(wanted.url or str(file)), file, datetime.now(UTC))
        own = wanted.url or _own_address(page)
        return replace(page, get=Get(own), url=own) if own else page
    address = wanted.address if "://" in wanted.address else f"https://{wanted.address}"
    if urlsplit(address).scheme not in ("http", "https"):
        raise UsageError(f'{wanted.address} is neither a file nor an address that begins with "https://" or "http://"')
    return _fetched(address, http)


def _fetched(address: str, http: HttpOptions) -> Page:
    async def fetch() -> Page:
        async with aclosing(Fetcher(http, clock=lambda: datetime.now(UTC))) as fetcher:
            return await fetcher.session(Source(url=address)).fetch(Get(address))

    return asyncio.run(fetch())


def _own_address(page: Page) -> str | None:
    """The address that a saved page gives as its own."""
    try:
        root = page.html
    except SourceError:
        return None
    own = [link.get("href") for link in root.iter("link") if link.get("rel") == "canonical"]
    own += [meta.get("content") for meta in root.iter("meta") if meta.get("property") == "og:url"]
    return next((address for address in own if address and address.startswith(("https://", "http://"))), None)


def _chosen(proposals: Sequence[Proposal], page: Page, wanted: Wanted, http: HttpOptions) -> Proposal:
    if not 0 < wanted.take <= len(proposals):
        raise UsageError(f"--take {wanted.take}: there are {count(len(proposals), 'proposal')}")
    if not wanted.key:
        return proposals[wanted.take - 1]
    for proposal in proposals[wanted.take - 1 :]:
        names = {name.casefold(): name for name in proposal.columns}
        if all(name.casefold() in names for name in wanted.key):
            return _with_key(proposal, [names[name.casefold()] for name in wanted.key], page, http)
    seen = listing(proposals[wanted.take - 1].columns, most=30)
    raise UsageError(f"--key: {listing(wanted.key)} cannot be the key of {proposals[0].what}; it has {seen}")


def _with_key(proposal: Proposal, names: Sequence[str], page: Page, http: HttpOptions) -> Proposal:
    """The proposal with another key. Raises UsageError when its kind cannot read with that."""
    several = len(names) > 1
    value = f"[{', '.join(names)}]" if several and proposal.kind == "json" else one_or_list(names)
    changed = replace(proposal, options={**proposal.options, "key": value}, key=explain(proposal.columns, names))
    held = tried(changed, page, http)
    if held is None:
        raise UsageError(f"--key: the kind {proposal.kind} cannot read the page with {listing(names)} as its key")
    return held


def _name(wanted: Wanted, page: Page, config: Config | None) -> str:
    taken = list(config.sources) if config else []
    if wanted.name is None:
        return name_for(page.get.url, _title(page), taken)
    if wanted.name in taken:
        raise UsageError(f'--name: there is a source "{wanted.name}" already')
    return wanted.name


def _title(page: Page) -> str:
    try:
        return next((clean(title.text or "") for title in page.html.iter("title")), "")
    except SourceError:
        return ""


def _key_said(proposal: Proposal) -> str:
    key = proposal.key
    if key is None:
        return "there is one entry"
    return f"{listing(key.names)}: {key.why}" if key.names else key.why


def _show(chosen: Proposal, proposals: Sequence[Proposal], page: Page, text: str) -> None:
    entries = count(len(chosen.entries), "entry", "entries") + (", and a next page" if chosen.more else "")
    say(f"{page.url}: {chosen.what}, read by the kind {chosen.kind}: {entries}")
    say(f"key: {_key_said(chosen)}", hang=2)
    if shared := sharing_a_key(chosen.entries):
        say(f"{shared} entries share their key: their edits will be seen as one removed and one added", hang=2)
    say()
    _table(chosen.entries)
    for number, other in enumerate(proposals, 1):
        if other.what != chosen.what:
            say(f"also there (--take {number}): {other.what}", hang=2)
    print(printable(f"\n{text}"))  # noqa: T201 - to be copied, so never wrapped


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


def _write(file: Path, text: str, name: str, wanted: Wanted) -> int:
    """Ask where a person can answer; write only what was agreed to."""
    if _UNKNOWN in text:
        say("a saved page does not say where it is from: give its address with --url, then it can be written down")
        return 2 if wanted.yes else 0
    if not wanted.yes and not _agreed(file):
        return 0
    append(file, text)
    say(f"written to {shown(file)}; `watch try {name}` reads it, `watch --once --source {name}` takes its baseline")
    return 0


def _agreed(file: Path) -> bool:
    if not _can_answer():
        say(f"nothing was written; --yes writes these lines at the end of {shown(file)}")
        return False
    try:
        answer = input(f"write it at the end of {shown(file)}? [y/N] ")
    except EOFError:
        answer = ""
    return answer.strip().lower() in ("y", "yes")


def _can_answer() -> bool:
    return is_terminal() and sys.stdin is not None and sys.stdin.isatty()
