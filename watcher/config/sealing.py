"""Secrets of what is configured at the desk: sealed in the state with a key that is not in it, and masked elsewhere.

Sealed are the options that their models do not show (`repr=False`), and any URL with a password in it. The key is that
of `[web] key`, else a file beside the state that only its owner may read. In a document a sealed text is a table with
one key, SEALED, which no option has.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pydantic import BaseModel

from state.db.files import give_to_owner_of, sync_folder
from state.errors import StateError
from state.failpoint import reach
from watcher.config.config_secrets import KeyPath, find_passwords, find_tokens
from watcher.config.settings import SQLITE

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

MASK = "********"
SEALED = "sealed secret"  # with a space, which the name of no header has


class KeyLostError(StateError):
    """A sealed secret cannot be opened."""


@dataclass(frozen=True)
class Seal:
    """What secrets are sealed with: a `given` key, else that in a `file`, which is made when it is first needed."""

    given: str | None
    file: Path

    @classmethod
    def of(cls, given: str | None, state: str, folder: Path) -> Seal:
        """The key for the state at a URL; `folder` is that of the configuration, for a state on a server."""
        return cls(
            given, Path(f"{state.removeprefix(SQLITE)}.key") if state.startswith(SQLITE) else folder / "desk.key"
        )

    def seal(self, text: str) -> dict[str, str]:
        """The text, sealed. Raises StateError."""
        return {SEALED: self._fernet(make=True).encrypt(text.encode("utf-8", "surrogatepass")).decode()}

    def open(self, sealed: dict[str, Any]) -> str:
        """The text that was sealed. Raises KeyLostError."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - where there is something to open

        try:
            return self._fernet(make=False).decrypt(str(sealed[SEALED])).decode("utf-8", "surrogatepass")
        except InvalidToken:
            raise KeyLostError("the key is another one than they were sealed with") from None

    def _fernet(self, *, make: bool) -> MultiFernet:
        """What seals with the first key and opens with any: who sets `[web] key` later loses nothing."""
        try:
            from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415 - 10 MB, and few have something sealed
        except ModuleNotFoundError:
            raise KeyLostError('it takes the extra "web": pip install "registry-watch[web]"') from None
        keys = [self.given] if self.given else []
        try:
            if self.file.exists() or (make and not keys):
                keys.append(read_or_make(self.file, lambda: urlsafe_b64encode(os.urandom(32)).decode()))
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no text"
            raise KeyLostError(f"{self.file}: the key cannot be read or written: {why}") from None
        if not keys:
            raise KeyLostError(f"{self.file} is missing: put it back, or set [web] key")
        return MultiFernet([Fernet(urlsafe_b64encode(sha256(key.strip().encode()).digest())) for key in keys])


def read_or_make(file: Path, make: Callable[[], str]) -> str:
    """The key in a file that only its owner may read. A file that is missing is made, whole or not at all; of two
    processes one does. Raises OSError and ValueError.
    """
    if not file.exists():
        part = file.with_name(f".{file.name}.{uuid4().hex}")
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(handle, "w") as made:
                made.write(f"{make()}\n")
                made.flush()
                os.fsync(handle)
                give_to_owner_of(file.parent, handle)
            reach("sealing")
            if not file.exists():
                os.link(part, file)
        except FileExistsError:
            pass
        finally:
            part.unlink()
        sync_folder(file.parent)
    return file.read_text("ascii").strip()


def is_sealed(value: object) -> bool:
    """Whether a value of a document is a sealed text."""
    return isinstance(value, dict) and SEALED in value


def secret_places(document: dict[str, Any], models: Sequence[type[BaseModel]]) -> set[KeyPath]:
    """The places of the texts in a document that are secrets: `models` are those of its kind of object."""
    hidden = {
        option.alias or name for model in models for name, option in model.model_fields.items() if not option.repr
    }
    found = set[KeyPath]()

    def look(at: KeyPath, text: Any) -> None:
        if isinstance(text, str):  # of a URL, also a password or a token in it that is no reference
            parts = [text, *find_tokens(text)] if at[0] in hidden else []
            if any("${" not in part for part in [*parts, *find_passwords(text)]):
                found.add(at)

    change(document, look)
    return found


def change(document: Any, how: Callable[[KeyPath, Any], Any], at: KeyPath = ()) -> Any:
    """A copy of a document with each of its plain or sealed values changed."""
    if isinstance(document, dict) and not is_sealed(document):
        return {key: change(value, how, (*at, key)) for key, value in document.items()}
    if isinstance(document, list):
        return [change(value, how, (*at, number)) for number, value in enumerate(document)]
    return how(at, document)


def unseal(document: dict[str, Any], seal: Seal) -> dict[str, Any]:
    """A document with its secrets. Raises KeyLostError."""
    opened: dict[str, Any] = change(document, lambda _, value: seal.open(value) if is_sealed(value) else value)
    return opened


def mask(document: dict[str, Any], models: Sequence[type[BaseModel]]) -> dict[str, Any]:
    """A document as it is shown: without its secrets, sealed or not."""
    secret = secret_places(document, models)
    shown: dict[str, Any] = change(document, lambda at, value: MASK if is_sealed(value) or at in secret else value)
    return shown
