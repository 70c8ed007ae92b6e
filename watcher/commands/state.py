"""Copy the state to another database: from a file to a PostgreSQL server, or back. All of it, or nothing.

FROM and TO are a file, or an address as in `state = "..."`. The command line need not contain a password: an address
may contain ${NAME}, in quotes, and PostgreSQL's own PGPASSWORD and ~/.pgpass are used. First stop everything that uses
the old state. It is only read; the new one must be empty. Every table is counted and fingerprinted on both sides.

examples:
  watch state copy state.db postgresql+psycopg://watch@db.example.org/watch
  watch state copy state.db 'postgresql+psycopg://watch:${PASSWORD}@db/watch'
"""

import argparse
from pathlib import Path

from watcher.commands import add_json

HELP = "copy the state to another database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, from where, and to where."""
    parser.add_argument("action", choices=["copy"], help="what to do")
    parser.add_argument("source", metavar="FROM", help="the existing state: a file, or an address")
    parser.add_argument("target", metavar="TO", help="where to copy it: a file, or an address")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Copy it: 0. Raises UsageError and StateError."""
    from state.db.copy import Copied, copy_state
    from watcher.config.settings import SQLITE, without_password
    from watcher.terminal.console import print_json, say
    from watcher.terminal.words import count

    def tell(each: Copied) -> None:
        if each.rows and not args.json:
            say(f"{each.table:<12} {each.rows:>10,} rows  {each.mark[:16]}".replace(",", " "), indent=2)

    source, target = (_url(given) for given in (args.source, args.target))
    copied = copy_state(source, target, tell)
    shown = without_password(target.removeprefix(SQLITE))
    if args.json:
        print_json({"to": shown, "tables": [each._asdict() for each in copied]})
    else:
        say(f"copied {count(sum(each.rows for each in copied), 'row')}; what was written is what was read")
        say(f'next: state = "{without_password(target)}" in watch.toml; what uses the old state must not run again')
    return 0


def _url(given: str) -> str:
    """A URL with its references replaced. It is never displayed."""
    import os

    from sources.secrets import Secrets
    from watcher.config.config_secrets import Substitution, WrittenSecrets
    from watcher.config.settings import SQLITE
    from watcher.errors import UsageError
    from watcher.terminal import console

    if given.startswith(SQLITE) or "://" not in given:  # whole, as watch.toml may be in another folder
        return f"{SQLITE}{Path(given.removeprefix(SQLITE)).absolute()}"
    missing, secrets = list[str](), Secrets()
    url: str = Substitution(os.environ, secrets, lambda _, what: missing.append(what)).fill(given)
    if missing:
        raise UsageError(missing[0])
    WrittenSecrets(secrets).hide_url(("state",), url)
    console.hide(secrets)
    return url
