"""`watch import`: read a file of another program or a CSV file of names, show what becomes of it, and write it after
consent.

A file that somebody else wrote is read up to a limit, in the format that it shows: lists of feeds (OPML), CSV files of
addresses and plain lists of them here, those of other programs in modules of their own.
"""

import io
import json
import os
import re
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from anyascii import anyascii
from lxml import etree
from pydantic import ValidationError

from alerts.message.wording import cut
from alerts.options import Entity
from alerts.recognition import identifiers
from alerts.screening.facts import read_facts
from sources import Get, Source, SourceError
from sources.errors import BadDocument
from sources.formats.delimited import read_loosely
from sources.formats.xml import SAFE, local_name
from sources.options import BrowserOptions, HttpOptions, parse_duration
from sources.reading.engine import first_url
from sources.text import clean
from watcher.config.files import find as find_file
from watcher.config.files import read, shown
from watcher.config.load import Config, load
from watcher.errors import ConfigError, UsageError
from watcher.importing.changedetection import read_archive, read_json
from watcher.importing.job import WORDS, Imported, ImportedJob, JobList, LeftOut, find_kind, hide_login, left_out
from watcher.importing.targets import is_feed
from watcher.importing.urlwatch import read_jobs
from watcher.propose.block import append, block, name_for, table_block, unused_name
from watcher.propose.complete import ignore_volatile
from watcher.propose.find import guess, look_around, with_authority
from watcher.propose.site import Site
from watcher.terminal.console import ask_yes, can_answer, complain, print_json, say
from watcher.terminal.words import count

MOST_BYTES = 20_000_000


