"""Fingerprints of a body, of a source's reading options, of its address, and of the code that reads it.

The code of a kind is hashed, not the program's version, so that an upgrade re-reads only the sources whose kind
changed: its own modules, those of `sources` that they import, and the data files that they name. Comments and
docstrings do not count.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.util import resolve_name
from pathlib import Path

from sources import Source
from sources.formats.download import Body, pieces_of
from sources.reading.entry_fingerprints import text_fingerprint
from state.model import Difference, SourceState

# The options of every kind that do not affect parsing; of a kind's own options, all count.
_NOT_READING = set(Source.model_fields) - {"ignore", "encoding", "personal"}
_TERMS = {"min_entries", "max_lost", "max_new", "max_changed", "expect", "listing", "ignore"}


def body_fingerprint(body: Body, before: bytes = b"") -> bytes:
    """The fingerprint of a page's body (32 bytes), as if `before` were its beginning."""
    found = blake2b(before, digest_size=32)
    for piece in pieces_of(body):
        found.update(piece)
    return found.digest()


def held_fingerprint(body: Body, source: Source) -> bytes:
    """The fingerprint of a suspicious page, and of the terms by which it was judged: if they change, it is judged
    again.
    """
    terms = source.model_dump_json(include=_TERMS)
    return text_fingerprint(f"{body_fingerprint(body).hex()}\n{terms}")


def snapshot_id(state: SourceState, difference: Difference) -> str:
    """What a snapshot that is held is called: 12 digits, which say what is in it and what it is compared with."""
    return text_fingerprint(f"{state.revision} {difference.digest.hex()}").hex()[:12]


def reading_fingerprint(source: Source, hide: Callable[[str], str] = str) -> str:
    """The fingerprint of how a source is read: the options that affect parsing, and the kind's code.

    `hide` replaces secrets by references, so that a new password does not change the fingerprint.
    """
    options = source.model_dump_json(exclude=_NOT_READING)
    return text_fingerprint(f"{hide(options)}\n{reader_fingerprint(type(source))}").hex()


def place_fingerprint(source: Source, hide: Callable[[str], str] = str) -> str:
    """The fingerprint of a source's address: its kind and the first request of its list. `hide` as in
    `reading_fingerprint`.
    """
    first = source.requested().said()  # the reader's name does not matter
    if source.steps:  # a search for something else is another list
        first += source.model_dump_json(include={"steps"})
    return text_fingerprint(f"{source.kind}\n{hide(first)}").hex()


# Used for every kind: pages are decoded and texts cleaned by these modules.
ALWAYS = ("sources.formats.decode", "sources.text")

# Modules that define and find kinds. The first two parse too; what they import counts where a kind imports it as well.
MODEL = ("sources.model.entry", "sources.model.page")
FRAME = {
    *MODEL,
    *("sources", "sources.kinds", "sources.errors", "sources.loader", "sources.options"),
    *("sources.model", "sources.model.source"),
}
HTML = "sources.formats.selectors"  # what `page.html` and `page.link()` use
_READS_HTML = re.compile(r"\.(?:html|link)\b")

# Imports are found by a pattern: parsing the modules to syntax trees takes twice as long. A string that looks like an
# import counts too, if it names an existing module. The first letters are literal, for `re` to skip all others quickly.
_IMPORT = re.compile(r"(?:f(?<!\wf)rom\s++([.\w]++)\s++import|i(?<!\wi)mport)\b(\s*+\([^()]*+\)|(?:[^\n\\;]++|\\\n)*+)")
# A data file is named by its path below the folder of the module that reads it.
_DATA_FILE = re.compile(r"""["']([\w./-]+\.(?:toml|txt|tsv|csv|json|dat))["']""")

# What is not hashed: docstrings (strings after a colon, or at the beginning, alone on their lines), comments and empty
# lines. Other strings are matched, and kept, since they may contain what looks like these. Each alternative begins with
# another literal, which lets `re` skip all other characters quickly.
_BLOCK_STRING = r'"""(?:[^"\\]++|\\.|"(?!""))*+"""'
_COMMENT = r"\#[^\n]*+"
_PROSE_OR_STRING = re.compile(
    rf"""(:)[ \t]*+(?:{_COMMENT})?\n\s*+{_BLOCK_STRING}[ \t]*+(?=\n)
    | \n[ \t]*+(?:{_COMMENT})?(?=\n) | [ ][ ]*+{_COMMENT} | {_COMMENT}
    | ({_BLOCK_STRING} | '''(?:[^'\\]++|\\.|'(?!''))*+''' | "(?:[^"\\\n]++|\\.)*+" | '(?:[^'\\\n]++|\\.)*+')""",
    re.DOTALL | re.VERBOSE,
)


@cache
def reader_fingerprint(kind: type[Source]) -> str:
    """The fingerprint of the code of a kind's classes below Source, as `code_fingerprint` has it."""
    return code_fingerprint((*ALWAYS, *(each.__module__ for each in kind.__mro__[: kind.__mro__.index(Source)])))


def code_fingerprint(modules: Iterable[str]) -> str:
    """The fingerprint of modules, of those that they import, and of the data files that these name, in hex."""
    texts = {name: _code(name) for name in MODEL}
    waiting = list(set(modules) - FRAME)
    known = FRAME.union(waiting)
    while waiting:
        name = waiting.pop()
        texts[name] = code = _code(name)
        for each in _DATA_FILE.findall(code):
            if (file := Path(_file(name) or "").parent / each).is_file():
                texts[f"{name}/{each}"] = file.read_bytes().hex()
        found = _imports(name, code) - known
        known |= found
        waiting += filter(_file, found)
    listed = (f"{name}\n{text}" for name, text in sorted(texts.items()))
    return blake2b("\0".join(listed).encode(), digest_size=16).hexdigest()


def _code(name: str) -> str:
    """A module's code without comments and docstrings, or "" if it has no source: a compiled module, a preset."""
    path = _file(name)
    try:
        return _without_prose(Path(path).read_text("utf-8")) if path and path.endswith(".py") else ""
    except (OSError, UnicodeError):
        return ""


@lru_cache(maxsize=256)  # kinds share most modules
def _without_prose(text: str) -> str:
    # What is between the matches, and their groups; `sub` would fill a template for each match.
    return "".join(filter(None, _PROSE_OR_STRING.split(f":\n{text}\n"))).strip()


def _imports(name: str, code: str) -> set[str]:
    """What may be modules of `sources`, or of the same top-level package, that a module imports, also in functions."""
    family = {"sources", name.partition(".")[0]}
    path = _file(name)
    package = name if path and path.endswith("__init__.py") else name.rpartition(".")[0]
    found = [HTML] if _READS_HTML.search(code) else []
    for module, what in _IMPORT.findall(code):
        names = [each.split()[0] for each in what.strip(" \\\n()").split(",") if each.strip(" \\\n()")]
        if module:
            base = resolve_name(module, package) if module.startswith(".") else module
            names = [base, *(f"{base}.{each}" for each in names)]
        found += names
    return {each for each in found if each.partition(".")[0] in family}


def _file(name: str) -> str | None:
    """The Python file of a module, or None if it has none. No module is loaded for it."""
    top, *rest = name.split(".")
    loaded = sys.modules.get(top)
    folder = next(iter(getattr(loaded, "__path__", ())), None)
    if folder is None or not rest:
        return getattr(loaded, "__file__", None)
    place = "/".join((folder, *rest))
    paths = (f"{place}.py", f"{place}/__init__.py")
    return next((path for path in paths if os.path.isfile(path)), None)  # noqa: PTH113 - some hundred at each start
