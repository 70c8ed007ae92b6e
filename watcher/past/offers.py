"""What a witness offers of the past of a source: captures, and what of it cannot be one; which of these are read; and
the witnesses at hand: a folder of dated files, named as for `watch replay`, and one file in each commit of a git
repository that changed it, as git-scraping repositories keep them.

A commit is a capture where its file differs from that of every parent: each state counts once, on whichever branch it
was made, and a merge only if it made a new one. The file is followed to the names that it had before. The time is the
author's, which a rebase keeps, and anybody can set: `--amend` leaves one that is too early. It is taken as it is, and
`where` says whose it is; of the commits of one second, the last counts. The repository is a foreign one: git runs no
program that its configuration names, and fetches nothing.
"""

import os
import shutil
import subprocess
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from sources import FetchError, Get, Page, Source
from sources.formats.unpack import too_large
from sources.options import largest_page
from watcher.errors import UsageError
from watcher.trials.saved_pages import as_response, find_pages, read_saved_page


@dataclass(frozen=True, slots=True)
class OfferedCapture:
    """A capture that a witness offers: when it was made (UTC), where it lies there, and what answers a request of the
    source as the site did then, which raises SourceError. A capture that is `alone` can answer the first request only.
    """

    at: datetime
    where: str
    answer: Callable[[Get], Page]
    alone: bool = True


class SkippedCapture(NamedTuple):
    """What is no part of the past: its time, None if that is unknown, its place, and why: a stable code, and one line
    for people.
    """

    at: datetime | None
    where: str
    reason: str
    message: str


Offer = OfferedCapture | SkippedCapture
Span = tuple[datetime | None, datetime | None]
"""The first and the last moment of a time; None where it has no such end."""


def choose_captures(offers: Sequence[Offer], span: Span, most: int | None, end: datetime) -> list[Offer]:
    """What is of a time, or of no known one; with `most` so many of the captures before `end`, spread evenly."""
    since, until = span
    within = [each for each in offers if not each.at or (since or each.at) <= each.at <= (until or each.at)]
    captures = [each for each in within if isinstance(each, OfferedCapture)]
    captures.sort(key=lambda each: (each.at, each.where))
    if most is not None:
        captures = _spread([each for each in captures if each.at < end], most)
    return [*captures, *(each for each in within if isinstance(each, SkippedCapture))]


def _spread(captures: list[OfferedCapture], most: int) -> list[OfferedCapture]:
    """So many captures, in order: those that are nearest to times at equal distances."""
    if len(captures) <= most:
        return captures
    found, low, first = list[OfferedCapture](), 0, captures[0].at
    distance = (captures[-1].at - first) / max(most - 1, 1)
    for number in range(most):
        time, last = first + number * distance, len(captures) - most + number  # those to come need one, too
        at = bisect_left(captures, time, low, last, key=lambda each: each.at)
        at -= at > low and time - captures[at - 1].at < captures[at].at - time
        found.append(captures[at])
        low = at + 1
    return found


def offer_folder(source: Source, folder: Path) -> Iterator[Offer]:
    """The files of a folder, each as a capture of the time in its name. Raises UsageError where there are none."""
    for page in find_pages(folder):
        if page.at is None:
            yield SkippedCapture(None, page.file.name, "undated", "its name has no date, such as 2024-07-07")
        else:
            answer = partial(read_saved_page, source, file=page.file, fetched=page.at)
            yield OfferedCapture(page.at, page.file.name, answer)


