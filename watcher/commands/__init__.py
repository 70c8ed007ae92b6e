"""One file for each subcommand; and the options that several of them have. Imports little, as `--help` imports it."""

from argparse import ArgumentParser, ArgumentTypeError, _ActionsContainer


def add_json(parser: _ActionsContainer) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")


def add_limit(parser: ArgumentParser, what: str, default: int | None = None) -> None:
    """Add `--limit N`, which limits how many of `what` are shown. Its value is `default` if it is not given."""
    usual = f" (default: {default})" if default else ""
    parser.add_argument("--limit", metavar="N", type=positive, default=default, help=f"show at most N {what}{usual}")


def positive(text: str) -> int:
    """A number given on the command line."""
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f'"{text}" is not a whole number above zero')
    return int(text)
