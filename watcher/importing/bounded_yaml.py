"""YAML documents of limited depth, number of nodes and expansion: a few lines of aliases may stand for gigabytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

MOST_DEPTH = 40
MOST_NODES = 200_000  # in the file, and again with each alias replaced by what it stands for

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # only plain values: no tag makes an object


class YamlError(Exception):
    """What is wrong, with the line where it is known."""


def load_documents(text: str) -> list[Any]:
    """The values of all documents in a text. Raises YamlError."""
    try:
        # depth and nodes are counted in the stream of events, before anything is built of them
        depth = nodes = 0
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.NodeEvent):
                nodes += 1
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MOST_DEPTH:
                raise YamlError(f"line {event.start_mark.line + 1}: values are nested more than {MOST_DEPTH} deep")
            if nodes > MOST_NODES:
                raise YamlError(f"it has more than {MOST_NODES:,} values".replace(",", " "))
        loader = _Loader(text)
        try:
            return list(_construct(loader))
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        reason = getattr(error, "problem", None) or str(error)
        raise YamlError(f"{where}{' '.join(str(reason).split())}") from None
    except RecursionError:
        raise YamlError("its values are nested too deeply") from None
    except (ValueError, TypeError, OverflowError) as error:  # such as the 40th of a month, or a list as a key
        raise YamlError(f"a value cannot be read: {error}") from None


def _construct(loader: Any) -> Iterator[Any]:
    while loader.check_node():
        node = loader.get_node()
        _count_expanded(node, {}, set())
        yield loader.construct_document(node)


def _count_expanded(node: Any, sizes: dict[int, int], above: set[int]) -> int:
    """The number of nodes with all aliases expanded. Raises YamlError beyond the limit, and for a value in itself."""
    known = sizes.get(id(node))
    if known is not None:
        return known
    if id(node) in above:
        raise YamlError("a value contains itself, by an alias")
    above.add(id(node))
    size = 1
    for child in node.value if isinstance(node, yaml.CollectionNode) else ():
        for part in child if isinstance(child, tuple) else (child,):
            size += _count_expanded(part, sizes, above)
            if size > MOST_NODES:
                raise YamlError(f"its aliases stand for more than {MOST_NODES:,} values".replace(",", " "))
    above.remove(id(node))
    sizes[id(node)] = size
    return size