_PATIENCE = 600  # seconds for the history of a file
_CLEAN = {"LC_ALL": "C", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}  # environment of git
_CLEAN |= {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
_CLEAN |= {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": os.devnull, "GIT_OPTIONAL_LOCKS": "0"}
_SAFE = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "core.bigFileThreshold=1m")
_RAW = ("--stdin", "--root", "-z", "-r", "--diff-merges=separate", "--raw", "--no-abbrev", "--no-ext-diff")
_LOG = ("log", *_RAW, "--no-follow", "--no-renames", "--no-show-signature")  # whatever the repository configures
_HISTORY = (*_LOG, "--topo-order", "--full-history", "--decorate=full", "--format=%H|%at|%P|%D", "--")
_RENAMES = ("diff-tree", *_RAW, "-M", "-l1000", "--diff-filter=R")
_POINTERS = (b"version https://git-lfs.github.com/spec/", b"/annex/objects/")


class FileChange(NamedTuple):
    """How a file differs in a commit from one parent: its mode, its blobs before and after, "" for none, its names."""

    mode: str
    before: str
    after: str
    former: str
    name: str


def offer_git(source: Source, folder: Path, path: str, until: ExitStack) -> Iterator[Offer]:
    """The states of the file at `path` in a repository's folder, which can be read until `until` is closed.

    Raises UsageError where there is no such repository or file, and without git.
    """
    clone, times = Clone(folder, until), set[datetime]()
    for commit, seconds, refs, made in _find_states(clone, str(PurePosixPath(path))):
        at, where, why = None, f"commit {commit[:12]}, author's time", None
        with suppress(ValueError, OverflowError, OSError):  # whatever stands in a commit
            at = datetime.fromtimestamp(int(seconds), UTC)
        if refs.startswith("grafted"):
            why = "shallow", "the clone begins here, amid the history: `git fetch --unshallow` brings the rest"
        elif not made.after:
            why = "deleted", "the commit takes the file away"
        elif not made.mode.startswith("100"):
            why = "no_file", "a link or a submodule stands in place of the file"
        elif at in times:
            why = "same_time", "a later commit has the same author's time"
        if at and not why:
            times.add(at)
            yield OfferedCapture(at, where, partial(clone.answer, source, made, at))
        else:
            yield SkippedCapture(at, where, *(why or ("undated", "its author's time is none")))


def _find_states(clone: "Clone", path: str) -> Iterator[tuple[str, str, str, FileChange]]:
    """The commits that made a state of the file, each before those that it follows: author's time, refs, and how."""
    seen, tips = set[str](), {path: ["HEAD"]}
    while tips:
        name, revisions = tips.popitem()
        commits = clone.changes([*_HISTORY, f":(top,literal){name}"], revisions, name)
        ends = [head for head, made in commits.items() if not all(each.before and each.after for each in made)]
        renames = clone.changes(_RENAMES, [head.partition("|")[0] for head in ends], name)
        for head, made in commits.items():
            commit, seconds, parents, refs = head.split("|", 3)
            renamed = renames[commit]
            if commit in seen or any(each.former == name for each in renamed):  # then that is its name
                continue
            seen.add(commit)
            for each in renamed:
                tips.setdefault(each.former, []).extend(parents.split())
            if len(made) > parents.count(" ") and made[0].after not in {each.before for each in (*made, *renamed)}:
                yield commit, seconds, refs, made[0]
    if not seen:
        raise UsageError(f"no commit has a file {path}: `git log --stat` shows the paths of files")


class Clone:
    """A repository's folder, which git reads."""

    def __init__(self, folder: Path, until: ExitStack) -> None:
        inner, self._until = folder.absolute() / ".git", until
        self._git = (shutil.which("git") or "git", f"--git-dir={inner if inner.exists() else inner.parent}", *_SAFE)
        self._process: subprocess.Popen[bytes] | None = None

    def changes(self, words: Sequence[str], given: Sequence[str], name: str) -> defaultdict[str, list[FileChange]]:
        """What a command of git says of the file, by what it says of the commits. Raises UsageError."""
        command, told = [*self._git, *words], "".join(f"{each}\n" for each in given).encode()
        try:
            ran = subprocess.run(command, input=told, capture_output=True, check=True, timeout=_PATIENCE, env=_CLEAN)  # noqa: S603 - no shell
        except (OSError, subprocess.SubprocessError) as fault:
            said = getattr(fault, "stderr", b"") or str(fault).encode()
            *_, why = said.decode(errors="replace").strip().rpartition("\n")
            needs = "--git needs git, and the folder of a repository: clone it first (`git clone --bare URL FOLDER`)"
            raise UsageError(f"{why}; {needs}") from None
        found, head, parts = defaultdict[str, list[FileChange]](list), "", iter(os.fsdecode(ran.stdout).split("\0"))
        for part in parts:
            if not part.lstrip("\n").startswith(":"):
                head = part
                continue
            _, mode, *blobs, status = part.split()
            before, after = (blob if blob.strip("0") else "" for blob in blobs)
            names = [next(parts) for _ in range(2 if status.startswith("R") else 1)]
            if name in names:  # else `name` is a folder there
                found[head].append(FileChange(mode, before, after, names[0], names[-1]))
        return found

    def answer(self, source: Source, made: FileChange, at: datetime, get: Get) -> Page:
        """The file of a commit as what answers a request. Raises FetchError, and TooLarge without loading it."""
        if not self._process or self._process.poll() is not None:
            command, pipe = [*self._git, "cat-file", "--batch"], subprocess.PIPE
            started = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=_CLEAN)  # noqa: S603 - no shell
            self._process = self._until.enter_context(started)
        process, most, size, body = self._process, largest_page(source), 0, b""
        assert process.stdin and process.stdout  # noqa: S101, PT018 - both are pipes
        with suppress(OSError, ValueError, IndexError):  # it has ended, or lacks the blob
            os.write(process.stdin.fileno(), f"{made.after}\n".encode())
            size = int(process.stdout.readline(200).split()[2])
            body = process.stdout.read(size + 1) if size <= most else b""
        if len(body) <= size:
            with process:
                process.kill()
            if size > most:
                raise too_large(most, made.name)
            raise FetchError(f"blob {made.after[:12]} is missing or damaged: see `git fsck`", code="damaged")
        if body.startswith(_POINTERS):
            raise FetchError("Git LFS or git-annex keeps the content elsewhere", code="pointer")
        return as_response(source, get, made.name, body[:-1], at)
