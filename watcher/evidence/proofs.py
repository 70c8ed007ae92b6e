"""Builds the proof of one event: its page, the captured pages, their records, and a part of the chain; and writes it,
as a folder or .zip, or its pages alone as WACZ 1.1.1, which ReplayWeb.page opens as a small site.

Nothing in the files of its pages is executed or loaded. Types that a browser executes (HTML, XML with stylesheets, SVG)
are kept byte for byte under a name that is shown as text. For an HTML page there is another file with its visible text.
The page with the row of the changed entry comes first, and the row is marked in a text.

A WACZ (https://specs.webrecorder.net/wacz/1.1.1/) is a ZIP of a WARC file, an index of its records (CDXJ), a list of
its pages, and a manifest with the hash of each file. (The package `wacz` makes them too, with 42 others, of 40 MB.)
"""

import codecs
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from math import inf
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, cast
from urllib.parse import urlsplit

from alerts.proof import (
    CERTIFICATES,
    CHAIN,
    MARK,
    PAGE,
    WARC,
    WITNESS_FILES,
    PageFile,
    ProofFacts,
    RecordFact,
    authority_file,
    headline_of,
    proof_page,
)
from sources import Entry, Get, Page, SourceError
from sources.formats.decode import decode
from sources.loader import kind
from sources.reading.engine import read_page
from state.errors import StateError
from state.evidence.chain import ChainLink, lines
from state.evidence.reading import Recalled, Shown, compose, parse_record, recall
from state.evidence.records import program
from state.evidence.store import CaptureInfo, Found
from state.evidence.warc import JSON, urn
from state.evidence.witnesses import Statement, WitnessKind, certificates, read_stamp, read_witness
from state.model import EventKind
from state.store import Store
from watcher.config.files import open_closed
from watcher.errors import UsageError

log = logging.getLogger(__name__)

MOST_DERIVED = 300_000_000  # bytes that the pages of a stranger's proof may unpack to
LONGEST_CHAIN = 2000  # links after the capture: with those, later alerts can be compared


@dataclass(frozen=True, slots=True)
class Assembled:
    """A proof: the facts that its page shows, and the files of its folder by name."""

    exhibit: ProofFacts
    files: Mapping[str, bytes]


def assemble(
    store: Store, folder: Path, event_id: int, zone: tzinfo, *, longest: int = LONGEST_CHAIN, most: float = inf
) -> Assembled:
    """The proof of an event. `longest` is the most links of the chain after the capture; 0 for the page alone.

    Raises UsageError if no page of the event was kept, StateError if one cannot be read, and SourceError if those of a
    capture unpack to more than `most` bytes.
    """
    info = store.evidence.capture_of(event_id)
    if info is None:
        event = store.log.event(event_id)
        none = f"no page was kept of #{event_id}, or it was removed for its age"
        known = none if event else f"#{event_id} is not in the log"
        raise UsageError(f"{known}; watch log shows the numbers of changes, and docs/evidence.md what is kept")
    recalled, original = recall(store.evidence, folder, info, most), None
    if info.same_as and (earlier := store.evidence.capture(info.same_as)) and earlier.file:
        # of a snapshot that was accepted later, the capture of its pages when they were fetched, if it is still kept
        with suppress(StateError):
            original = recall(store.evidence, folder, earlier, most)
    numbers = {found.link.number for found in [*(original.records if original else ()), *recalled.records]}
    stamps = store.evidence.stamps(info.last) if longest else []
    last = stamps[0].number if stamps else max(numbers) + longest
    chain = list(store.evidence.chain(min(numbers) - 1, last))
    told = [*stamps, *store.evidence.witness_answers(WitnessKind.ARCHIVE, numbers=[info.last])]
    free = {kind: iter([name for name, whose in WITNESS_FILES.items() if whose is kind]) for kind in WitnessKind}
    named = {next(free[each.kind], ""): each.answer for each in told}  # a proof has no more than it has files for
    answers = {name: named[name] for name in WITNESS_FILES if name in named}
    return _make(event_id, recalled, original, chain, answers, zone, texts=longest > 0)


