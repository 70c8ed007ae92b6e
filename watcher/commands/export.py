"""Write the sources as OPML, the list of feeds that feed readers exchange.

Feeds are written as feeds, all other sources as links. An address with a secret in it is left out.

examples:
  watch export --opml                    to standard output
  watch export --opml --out feeds.opml
"""

import argparse
from pathlib import Path

HELP = "write the sources as OPML, for a feed reader"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The format, and where to."""
    parser.add_argument("--opml", action="store_true", required=True, help="as OPML 2.0")
    parser.add_argument("--out", metavar="FILE", type=Path, help="into this file (default: standard output)")


def run(args: argparse.Namespace) -> int:
    """Write the list: 0. Raises ConfigError, and UsageError when the file cannot be written."""
    from lxml import etree
    from lxml.builder import E

    from sources.reading.engine import first_url
    from sources.text import clean
    from watcher.config.load import load
    from watcher.errors import UsageError
    from watcher.terminal.console import complain
    from watcher.terminal.new_file import write_whole

    config = load(args.config)
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
