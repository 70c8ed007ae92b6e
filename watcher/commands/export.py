"""Write the sources as OPML, the list of feeds that feed readers exchange, the entries as FollowTheMoney, or all that
is known as tables for SQL.

In OPML feeds are written as feeds, all other sources as links. An address with a secret in it is left out. In
FollowTheMoney entries are one line of JSON each: names, dates, countries, identifiers, and where and when each was
seen. The tables are events (each change), entries (the present ones) and values (of each field, since when, until
when), all of one moment; Parquet needs DuckDB.

examples:
  watch export --opml                    to standard output
  watch export --opml --out feeds.opml
  watch export --ftm entities.ftm.json --sources "eu-*" un-list
  watch export --parquet tables          three files in this folder
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watcher.config.load import Config

HELP = "write the sources, or what is known, for other programs"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The format, and where to."""
    form = parser.add_mutually_exclusive_group(required=True)
    form.add_argument("--opml", action="store_true", help="the sources as OPML 2.0")
    form.add_argument("--ftm", metavar="FILE", type=Path, help="the present entries as FollowTheMoney, into this file")
    form.add_argument("--sqlite", metavar="FILE", type=Path, help="all that is known as tables, into this file")
    form.add_argument("--parquet", metavar="FOLDER", type=Path, help="the same as files of Parquet, into this folder")
    parser.add_argument("--out", metavar="FILE", type=Path, help="OPML: into this file (default: standard output)")
    parser.add_argument("--sources", metavar="GLOB", nargs="+", default=["*"], help="entries: only of these sources")
    parser.add_argument("--force", action="store_true", help="entries: write over a file that is there")


def run(args: argparse.Namespace) -> int:
    """Write the list: 0. Raises ConfigError, StateError, and UsageError when the file cannot be written, or no source
    has a name that is meant.
    """
    from watcher.config.load import load

    config = load(args.config)
    return _write_sources(config, args.out) if args.opml else _write_state(config, args)


def _write_state(config: Config, args: argparse.Namespace) -> int:
    """Write what is known, as FollowTheMoney or as tables."""
    import json
    from fnmatch import filter as matching
    from fnmatch import fnmatchcase

    from watcher.config.arguments import check_known
    from watcher.config.open_state import open_existing_state
    from watcher.reports.export import entities, write_parquet, write_sqlite
    from watcher.terminal.console import progress, say
    from watcher.terminal.new_file import new_file
    from watcher.terminal.words import count

    def is_meant(name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in args.sources)

    to = args.ftm or args.sqlite or args.parquet
    with open_existing_state(config, "no entries are known") as store, progress(None, "writing") as step:
        known = sorted({*config.sources, *(state.name for state in store.sources())})
        for pattern in args.sources:
            check_known(pattern if pattern != "*" and not matching(known, pattern) else None, "source", known)
        if args.ftm:
            with new_file(to, force=args.force) as out:
                lines = (json.dumps(each, ensure_ascii=False) for each in entities(store, args.sources))
                wrote = count(sum(1 for line in lines if out.write(f"{line}\n".encode())), "entity", "entities")
        else:
            parts = (part for part in store.everything.rows(is_meant) if not step())
            numbers = (write_sqlite if args.sqlite else write_parquet)(to, parts, force=args.force)
            wrote = ", ".join(count(numbers[name], name.removesuffix("s")) for name in ("events", "values"))
    say(f"wrote {to}: {wrote}")
    return 0


def _write_sources(config: Config, out: Path | None) -> int:
    """Write the sources as OPML. Raises UsageError."""
    from lxml import etree
    from lxml.builder import E

    from sources.reading.engine import first_url
    from sources.text import clean
    from watcher.errors import UsageError
    from watcher.terminal.console import complain
    from watcher.terminal.new_file import write_whole

    addresses = {name: url for name, source in config.sources.items() if (url := first_url(source))}
    body = E.body()
    for name, url in addresses.items():
        if config.secrets.hide(url) != url:
            complain(f"warning: sources.{name}: its address has a secret in it, so it is left out")
            continue
        source = config.sources[name]
        is_feed = any(getattr(each, "kind", "") == "feed" for each in type(source).__mro__)
        place = {"type": "rss", "xmlUrl": clean(url)} if is_feed else {"type": "link", "url": clean(url)}
        body.append(E.outline(text=clean(source.label_or(name)), **place))
    root = E.opml(E.head(E.title("Registry Watch")), body, version="2.0")
    content = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    if out is None:
        print(content.decode(), end="")
        return 0
    try:
        write_whole(out, content, 0o644)
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}") from None
    return 0
