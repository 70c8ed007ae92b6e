"""`--limit N`, the same in each command that has it. Imports little, as `--help` imports it."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError


def add_limit(parser: ArgumentParser, what: str, default: int | None = None) -> None:
    """Add the option, which limits how many of `what` are shown. Its value is `default` if it is not given."""
    usual = f" (default: {default})" if default else ""
    parser.add_argument("--limit", metavar="N", type=_number, default=default, help=f"at most so many {what}{usual}")


def _number(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f'"{text}" is no whole number above zero')
    return int(text)
