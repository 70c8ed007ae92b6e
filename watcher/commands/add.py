"""Look at a page, propose how to watch it, and write the source into watch.toml; or take a kind of the catalogue.

It finds what repeats on the page: tables, elements, lists in JSON and XML, rows of a CSV file, a feed. It shows the
best proposal with its first entries, and says why its key tells them apart. Where each entry is only a link to a page
about one, it reads the labels of those pages, too (`detail`). Of a form to search it reads the answer to --search, or
asks what for. If the list has further pages, it looks for the way to the next one, and reads that page to see that it
works. It looks at the page a second time: fields that change at each look are proposed under `ignore`, and of a text
`select`, `remove` or `remove_lines` leave out the lines that moved. What still changes at each look is not written
without --anyway. It guesses who speaks on the page, and says why: a register (record), a party (statement) or the press
(report); on a terminal it asks where that is not clear. A page that only a script fills is looked at, and proposed, as
Chromium renders it, if Chromium is installed. It asks before it writes, appends to watch.toml, and leaves everything
else there as it is, to the byte. An address that a source has already is added again only with a --name, or after a
question.

examples:
  watch add https://register.example/list
  watch add https://register.example/list --key "Number" --name register
  watch add https://register.example/list --take 2    the second proposal
  watch add https://register.example/find --search "payments"
  watch add https://register.example/list --yes       write it without asking
  watch add https://news.example/ --authority report
  watch add saved.html --url https://register.example/list
  watch add "ofac sdn"        what the catalogue has by that name (watch kinds)
  watch add telegram --option channel=durov
"""

import argparse

HELP = "propose a source for a page, and write it into watch.toml"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which page, and what is known better."""
    parser.add_argument("address", metavar="URL", help="the page, its saved file, or a kind")
    parser.add_argument("--key", metavar="COLUMN", action="append", default=[], help="the key (may be repeated)")
    parser.add_argument("--name", metavar="NAME", help="the name of the source (default: made from its address)")
    take, who = "the Nth of the proposals (default: the first)", "who speaks there (default: guessed, or asked)"
    parser.add_argument("--take", metavar="N", type=int, default=1, help=take)
    parser.add_argument("--authority", choices=("record", "statement", "report"), help=who)
    parser.add_argument("--search", metavar="WORDS", default="", help="what to search for, where the page is a form")
    own = "an option of the kind of that name (may be repeated)"
    parser.add_argument("--option", metavar="NAME=VALUE", action="append", default=[], help=own)
    parser.add_argument("--url", metavar="URL", help="with a file: the address that it was saved from")
    parser.add_argument("--yes", action="store_true", help="write it without asking")
    parser.add_argument("--anyway", action="store_true", help="write it although it changes at each look")


def run(args: argparse.Namespace) -> int:
    """Propose, show, and write if that is wanted: 0, or 1 when nothing can be read. Raises ConfigError, UsageError."""
    from watcher.propose.offer import offer

    return offer(args)
