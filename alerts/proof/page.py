"""A proof as one HTML page without any other files, for readers who do not know this program. Pure.

templates/proof.html.j2 has the markup, and is given the facts; here is what takes more than one look at them. The page
loads nothing, and every foreign text is escaped. A test runs the commands by which it is verified as they are, in the
folder of a proof (tests/watcher/evidence/test_proofs.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Any, NamedTuple

from alerts.message.change_lines import text_difference, whole_entry
from alerts.message.lines import DetailLevel, Style
from alerts.message.wording import AUTHORITY, plural, shorten
from alerts.proof.facts import CERTIFICATES, CHAIN, MARK, WARC, ProofFacts, RecordFact, authority_file
from alerts.templating import render
from sources.text import clean
from state.evidence.witnesses import WitnessKind
from state.model import CaptureKind, ChangeKind

_LONGEST = 4000  # characters of a value
_WHOLE = {ChangeKind.ADDED: "after", ChangeKind.REMOVED: "before"}  # of these all fields are told
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
    ChangeKind.REKEYED: ChangeWords("had its former key", "had another key", "as before", "rekeyed", "got another key"),
    ChangeKind.REMOVED: ChangeWords("was still there", "was gone", "there", "gone", "was removed"),
}


Cell = tuple[str, str, int]
"""A value of a field: whether it is "before" or "after", the text, and the number of table columns."""


def _fields(change: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[Cell]]]:
    """The fields that a change tells, each with its values: all of an entry that came or went, else what differs."""
    if side := _WHOLE.get(change["change"]):
        for name, value in (whole_entry(change) or {"title": change["title"]}).items():
            yield name, [(side, _value(value), 1)]
    else:
        yield from _differing(change)


def _differing(change: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[Cell]]]:
    """The key and the fields that differ. Of a text of several lines, the removed and the added ones."""
    key = {"key": {"before": change["former_key"], "after": change["key"]}} if "former_key" in change else {}
    for name, sides in [*key.items(), *change["fields"].items()]:
        before, after = sides["before"] or "", sides["after"] or ""
        if "\n" not in before and "\n" not in after:
            yield name, [("before", _value(before), 1), ("after", _value(after), 1)]
            continue
        differing = list(text_difference(before, after, _ALL))
        for side, style, what in (("before", Style.BEFORE, "taken out"), ("after", Style.AFTER, "put in")):
            if lines := "\n".join(line.text for line in differing if line.style is style):
                yield f"{name}, lines {what}", [(side, _value(lines), 2)]


def _value(value: str | None) -> str:
    return shorten(value or "", _LONGEST)


class FileRow(NamedTuple):
    """A file of the folder. A page can be opened from here; other files are only listed."""

    name: str
    what: str
    sha256: str = ""
    is_page: bool = False


VerificationStep = tuple[str, str, str]
"""What a command shows, the command, and its output: "" if that differs between tools."""


def proof_page(exhibit: ProofFacts) -> bytes:
    """The page, in ASCII, as an attachment may arrive without its encoding."""
    about, change = exhibit.about, exhibit.change
    doubt = about.get("doubt") or {}
    words = _WORDS[ChangeKind(change["change"])] if change else None
    stamps = [said for said in exhibit.witnesses.values() if said.kind is WitnessKind.AUTHORITY]
    entry = change.get("entry", {}) if change and change["change"] not in _WHOLE else {}
    page = render(
        "proof.html.j2",
        exhibit=exhibit,
        about=about,
        headline=headline_of(exhibit),
        worth=AUTHORITY.get(about["source"]["authority"], about["source"]["authority"]),
        seen=max([str(page.facts["fetched"]) for page in exhibit.pages], default=about["check"]["began"]),
        doubt="" if about["kind"] == CaptureKind.BASELINE else str(doubt.get("message") or "it was not believed"),
        change=change,
        words=words,
        fields=list(_fields(change)) if change else [],
        same=[(name, _value(entry[name])) for name in entry if change and name not in change["fields"]],
        most_others=20,
        times=list(_time_rows(exhibit, words)),
        stamps=[said for said in stamps if said.at],
        witnesses=[said for said in exhibit.witnesses.values() if said not in stamps],
        wire=exhibit.wire or [page.facts for page in exhibit.pages],
        most_names=8,  # of a certificate
        files=list(_file_rows(exhibit)),
        altered=list(dict.fromkeys(each for facts in exhibit.wire for each in facts.get("altered", ()))),
        steps=list(verification_steps(exhibit)),
        warc=WARC,
        moment=partial(_moment, zone=exhibit.zone),
        **{each.__name__: each for each in (clean, plural, shorten)},
    )
    return page.encode("ascii", "xmlcharrefreplace")


def headline_of(exhibit: ProofFacts) -> str:
    """What the proof is about, in a line."""
    about, label = exhibit.about, exhibit.about["source"]["label"]
    if exhibit.change is not None:
        words = _WORDS[ChangeKind(exhibit.change["change"])]
        return f"{label}: “{shorten(clean(exhibit.change['title']), 150)}” {words.headline}"
    if about["kind"] == CaptureKind.BASELINE:
        return f"{label}: the first look, {plural(about['check']['entries'] or 0, 'entry', 'entries')}"
    return f"{label}: a page that was not believed"


def _time_rows(exhibit: ProofFacts, words: ChangeWords | None) -> Iterator[tuple[str, str, str]]:
    zone, about = exhibit.zone, exhibit.about
    if last := about["before"]["checked"]:
        yield "The last check before", _moment(last, zone), words.short_before if words else ""
        for page in exhibit.before:
            if page.facts["fetched"] < last:
                yield "", f"it found the page as it had been fetched at {_moment(page.facts['fetched'], zone)}", ""
    yield "This check began", _moment(about["check"]["began"], zone), ""
    pages = sorted(exhibit.pages, key=lambda page: str(page.facts["fetched"]))
    for page in pages:
        entry = words.short_after if words and page is pages[-1] else ""
        yield "The page had come", _moment(page.facts["fetched"], zone), entry


def _file_rows(exhibit: ProofFacts) -> Iterator[FileRow]:
    seen = [(page, "the page in which it was seen") for page in exhibit.pages]
    for page, what in [*seen, *((page, "what the last check before had found") for page in exhibit.before)]:
        if page.text:
            alone = f"{what}: its text alone; {MARK.strip()} marks the row, if it has it"
            yield FileRow(page.text, alone, is_page=True)
        whole = "that page as it came: markup, shown as text so that nothing in it runs" if page.text else what
        if page.picture:
            yield FileRow(page.picture, f"{what}: a screenshot, made in the same visit", is_page=True)
        if page.facts.get("rendered"):
            whole += f", as {page.facts['rendered']['by']} rendered it"
        yield FileRow(page.name, f"{whole}, {page.facts['bytes']:,} bytes", page.facts["sha256"], is_page=True)
    yield FileRow(WARC, "the same with all headers, as web archives keep it: open it with ReplayWeb.page or pywb")
    yield FileRow(CHAIN, "the chain of hashes")
    if exhibit.certificates:
        yield FileRow(CERTIFICATES, "the certificates that the server sent")
    for name, said in exhibit.witnesses.items():
        yield FileRow(name, f"the answer of {said.by}")


def _moment(text: str | datetime, zone: tzinfo) -> str:
    """A time in UTC, and in the reader's time zone if that differs."""
    at: datetime = datetime.fromisoformat(text) if isinstance(text, str) else text
    local = at.astimezone(zone)
    beside = "" if not local.utcoffset() else f" ({local:%H:%M:%S %Z})"
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC{beside}"


