"""Compares evidence with its chain: that of the state, or of a folder from somebody."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from alerts.message.lines import find_proof_links
from alerts.proof.facts import STAMP
from state.db.files import refuse_planted
from state.errors import StateError
from state.evidence.chain import ChainLink
from state.evidence.chain_export import LONGEST_LINE, NAME, NoChainError, lines, links
from state.evidence.files import SUFFIX
from state.evidence.reading import recall_about
from state.evidence.stamps import Stamp, StampError, read_stamp
from state.evidence.verify import Problem, StampSeen, Verified, verify
from state.store import Store
from watcher.config.files import open_closed
from watcher.errors import UsageError
from watcher.evidence.untrusted_files import GivenFiles, open_given, plain_file

_LARGEST_STAMP = 1_000_000  # bytes
_PATIENCE = 20  # seconds for openssl
_ENVIRONMENT = {"LC_ALL": "C"}  # of openssl: not ours, which may contain secrets
_CUT = "its end was cut off"


class Authority:
    """An authority's certificates, in a PEM file. Raises UsageError if there is no such file, or openssl is not
    installed.
    """

    def __init__(self, file: Path) -> None:
        if not file.is_file():
            raise UsageError(f"{file}: the file is missing: --authority needs the authority's certificate (PEM)")
        self._file, self._openssl = file.absolute(), shutil.which("openssl")
        if self._openssl is None:
            raise UsageError("--authority needs the command openssl, which is not installed")

    def signed(self, answer: bytes, link: bytes) -> bool:
        """Whether the response is a time stamp for the link (SHA-256), signed by the authority."""
        with tempfile.NamedTemporaryFile() as kept:
            kept.write(answer)
            kept.flush()
            argv = [str(self._openssl), "ts", "-verify", "-digest", link.hex(), "-in", kept.name]
            argv += ["-CAfile", str(self._file), "-partial_chain"]
            try:
                ran = subprocess.run(argv, capture_output=True, timeout=_PATIENCE, check=False, env=_ENVIRONMENT)  # noqa: S603 - no shell, fixed words
            except subprocess.TimeoutExpired:
                return False
        return ran.returncode == 0


def of_state(store: Store, folder: Path, authority: Authority | None = None) -> Verified:
    """Compare the files in the folder with the state. Others may write meanwhile. Raises StateError.

    With an `authority`, it must have signed the time stamps.
    """
    found = verify(store.evidence.chain, lambda name: plain_file(folder / name))
    doubtful = {problem.file for problem in found.problems if problem.tail or problem.file in found.absent}
    if doubtful:  # or were they just written to, or deleted for their age?
        unsettled = store.evidence.find_unsettled(doubtful, folder)
        found.problems = [each for each in found.problems if each.file not in doubtful or each.file in unsettled]
    for stamp in store.evidence.stamps():
        found.problems += _of_stamp(stamp, _link(store, stamp.number), found, authority)
    found.problems += _beyond(store, found.head.number if found.head else 0)
    if not found.problems:
        found.problems += _find_altered(store, folder)
    for name in store.evidence.strangers(folder):
        found.problems.append(Problem(None, name, "the chain knows nothing of this file"))
    return found


def _link(store: Store, number: int) -> ChainLink | None:
    return next(store.evidence.chain(number, number), None)


def _of_stamp(stamp: Stamp, link: ChainLink | None, found: Verified, authority: Authority | None) -> Iterator[Problem]:
    """Whether a time stamp is intact, for the link in the chain, and signed by the authority."""
    try:
        said = read_stamp(stamp.answer)
        if said.link != stamp.link:
            raise StampError("the stamp is for something else")
    except StampError as error:
        yield Problem(stamp.number, "", f"its time stamp is not what it was: {error}")
    else:
        genuine = authority is not None and authority.signed(stamp.answer, stamp.link)
        if authority and not genuine:
            yield Problem(stamp.number, "", f"its time stamp, by {said.signer}, is not signed by the authority named")
        if found.stamp is None or said.at > found.stamp.at:
            found.stamp = StampSeen(said.at, stamp.number, said.signer, genuine)
    if link is None and stamp.number > (found.head.number if found.head else 0):
        yield Problem(stamp.number, "", f"it was stamped, and the chain ends before it: {_CUT}")
    elif link is not None and link.link != stamp.link:
        yield Problem(stamp.number, "", "the chain has another link than the one that was stamped")


def _find_altered(store: Store, folder: Path) -> Iterator[Problem]:
    """Changes whose event in the log differs from their capture."""
    for info in store.evidence.all_captures():
        try:
            about = recall_about(store.evidence, folder, info)
        except StateError:
            continue  # deleted for its age meanwhile
        for said in about["changes"]:
            event = store.log.event(said["id"])
            if event and event.at == info.at and any(said.get(name) != event.data[name] for name in event.data):
                yield Problem(
                    info.last, info.file, f"the log says something else of change #{event.id} than its capture"
                )


def _beyond(store: Store, end: int) -> Iterator[Problem]:
    """The first capture, event and sent message that refer to records after the record `end`: a chain may have been cut
    off with its records.
    """
    yield from _captures(store, end)
    for event in store.evidence.find_unfounded()[:1]:
        yield Problem(None, f"#{event}", f"it had a proof, and the chain has no record of it: {_CUT}")
    yield from _messages(store)


def _captures(store: Store, end: int) -> Iterator[Problem]:
    for info in store.evidence.all_captures():
        if info.last > end and _link(store, info.last) is None:  # not written since the chain was read
            yield Problem(info.last, info.file, f"a capture has it, and the chain ends before it: {_CUT}")
            return


def _messages(store: Store) -> Iterator[Problem]:
    for told in store.evidence.find_told_proofs():
        links = find_proof_links(told.text, told.event)
        if links and told.link[:16] not in links:
            what = f"has the link {told.link[:16]} now" if told.link else f"is not there: {_CUT}"
            yield Problem(None, f"#{told.event}", f"an alert said that its proof has the link {links[0]}; it {what}")
            return


def of_folder(path: Path, authority: Authority | None = None) -> Verified:
    """Verify a folder or .zip from anybody, with an exported chain and WARC files of it. Raises UsageError."""
    with open_given(path, lambda name: name in {NAME, STAMP} or name.endswith(SUFFIX)) as files:
        if NAME not in files.names:
            raise UsageError(f"{path}: {NAME} is missing in it; watch verify --export writes one")
        try:
            found = verify(lambda: _read_exported(files), files.open, here=False)
            found.problems += _check_given_stamp(files, found, authority)
        except NoChainError as error:
            raise UsageError(f"{path}: {NAME}: {error}") from None
        for name in files.names:
            if name.endswith(SUFFIX) and name not in found.files:
                found.problems.append(Problem(None, name, "the chain knows nothing of this file"))
        if not found.records and not found.problems:
            raise UsageError(f"{path}: none of the files that its {NAME} names is here")
        return found


def _read_exported(files: GivenFiles) -> Iterator[ChainLink]:
    """The links of the exported chain, line by line. Raises NoChainError."""
    if stream := files.open(NAME):
        with stream:
            yield from links(iter(lambda: stream.readline(LONGEST_LINE + 1), b""))


def _check_given_stamp(files: GivenFiles, found: Verified, authority: Authority | None) -> Iterator[Problem]:
    """Verify the time stamp file beside a chain, if there is one."""
    stream = files.open(STAMP)
    if stream is None:
        return
    with stream:
        answer = stream.read(_LARGEST_STAMP)
    try:
        said = read_stamp(answer)
    except StampError as error:
        yield Problem(None, STAMP, str(error))
        return
    link = next((each for each in _read_exported(files) if each.link == said.link), None)
    if link is None:
        yield Problem(None, STAMP, f"the chain has no such link: {_CUT}, or the stamp is of another one")
        return
    yield from _of_stamp(Stamp(link.number, link.link, said.at, "", answer), link, found, authority)


def export(store: Store, file: Path) -> None:
    """Write the chain to a file. Raises StateError and OSError; as root also for a symbolic link of another user."""
    refuse_planted(file)
    with open(file, "w", encoding="utf-8", opener=open_closed) as out:
        out.writelines(lines(store.evidence.chain()))