def jobs_in(path: Path) -> JobList:
    """The jobs of a file, in the format that its content shows. Raises UsageError."""
    content = _read(path)
    if content.startswith(b"PK"):
        return read_archive(path)
    begin = content[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    if begin.startswith(b"<"):
        return read_opml(content)
    text = _as_text(content, path)
    if begin.startswith(b"{") and (found := read_json(text)):
        return found
    ending = path.suffix.lower()
    if ending in {".csv", ".tsv", ".txt", ".list"}:
        return read_addresses(text, plain=ending in {".txt", ".list"})
    try:
        return read_jobs(text)
    except UsageError:
        if ending in {".yaml", ".yml"}:
            raise
        return read_addresses(text, plain=False)  # the name does not say what it is


def _read(path: Path) -> bytes:
    """A file, or the beginning of an archive, which has a limit of its own."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except IsADirectoryError:
        raise UsageError(f"{path} is a folder; give a file in it") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > MOST_BYTES and not content.startswith(b"PK"):
        raise UsageError(f"{path} is larger than {MOST_BYTES // 1_000_000} MB, the most that is read of such a file")
    return content


def _as_text(content: bytes, path: Path) -> str:
    """The text of a file: UTF-8, or UTF-16 with its mark. Raises UsageError."""
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8") from None


_MOST_OUTLINES = 50_000
_LONGEST_GROUP = 300  # characters of the names of all outlines around a feed


def read_opml(content: bytes) -> JobList:
    """The feeds and pages of a list; the outlines around one are its group. Raises UsageError for what is no OPML, is
    nested too deeply, or declares entities.
    """
    try:
        root = etree.fromstring(content, etree.XMLParser(**SAFE))
    except etree.XMLSyntaxError as error:
        raise UsageError(f"this is not well-formed OPML: {error}") from None
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and dtd.entities():  # a few of them may stand for gigabytes
        raise UsageError("this XML declares entities; no feed reader writes such a list, so it is not read")
    if local_name(root.tag).lower() != "opml":
        raise UsageError("this XML is not OPML: its first element is not opml")
    jobs, groups = list[ImportedJob](), dict[etree._Element | None, str]()  # noqa: SLF001 - lxml has no public name
    for element in (each for each in root.iter("*") if local_name(each.tag).lower() == "outline"):
        given = {str(name).lower(): str(value) for name, value in element.items()}
        title, group = given.get("title") or given.get("text") or "", groups.get(element.getparent(), "")
        url = given.get("xmlurl") or given.get("url") or given.get("htmlurl")
        groups[element] = group if url else cut(" / ".join(filter(None, [group, title])), _LONGEST_GROUP)
        if url:
            job = ImportedJob(f"outline {len(jobs) + 1}: {hide_login(title or url)}", label=title, group=group)
            with left_out(job):
                job.set_address(url)
            job.look = not (given.get("xmlurl") or is_feed(url))
            job.kind = job.kind if job.look else "feed"
            jobs.append(job)
            if len(jobs) > _MOST_OUTLINES:
                raise UsageError(f"it has more than {_MOST_OUTLINES:,} feeds".replace(",", " "))
    return "OPML", jobs or [ImportedJob("the list", left="it has no feed and no page")]


MOST_ROWS = 50_000


def rows(text: str) -> list[list[str]]:
    """The rows of a CSV file with commas, semicolons, tabs or "|". Raises UsageError."""
    try:
        found = [list(map(str.strip, row)) for row in islice(read_loosely(io.StringIO(text)), MOST_ROWS + 1)]
    except BadDocument as error:
        raise UsageError(f"this CSV cannot be read: {error.message}") from None
    if len(found) > MOST_ROWS:
        raise UsageError(f"it has more than {MOST_ROWS:,} rows".replace(",", " "))
    return found


def name_cells(row: list[str], of: str) -> list[str]:
    """What each cell of a heading stands for in a list `of` addresses or entities; an unknown name behind "?"."""
    columns = {word: name for name, words in WORDS["columns"][of].items() for word in words}
    return [columns.get(cell.casefold().lstrip("\ufeff").replace("_", " "), f"?{cell}") for cell in row]


def unread(cells: Mapping[str, Any]) -> list[str]:
    """What is told of the values of a row in columns that are not known."""
    return [f"column “{name[1:80]}”, which is not read" for name, cell in cells.items() if cell and name[:1] == "?"]


def read_addresses(text: str, *, plain: bool) -> JobList:
    """The addresses of a file. Raises UsageError when it has none. `plain` is a file without columns, in which a comma
    is part of an address.
    """
    lines = [[line.strip()] for line in text.splitlines() if line.strip()][:MOST_ROWS] if plain else rows(text)
    names = name_cells(lines[0], "addresses") if lines else []
    first = 2 if "url" in names else 1
    table = [(number, row) for number, row in enumerate(lines[first - 1 :], first) if row]
    cells = [(at, dict(zip(names, row, strict=False)) if first > 1 else _guess_row(row)) for at, row in table]
    if not any("://" in each.get("url", "") for _, each in cells):
        raise UsageError("this is not a list of addresses: no row has one, and no column is called url")
    return "a list of addresses", [_row_job(number, each) for number, each in cells]


def _guess_row(row: list[str]) -> dict[str, str]:
    """A row without headings: its address, and the first of the other cells as the name."""
    if len(row) == 1 and " " in row[0] and "://" in row[0].split()[0]:  # "https://... tag": another program's list
        url, _, rest = row[0].partition(" ")
        return {"url": url, "group": rest.strip("[]' ")}
    url = next((cell for cell in row if "://" in cell), row[0])
    others = [cell for cell in row if cell and cell != url]
    return {"url": url, "label": others[0] if others else ""}


def _row_job(number: int, row: Mapping[str, str]) -> ImportedJob:
    url, label = row.get("url", ""), row.get("label", "")
    job = ImportedJob(f"row {number}: {hide_login(label or url)}", label=label, group=row.get("group", ""), look=True)
    job.without += unread(row)
    with left_out(job):
        job.set_address(url)
        try:
            if every := row.get("every"):
                parse_duration(every)
                job.options["every"] = every
        except ValueError as error:
            raise LeftOut(f"every: {error}") from None
    if is_feed(job.url):
        job.kind, job.look = "feed", False
    return job


_TYPED = ("inn", "ogrn", "lei", "cik", "domain", "imo", "aircraft", "wallet", "law")
_SEPARATOR = re.compile(r"\s*[;|\n]\s*")


@dataclass(slots=True)
class ListedEntity(Imported):
    """A row, with the table of its entity."""

    kind: str = "entity"
    table: dict[str, Any] = field(default_factory=dict)


def _row(number: int, cells: Mapping[str, list[str]]) -> ListedEntity:
    names = list(dict.fromkeys(cells.get("names", [])))
    title = f"row {number}: {names[0][:80] if names else '(no name)'}"
    row = ListedEntity(title, group=", ".join(cells.get("groups", [])), name="".join(cells.get("id", [])[:1]))
    table: dict[str, Any] = {"names": names, "context": cells.get("context"), "not": cells.get("not")}
    table["identifiers"] = _identifiers(cells, row)
    facts = {name: "; ".join(cells.get(name, ())) for name in ("birth_date", "country")}
    read = read_facts((), **facts)
    for (name, text), known in zip(facts.items(), (read.births, read.countries), strict=True):
        table |= {name: text} if known else {}
        row.without += [f"{name} “{text[:80]}”, which is not understood"] if text and not known else []
    row.table = {name: values for name, values in table.items() if values}
    try:
        Entity.model_validate(row.table)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        row.left = "it has no name" if not names else str(first["msg"]).removeprefix("Value error, ")
    return row


def _identifiers(cells: Mapping[str, list[str]], row: ListedEntity) -> list[str]:
    """The identifiers that are right; those that are not are told."""
    given = list(cells.get("identifiers", []))
    for kind in _TYPED:
        # of an address, the domain alone
        values = [re.sub(r"^https?://(?:www\.)?|/.*$", "", value) for value in cells.get(kind, [])]
        given += [f"{kind.upper() if kind != 'domain' else kind} {value}" for value in values]
    right = list[str]()
    for text in dict.fromkeys(given):
        try:
            identifiers.read(text)
        except ValueError as error:
            row.without.append(f"identifier {error}")
        else:
            right.append(text)
    return right


def run(options: Namespace) -> int:
    """Import a file: 0, or 1 if nothing in it can be imported. `options` are the arguments of the command
    (watcher/commands/import_.py). Raises ConfigError if the configuration has errors already, and UsageError for a file
    that cannot be read.
    """
    main, missing = None, ""
    try:
        main = find_file(options.config)
    except ConfigError as error:
        missing = f"nothing was written: {error.problems[0]}"
    if main and options.into:
        _check_included(main, options.into)
    config = load(main) if main else None
    format_, results = (_read_entities if options.entities else _read_sources)(options, config)
    good = [result for result in results if not result.left]
    if not options.json:
        show(options.file, format_, results, entities=options.entities)
    written = None
    if good and main is None:
        (complain if options.json else say)(missing)
    elif good and main and (options.yes or (not options.json and _ask(options.into or main, len(good)))):
        append(main, "\n".join(result.text for result in good), options.into)
        written = options.into or main
        if not options.json:
            _say_next(written, len(good), options, has_channels=bool(config and config.channels))
    if options.json:
        print_json(as_json(format_, results, written))
    if not good:
        return 1
    return 2 if options.yes and not written else 0


def _check_included(main: Path, into: Path) -> None:
    """Raise UsageError unless the configuration includes the file that the tables are to be written into."""
    patterns = read(main).root.get("include", [])
    given = [pattern for pattern in patterns if isinstance(pattern, str)] if isinstance(patterns, list) else []
    inside = os.path.relpath(into.absolute(), main.parent)
    if not any(fnmatchcase(inside, pattern) or fnmatchcase(str(into.absolute()), pattern) for pattern in given):
        what = f"add it to include, which has {', '.join(given)}" if given else f"write include = {[inside]} at its top"
        raise UsageError(f"{shown(main)} does not include {into}: {what}")


def _read_sources(options: Namespace, config: Config | None) -> tuple[str, Sequence[Imported]]:
    format_, jobs = jobs_in(options.file)
    for job in jobs:
        if options.every:
            job.options.setdefault("every", options.every)
        if not job.left:
            job.check()
    if options.look:
        with Site(config.http, config.browser) if config else Site(HttpOptions(), BrowserOptions()) as site:
            wanted = [job for job in jobs if job.look and not job.left]
            for number, job in enumerate(wanted, 1):
                if not options.json:
                    say(f"looking at {number} of {len(wanted)}: {job.url}")
                try:
                    _look(job, site)
                except SourceError as error:
                    what = f"it could not be looked at ({error.code}: {error.message}), so its text is compared"
                    job.without.append(what)
    _name_sources(jobs, config)
    return format_, jobs


def _look(job: ImportedJob, site: Site) -> None:
    """Fetch the page of a job that selects nothing on it, and give it the best kind that has a key. A page that only
    its scripts fill is rendered, if there is a browser. Raises SourceError.
    """
    site.plain()
    if job.options.get("fetch") == "browser":  # as the other program has it rendered
        site.render()
    page, proposals = look_around(site.fetch(Get(job.url)), site, lambda _: None)
    best = next((each for each in proposals if each.key or each.own_address or each.kind == "record"), None)
    if best is None:  # the text of the page is compared, which a browser may have to fill
        for text in (ignore_volatile(each, page, site) for each in proposals[:1]):
            job.without += text.remarks
            job.options = {**text.options, **job.options}
        job.options = {**site.options, **job.options}
        return
    before = job.kind, job.url, job.options
    best = with_authority(best, guess(page, best, {}).authority)
    job.without += filter(None, [site.moved(page)])
    job.kind, job.url, job.options = best.kind, page.get.url, {**best.options, **job.options}
    job.check()
    if job.left:  # what the job says of its requests is not for this kind
        job.kind, job.url, job.options, job.left = *before, ""


def _name_sources(jobs: Sequence[ImportedJob], config: Config | None) -> None:
    """Give the jobs names of their own, and tables; leave out those that are sources already."""
    http = config.http if config else HttpOptions()
    sources = config.sources if config else {}
    taken, known = dict.fromkeys(sources, 1), {_signature(source): name for name, source in sources.items()}
    for job in (job for job in jobs if not job.left):
        job.name = unused_name(name_for(job.url, job.label, ()), taken)
        built = find_kind(job.kind).model_validate({"url": job.url, **job.table}).under(http)
        same = known.setdefault(_signature(built), job.name)
        if same != job.name:
            job.left = f"the source {same} reads the same in the same way"
            continue
        taken[job.name] = 1
        remark = ", ".join(filter(None, [job.title, job.group]))
        job.text = block(job.name, job.kind, job.url, job.table, remark)


def _signature(source: Source) -> str:
    """What a source reads, and how."""
    options = source.model_dump(mode="json", exclude={"label", "enabled", "every", "was"})
    return json.dumps([source.kind, first_url(source), options], sort_keys=True, default=str)


def _read_entities(options: Namespace, config: Config | None) -> tuple[str, Sequence[Imported]]:
    """The entities of a file, with ids and names that no other has. Raises UsageError when no column has names."""
    lines = rows(_as_text(_read(options.file), options.file))
    columns, first, table = name_cells(lines[0], "entities") if lines else [], 2, lines[1:]
    if "names" not in columns:
        if any(len(line) > 1 for line in lines) or not lines:
            seen = ", ".join(lines[0][:10]) if lines else "nothing"
            raise UsageError(f'no column has names: call one of them "name"; the first row has {seen}')
        columns, first, table = ["names"], 1, lines  # a plain list of names
    known, found = config.entities if config else {}, list[ListedEntity]()
    ids = dict.fromkeys(known, 1)
    named = {_alike(each.names, each.birth_date): f"the entity {name} has these names" for name, each in known.items()}
    for number, line in ((number, line) for number, line in enumerate(table, first) if line):
        # the values of each known column; those of columns with one meaning stand together
        cells: dict[str, list[str]] = {}
        for column, cell in zip(columns, line, strict=False):
            values = [clean(value) for value in _SEPARATOR.split(cell) if clean(value)]
            if values:
                cells.setdefault(column, []).extend(values)
        found.append(row := _row(number, cells))
        row.without += unread(cells)
        alike = _alike(row.table.get("names", ()), row.table.get("birth_date"))
        row.left = row.left or named.get(alike, "")
        if row.left:
            continue
        named[alike] = f"it has the names of {row.title}"
        plain = re.sub(r"[^a-z0-9]+", "-", anyascii(row.name or row.table["names"][0]).lower())
        row.name = unused_name(plain.strip("-")[:40].strip("-") or "entity", ids)
        ids[row.name] = 1
        row.text = table_block("entities", row.name, row.table, row.group)
    return "a list of names", found


def _alike(names: Iterable[str], born: str | None) -> tuple[frozenset[str], str]:
    """Equal for the same person: whoever is born on another day is a namesake."""
    return frozenset(map(str.casefold, names)), born or ""


def _ask(target: Path, number: int) -> bool:
    tables = count(number, "table")
    if can_answer():
        return ask_yes(f"write {tables} at the end of {shown(target)}?")
    say()
    say(f"nothing was written; --yes writes {tables} at the end of {shown(target)}")
    return False


def _say_next(target: Path, number: int, options: Namespace, *, has_channels: bool) -> None:
    say()
    if options.entities:
        what = count(number, "entity", "entities")
        say(f"{what} written to {shown(target)}; `watch match TEXT` tries them", hang=2)
        return
    say(f"{count(number, 'source')} written to {shown(target)}; `watch --once` takes their baselines", hang=2)
    if not has_channels:
        say("no channel is configured yet, so alerts are only printed: add [channels.NAME] and [[alerts]]", hang=2)


_SAME = 3  # jobs with one reason, from which on they are named in one line
_RUNS = 12  # of their numbers, at most


def show(file: Path, format_: str, results: Sequence[Imported], *, entities: bool) -> None:
    """How many can be imported, what is left out, and what the others lose."""
    good = [result for result in results if not result.left]
    what = ("row", "entity", "entities") if entities else ("job", "source", "sources")
    say(f"{file}: {format_}: {len(good)} of {count(len(results), what[0])} can be imported", hang=2)
    if not entities:
        kinds = sorted({result.kind for result in good})
        by_kind = ", ".join(f"{sum(result.kind == name for result in good)} {name}" for name in kinds)
        say(f"kinds: {by_kind or 'none'}", hang=2)
    left = [f"{result.title}: {result.left}" for result in results if result.left]
    # a line for each job and reason; one for all jobs of a reason that many have
    lost = [(why, result.title) for result in good for why in dict.fromkeys(result.without)]
    jobs: dict[str, list[str]] = {}
    for why, title in lost:
        jobs.setdefault(why, []).append(title)
    without = [f"{title}: {why}" for why, title in lost if len(jobs[why]) < _SAME]
    without += [f"{why}: {_together(titles)}" for why, titles in jobs.items() if len(titles) >= _SAME]
    for heading, lines in (("left out", left), ("without", without)):
        if lines:
            say()
            say(f"{heading}:")
        for line in lines:
            say(line, indent=2, hang=2)


def _together(titles: Sequence[str]) -> str:
    """Many jobs by their numbers: "4 jobs (watch 1-3, 7)"."""
    found = [re.match(r"(\w+) (\d+)", title) for title in titles]
    numbers = sorted({int(each[2]) for each in found if each})
    runs = [[each for _, each in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    shown = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs[:_RUNS])
    more = sum(map(len, runs[_RUNS:]))
    rest = f" and {more} more, which --json names" if more else ""
    word = next((each[1] for each in found if each), "job")
    return f"{count(len(titles), 'job')} ({word} {shown}{rest})"


def as_json(format_: str, results: Sequence[Imported], written: Path | None) -> dict[str, Any]:
    """The same for programs; every job with all of its reasons."""
    good = [result for result in results if not result.left]
    return {
        "format": format_,
        "jobs": len(results),
        "imported": [
            {"job": each.title, "name": each.name, "kind": each.kind, "without": each.without} for each in good
        ],
        "left": [{"job": result.title, "reason": result.left} for result in results if result.left],
        "written": str(written) if written else None,
    }
