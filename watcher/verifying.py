"""Evidence compared with its chain: that of the state, or a folder that somebody was given."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from state.errors import StateError
from state.evidence.chain import Link
from state.evidence.exported import NAME, NoChainError, lines, links
from state.evidence.files import SUFFIX
from state.evidence.reading import recall_about
from state.evidence.stamps import StampError, read_answer
from state.evidence.verify import Problem, Verified, verify
from state.store import Store
from watcher.errors import UsageError
from watcher.files import closed

Reading = Callable[[str], BinaryIO | None]


def of_state(store: Store, folder: Path) -> Verified:
    """The files in the folder against the state. Others may write meanwhile. Raises StateError."""

    def opened(name: str) -> BinaryIO | None:
        file = folder / name
        return file.open("rb") if file.is_file() else None

    found = verify(store.chain, opened)
    doubtful = {problem.file for problem in found.problems if problem.tail or problem.file in found.absent}
    if doubtful:  # or were they just being written to, or removed for their age?
        unsettled = store.unsettled(doubtful, folder)
        found.problems = [each for each in found.problems if each.file not in doubtful or each.file in unsettled]
    found.problems += _stamps(store, found)
    found.problems += _beyond(store, found)
    if not found.problems:
        found.problems += _told(store, folder)
    for name in store.strangers(folder):
        found.problems.append(Problem(None, name, "the chain knows nothing of this file"))
    return found


def _stamps(store: Store, found: Verified) -> Iterator[Problem]:
    """Stamps that are not for the link that the chain has, or that say something else."""
    for stamp in store.stamps():
        link = next(store.chain(stamp.number, stamp.number), None)
        try:
            found.stamped = max(filter(None, (found.stamped, read_answer(stamp.answer, stamp.link).at)))
        except StampError as error:
            yield Problem(stamp.number, "", f"its time stamp is not what it was: {error}")
        if link is None:
            yield Problem(stamp.number, "", "it was stamped, and the chain ends before it: its end was cut off")
        elif link.link != stamp.link:
            yield Problem(stamp.number, "", "the chain has another link than the one that was stamped")


def _beyond(store: Store, found: Verified) -> Iterator[Problem]:
    """The first capture whose records lie behind the end of the chain."""
    end = found.head.number if found.head else 0
    for info in store.all_captures():
        if info.last > end and next(store.chain(info.last, info.last), None) is None:  # not written since we looked
            yield Problem(info.last, info.file, "a capture has it, and the chain ends before it: its end was cut off")
            return


def _told(store: Store, folder: Path) -> Iterator[Problem]:
    """Changes of which the log says something else than their capture does."""
    for info in store.all_captures():
        try:
            about = recall_about(store, folder, info)
        except StateError:
            continue  # it was removed for its age meanwhile
        for said in about["changes"]:
            event = store.event(said["id"])
            if event and event.at == info.at and any(said.get(name) != event.data[name] for name in event.data):
                yield Problem(
                    info.last, info.file, f"the log says something else of change #{event.id} than its capture"
                )


def of_folder(path: Path) -> Verified:
    """A folder, or a .zip, with an exported chain and WARC files of it. Raises UsageError."""
    with _read(path) as (opened, names):
        chain = opened(NAME)
        if chain is None:
            raise UsageError(f"{path}: there is no {NAME} in it; watch verify --export writes one")
        with io.TextIOWrapper(chain, encoding="utf-8") as text:
            exported = _links(path, text)
        found = verify(lambda: exported, opened, here=False)
        for name in names:
            if name.endswith(SUFFIX) and name not in found.files:
                found.problems.append(Problem(None, name, "the chain knows nothing of this file"))
        if not found.records and not found.problems:
            raise UsageError(f"{path}: none of the files that its {NAME} names is here")
        return found


def export(store: Store, file: Path) -> None:
    """Write the chain to a file. Raises StateError and OSError."""
    with open(file, "w", encoding="utf-8", opener=closed) as out:
        out.writelines(lines(store.chain()))


def _links(path: Path, text: Iterable[str]) -> list[Link]:
    try:
        return list(links(text))
    except (NoChainError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {NAME}: {error}") from None


@contextmanager
def _read(path: Path) -> Iterator[tuple[Reading, list[str]]]:
    """A way to the files of a folder or a .zip, and their names."""
    if path.is_dir():
        names = sorted(file.name for file in path.iterdir() if file.is_file())
        yield (lambda name: (path / name).open("rb") if name in names else None), names
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            inside = {PurePosixPath(each).name: each for each in packed.namelist() if not each.endswith("/")}
            yield (lambda name: cast("BinaryIO", packed.open(inside[name])) if name in inside else None), list(inside)
    else:
        raise UsageError(f"{path}: is neither a folder nor a .zip")
