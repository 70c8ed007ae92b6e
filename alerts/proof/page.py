"""A proof as one HTML page without any other files, for readers who do not know this program. Pure.

Here are the values that the page shows, as text: times in words, long values shortened. templates/proof.html.j2 has the
markup. The page loads nothing, and every foreign text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, NamedTuple

from alerts.message.change_lines import text_difference, whole_entry
from alerts.message.lines import DetailLevel, Style
from alerts.message.wording import AUTHORITY, plural, shorten
from alerts.proof.facts import CERTIFICATES, CHAIN, WARC, ProofFacts, RecordFact
from alerts.proof.steps import VerificationStep, steps
from alerts.templating import render
from sources.text import clean
from state.evidence.certificates import Certificate
from state.model import CaptureKind, ChangeKind

_LONGEST = 4000  # characters of a value
_MOST_OTHERS = 20
_ALL = DetailLevel(value=_LONGEST, fields=0, text=0, lines=200)


class ChangeWords(NamedTuple):
    """The words for a kind of change: for the entry `before` and `after` it, short forms, and a headline."""

    before: str
    after: str
    short_before: str
    short_after: str
    headline: str


_WORDS = {
    ChangeKind.ADDED: ChangeWords("was not there yet", "was there", "not there", "there", "appeared"),
    ChangeKind.REAPPEARED: ChangeWords("was not there", "was there again", "not there", "there again", "came back"),
    ChangeKind.CHANGED: ChangeWords("still read as before", "read differently", "as before", "changed", "was changed"),
    ChangeKind.REMOVED: ChangeWords("was still there", "was gone", "there", "gone", "was removed"),
}


class Cell(NamedTuple):
    """A value of a field. `side` is "before" or "after", `columns` the number of table columns."""

    side: str
    value: str
    columns: int = 1


class FieldRow(NamedTuple):
    """A field and its values."""

    name: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change: its fields as a table, the unchanged ones as pairs of name and value, and the other changes of the
    check as pairs of kind and title. `others_seen` is the number of those, `others_left` the number not shown ("" if
    none).
    """

    title: str
    words: ChangeWords
    heads: Sequence[str]
    fields: Sequence[FieldRow]
    same: Sequence[tuple[str, str]]
    mentioned: str
    link: str
    others_seen: str
    others: Sequence[tuple[str, str]]
    others_left: str


def words_of(change: Mapping[str, Any]) -> ChangeWords:
    """The words for a change."""
    return _WORDS[ChangeKind(change["change"])]


def change_view(change: Mapping[str, Any], all_changes: Sequence[Mapping[str, Any]]) -> ChangeView:
    """A change, among all those of its check, in the form of a capture (capture_record.py)."""
    is_removed, entry = change["change"] == ChangeKind.REMOVED, change.get("entry", {})
    whole = is_removed or change["change"] == ChangeKind.ADDED
    others = [each for each in all_changes if each["id"] != change["id"]]
    left = len(others) - _MOST_OTHERS
    return ChangeView(
        title=shorten(clean(change["title"]), 200),
        words=words_of(change),
        heads=("Field", "As it was" if is_removed else "As it is") if whole else ("Field", "Before", "Now"),
        fields=list(_whole(change) if whole else _differing(change)),
        same=[] if whole else [(name, _value(entry[name])) for name in entry if name not in change["fields"]],
        mentioned=", ".join(dict.fromkeys(each["entity"] for each in change["mentions"])),
        link=change.get("url") or "",
        others_seen=plural(len(others), "other change was", "other changes were") if others else "",
        others=[(each["change"], shorten(clean(each["title"]), 150)) for each in others[:_MOST_OTHERS]],
        others_left=f"and {left:,} more" if left > 0 else "",
    )


def _whole(change: Mapping[str, Any]) -> Iterator[FieldRow]:
    """All fields of an added or removed entry."""
    side = "before" if change["change"] == ChangeKind.REMOVED else "after"
    for name, value in (whole_entry(change) or {"title": change["title"]}).items():
        yield FieldRow(name, [Cell(side, _value(value))])


def _differing(change: Mapping[str, Any]) -> Iterator[FieldRow]:
    """The fields that differ. Of a text of several lines, the removed and the added ones."""
    for name, sides in change["fields"].items():
        before, after = sides["before"] or "", sides["after"] or ""
        if "\n" in before or "\n" in after:
            yield from _lines(name, before, after)
        else:
            yield FieldRow(name, [Cell("before", _value(before)), Cell("after", _value(after))])


def _lines(name: str, before: str, after: str) -> Iterator[FieldRow]:
    differing = list(text_difference(before, after, _ALL))
    for side, style, what in (("before", Style.BEFORE, "taken out"), ("after", Style.AFTER, "put in")):
        if lines := "\n".join(line.text for line in differing if line.style is style):
            yield FieldRow(f"{name}, lines {what}", [Cell(side, _value(lines), columns=2)])


def _value(value: str | None) -> str:
    return shorten(value or "", _LONGEST)


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
    steps: Sequence[VerificationStep]
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
        return f"{label}: the first look, {plural(entries or 0, 'entry', 'entries')}"
    return f"{label}: a page that was not believed"


def _times(exhibit: ProofFacts, words: ChangeWords | None) -> Iterator[TimeRow]:
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
