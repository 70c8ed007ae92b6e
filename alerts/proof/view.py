"""A proof as one HTML page without any other files, for readers who do not know this program. Pure.

Here are the values that the page shows, as text: times in words, long values shortened. templates/proof.html.j2 has the
markup. The page loads nothing, and every foreign text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, NamedTuple

from alerts.message.wording import AUTHORITY, counted, shorten
from alerts.proof.change_view import ChangeView, Words, change_view, words_of
from alerts.proof.facts import CERTIFICATES, CHAIN, WARC, ProofFacts, RecordFact
from alerts.proof.steps import Step, steps
from alerts.templating import render
from sources.text import clean
from state.evidence.certificates import Certificate
from state.model import CaptureKind

_MOST_NAMES = 8  # names of a certificate


class TimeRow(NamedTuple):
    """A moment, what happened then, and the state of the entry ("" if unknown)."""

    name: str
    text: str
    entry: str = ""


class WireView(NamedTuple):
    """How a page was fetched. `redirects` are pairs of address and status. Unknown values are ""."""

    url: str
    redirects: Sequence[tuple[str, int]]
    peer_name: str
    peer: str
    connection: str


class FileRow(NamedTuple):
    """A file of the folder. A page can be opened from here; other files are only listed."""

    name: str
    what: str
    sha256: str = ""
    is_page: bool = False


class CertificateView(NamedTuple):
    """A certificate of the server, or of an issuer; `names` are those of the server."""

    name: str
    names: str
    valid: str
    facts: Certificate


class RecordRow(NamedTuple):
    """A record, and its place in the proof's file."""

    place: str
    facts: RecordFact


@dataclass(frozen=True, slots=True)
class ProofView:
    """The page. `last` is the time of the check before ("" if none), `stamped` that of the time stamp."""

    event: int
    headline: str
    label: str
    worth: str
    seen: str
    last: str
    doubt: str
    change: ChangeView | None
    times: Sequence[TimeRow]
    stamped: str
    authority: str
    wire: Sequence[WireView]
    certificates: Sequence[CertificateView]
    files: Sequence[FileRow]
    altered: Sequence[str]
    steps: Sequence[Step]
    link: str
    origin: str
    program: str
    records: Sequence[RecordRow]


def proof_page(exhibit: ProofFacts) -> bytes:
    """The page, in ASCII, as an attachment may arrive without its encoding."""
    return render("proof.html.j2", proof=view_of(exhibit), warc=WARC).encode("ascii", "xmlcharrefreplace")


def view_of(exhibit: ProofFacts) -> ProofView:
    """The values of the page."""
    about, zone, stamp = exhibit.about, exhibit.zone, exhibit.stamp
    source, last, doubt = about["source"], about["before"]["checked"], about.get("doubt") or {}
    change = change_view(exhibit.change, about["changes"]) if exhibit.change else None
    return ProofView(
        event=exhibit.event,
        headline=_headline(exhibit),
        label=source["label"],
        worth=AUTHORITY.get(source["authority"], source["authority"]),
        seen=_moment(max([str(page.told["fetched"]) for page in exhibit.pages], default=about["check"]["began"]), zone),
        last=_moment(last, zone) if last else "",
        doubt="" if about["kind"] == CaptureKind.BASELINE else str(doubt.get("message") or "it was not believed"),
        change=change,
        times=list(_times(exhibit, change.words if change else None)),
        stamped=_moment(stamp.at, zone) if stamp else "",
        authority=stamp.authority if stamp else "",
        wire=[_wire(told) for told in exhibit.wire or [page.told for page in exhibit.pages]],
        certificates=[_certificate(number, each) for number, each in enumerate(exhibit.certificates)],
        files=list(_files(exhibit)),
        altered=list(dict.fromkeys(each for told in exhibit.wire for each in told.get("altered", ()))),
        steps=list(steps(exhibit)),
        link=exhibit.records[-1].link,
        origin=exhibit.origin,
        program=about["program"],
        records=[RecordRow(f"{each.offset:,} to {each.offset + each.length:,}", each) for each in exhibit.records],
    )


def _headline(exhibit: ProofFacts) -> str:
    label, change = exhibit.about["source"]["label"], exhibit.change
    if change is not None:
        did = words_of(change).headline
        return f"{label}: “{shorten(clean(change['title']), 150)}” {did}"
    entries = exhibit.about["check"]["entries"]
    if exhibit.about["kind"] == CaptureKind.BASELINE:
        return f"{label}: the first look, {counted(entries or 0, 'entry', 'entries')}"
    return f"{label}: a page that was not believed"


def _times(exhibit: ProofFacts, words: Words | None) -> Iterator[TimeRow]:
    zone, about = exhibit.zone, exhibit.about
    if last := about["before"]["checked"]:
        yield TimeRow("The last check before", _moment(last, zone), words.short_before if words else "")
        for page in exhibit.before:
            if page.told["fetched"] < last:
                at = _moment(page.told["fetched"], zone)
                yield TimeRow("", f"it found the page as it had been fetched at {at}")
    yield TimeRow("This check began", _moment(about["check"]["began"], zone))
    for page in exhibit.pages:
        entry = words.short_after if words and page is exhibit.pages[-1] else ""
        yield TimeRow("The page had come", _moment(page.told["fetched"], zone), entry)


def _wire(told: Mapping[str, Any]) -> WireView:
    tls = told.get("tls")
    encrypted = f"encrypted, {tls['version']}, {tls['cipher']}" if tls else ""
    return WireView(
        url=told["url"],
        redirects=[(hop["url"], hop["status"]) for hop in told.get("redirects", ())],
        peer_name="Proxy" if told.get("proxied") else "Server",
        peer=told.get("peer") or "",
        connection=encrypted or ("not encrypted" if "tls" in told else ""),
    )


def _certificate(number: int, each: Certificate) -> CertificateView:
    return CertificateView(
        name="Certificate of the server" if number == 0 else f"Its issuer's certificate ({number})",
        names=", ".join(each.names[:_MOST_NAMES]) if number == 0 else "",
        valid=f"valid {each.begins:%Y-%m-%d} to {each.ends:%Y-%m-%d}",
        facts=each,
    )


def _files(exhibit: ProofFacts) -> Iterator[FileRow]:
    seen = [(page, "the page in which it was seen") for page in exhibit.pages]
    for page, what in [*seen, *((page, "what the last check before had found") for page in exhibit.before)]:
        if page.text:
            yield FileRow(page.text, f"{what}: its text alone", is_page=True)
        whole = "that page as it came: markup, shown as text so that nothing in it runs" if page.text else what
        if page.picture:
            yield FileRow(page.picture, f"{what}: a screenshot, made in the same visit", is_page=True)
        if page.told.get("rendered"):
            whole += f", as {page.told['rendered']['by']} rendered it"
        yield FileRow(page.name, f"{whole}, {page.told['bytes']:,} bytes", page.told["sha256"], is_page=True)
    yield FileRow(WARC, "the same with all headers, as web archives keep it: open it with ReplayWeb.page or pywb")
    yield FileRow(CHAIN, "the chain of hashes")
    if exhibit.certificates:
        yield FileRow(CERTIFICATES, "the certificates that the server sent")


def _moment(text: str | datetime, zone: tzinfo) -> str:
    """A time in UTC, and in the reader's time zone if that differs."""
    at: datetime = datetime.fromisoformat(text) if isinstance(text, str) else text
    local = at.astimezone(zone)
    beside = "" if not local.utcoffset() else f" ({local:%H:%M:%S %Z})"
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC{beside}"
