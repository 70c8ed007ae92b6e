"""The proposal of a kind that was made for this address."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from sources import Page, Source
from sources.loader import kinds
from watcher.propose.keys import Key
from watcher.propose.proposal import Proposal, Sketch

_SCORE = 5.0


def propose(page: Page, _limit: int | None) -> Iterator[Sketch]:
    """Every kind with this address as its own: it reads its site better than a generic kind."""
    for name, model in kinds().items():
        for options in _options(model, page.get.url):
            if _same(_address(model, options), page.get.url):
                yield Sketch(_SCORE, partial(_proposal, name, options))


def _proposal(name: str, options: dict[str, Any]) -> Proposal:
    key = Key((), "the kind knows what tells its entries apart", 0)
    return Proposal(name, options, f"a page that the kind {name} was made for", key, own_address=True)


def _options(model: type[Source], url: str) -> Iterator[dict[str, Any]]:
    """The options with which the kind may request the address: none, or its one required option from the path."""
    needed = [name for name, field in model.model_fields.items() if field.is_required()]
    if not needed:
        yield {}
    elif len(needed) == 1 and needed != ["url"]:
        yield from ({needed[0]: part} for part in urlsplit(url).path.split("/") if part)


def _address(model: type[Source], options: dict[str, Any]) -> str:
    try:
        return model.model_validate(options).start().url
    except (ValidationError, NotImplementedError, ValueError):
        return ""


def _same(own: str, given: str) -> bool:
    """Whether both are the same page of a site; the path may be shorter than the kind's, as people write it.

    A query that differs from the kind's requests something else.
    """
    one, other = urlsplit(own), urlsplit(given)
    if other.query not in ("", one.query):
        return False
    steps, asked = (part.path.strip("/").split("/") for part in (one, other))
    return bool(own) and one.hostname == other.hostname and asked[-1] in ("", steps[-1]) and set(asked) <= {*steps, ""}
