"""Framed text on a terminal, plain text elsewhere."""

from __future__ import annotations

from watcher.terminal.console import is_terminal, printable, say


def heading(text: str) -> None:
    """Print the heading of a part of the story."""
    if is_terminal():
        from rich.console import Console
        from rich.rule import Rule
        from rich.text import Text

        Console().print(Rule(Text(printable(text), style="bold")))
        return
    say()
    say(text)
    say("-" * min(len(text), 79))


def panel(title: str, text: str) -> None:
    """Print an alert as its reader sees it."""
    if is_terminal():
        from rich.console import Console
        from rich.panel import Panel
        from rich.text import Text

        Console(highlight=False).print(Panel(Text(printable(text)), title=Text(title), title_align="left"))
        return
    say(f"  +-- {title}")
    for line in text.splitlines() or [""]:
        print(f"  | {printable(line)}".rstrip())  # noqa: T201
    say("  +--")
