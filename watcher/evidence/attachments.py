"""The proofs and screenshots attached to a message. They are made when it is sent: each try gives the same files while
the evidence is kept. A place is marked on a copy of a screenshot, as the one that is evidence stays as it is.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Sequence

from alerts.channel import MOST_FILES
from alerts.proof.facts import PAGE
from alerts.send import File
from state.errors import StateError
from state.model import Message
from state.store import Store
from watcher.config.load import Config
from watcher.errors import UsageError
from watcher.evidence.proofs import assemble

log = logging.getLogger(__name__)


def make_attachments(store: Store, config: Config, message: Message) -> list[File]:
    """The files for a message, as far as its channel takes files."""
    channel = config.channels[message.channel]
    if not message.attached or config.evidence is None or not channel.takes_files(message):
        return []
    return list(channel.limit_files(_pages(store, config, message)))


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
                # with the row of the changed entry marked, if it is known where that stands
                picture = proof.files[page.picture]
                box = page.facts["rendered"].get("marked", {}).get(str(event))
                yield File(f"page-{event}-{number}.png", outline(picture, box) if box else picture, "image/png")


_COLOUR, _LINE, _ROOM = (214, 0, 0), 3, 2  # pixels: of the line, and between it and what it is around


def outline(png: bytes, box: Sequence[int]) -> bytes:
    """The picture with a line around a box (left, top, width, height); as it is, where it cannot be drawn on."""
    try:
        from PIL import Image, ImageDraw

        with Image.open(io.BytesIO(png), formats=["PNG"]) as opened:
            image = opened.convert("RGB")
        left, top, width, height = box
        around = left - _ROOM, top - _ROOM, left + width + _ROOM, top + height + _ROOM
        ImageDraw.Draw(image).rectangle(around, outline=_COLOUR, width=_LINE)
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()
    except (ImportError, OSError, ValueError) as error:
        log.info("a screenshot goes along without a mark: %s", error)
        return png
