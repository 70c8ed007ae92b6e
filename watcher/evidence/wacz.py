"""Packs the records of a proof as WACZ 1.1.1, which ReplayWeb.page opens as a small site.

A WACZ (https://specs.webrecorder.net/wacz/1.1.1/) is a ZIP of a WARC file, an index of its records (CDXJ), a list of
its pages, and a manifest with the hash of each file. (The package `wacz` makes them too, with 42 others, of 40 MB.)
"""

import io
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator

from alerts.proof.facts import WARC
from alerts.proof.page import headline_of
from state.evidence.records import program
from watcher.errors import UsageError
from watcher.evidence.proofs import Assembled, open_new, pack

_DATA = f"archive/{WARC}"


def write_wacz(proof: Assembled, out: Path) -> Mapping[str, bytes]:
    """Write the pages of a proof, before and after its change, into a new file. Raises UsageError and OSError."""
    if out.suffix != ".wacz" or out.exists():
        raise UsageError(f"{out}: {'already there, and left as it is' if out.exists() else 'has to end with .wacz'}")
    files = _make(proof)
    with open_new(out) as file:
        pack(files, "", file)
    return files


def _make(proof: Assembled) -> Mapping[str, bytes]:
    """The files by path."""
    index, title = dict(_index(proof)), headline_of(proof.exhibit)
    shown = [(page, title) for page in proof.exhibit.pages]
    shown += [(page, "as the last check before had found it") for page in proof.exhibit.before]
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
    return files | {"datapackage-digest.json": json.dumps(digest).encode()}


def _index(proof: Assembled) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """The records that can be shown, by their ids: address and time, and the line of the index."""
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