def derive(
    event_id: int | None,
    origin: str,
    zone: tzinfo,
    chain: Sequence[ChainLink],
    records: Sequence[Found],
    answers: Mapping[str, bytes],
) -> Mapping[str, bytes]:
    """The files of a proof by name, made again of its records, in order, of its part of the chain, and of the answers
    of third parties by their files.

    Without an event, the page is that of none, and differs. All of it is a stranger's: it raises whatever its
    shape leads to, SourceError where it is too large.
    """
    parsed = [(each, parse_record(each.raw)) for each in records if each.type == "metadata"]
    abouts = [(each, json.loads(of.payload)) for each, of in parsed if of.headers["content-type"] == JSON]
    made = list[Recalled]()
    for last, about in abouts[-2:]:  # of what was accepted by hand, the earlier one tells how it came
        at, number = datetime.fromisoformat(about["check"]["began"]), last.link.number
        info = CaptureInfo(0, "", about["kind"], at, None, origin, 0, number, None, last.link.link, 0)
        own = [each for each in records if each.link.number <= number]
        made.append(compose(info, about, own, MOST_DERIVED))
    if event_id is not None and str(event_id) not in about.get("events", {str(event_id): ""}):
        raise ValueError(f"they are not of #{event_id}")
    original = made[0] if made[1:] else None
    pages = {page.told["url"] for page in made[-1].pages}
    if not {said.page for said in _read_witnesses(answers).values() if said.page} <= pages:
        raise ValueError("an archive was asked for another page")
    return _make(event_id or 0, made[-1], original, chain, answers, zone, texts=True).files


def _make(
    event_id: int,
    recalled: Recalled,
    original: Recalled | None,
    chain: Sequence[ChainLink],
    answers: Mapping[str, bytes],
    zone: tzinfo,
    *,
    texts: bool,
) -> Assembled:
    """The proof; its own part of the `chain` begins with the link before its first record."""
    of_both = {found.link.number: found for found in [*(original.records if original else ()), *recalled.records]}
    records = [of_both[number] for number in sorted(of_both)]
    start, *links = chain
    facts, warc = list(_facts(records, start, links)), b"".join(found.raw for found in records)
    change = next((each for each in recalled.about["changes"] if each["id"] == event_id), None)
    pages, files = copies(recalled.pages, "after", texts=texts, change=change)
    before, files_before = copies(recalled.before, "before", texts=texts, change=change)
    first = original or recalled
    exhibit = ProofFacts(
        event=event_id,
        about=recalled.about,
        change=change,
        pages=pages,
        before=before,
        wire=[shown.told for shown in first.pages],
        doubt=(first.about.get("doubt") or {}).get("message", ""),
        certificates=list(certificates(first.certificates)),
        records=facts,
        origin=recalled.info.file,
        start=start.link.hex(),
        head=(links[-1].number, links[-1].link.hex()),
        witnesses=_read_witnesses(answers),
        zone=zone,
    )
    # the part of the chain, with the places of the records that the proof contains
    here, bare = {fact.number: fact for fact in facts}, [link._replace(file="", offset=0, length=0) for link in links]
    placed = [
        link._replace(file=WARC, offset=fact.offset, length=fact.length) if (fact := here.get(link.number)) else link
        for link in bare
    ]
    files |= {**files_before, WARC: warc, CHAIN: "".join(lines([start, *placed])).encode("ascii")}
    files |= {CERTIFICATES: first.certificates} if first.certificates else {}
    for name, answer in answers.items():
        files[name] = answer
        if WITNESS_FILES[name] is WitnessKind.AUTHORITY:
            files[authority_file(name)] = read_stamp(answer).certificates
    return Assembled(exhibit, {PAGE: proof_page(exhibit)} | files)


def _read_witnesses(answers: Mapping[str, bytes]) -> dict[str, Statement]:
    return {name: read_witness(WITNESS_FILES[name], answer) for name, answer in answers.items()}


def newest_proven(store: Store) -> int:
    """The number of the newest change with a proof. Raises UsageError if there is none."""
    changes = store.log.events(kind=EventKind.CHANGE, limit=1000)  # most changes searched for the newest with a proof
    if proven := next((event.id for event in changes if event.proof), None):
        return proven
    seen = f"none of the newest {len(changes)} changes" if changes else "no change"
    how = "watch log shows their numbers, and docs/evidence.md what is kept"
    raise UsageError(f"{seen} has a page that was kept; {how}")


def write(files: Mapping[str, bytes], out: Path) -> Mapping[str, bytes]:
    """Write a proof's files into a new folder, or a new .zip; returns them. Raises UsageError and OSError."""
    if out.suffix.lower() == ".zip":
        if out.exists():
            raise UsageError(f"{out}: already there, and left as it is; name another file")
        with open_new(out) as file:
            pack(files, out.stem, file)
        return files
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out}: already there, and left as it is; name another folder with --out")
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        with open_new(out / name) as file:
            file.write(content)
    return files


