"""Send a test alert to one channel, and show the result.

It is sent at once, and is not stored or tried again. If it fails, the server's answer is shown, without the secrets in
the channel's URL, and the exit code is 1.

examples:
  watch alert-test desk
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

HELP = "send a test alert to a channel"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which channel."""
    parser.add_argument("channel", metavar="CHANNEL", help="the channel, as it is called in watch.toml")


def run(args: argparse.Namespace) -> int:
    """Send it: 0, or 1 if the server refused it. Raises UsageError for an unknown channel, and ConfigError."""
    from uuid import uuid4

    from alerts.channel import Material
    from alerts.message.citations import Background
    from state.model import Event, EventKind, Message
    from watcher.config.load import Sending, load
    from watcher.config.problems import did_you_mean
    from watcher.delivery.citations import recipient_of
    from watcher.errors import UsageError
    from watcher.terminal.console import complain, say

    config, name, now = load(args.config, Sending(only=args.channel)), args.channel, datetime.now(UTC)
    if name not in config.channels:
        known = did_you_mean(name, config.channels, "channels") if config.channels else "add [channels.NAME]"
        raise UsageError(f'there is no channel "{name}" in {config.path}; {known}')
    # as long as the channel allows, and it cannot be mistaken for a real one
    event = Event(EventKind.TEST, source="", label="", authority="", at=now, previous=None, data={})
    material = Material(config.timezone, Background(), recipient_of(config, name), config.secrets.hide, lambda _: None)
    said = config.channels[name].compose([event], material)
    message = Message(0, uuid4().hex, name, said.title, said.text, said.html, deliveries=(), created=now)
    answer = config.channels[name].send(
        message, secrets=config.secrets, http=config.http, clock=lambda: datetime.now(UTC)
    )
    if answer is not None:
        complain(f"{name}: not sent: {answer.said}")
        return 1
    say(f'{name}: sent: "{message.title}"; see whether it has arrived')
    return 0
