"""The fingerprint of the code that reads a kind's pages: its own modules, and the shared ones that it uses.

As code is compared, not the program's version, an upgrade re-reads only the kinds that it changed.
"""

from __future__ import annotations

import ast
import inspect
import sys
import threading
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec, resolve_name
from pathlib import Path

from sources import Entry, Page, Source

# Every kind's pages are decoded and its entries cleaned by these two, whatever it imports itself.
_ALWAYS = ("sources.decode", "sources.text")

# Python 3.11 counts the depth of a syntax tree for all threads together: two that parse at once make each other fail.
_one_at_a_time = threading.Lock()

# What kinds are made with and found by: that does not read, but for Entry and Page in `sources.model`.
_FRAME = {"sources", *(f"sources.{name}" for name in ("catalog", "errors", "loader", "model", "options"))}


def reader_mark(kind: type[Source]) -> str:
    """The fingerprint of the text of a kind's modules up to Source, and of those that they import."""
    with _one_at_a_time:
        return _reader_mark(kind)


@cache
def _reader_mark(kind: type[Source]) -> str:
    own = [each.__module__ for each in kind.__mro__[: kind.__mro__.index(Source)]]
    texts = [inspect.getsource(Entry), inspect.getsource(Page)]
    texts += [f"{name}\n{text}" for name, text in sorted(_closure([*own, *_ALWAYS]).items())]
    return blake2b("\0".join(texts).encode(), digest_size=16).hexdigest()


def _closure(names: list[str]) -> dict[str, str]:
    """The source text of the modules, and of all that they import of `sources` or of their own package."""
    found: dict[str, str] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and name not in _FRAME:
            found[name] = _source_text(name)
            waiting += _imports(name, found[name])
    return found


def _imports(name: str, text: str) -> Iterator[str]:
    """The modules of the same family that a module imports anywhere, also inside functions."""
    family = {"sources", name.partition(".")[0]}
    package = name if hasattr(sys.modules.get(name), "__path__") else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(text)):
        for module in _imported(node, package):
            if module.partition(".")[0] in family and _origin(module):
                yield module


def _imported(node: ast.AST, package: str) -> list[str]:
    """What one statement imports; `page.html` and `page.link()` stand for the module behind them."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        if node.level:
            module = resolve_name("." * node.level + module, package)
        return [module, *(f"{module}.{alias.name}" for alias in node.names)]
    if isinstance(node, ast.Attribute) and node.attr in {"html", "link"}:
        return ["sources.html"]
    return []


def _source_text(name: str) -> str:
    """A module's source text, or "" where there is none: a compiled module, a preset without code."""
    origin = _origin(name) or ""
    try:
        return Path(origin).read_text("utf-8") if origin.endswith(".py") else ""
    except (OSError, UnicodeError):
        return ""


def _origin(name: str) -> str | None:
    """The file of a module, or None when there is no such module."""
    if name in sys.modules:
        return getattr(sys.modules[name], "__file__", None)
    try:
        spec = find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return None
    return spec.origin if spec else None
