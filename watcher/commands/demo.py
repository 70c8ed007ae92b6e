"""Replay the founding story on a web site on this machine.

In July 2025 one field of one row of a Russian register changed; a news agency
reported it, and the founder's channel denied it. The demo serves these pages on
loopback, checks them with the real pipeline, and shows each e-mail and chat
message as its reader sees it; then it tells the whole case, as `watch case`
does. It needs no network and no configuration, and leaves nothing behind. At a
terminal it then offers to show the story at the desk, in a browser.

examples:
  watch demo
  watch demo --html case.html  the case as a page, to open in a browser
  watch demo --keep story      keep the configuration and the state, to ask it:
  watch --config story/watch.toml case telegram
  watch --config story/watch.toml evidence 4
"""

import argparse
from pathlib import Path

from watcher.commands.serve import has_desk

HELP = "replay the founding story on a loopback web site"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to keep its files, if anywhere."""
    parser.add_argument("--html", metavar="FILE", type=Path, help="write the case as a page of HTML")
    parser.add_argument("--keep", metavar="FOLDER", type=Path, help="keep configuration and state in this folder")


def run(args: argparse.Namespace) -> int:
    """Play it, and serve it where a person says so: 0. Raises UsageError if the page cannot be written."""
    import logging

    from watcher.demo import play_demo
    from watcher.terminal.console import ask_yes, can_answer

    logging.getLogger("watcher").setLevel(logging.WARNING)  # the story is printed to standard output
    with play_demo(args.keep, args.html) as folder:
        if can_answer() and has_desk() and ask_yes("\nServe the desk on this story now? Ctrl+C ends it."):
            # Serve the desk at the time of the story, on a free port, with all its files in the demo's folder
            from watcher.demo import clock
            from watcher.web.server import serve

            serve(folder / "watch.toml", "127.0.0.1:0", clock=clock(), index=folder)
    return 0