def pack(files: Mapping[str, bytes], folder: str, file: IO[bytes]) -> None:
    """Write files with a proof's records as a ZIP, in a folder of it, if that has a name."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packing = zipfile.ZIP_STORED if name.endswith(WARC) else zipfile.ZIP_DEFLATED  # readers fetch parts of it
            packed.writestr(zipfile.ZipInfo(str(PurePosixPath(folder, name))), content, packing)


def open_new(file: Path) -> BinaryIO:
    """A new file, readable by its user and group only: the user decides who else may read a proof."""
    return cast("BinaryIO", open(file, "xb", opener=open_closed))


def _facts(records: Sequence[Found], start: ChainLink, links: Sequence[ChainLink]) -> Iterator[RecordFact]:
    """The records, with their places in the proof's own file."""
    before = {link.number: earlier.link.hex() for earlier, link in zip([start, *links], links, strict=False)}
    offset = 0
    for found in records:
        link, name, size = found.link, urn(found.record), len(found.raw)
        hashes = {"sha256": link.sha256.hex(), "before": before[link.number], "link": link.link.hex()}
        refers = parse_record(found.raw).headers["warc-refers-to"] if found.type == "revisit" else ""
        yield RecordFact(link.number, found.type, name, refers, offset, size, **hashes)
        offset += size


_DATA = f"archive/{WARC}"


