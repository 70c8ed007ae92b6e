"""Evaluates a kind's options on the elements that are its items, and reports paths that never match."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sources.errors import NotFound
from sources.formats.archives import Content
from sources.formats.markup.xml_stream import Element, ElementPath, members, paths_seen
from sources.text import joined, listing


class Places:
    """The compiled paths of options. Each must match in at least one item.

    A path with a "?" at the end is exempt. Raises ValueError for an invalid path.
    """

    def __init__(self, where: str, options: Mapping[str, Sequence[str]], namespaces: Mapping[str, str]) -> None:
        self._where = where
        self._places = [
            (option, ElementPath.compile(path, namespaces)) for option, paths in options.items() for path in paths
        ]
        self._absent = {(option, place) for option, place in self._places if not place.optional}

    def read(self, item: Element) -> Mapping[str, str]:
        """The text for each option in an item. Raises NotFound when no item so far had one for `key`."""
        texts: defaultdict[str, list[str]] = defaultdict(list)
        for option, place in self._places:
            values = place.values(item)
            texts[option].append(joined(values, "; "))
            if values:
                self._absent.discard((option, place))
        if not any(texts["key"]):
            self.check(item, only="key")
        return {option: joined(values) for option, values in texts.items()}

    def check(self, item: Element, only: str | None = None) -> None:
        """Raise NotFound, which lists the content of `item`, when a path has matched in no item so far."""
        for option, place in self._places:
            if (option, place) in self._absent and only in (None, option):
                seen = listing(members(item), most=30)
                why = f"no item has {place.text!r} (option {option}); the last one has {seen}"
                raise NotFound(f"{self._where}: {why}. Where it may be absent, write {place.text + '?'!r}")


def check_empty(file: Content, items: Sequence[ElementPath]) -> None:
    """Raise NotFound, which lists the existing elements, when a document has neither items nor their parent."""
    seen = paths_seen(file)
    around = [path.text.strip("/").rpartition("/")[0] for path in items]
    if not any(path and f"/{name}".endswith(f"/{path}") for path in around for name in seen):
        wanted = " or ".join(path.text for path in items)
        shown = listing((f"{path} ({count})" for path, count in seen.items()), most=20)
        raise NotFound(f"{file.where} has no element {wanted} (option items); it has {shown}")
