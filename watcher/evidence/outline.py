"""Marks a place on a screenshot: on a copy for a message, as the one that is evidence stays as it is."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence

log = logging.getLogger(__name__)

_COLOUR, _LINE, _ROOM = (214, 0, 0), 3, 2  # pixels: of the line, and between it and what it is around


def outlined(png: bytes, box: Sequence[int]) -> bytes:
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
