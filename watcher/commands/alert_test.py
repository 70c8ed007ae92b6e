"""Send a test alert to one channel, and say what really became of it.

It goes out at once and is not stored or tried again. When it fails, what the server answered is shown, without the
secrets in the channel's URL, and the exit code is 1.

examples:
  watch alert-test desk
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from state.model import Message
    from watcher.config.load import Config

HELP = "send a test alert to a channel"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which channel."""
    parser.add_argument("channel", metavar="CHANNEL", help="the channel, as it is called in watch.toml")


def run(args: argparse.Namespace) -> int:
    """Send it: 0, or 1 if the server refused it. Raises UsageError for an unknown channel, and ConfigError."""
    from alerts.channel import Wire
    from watcher.config.load import load_to_run
    from watcher.config.problems import did_you_mean
    from watcher.errors import UsageError
    from watcher.terminal.console import complain, say

    config = load_to_run(args.config, only=args.channel)
    if args.channel not in config.channels:
        known = did_you_mean(args.channel, config.channels, "channels") if config.channels else "add [channels.NAME]"
        raise UsageError(f'there is no channel "{args.channel}" in {config.path}; {known}')
    message = _message(config, args.channel)
    answer = config.channels[args.channel].send(message, Wire(config.secrets, config.http, lambda: datetime.now(UTC)))
    if answer is not None:
        complain(f"{args.channel}: not sent: {answer.said}")
        return 1
    say(f'{args.channel}: sent: "{message.title}"; see whether it has arrived')
    return 0


def _message(config: Config, channel: str) -> Message:
    """A test alert, as long as the channel allows, that cannot be mistaken for a real one."""
    from datetime import UTC, datetime
    from uuid import uuid4

    from alerts.channel import Material
    from alerts.message.citations import Known
    from state.model import Event, EventKind, Message
    from watcher.delivery.recipients import recipient_of

    now = datetime.now(UTC)
    event = Event(EventKind.TEST, source="", label="", authority="", at=now, previous=None, data={})
    material = Material(config.timezone, Known(), recipient_of(config, channel), config.secrets.hide, lambda _: None)
    said = config.channels[channel].compose([event], material)
    return Message(0, uuid4().hex, channel, said.title, said.text, said.html, deliveries=(), created=now)
