"""The proofs that go along with a message, made when it is sent: the same at every try, as long as they are kept."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from alerts.proof.facts import PAGE
from alerts.send import File, takes_files
from state.errors import StateError
from state.model import Message
from state.store import Store
from watcher.config.load import Config
from watcher.errors import UsageError
from watcher.evidence.proofs import assemble

log = logging.getLogger(__name__)

MOST = 5  # files of one message
LARGEST = 5_000_000  # bytes of them all
TRIES = 4  # with files; then the message goes out without: an alert matters more


def attachments(store: Store, config: Config, message: Message) -> list[File]:
    """The files of a message: none when its channel takes none, or when they may be why it is not taken."""
    if not message.attached or config.evidence is None or message.attempts >= TRIES:
        return []
    if not takes_files(config.channels[message.channel].url):
        return []
    files, room = [], LARGEST
    for file in _pages(store, config, message):
        room -= len(file.content)
        if room >= 0:
            files.append(file)
    return files


def _pages(store: Store, config: Config, message: Message) -> Iterator[File]:
    assert config.evidence  # noqa: S101 - asked for before
    for event in message.attached[:MOST]:
        try:
            proof = assemble(store, config.evidence.path, event, config.timezone, longest=0)
        except (UsageError, StateError) as error:
            log.warning("%s: sent without the proof of #%d: %s", message.channel, event, error)
        else:
            yield File(f"proof-{event}.html", proof.files[PAGE])
