"""The proofs and screenshots attached to a message. They are made when it is sent: each try gives the same files while
the evidence is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from alerts.channel import MOST_FILES
from alerts.proof.facts import PAGE, PageFile
from alerts.send import File
from state.errors import StateError
from state.model import Message
from state.store import Store
from watcher.config.load import Config
from watcher.errors import UsageError
from watcher.evidence.outline import outlined
from watcher.evidence.proofs import Assembled, assemble

log = logging.getLogger(__name__)


def attachments(store: Store, config: Config, message: Message) -> list[File]:
    """The files for a message, as far as its channel takes files."""
    channel = config.channels[message.channel]
    if not message.attached or config.evidence is None or not channel.takes_files(message):
        return []
    return list(channel.fitting(_pages(store, config, message)))


def _pages(store: Store, config: Config, message: Message) -> Iterator[File]:
    assert config.evidence  # noqa: S101 - checked by the caller
    for event in message.attached[:MOST_FILES]:
        try:
            proof = assemble(store, config.evidence.path, event, config.timezone, longest=0)
        except (UsageError, StateError) as error:
            log.warning("%s: sent without the proof of #%d: %s", message.channel, event, error)
        else:
            yield File(f"proof-{event}.html", proof.files[PAGE])
            for number, page in enumerate((page for page in proof.exhibit.pages if page.picture), 1):
                yield File(f"page-{event}-{number}.png", _picture(proof, page, event), "image/png")


def _picture(proof: Assembled, page: PageFile, event: int) -> bytes:
    """The screenshot of a page, with the row of the changed entry marked if it is known where that stands."""
    picture = proof.files[page.picture]
    box = page.told["rendered"].get("marked", {}).get(str(event))
    return outlined(picture, box) if box else picture
