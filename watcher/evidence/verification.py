"""Compares evidence with its chain: that of the state, or of a folder or .zip file from a stranger."""

import errno
import io
import os
import re
import shutil
import stat
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.language import best_language, speaking
from alerts.message.lines import find_proof_links
from alerts.message.wording import shorten
from alerts.proof import PAGE, WARC, WITNESS_FILES
from state.db.files import refuse_planted
from state.db.rows import UNREADABLE
from state.errors import StateError
from state.evidence.chain import LONGEST_LINE, MOST_FILES, NAME, ChainLink, NoChainError, lines, links
from state.evidence.reading import parse_record, recall_about
from state.evidence.records import digest_of
from state.evidence.store import CaptureInfo, Found
from state.evidence.verify import Problem, Verified, verify
from state.evidence.warc import SUFFIX
from state.evidence.witnesses import StampError, WitnessAnswer, WitnessKind, check, read_witness
from state.store import Store
from watcher.config.files import open_closed
from watcher.config.load import Config
from watcher.config.open_state import evidence_options, open_existing_state, open_known_state
from watcher.errors import UsageError
from watcher.evidence.proofs import MOST_DERIVED, derive
from watcher.terminal.words import count, megabytes

MOST_RATIO = 20  # most bytes unpacked for each byte of a .zip: a chain shrinks to a third, a WARC file hardly at all
_LARGEST_INDEX = 4_000_000  # bytes of a .zip's directory
_DEEPEST = 8  # most folders above a file in a .zip
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # other methods may need gigabytes of memory
_ENCRYPTED = 1


@dataclass(frozen=True, slots=True)
class GivenFiles:
    """The files by name. `open` returns a stream, or None if there is no such file that can be read. Of a file that is
    not `wanted`, no more is read than it should have.
    """

    names: Collection[str]
    open: Callable[[str], BinaryIO | None]


