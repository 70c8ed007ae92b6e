"""The fingerprint of the code that reads a kind's pages: its own modules, and the shared ones that it uses.

As code is compared, not the program's version, an upgrade re-reads only the kinds that it changed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec, resolve_name
from pathlib import Path

from sources import Source

# Every kind's pages are decoded and its entries cleaned by these two, whatever it imports itself.
_ALWAYS = ("sources.formats.decode", "sources.text")

# What kinds are made with and found by: that does not read, but for Entry and Page in `sources.model`.
_FRAME = {"sources", *(f"sources.{name}" for name in ("catalog", "errors", "loader", "model", "options"))}
_IN_FRAME = re.compile(r"^class (?:Entry|Page)\b.*?(?=^\S)", re.MULTILINE | re.DOTALL)

# Imports are found in the text: a syntax tree of all these modules would take longer than a check. What only looks
# like an import, in a comment say, counts too, if there is such a module.
_GAP = r"(?:[ \t]|\\\n)+"
_IMPORT = re.compile(rf"\b(?:from{_GAP}([.\w]+){_GAP})?import\b(\s*+\((?:[^()#]++|#.*+)*+\)|(?:[^\n\\#;]|\\\n)*)")
_COMMENT = re.compile(r"#.*")
_READS_HTML = re.compile(r"\.(?:html|link)\b")  # `page.html` and `page.link()` stand for the module behind them


@cache
def reader_fingerprint(kind: type[Source]) -> str:
    """The fingerprint of the text of a kind's modules up to Source, and of those that they import."""
    own = [each.__module__ for each in kind.__mro__[: kind.__mro__.index(Source)]]
    texts = _IN_FRAME.findall(_source_text("sources.model"))
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
    found = [module for source, what in _IMPORT.findall(text) for module in _imported(source, what, package)]
    if _READS_HTML.search(text):
        found.append("sources.formats.markup.html")
    for module in dict.fromkeys(found):
        if module.partition(".")[0] in family and _origin(module):
            yield module


def _imported(module: str, what: str, package: str) -> list[str]:
    """What one statement may import: `what` stands behind its `import`, `module` behind its `from`, if it has one."""
    names = [name.split()[0] for name in _COMMENT.sub("", what).strip(" \\\n()").split(",") if name.strip()]
    if not module:
        return names
    if module.startswith("."):
        module = resolve_name(module, package)
    return [module, *(f"{module}.{name}" for name in names)]


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
