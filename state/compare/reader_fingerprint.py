"""The fingerprint of the code that parses a kind's pages: its own modules, and those of `sources` that they import.

The code is hashed, not the program's version, so that an upgrade re-reads only the sources whose kind changed. Comments
and docstrings do not count.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.util import find_spec, resolve_name
from pathlib import Path

from sources import Source

# Used for every kind: pages are decoded and texts cleaned by these modules.
_ALWAYS = ("sources.formats.decode", "sources.text")

# Modules that define and find kinds. The first two parse too; what they import counts where a kind imports it as well.
_MODEL = ("sources.model.entry", "sources.model.page")
_FRAME = {
    *_MODEL,
    *("sources", "sources.kinds", "sources.errors", "sources.loader", "sources.options"),
    *("sources.model", "sources.model.request", "sources.model.source"),
}

# Imports are found by a pattern: parsing the modules to syntax trees would take longer than a check. A string that
# looks like an import counts too, if it names an existing module.
_GAP = r"(?:[ \t]|\\\n)+"
_IMPORT = re.compile(rf"\b(?:from{_GAP}([.\w]+){_GAP})?import\b(\s*+\([^()]*+\)|(?:[^\n\\;]|\\\n)*)")

# What is not hashed: docstrings (strings after a colon, or at the beginning, alone on their lines), comments and empty
# lines. Other strings are matched, and kept, since they may contain what looks like these. Each alternative begins with
# another literal, which lets `re` skip all other characters quickly.
_BLOCK_STRING = r'"""(?:[^"\\]++|\\.|"(?!""))*+"""'
_COMMENT = r"\#[^\n]*+"
_PROSE_OR_STRING = re.compile(
    rf""":[ \t]*+(?:{_COMMENT})?\n\s*+{_BLOCK_STRING}[ \t]*+(?=\n)
    | \n[ \t]*+(?:{_COMMENT})?(?=\n) | [ ][ ]*+{_COMMENT} | {_COMMENT}
    | {_BLOCK_STRING} | '''(?:[^'\\]++|\\.|'(?!''))*+''' | "(?:[^"\\\n]++|\\.)*+" | '(?:[^'\\\n]++|\\.)*+'""",
    re.DOTALL | re.VERBOSE,
)
_READS_HTML = re.compile(r"\.(?:html|link)\b")  # `page.html` and `page.link()` use that module


@cache
def reader_fingerprint(kind: type[Source]) -> str:
    """The fingerprint of the code of a kind's classes below Source, and of the modules that they import, in hex."""
    own = [each.__module__ for each in kind.__mro__[: kind.__mro__.index(Source)]]
    texts = [_source_text(name) for name in _MODEL]
    texts += [f"{name}\n{text}" for name, text in sorted(_closure([*own, *_ALWAYS]).items())]
    return blake2b("\0".join(texts).encode(), digest_size=16).hexdigest()


def _closure(names: list[str]) -> dict[str, str]:
    """The code of these modules, and of all modules of `sources` or of their own package that they import, by name."""
    found: dict[str, str] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and name not in _FRAME:
            found[name] = _source_text(name)
            waiting += _imports(name, found[name])
    return found


def _imports(name: str, text: str) -> Iterator[str]:
    """The modules of `sources`, or of the same top-level package, that a module imports, also inside functions."""
    family = {"sources", name.partition(".")[0]}
    package = name if hasattr(sys.modules.get(name), "__path__") else name.rpartition(".")[0]
    found = [module for source, what in _IMPORT.findall(text) for module in _imported(source, what, package)]
    if _READS_HTML.search(text):
        found.append("sources.formats.markup.html")
    for module in dict.fromkeys(found):
        if module.partition(".")[0] in family and _origin(module):
            yield module


def _imported(module: str, what: str, package: str) -> list[str]:
    """The modules that one statement may import: `what` is the text after `import`, `module` the text after `from`."""
    names = [name.split()[0] for name in what.strip(" \\\n()").split(",") if name.strip()]
    if not module:
        return names
    if module.startswith("."):
        module = resolve_name(module, package)
    return [module, *(f"{module}.{name}" for name in names if _may_contain(module))]


def _may_contain(module: str) -> bool:
    """Whether a module may be a package: known of a loaded one, as searching folders for submodules takes long."""
    return module not in sys.modules or hasattr(sys.modules[module], "__path__")


def _source_text(name: str) -> str:
    """A module's code without comments and docstrings, or "" if it has no source: a compiled module, a preset."""
    origin = _origin(name) or ""
    try:
        text = Path(origin).read_text("utf-8") if origin.endswith(".py") else ""
    except (OSError, UnicodeError):
        return ""
    return _code(text)


@lru_cache(maxsize=256)  # kinds share most modules
def _code(text: str) -> str:
    """A module's text without what is not hashed."""
    return _PROSE_OR_STRING.sub(_kept, f":\n{text}\n").strip()


def _kept(found: re.Match[str]) -> str:
    first = found[0][0]
    return found[0] if first in "\"'" else ":" if first == ":" else ""


def _origin(name: str) -> str | None:
    """The file of a module, or None if the module does not exist."""
    if name in sys.modules:
        return getattr(sys.modules[name], "__file__", None)
    try:
        spec = find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return None
    return spec.origin if spec else None