@contextmanager
def open_given(path: Path, wanted: Callable[[str], bool]) -> Iterator[GivenFiles]:
    """The files in a folder or .zip, and what else is there by its name; `wanted` are those that are read whole.

    Raises UsageError if it is neither, is damaged, or exceeds a limit.
    """
    try:
        if path.is_dir():
            yield _folder(path, wanted)
        elif zipfile.is_zipfile(path):
            with _Sparing(path) as file, zipfile.ZipFile(file) as packed:
                yield _zip(path, packed, wanted)
        else:
            raise UsageError(f"{path}: is neither a folder nor a .zip")
    except OSError as error:
        raise UsageError(f"{path}: it cannot be read: {error.strerror or error}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise UsageError(f"{path}: the .zip is damaged, or not one that is read here: {error}") from error


def plain_file(file: Path) -> BinaryIO | None:
    """Open a regular file for reading; None if there is none, or a link or device in its place. Raises OSError."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ELOOP}:
            return None
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return None
    return os.fdopen(handle, "rb")


def _folder(path: Path, wanted: Callable[[str], bool]) -> GivenFiles:
    names = list[str]()
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_symlink() and wanted(entry.name):
                raise UsageError(f"{path}: {entry.name} is a link, which is not followed: put the file itself there")
            names.append(entry.name)
            if len(names) > MOST_FILES:
                raise UsageError(f"{path}: there are more than {MOST_FILES:,} files in it")
    there = dict.fromkeys(sorted(names))
    return GivenFiles(there, lambda name: plain_file(path / name) if name in there else None)


def _zip(path: Path, packed: zipfile.ZipFile, wanted: Callable[[str], bool]) -> GivenFiles:
    inside = _by_name(path, packed, wanted)
    readable, size = dict[str, zipfile.ZipInfo](), 0
    for name, info in inside.items():
        if not info.flag_bits & _ENCRYPTED and info.compress_type in _PACKED:
            readable[name] = info
        elif wanted(name):
            how = "packed in a way that is not read here: pack it anew"
            raise UsageError(f"{path}: {name} is {'encrypted' if info.flag_bits & _ENCRYPTED else how}")
        size += info.file_size if wanted(name) else 0
    if size > path.stat().st_size * MOST_RATIO + 1_000_000:  # bytes allowed in addition, for small .zip files
        raise UsageError(f"{path}: it would unpack to {size:,} bytes, more than {MOST_RATIO} times its size")

    return GivenFiles(inside, lambda name: cast("BinaryIO", packed.open(readable[name])) if name in readable else None)


def _by_name(path: Path, packed: zipfile.ZipFile, wanted: Callable[[str], bool]) -> Mapping[str, zipfile.ZipInfo]:
    """The files in a .zip by their names without folders. Raises UsageError for names that no proof has."""
    infos = packed.infolist()
    if len(infos) > MOST_FILES:
        raise UsageError(f"{path}: there are more than {MOST_FILES:,} files in it")
    if min((info.header_offset for info in infos), default=0):  # what reads from the front would see other files
        raise UsageError(f"{path}: bytes stand before its first file: pack it anew")
    inside = dict[str, zipfile.ZipInfo]()
    for info in infos:
        where = PurePosixPath(info.filename)
        long = len(where.parts) > _DEEPEST or any(len(part) > 255 for part in where.parts)
        if long or where.is_absolute() or ".." in where.parts:
            raise UsageError(f"{path}: it holds a file that would lie elsewhere, or too deep: {info.filename[:80]!r}")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise UsageError(f"{path}: {info.filename} is a link, which is not followed")
        if inside.get(where.name) and wanted(where.name):
            raise UsageError(f"{path}: there are two files {where.name} in it")
        if not info.is_dir():
            inside[info.filename if where.name in inside else where.name] = info
    return inside


class _Sparing(io.FileIO):
    """A .zip file that limits the size of its directory, which zipfile would read at once."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Like the base class. Raises UsageError if the directory is too large."""
        if size is None or size < 0:
            size = _LARGEST_INDEX
        if size > _LARGEST_INDEX:
            raise UsageError(f"{self.name}: its directory is larger than {_LARGEST_INDEX:,} bytes")
        return super().read(size) or b""


_PATIENCE = 20  # seconds for openssl
_ENVIRONMENT = {"LC_ALL": "C"}  # of openssl: not ours, which may contain secrets
_HEAD, _GZIP = 2000, 31  # bytes of a page with what it was made of; wbits: zlib's number for the format
_MADE_OF = re.compile(  # the language of a page, and what it was made of
    rb'(?s)<html lang="(\w\w)".*?<meta name="registry-watch" content="(\d{1,18}) ([\w/+-]{1,64}) ([\w.-]{1,100})">'
)
_CUT = "its end was cut off"


class Authority:
    """An authority's certificates, in a PEM file. Raises UsageError if that is missing, or openssl is not installed."""

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


def of_config(config: Config, authority: Authority | None, export: Path | None) -> Verified:
    """Compare what a configuration keeps as evidence with its state, whose chain is written to the file `export`, if
    given; as root also to a symbolic link of another user. Raises UsageError and StateError.
    """
    if config.evidence is None:
        with open_known_state(config) as known:
            if problems := of_actions(known) if known else []:
                return Verified(problems=problems)
    kept = evidence_options(config)
    with open_existing_state(config, "there is no evidence") as store:
        if export:
            try:
                refuse_planted(export)
                with open(export, "w", encoding="utf-8", opener=open_closed) as out:
                    out.writelines(lines(store.evidence.chain()))
            except OSError as error:
                raise UsageError(f"{export}: it cannot be written: {error.strerror}") from None
        return of_state(store, kept.path, authority)


def of_state(store: Store, folder: Path, authority: Authority | None = None) -> Verified:
    """Compare the files in the folder, and the record of actions, with the state. Others may write meanwhile. Raises
    StateError.

    With an `authority`, it must have signed the time stamps.
    """
    found = Verified()
    try:
        found = verify(store.evidence.chain, lambda name: plain_file(folder / name))
        _compare(store, folder, authority, found)
        found.past, problems = store.past_files.verify(folder, lambda name: plain_file(folder / name))
        found.problems += problems
    except UNREADABLE as error:
        rows = list(store.evidence.find_damaged())
        found.problems += [Problem(None, row, "this row of the state is damaged: it cannot be read") for row in rows]
        if not rows:
            found.problems.append(Problem(None, "", f"a row of the state was edited, and does not fit: {error}"))
    found.problems += of_actions(store)
    return found


def of_actions(store: Store) -> list[Problem]:
    """Whether the record of actions is as it was written. Raises StateError."""
    broken = store.desk.find_broken_link()
    return [Problem(None, "the record of actions", broken)] if broken else []


def _compare(store: Store, folder: Path, authority: Authority | None, found: Verified) -> None:
    """Complete what was found of the chain and its files by what else the state has."""
    doubtful = {problem.file for problem in found.problems if problem.tail or problem.file in found.absent}
    if doubtful:  # or were they just written to, or deleted for their age?
        unsettled = store.evidence.find_unsettled(doubtful, folder)
        found.problems = [each for each in found.problems if each.file not in doubtful or each.file in unsettled]
    for answer in store.evidence.witness_answers():
        found.problems += _of_answer(answer, _link(store, answer.number), found, authority)
    found.problems += _beyond(store, found.head.number if found.head else 0)
    if not found.problems:
        found.problems += _find_altered(store, folder, found)
    strangers = store.evidence.strangers(folder)
    found.problems += [Problem(None, name, "the chain knows nothing of this file") for name in strangers]


def _link(store: Store, number: int) -> ChainLink | None:
    return next(store.evidence.chain(number, number), None)


def _of_answer(
    told: WitnessAnswer, link: ChainLink | None, found: Verified, authority: Authority | None
) -> Iterator[Problem]:
    """Whether an answer is intact, for the link in the chain, and a stamp signed by the authority."""
    is_stamp = told.kind is WitnessKind.AUTHORITY
    try:
        said = check(told)
    except StampError as error:
        what = "time stamp" if is_stamp else f"answer of {told.kind}"
        yield Problem(told.number, "", f"its {what} is not what it was: {error}")
    else:
        genuine = is_stamp and authority is not None and authority.signed(told.answer, told.link)
        if is_stamp and authority and not genuine:
            yield Problem(told.number, "", f"its time stamp, by {said.by}, is not signed by the authority named")
        found.witnesses[f"{told.kind} {told.authority}"] = said._replace(verified=genuine)
    if link is None and told.number > (found.head.number if found.head else 0):
        yield Problem(told.number, "", f"it was stamped, and the chain ends before it: {_CUT}")
    elif link is not None and link.link != told.link:
        yield Problem(told.number, "", "the chain has another link than the one that was stamped")


def _find_altered(store: Store, folder: Path, found: Verified) -> Iterator[Problem]:
    """Rows of captures and events that differ from what the captures' own records say."""
    unrenamed = set[str]()
    copies = {told.number: told.page for told in store.evidence.witness_answers(WitnessKind.ARCHIVE)}
    for info in store.evidence.captures():
        try:
            about = recall_about(store.evidence, folder, info)
        except StateError as error:
            if (folder / info.file).exists():  # else it was deleted for its age meanwhile
                yield Problem(info.last, info.file, str(error))
            continue
        recorded = about["source"]["name"]  # renaming a source renames all that it has until then
        if _differs(store, info, about) or (info.source != recorded and recorded in unrenamed):
            yield Problem(info.last, info.file, f"the state says something else of capture {info.id} than its record")
        if info.last in copies and copies[info.last] not in {page["url"] for page in about["pages"]}:
            yield Problem(info.last, info.file, "an archive was asked for another page than its record has")
        unrenamed |= {recorded} & {info.source}
        found.older += "events" not in about
        for number in _find_edited(store, info, about):
            what = f"the log says something else of change #{number} than its capture"
            yield Problem(info.last, info.file, what)


def _differs(store: Store, info: CaptureInfo, about: Mapping[str, Any]) -> bool:
    """Whether a capture's row is another than its record, or its records, lead to."""
    records = store.evidence.records(info.first, info.last)
    checked = about["before"]["checked"]
    said = (about["kind"], datetime.fromisoformat(about["check"]["began"]), about["same_as"])
    return (
        said != (info.kind, info.at, info.same_as)
        or (datetime.fromisoformat(checked) if checked else None) != info.previous
        or records[-1].link.link != info.link
        or info.size not in {0, sum(each.link.length for each in records)}  # 0: of builds that did not count
    )


def _find_edited(store: Store, info: CaptureInfo, about: Mapping[str, Any]) -> Iterator[int]:
    """The events whose rows differ from what their capture says. Records of earlier builds tell the data of
    changes alone; a number that the log gave again, to an event of a later check, is not the one that they tell of.
    """
    digests, changes = about.get("events"), {said["id"]: said for said in about["changes"]}
    if digests is None:
        for event, _ in store.log.keyed(changes):
            said = changes[event.id]
            if event.at == info.at and any(said.get(name) != event.data[name] for name in event.data):
                yield event.id
        return
    proven = store.evidence.proven_by(info.id)
    for event, key in store.log.keyed(proven | set(map(int, digests))):
        if event.id not in proven and event.at > info.at:
            continue
        row = replace(event, source=about["source"]["name"])
        listed = event.id in proven and event.source == info.source
        if not listed or digests.get(str(event.id)) != digest_of(row, key):
            yield event.id


def _beyond(store: Store, end: int) -> Iterator[Problem]:
    """The first capture, event and sent message that refer to records after the record `end`: a chain may have been cut
    off with its records.
    """
    for number in store.evidence.find_misplaced():
        yield Problem(None, "", f"capture {number}: its file is not among those of the state")
    for info in store.evidence.captures():
        if info.last > end and _link(store, info.last) is None:  # not written since the chain was read
            yield Problem(info.last, info.file, f"a capture has it, and the chain ends before it: {_CUT}")
            break
    for event in store.evidence.find_unfounded()[:1]:
        yield Problem(None, f"#{event}", f"it had a proof, and the chain has no record of it: {_CUT}")
    for event, text, link in store.evidence.find_told_proofs():
        links = find_proof_links(text, event)
        if links and link[:16] not in links:
            what = f"has the link {link[:16]} now" if link else f"is not there: {_CUT}"
            yield Problem(None, f"#{event}", f"an alert said that its proof has the link {links[0]}; it {what}")
            break


def of_folder(path: Path, authority: Authority | None = None) -> Verified:
    """Verify a folder or .zip from anybody, with an exported chain and WARC files of it. Raises UsageError."""
    with open_given(path, lambda name: name in {NAME, *WITNESS_FILES} or name.endswith(SUFFIX)) as files:
        if NAME not in files.names and {PAGE, WARC} & set(files.names):
            return Verified(problems=[Problem(None, NAME, "the file is missing: without it nothing can be compared")])
        if NAME not in files.names:
            raise UsageError(f"{path}: {NAME} is missing in it; watch verify --export writes one")
        try:
            found = verify(lambda: _read_exported(files), files.open, here=False)
            for name in [name for name in WITNESS_FILES if name in files.names]:
                found.problems += _check_given(name, files, found, authority)
            if WARC in found.files | found.absent and not found.problems:
                found.problems += _compare_proof(files)
        except NoChainError as error:
            if PAGE in files.names:
                return Verified(problems=[Problem(None, NAME, str(error))])
            raise UsageError(f"{path}: {NAME}: {error}") from None
        unknown = [name for name in files.names if name.endswith(SUFFIX) and name not in found.files]
        found.problems += [Problem(None, name, "the chain knows nothing of this file") for name in unknown]
        if not found.records and not found.problems:
            raise UsageError(f"{path}: none of the files that its {NAME} names is here")
        return found


def _compare_proof(files: GivenFiles) -> Iterator[Problem]:
    """The files of a proof that are missing, do not belong to it, or are not what its records lead to."""
    if WARC not in files.names:
        yield Problem(None, WARC, "the file is missing")
        return
    said = _MADE_OF.search(_read(files, PAGE, _HEAD))
    language, event, zone, origin = (each.decode() for each in said.groups()) if said else ("en", "0", "UTC", "")
    try:
        chain = list(_read_exported(files))
        records = list(_read_records(files, chain))
        if said and origin not in {parse_record(each.raw).headers.get("warc-filename") for each in records}:
            yield Problem(None, PAGE, f"its records do not come from {origin}")
        answers = {name: _read(files, name) for name in WITNESS_FILES if name in files.names}
        with speaking(best_language(language) or "en"):
            made = derive(int(event) if said else None, origin, ZoneInfo(zone), chain, records, answers)
    except Exception as error:  # noqa: BLE001 - a stranger's records have any shape, which leads to any error
        yield Problem(None, WARC, f"no proof can be made again of its records: {shorten(str(error), 200)}")
        return
    if not said:
        yield Problem(None, PAGE, "it does not say of which change it is, so the copies of pages were not compared")
    for name, content in made.items():
        if name not in files.names:
            yield Problem(None, name, "the file is missing")
        elif not said and name.startswith("page-"):  # which row is marked, and which page is the first
            continue
        elif _read(files, name, len(content) + 1) != content:
            yield Problem(None, name, "is not what its records lead to: it was altered, or another version made it")
    for name in files.names:
        if name not in made:
            yield Problem(None, name, "the proof has no such file: it was added, or renamed")


def _read(files: GivenFiles, name: str, most: int = 1_000_000) -> bytes:  # bytes
    """The beginning of a file; nothing of one that is not there."""
    stream = files.open(name)
    if stream is None:
        return b""
    with stream:
        return stream.read(most)


def _read_records(files: GivenFiles, chain: Sequence[ChainLink]) -> Iterator[Found]:
    """The records of a proof, which were compared with its chain. Raises ValueError where they are too large."""
    there, room = [link for link in chain if link.file == WARC], MOST_DERIVED
    stream = files.open(WARC)
    if stream is None or sum(link.length for link in there) > room:
        raise ValueError(f"they have more than {MOST_DERIVED:,} bytes")
    with stream:
        for link in there:
            raw = stream.read(link.length)
            room -= len(zlib.decompressobj(_GZIP).decompress(raw, room))
            if room <= 0:
                raise ValueError(f"they unpack to more than {MOST_DERIVED:,} bytes")
            parsed = parse_record(raw)
            yield Found(link, parsed.type, UUID(parsed.headers["warc-record-id"][len("<urn:uuid:") : -1]), raw)


def _read_exported(files: GivenFiles) -> Iterator[ChainLink]:
    """The links of the exported chain, line by line. Raises NoChainError."""
    if stream := files.open(NAME):
        with stream:
            yield from links(iter(lambda: stream.readline(LONGEST_LINE + 1), b""))


def _check_given(name: str, files: GivenFiles, found: Verified, authority: Authority | None) -> Iterator[Problem]:
    """Check a file beside a chain with a third party's answer."""
    kind, answer = WITNESS_FILES[name], _read(files, name)
    try:
        said = read_witness(kind, answer)
    except StampError as error:
        yield Problem(None, name, str(error))
        return
    if not said.link:
        found.witnesses[name] = said
    elif link := next((each for each in _read_exported(files) if each.link == said.link), None):
        told = WitnessAnswer(kind, name, link.number, link.link, "", said.at or datetime.now(UTC), answer)
        yield from _of_answer(told, link, found, authority)
    else:
        yield Problem(None, name, f"the chain has no such link: {_CUT}, or the stamp is of another one")


def verified_json(found: Verified) -> dict[str, Any]:
    """What was found, as `watch verify --json` prints it."""
    stamp = found.stamp
    return {
        "ok": not found.problems,
        "records": found.records,
        "files": len(found.files),
        "bytes": found.size,
        "linked": found.linked,
        "older": found.older,
        "past": found.past,
        "head": found.head and {"number": found.head.number, "link": found.head.link.hex()},
        "stamped": stamp and stamp.at,
        "stamp": stamp and {"record": stamp.number, "at": stamp.at, "by": stamp.by, "verified": stamp.verified},
        "witnesses": [
            {"kind": each.kind.value, "record": each.number or None, "at": each.at}
            | {"by": each.by, "proves": each.proves, "verified": each.verified}
            for each in found.witnesses.values()
        ],
        "problems": [
            {"record": each.record, "file": each.file or None, "message": each.message} for each in found.problems
        ],
    }


def in_words(found: Verified) -> str:
    """What was found, but for the problems, in one paragraph."""
    if not (found.records or found.linked or found.past or found.problems):
        return "no evidence was kept yet"
    what = f"{count(found.records, 'record')} in {count(len(found.files), 'file')}, {megabytes(found.size)}"
    beside = f"; {count(found.linked, 'more record')} by their links alone" if found.linked else ""
    verdict = "NOT as it was written" if found.problems else "as it was written"
    stamped = ""
    for each in found.witnesses.values():
        whose = "verified" if each.verified else "unverified: --authority FILE names whose stamps count"
        if each.kind is WitnessKind.AUTHORITY:
            stamped += f"; stamped last at {each.at:%Y-%m-%d %H:%M:%S} UTC by {each.by} ({whose})"
        else:
            stamped += f"; {each.by} {each.proves}" + (f" (record {each.number})" if each.number else "")
    end = f"; the chain ends at record {found.head.number}: {found.head.link.hex()}" if found.head else ""
    older = f"; {count(found.older, 'capture')} of earlier builds tell only of changes" if found.older else ""
    past = f"; {count(found.past, 'file')} of what others kept" if found.past else ""
    return f"{verdict}: {what}{beside}{past}{end}{older}{stamped}"