def verification_steps(exhibit: ProofFacts) -> Iterator[VerificationStep]:
    """How to verify a proof with common tools, in order."""
    for page in exhibit.pages:
        altered = any(each.startswith("body:") for each in page.facts.get("altered", ()))
        if not altered:  # otherwise the hash is of the original bytes, and the file lacks the secret
            sha256 = page.facts["sha256"]
            why = f"The page in this folder is the one that was read: its SHA-256 is {sha256[:16]}…"
            yield why, f"sha256sum {page.name}", f"{sha256}  {page.name}"

    last, pages = exhibit.records[-1], {page.facts["record"] for page in exhibit.pages}  # without the pages before
    for record in exhibit.records:
        if record.name in pages:
            holds = f"Record {record.number} holds that page with the server's answer around it. Its SHA-256:"
            yield holds, f"{_bytes(record)} | sha256sum", f"{record.sha256}  -"
            yield "What is in it can be read:", f"{_bytes(record)} | gzip -dc | head -n 24", ""
    tells = f"Record {last.number} tells what changed, and when. Its SHA-256:"
    yield tells, f"{_bytes(last)} | sha256sum", f"{last.sha256}  -"
    why = f"The link of record {last.number} is the SHA-256 of the link before it and of that hash:"
    yield why, f"printf %s%s {last.before} {last.sha256} | sha256sum", f"{last.link}  -"

    number, link = exhibit.head
    count = number - exhibit.records[0].number + 1
    hashes = f'grep -o \'"sha256": "[0-9a-f]*"\' {CHAIN} | head -n {count} | cut -d \'"\' -f 4'
    loop = 'while read -r sha; do link=$(printf %s%s "$link" "$sha" | sha256sum | cut -c 1-64); echo "$link"; done'
    why = f"The whole chain from there to record {number}, link by link. Every later link rests on all earlier ones:"
    yield why, f"link={exhibit.start}; {hashes} | {loop} | tail -n 1", link
    for name, said in exhibit.witnesses.items():
        digest, authority = said.link.hex(), authority_file(name)
        if said.kind is WitnessKind.CALENDAR:
            why = f"That last link: {said.by} {said.proves}. The client of OpenTimestamps verifies it:"
            yield why, f"ots verify -d {digest} {name}", ""
        if said.kind is not WitnessKind.AUTHORITY:
            continue
        why = (
            f"That last link was stamped by {said.by}. (The certificate in {authority} came with the stamp: compare it"
            " with the one that the authority publishes.)"
        )
        verify = f"openssl ts -verify -digest {digest} -in {name} -CAfile {authority} -partial_chain 2>/dev/null"
        yield why, verify, "Verification: OK"
        yield "The time of the stamp:", f"openssl ts -reply -in {name} -text 2>/dev/null | grep 'Time stamp:'", ""
    if exhibit.certificates:
        shown, openssl = "The certificate that the server showed:", f"openssl x509 -in {CERTIFICATES}"
        yield shown, f"{openssl} -noout -subject -issuer -dates", ""
        why = "Its SHA-256 (browsers show it as the certificate's fingerprint):"
        yield why, f"{openssl} -outform DER | sha256sum", f"{exhibit.certificates[0].sha256}  -"


def _bytes(record: RecordFact) -> str:
    return f"tail -c +{record.offset + 1} {WARC} | head -c {record.length}"
