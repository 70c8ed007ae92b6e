"""What another program's file holds, on its way to a table of ours: a job becomes a source, a row an entity."""

import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError

from sources import Source
from sources.loader import KindError, kind

_LONGEST_REASON = 300  # characters

# What other programs call things, and what of them has no counterpart.
WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


class LeftOut(Exception):
    """A job that cannot become a source; the message says why."""


@dataclass(slots=True)
class Imported:
    """A job or a row: `title` names it in the report; `name` and `text` are those of its table.

    `without` says what of it has no counterpart, a line each; `left` why it gets no table ("" if it does).
    """

    title: str
    group: str = ""
    without: list[str] = field(default_factory=list)
    left: str = ""
    name: str = ""
    text: str = ""
    kind: str = ""


@dataclass(slots=True)
class ImportedJob(Imported):
    """A job. `label` names the source that it becomes in messages. `look` says whether `watch add`'s way of looking at
    the page may find a better kind: nothing was selected on it.
    """

    kind: str = "text"
    url: str = ""
    label: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    look: bool = False

    @property
    def table(self) -> dict[str, Any]:
        """The options of the source, without `kind` and `url`."""
        return {**({"label": self.label} if self.label else {}), **self.options}


@contextmanager
def left_out(job: Imported) -> Iterator[None]:
    """Leave a job out, with the reason, for what is wrong with it alone: whatever its parts lead to."""
    try:
        yield
    except LeftOut as reason:
        job.left = str(reason)
    except Exception as error:  # noqa: BLE001 - another program's file may hold anything, and the other jobs are sound
        job.left = f"it cannot be taken over: {type(error).__name__}: {error}"[:_LONGEST_REASON]


# What a file holds: the format in words, and the jobs in the file's order
JobList: TypeAlias = tuple[str, Sequence[ImportedJob]]


@cache
def find_kind(name: str) -> type[Source]:
    """The kind of that name, found once: a list may have thousands of jobs. Raises KindError."""
    return kind(name)


def unused_name(base: str, taken: dict[str, int]) -> str:
    """The name, or the first with a number that is not taken. `taken` remembers how far each was counted."""
    if base not in taken:
        return base
    number = next(number for number in count(taken[base] + 1) if f"{base}-{number}" not in taken)
    taken[base] = number
    return f"{base}-{number}"


def check_job(job: ImportedJob) -> None:
    """Leave a job out that the configuration would refuse, with the reason."""
    with left_out(job):
        try:
            find_kind(job.kind).model_validate({"url": job.url, **job.table})
        except KindError as error:
            raise LeftOut(str(error)) from None
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            where = ".".join(map(str, first["loc"]))
            reason = str(first["msg"]).removeprefix("Value error, ")
            raise LeftOut(f"{where}: {reason}" if where else reason) from None
