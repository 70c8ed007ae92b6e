"""Proposals for an XML document other than a feed: its repeated elements."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from lxml.etree import XMLSyntaxError

from sources import Page
from sources.formats.archives import Content, content
from sources.formats.xml import ElementPath, elements, members, paths_seen
from watcher.propose import looks
from watcher.propose.keys import choose_key, naming, one_or_list
from watcher.propose.proposal import Proposal, Sketch

_SAMPLE = 1500  # elements to look at
_RICH = 6  # least number of members that makes an element an entry
_XML = re.compile(rb"(\xef\xbb\xbf)?\s*<(?!!doctype html|html\b)", re.IGNORECASE)


def propose(page: Page, limit: int | None) -> Iterator[Sketch]:
    """The repeated elements of the document, unordered. Raises SourceError if it is not XML."""
    if page.content_type == "text/html":  # it may be valid XML, too
        return
    file = content(page, limit=limit)
    if not _XML.match(file.begins()):
        return
    try:
        seen = paths_seen(file)
    except XMLSyntaxError:
        return
    most = max(seen.values(), default=0)
    for path, times in seen.items():
        inside = {other.removeprefix(f"{path}/") for other in seen if other.startswith(f"{path}/")}
        below = {name for name in inside if "/" not in name}
        if times > 1 and below and "/" in path:
            rich = math.sqrt(min(1.0, len(below) / _RICH))
            depth = 0.8 ** path.count("/")
            yield Sketch(2 * rich * depth * math.sqrt(times / most), partial(_proposal, file, path.partition("/")[2]))


def _proposal(file: Content, path: str) -> Proposal | None:
    found = [members(element) for element in islice(elements(file, [ElementPath.compile(path, {})]), _SAMPLE)]
    names = list(dict.fromkeys(name for item in found for name in item))
    columns = {name: [item.get(name, "") for item in found] for name in names}
    key = choose_key(columns)
    if not key:
        return None
    options: dict[str, Any] = {"items": path, "key": one_or_list(key.names)}
    title = naming(columns)
    if title and (title,) != key.names:
        options["title"] = title if all(columns[title]) else f"{title}?"
    links = [name for name, values in columns.items() if looks.share(values, looks.is_link) > 0.9 and all(values)]
    options |= {"link": links[0]} if links else {}
    return Proposal("xml", options, f"XML elements {path}", key, columns)
