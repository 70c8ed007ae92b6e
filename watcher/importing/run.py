"""`watch import`: read a file of another program, show what becomes of it, and write it after consent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sources import Source
from sources.options import BrowserOptions, HttpOptions
from sources.reading.engine import first_url
from watcher.config.files import find as find_file
from watcher.config.files import shown
from watcher.config.load import Config, load
from watcher.errors import ConfigError
from watcher.importing import report
from watcher.importing.entities import Row
from watcher.importing.entities import find as find_entities
from watcher.importing.job import Job, check, model, unused
from watcher.importing.lists.read_file import jobs_in, text_in
from watcher.importing.look import look
from watcher.importing.place import check_place, write
from watcher.importing.report import Result
from watcher.propose.block import block, name_for, table_block
from watcher.propose.site import Site
from watcher.terminal.console import ask_yes, can_answer, complain, print_json, say
from watcher.terminal.words import count

_NOT_COMPARED = {"label", "enabled", "every", "was"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The arguments of the command line."""

    file: Path
    entities: bool = False
    look: bool = False
    every: str | None = None
    into: Path | None = None
    yes: bool = False
    json: bool = False


def run(path: Path | None, wanted: Wanted) -> int:
    """Import a file: 0, or 1 if nothing in it can be imported.

    Raises ConfigError if the configuration has errors already, and UsageError for a file that cannot be read.
    """
    main, missing = _configuration(path)
    if main:
        check_place(main, wanted.into)
    config = load(main) if main else None
    format_, results = _entities(wanted, config) if wanted.entities else _sources(wanted, config)
    good = [result for result in results if not result.left]
    if not wanted.json:
        report.show(wanted.file, format_, results, entities=wanted.entities)
    written = _written(main, missing, good, wanted)
    if written and not wanted.json:
        _say_next(written, len(good), wanted, has_channels=bool(config and config.channels))
    if wanted.json:
        print_json(report.as_json(format_, results, written))
    if not good:
        return 1
    return 2 if wanted.yes and not written else 0


def _configuration(path: Path | None) -> tuple[Path | None, str]:
    """The configuration file, or None and the reason."""
    try:
        return find_file(path), ""
    except ConfigError as error:
        return None, f"nothing was written: {error.problems[0]}"


def _sources(wanted: Wanted, config: Config | None) -> tuple[str, list[Result]]:
    found = jobs_in(wanted.file)
    for job in found.jobs:
        if wanted.every:
            job.options.setdefault("every", wanted.every)
        if not job.left:
            check(job)
    if wanted.look:
        with _site(config) as site:
            look(found.jobs, site, lambda _: None if wanted.json else say(_))
    return found.format, list(_named(found.jobs, config))


def _site(config: Config | None) -> Site:
    return Site(config.http, config.browser) if config else Site(HttpOptions(), BrowserOptions())


def _named(jobs: Sequence[Job], config: Config | None) -> Iterator[Result]:
    """The jobs with names of their own, without those that are sources already."""
    http = config.http if config else HttpOptions()
    taken = dict.fromkeys(config.sources if config else (), 1)
    known = {_signature(source): name for name, source in (config.sources if config else {}).items()}
    for job in jobs:
        name = ""
        if not job.left:
            name = unused(name_for(job.url, job.label, ()), taken)
            built = model(job.kind).model_validate({"url": job.url, **job.table}).under(http)
            same = known.setdefault(_signature(built), name)
            if same != name:
                job.left = f"the source {same} reads the same in the same way"
        if job.left:
            yield Result(job.title, "", "", "", (), job.left)
            continue
        taken[name] = 1
        remark = ", ".join(filter(None, [job.title, job.group]))
        yield Result(job.title, name, job.kind, block(name, job.kind, job.url, job.table, remark), job.without, "")


def _signature(source: Source) -> str:
    """What a source reads, and how."""
    options = source.model_dump(mode="json", exclude=_NOT_COMPARED)
    return json.dumps([source.kind, first_url(source), options], sort_keys=True, default=str)


def _entities(wanted: Wanted, config: Config | None) -> tuple[str, list[Result]]:
    known = config.entities if config else {}
    rows = find_entities(text_in(wanted.file), set(known))
    names = {frozenset(map(str.casefold, entity.names)): name for name, entity in known.items()}
    return "a list of names", [_row_result(row, names) for row in rows]


def _row_result(row: Row, known: dict[frozenset[str], str]) -> Result:
    same = None if row.left else known.get(frozenset(map(str.casefold, row.table["names"])))
    left = row.left or (f"the entity {same} has these names" if same else "")
    text = "" if left else table_block("entities", row.id, row.table, row.group)
    return Result(row.title, "" if left else row.id, "entity", text, row.without, left)


def _written(main: Path | None, missing: str, good: Sequence[Result], wanted: Wanted) -> Path | None:
    """The file that was written, if any."""
    tell = complain if wanted.json else say
    if not good:
        return None
    if main is None:
        tell(missing)
        return None
    target = wanted.into or main
    if not wanted.yes and not _agreed(target, len(good), quiet=wanted.json):
        return None
    write(main, wanted.into, "\n".join(result.text for result in good))
    return target


def _agreed(target: Path, number: int, *, quiet: bool) -> bool:
    if quiet or not can_answer():
        if not quiet:
            say()
            say(f"nothing was written; --yes writes {count(number, 'table')} at the end of {shown(target)}")
        return False
    return ask_yes(f"write {count(number, 'table')} at the end of {shown(target)}?")


def _say_next(target: Path, number: int, wanted: Wanted, *, has_channels: bool) -> None:
    say()
    if wanted.entities:
        what = count(number, "entity", "entities")
        say(f"{what} written to {shown(target)}; `watch match TEXT` tries them", hang=2)
        return
    say(f"{count(number, 'source')} written to {shown(target)}; `watch --once` takes their baselines", hang=2)
    if not has_channels:
        say("no channel is configured yet, so alerts are only printed: add [channels.NAME] and [[alerts]]", hang=2)
