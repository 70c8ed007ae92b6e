"""Tables that are written as text: easier to read, and to extend, than lists of quoted words. Pure."""

from __future__ import annotations


def listed(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


def pairs(text: str) -> dict[str, str]:
    """`one=other`, separated by spaces."""
    return {one: other for one, _, other in (pair.partition("=") for pair in text.split())}
