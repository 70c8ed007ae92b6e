"""Write the sources as OPML, the list of feeds that feed readers exchange, or the entries as FollowTheMoney.

In OPML feeds are written as feeds, all other sources as links. An address with a secret in it is left out. Entries are
one line of JSON each: names, dates, countries, identifiers, and where and when each was seen.

examples:
  watch export --opml                    to standard output
  watch export --opml --out feeds.opml
  watch export --ftm entities.ftm.json --sources "eu-*" un-list
"""

import argparse
from pathlib import Path

HELP = "write the sources as OPML, or the entries as FollowTheMoney"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The format, and where to."""
    form = parser.add_mutually_exclusive_group(required=True)
    form.add_argument("--opml", action="store_true", help="the sources as OPML 2.0")
    form.add_argument("--ftm", metavar="FILE", type=Path, help="the present entries as FollowTheMoney, into this file")
    parser.add_argument("--out", metavar="FILE", type=Path, help="OPML: into this file (default: standard output)")
    parser.add_argument("--sources", metavar="GLOB", nargs="+", default=["*"], help="entries: only of these sources")
    parser.add_argument("--force", action="store_true", help="entries: write over a file that is there")


def run(args: argparse.Namespace) -> int:
    """Write the list: 0. Raises ConfigError, StateError, and UsageError when the file cannot be written, or no source
    has a name that is meant.
    """
    import json
    from fnmatch import filter as matching

    from lxml import etree
    from lxml.builder import E

    from sources.reading.engine import first_url
    from sources.text import clean
    from watcher.config.arguments import check_known
    from watcher.config.load import load
    from watcher.config.open_state import open_existing_state
    from watcher.errors import UsageError
    from watcher.reports.ftm import entities
    from watcher.terminal.console import complain, say
    from watcher.terminal.new_file import new_file, write_whole
    from watcher.terminal.words import count

    config = load(args.config)
    if args.ftm:
        with open_existing_state(config, "no entries are known") as store:
            known = sorted({*config.sources, *(state.name for state in store.sources())})
            for pattern in args.sources:
                check_known(pattern if pattern != "*" and not matching(known, pattern) else None, "source", known)
            with new_file(args.ftm, force=args.force) as out:
                lines = (json.dumps(each, ensure_ascii=False) for each in entities(store, args.sources))
                number = sum(1 for line in lines if out.write(f"{line}\n".encode()))
        say(f"wrote {args.ftm}: {count(number, 'entity', 'entities')}")
        return 0
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
    if args.out is None:
        print(content.decode(), end="")
        return 0
    try:
        write_whole(args.out, content, 0o644)
    except OSError as error:
        raise UsageError(f"{args.out} cannot be written: {error.strerror}") from None
    return 0