def write_wacz(proof: Assembled, out: Path) -> Mapping[str, bytes]:
    """Write the pages of a proof, before and after its change, into a new file. Raises UsageError and OSError."""
    if out.suffix != ".wacz" or out.exists():
        raise UsageError(f"{out}: {'already there, and left as it is' if out.exists() else 'has to end with .wacz'}")
    index, title = dict(_index(proof)), headline_of(proof.exhibit)
    shown = [(page, title) for page in proof.exhibit.pages]
    shown += [(page, "as the last good reading before had found it") for page in proof.exhibit.before]
    pages: list[dict[str, Any]] = [{"format": "json-pages-1.0", "id": "pages", "title": title}]
    for page, what in shown:
        if page.facts["record"] in index:
            url, at, _ = index[page.facts["record"]]
            place = {"id": f"page-{len(pages)}", "url": url, "ts": at}
            pages.append(place | {"title": what, "size": page.facts["bytes"]})
    files = {
        _DATA: proof.files[WARC],
        "indexes/index.cdx": "".join(sorted(line for _, _, line in index.values())).encode(),
        "pages/pages.jsonl": "".join(json.dumps(page) + "\n" for page in pages).encode(),
    }
    about: dict[str, Any] = {"profile": "data-package", "wacz_version": "1.1.1", "title": title, "software": program()}
    about["created"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    about |= {"mainPageUrl": pages[1]["url"], "mainPageDate": pages[1]["ts"]} if pages[1:] else {}
    about["resources"] = [
        {"name": path.rpartition("/")[2], "path": path, "hash": _hash(content), "bytes": len(content)}
        for path, content in files.items()
    ]
    files["datapackage.json"] = json.dumps(about, indent=1).encode()
    digest = {"path": "datapackage.json", "hash": _hash(files["datapackage.json"])}
    files["datapackage-digest.json"] = json.dumps(digest).encode()
    with open_new(out) as file:
        pack(files, "", file)
    return files


def _index(proof: Assembled) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """The records that can be shown, by their ids: address and time, and the line of the index."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - no other proof needs it

    for fact, record in zip(proof.exhibit.records, ArchiveIterator(io.BytesIO(proof.files[WARC])), strict=True):
        headers, http = record.rec_headers, record.http_headers
        url, at = headers.get_header("WARC-Target-URI", ""), headers.get_header("WARC-Date")
        if record.rec_type in {"response", "resource", "revisit"} and url.startswith("http"):
            mime = (http or headers).get_header("Content-Type", "").partition(";")[0].strip()
            about = {
                "url": url,
                "digest": headers.get_header("WARC-Payload-Digest") or headers.get_header("WARC-Block-Digest"),
                "mime": "warc/revisit" if record.rec_type == "revisit" else mime,
                "filename": WARC,
                "offset": fact.offset,
                "length": fact.length,
                "status": int(http.get_statuscode()) if http else 200,
            }
            digits = "".join(filter(str.isdigit, at))
            yield fact.name, (url, at, f"{_sort_key(url)} {digits} {json.dumps(about)}\n")


def _sort_key(url: str) -> str:
    """An address as the index sorts it: its host from right to left, then what follows it, in lower case."""
    parts = urlsplit(url.lower())
    host, port = ",".join(reversed((parts.hostname or "").split("."))), f":{parts.port}" if parts.port else ""
    return f"{host}{port}){parts.path}{'?' if parts.query else ''}{parts.query}"


def _hash(content: bytes) -> str:
    return f"sha256:{sha256(content).hexdigest()}"


_ENDINGS = {
    "text/html": "html",
    "application/xhtml+xml": "xhtml",
    "application/json": "json",
    "text/csv": "csv",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/plain": "txt",
}
_HTML = ("html", "xhtml")
_RUN = (*_HTML, "xml")  # executed by browsers
_AS_TEXT = ".txt"
_WORD = re.compile(r"\w+")
_PIECE = 64 * 1024  # bytes of a page that show whether it is text


def copies(
    pages: Sequence[Shown], what: str, *, texts: bool, change: Mapping[str, Any] | None
) -> tuple[list[PageFile], dict[str, bytes]]:
    """Pages as a proof shows them: the facts about each, and the files by name, such as `page-after.json` and
    `page-after-2.html.txt`. With `texts`, also the visible text of HTML.
    """
    told, files = list[PageFile](), dict[str, bytes]()
    read = [(shown, _text_of(shown) if texts and _plain_ending(shown) in _HTML else "") for shown in pages]
    for number, (shown, text) in enumerate(row_first(read, what, change), 1):
        stem, plain = f"page-{what}{f'-{number}' if len(pages) > 1 else ''}", _plain_ending(shown)
        name = f"{stem}.{plain}{_AS_TEXT if plain in _RUN else ''}"
        text_file, picture = f"{stem}{_AS_TEXT}" if text else "", f"{stem}.png" if shown.picture else ""
        told.append(PageFile(name, shown.told, text_file, picture))
        if text:
            files[text_file] = codecs.BOM_UTF8 + text.encode("utf-8", "replace")
        files |= {name: shown.body, **({picture: shown.picture} if picture else {})}
    return told, files


def readable(
    pages: Sequence[Shown], what: str, encoding: str | None, change: Mapping[str, Any] | None
) -> list[tuple[Shown, str]]:
    """Pages with what they say, as `row_first` has them; "" for what is no text."""
    markup = [shown for shown in pages if _plain_ending(shown) in _HTML]
    read = [(shown, (_text_of(shown) if shown in markup else "") or _source_of(shown, encoding)) for shown in pages]
    return row_first(read, what, change)


def row_first(
    read: Sequence[tuple[Shown, str]], what: str, change: Mapping[str, Any] | None
) -> list[tuple[Shown, str]]:
    """Pages with their texts, that with the row of a changed entry first, and the row marked: of the lines with all
    words of its title, the one with most words of its values.
    """
    if change is None or not read:
        return list(read)
    sides = {name: each.get(what) for name, each in (change.get("fields") or {}).items()}
    values = {**change.get("entry", {}), "title": change.get("title") or change["key"], **sides}
    title = {*_WORD.findall(str(values["title"]))}
    wanted, probe = {*_WORD.findall(" ".join(map(str, values.values())))}, max(title, key=len, default="\n")
    best, first, row = 0, 0, 0
    for at, (shown, text) in enumerate(read):
        for number, line in enumerate((text or _source_of(shown, None)).split("\n")):
            words = {*_WORD.findall(line)} if probe in line else set()
            if title and title <= words and len(wanted & words) > best:
                best, first, row = len(wanted & words), at, number
    shown, text = read[first]
    lines = text.split("\n")
    if best and text:
        lines[row] = f"{MARK}{lines[row]}"
    return [(shown, "\n".join(lines)), *read[:first], *read[first + 1 :]]


def _source_of(shown: Shown, encoding: str | None) -> str:
    """A page as it came, JSON in lines; "" if it is no text."""
    body = shown.body
    if b"\0" in body[:_PIECE] and not body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ""
    text = decode(body, shown.headers.get("content-type", ""), encoding)
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=1) if _plain_ending(shown) == "json" else text
    except (ValueError, RecursionError):
        return text


def _plain_ending(shown: Shown) -> str:
    return ending_of(shown.told["type"].partition(";")[0].strip().lower())


def ending_of(media: str) -> str:
    """The ending of a file with a content of this media type, `bin` if there is none."""
    return _ENDINGS.get(media, next((each for each in ("xml", "json") if media.endswith(each)), "bin"))


def _text_of(shown: Shown) -> str:
    """The visible text of an HTML page; "" if it cannot be read. A large page is read in a subprocess."""
    url = shown.told["url"]
    page = Page(Get(url), url, 200, shown.headers, shown.body, datetime.fromisoformat(shown.told["fetched"]))
    try:
        entries = [each for each in read_page(kind("text")(url=url), page) if isinstance(each, Entry)]
    except SourceError as error:
        log.info("the proof shows no text of the page: %s", error)
        return ""
    return "\n".join(each.text for each in entries)
