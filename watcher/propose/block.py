"""A source as a block of TOML, appended to a configuration file whose other contents stay as they are."""

import json
import re
from collections.abc import Collection, Mapping
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import urlsplit

from watcher.config.load import load
from watcher.errors import ConfigError, UsageError
from watcher.terminal.new_file import write_whole

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_DULL_WORDS = "www com org net gov edu index default home list page html htm php aspx asp json xml csv"
_DULL = frozenset(_DULL_WORDS.split())


def block(name: str, kind: str, url: str | None, options: Mapping[str, Any], remark: str = "") -> str:
    """The tables of a source, each line ending with a newline. `remark` becomes a comment above them."""
    return table_block("sources", name, {"kind": kind, **({"url": url} if url else {}), **options}, remark)


def table_block(kind: str, name: str, given: Mapping[str, Any], remark: str = "") -> str:
    """The table `[KIND.NAME]`, and those in it, each line ending with a newline. `remark` becomes a comment above."""
    # on one line, without the control characters that TOML allows in no comment
    plain = "".join(char for char in " ".join(remark.split()) if char >= " " and char != "\x7f")
    lines = [f"# {plain}"] if remark else []
    table = f"{kind}.{_key(name)}"
    own = {option: value for option, value in given.items() if not isinstance(value, Mapping)}
    inner = {f"{table}.{_key(option)}": value for option, value in given.items() if isinstance(value, Mapping)}
    for place, values in ({table: own} | inner).items():
        lines += [*([""] if values is not own else []), f"[{place}]"]
        lines += [f"{_key(option)} = {_value(value)}" for option, value in values.items()]
    return "\n".join(lines) + "\n"


def layout_block(name: str, given: Mapping[str, Any]) -> str:
    """The table of an earlier layout of a source, each line ending with a newline."""
    options = (f"{_key(option)} = {_value(value)}\n" for option, value in given.items())
    return "".join([f"[[sources.{_key(name)}.before]]\n", *options])


def append(path: Path, text: str, into: Path | None = None) -> None:
    """Append a block to a file, or to one that it includes (`into`), with that file's line ends, after checking that
    the result is valid: what both say together is the same.

    The file is replaced as a whole, or left as it is. Raises ConfigError, and UsageError if it cannot be written.
    """
    main, target = path.resolve(), (into or path).resolve()  # a symbolic link stays one
    try:
        before = target.read_bytes() if target.exists() else b""
        # the problems of a scratch file beside it are told as those of `path`
        with NamedTemporaryFile(dir=main.parent, prefix=f".{main.name}.") as scratch:
            scratch.write(append_to(main.read_bytes(), text))
            scratch.flush()
            try:
                load(Path(scratch.name))
            except ConfigError as error:
                name = Path(scratch.name).name
                told = (problem.replace(scratch.name, str(path)).replace(name, path.name) for problem in error.problems)
                raise ConfigError(list(told)) from None
        if before != (target.read_bytes() if target.exists() else b""):
            raise UsageError(f"{into or path} was changed by someone else meanwhile; nothing was written, try again")
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = target.stat().st_mode & 0o7777 if target.exists() else 0o640
        write_whole(target, append_to(before, text), mode)
    except OSError as error:
        raise UsageError(f"{into or path} cannot be written: {error.strerror}") from None


def append_to(before: bytes, text: str) -> bytes:
    """The content of a file with a block appended after an empty line, with that file's line ends."""
    end = b"\r\n" if before.count(b"\r\n") * 2 > before.count(b"\n") else b"\n"
    gap = b"" if not before or before.endswith(end * 2) else end if before.endswith(b"\n") else end * 2
    return before + gap + text.encode().replace(b"\n", end)


def name_for(url: str, title: str, taken: Collection[str]) -> str:
    """An unused name for a source, from its host and the page's name there, in ASCII."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    numeric = re.fullmatch(r"[\d.:]*|localhost", host)
    labels = [] if numeric else [label for label in host.split(".")[:-1] if label not in _DULL]
    path = list(filter(None, map(_telling, reversed(parts.path.split("/")))))
    words = _telling("-".join(labels)) + (path[0] if path else _telling(title)[:3])
    return unused_name("-".join(dict.fromkeys(words))[:40].strip("-") or "source", dict.fromkeys(taken, 1))


def unused_name(base: str, taken: dict[str, int]) -> str:
    """The name, or the first with a number that is not taken. `taken` remembers how far each was counted."""
    if base not in taken:
        return base
    number = next(number for number in count(taken[base] + 1) if f"{base}-{number}" not in taken)
    taken[base] = number
    return f"{base}-{number}"


def _telling(text: str) -> list[str]:
    """The distinctive words: without file endings, numbers and checksums."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return [word for word in words if word not in _DULL and not re.fullmatch(r"\d+|(?=\w*\d)[0-9a-f]{6,}", word)]


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, int | float):  # and true, and false
        return json.dumps(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(str(key))} = {_value(item)}' for key, item in value.items())} }}"
    return _text(str(value).replace("${", "$${"))


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
