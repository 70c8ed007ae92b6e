"""Answer an assistant's questions on standard input and output, by the Model Context Protocol. It can search entries,
list changes, tell an entry's life and a case, show a register at a time, and list what is held; it changes nothing.

Assistants start it themselves. What registers say is marked as data in its answers, which protects from instructions
in it as far as an assistant heeds that.

examples:
  watch mcp
  watch mcp --user anna         with what anna of [web.users] may see
"""

import argparse

HELP = "answer an assistant's questions (Model Context Protocol)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """As whom."""
    parser.add_argument("--user", metavar="NAME", default="", help="as this user of [web.users] (default: see all)")


def run(args: argparse.Namespace) -> int:
    """Answer until the input ends: 0. Raises ConfigError, StateError, and UsageError also for an unknown user."""
    from watcher.config.load import load
    from watcher.config.open_state import open_existing_state
    from watcher.errors import UsageError

    try:
        from watcher.assistant import serve
    except ImportError:
        raise UsageError('assistants need the extra "mcp": pip install "registry-watch[mcp]"') from None
    config = load(args.config)
    with open_existing_state(config) as store:
        serve(config, store, args.user)
    return 0
