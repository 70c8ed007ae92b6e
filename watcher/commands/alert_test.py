"""Send a test alert to one channel, and show the result.

It is sent at once, and is not stored or tried again. If it fails, the server's answer is shown, without the secrets in
the channel's URL, and the exit code is 1.

examples:
  watch alert-test desk
"""

import argparse
from datetime import UTC, datetime

HELP = "send a test alert to a channel"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which channel."""
    parser.add_argument("channel", metavar="CHANNEL", help="the channel, as it is called in watch.toml")


def run(args: argparse.Namespace) -> int:
    """Send it: 0, or 1 if the server refused it. Raises UsageError for an unknown channel, and ConfigError."""
    from watcher.config.load import Sending, load
    from watcher.config.problems import did_you_mean
    from watcher.errors import UsageError
    from watcher.terminal.console import complain, say
    from watcher.trials.previews import NotSentError, send_test

    config, name = load(args.config, Sending(only=args.channel)), args.channel
    if name not in config.channels:
        known = did_you_mean(name, config.channels, "channels") if config.channels else "add [channels.NAME]"
        raise UsageError(f'there is no channel "{name}" in {config.path}; {known}')
    try:
        title = send_test(config, name, lambda: datetime.now(UTC))
    except NotSentError as error:
        complain(str(error))
        return 1
    say(f'{name}: sent: "{title}"; see whether it has arrived')
    return 0
