"""A proof of one change, for readers who do not know this program: the facts that it shows, and its page, one HTML file
without any other. Pure.

templates/proof.html.j2 has the markup, and is given the facts; here is what takes more than one look at them. The page
loads nothing, and every foreign text is escaped. A test runs the commands by which it is verified as they are, in the
folder of a proof (tests/watcher/evidence/test_proofs.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Any, NamedTuple

from alerts.language import mark, phrase, phrase_day, phrase_many, phrase_moment, phrase_number
from alerts.message.change_lines import text_difference, whole_entry
from alerts.message.lines import DetailLevel, Style
from alerts.message.wording import shorten, word, worth_of
from alerts.templating import render
from sources.text import clean
from state.evidence.witnesses import MOST_WITNESSES, Certificate, Statement, WitnessKind
from state.model import CaptureKind, ChangeKind

WARC, CHAIN, CERTIFICATES, PAGE = "pages.warc.gz", "chain.jsonl", "certificates.pem", "proof.html"
MARK = ">>> "  # before the row of the changed entry, in a page's text
_ANSWERS = {
    WitnessKind.AUTHORITY: "stamp{}.tsr",
    WitnessKind.CALENDAR: "stamp{}.ots",
    WitnessKind.ARCHIVE: "archive{}.txt",
}
WITNESS_FILES = {  # with the answers of third parties, and whose each is, in the order of a proof
    name.format("" if number == 1 else f"-{number}"): kind
    for kind, name in _ANSWERS.items()
    for number in range(1, MOST_WITNESSES + 1)
}

_LONGEST = 4000  # characters of a value
_WHOLE = {ChangeKind.ADDED: "after", ChangeKind.REMOVED: "before"}  # of these all fields are told
_ALL = DetailLevel(value=_LONGEST, fields=0, text=0, lines=200)

_HEADLINES = {
    ChangeKind.ADDED: mark("{source}: “{title}” appeared"),
    ChangeKind.REAPPEARED: mark("{source}: “{title}” came back"),
    ChangeKind.CHANGED: mark("{source}: “{title}” was changed"),
    ChangeKind.REKEYED: mark("{source}: “{title}” got another key"),
    ChangeKind.REMOVED: mark("{source}: “{title}” was removed"),
}


class PageFile(NamedTuple):
    """A page of the proof: its file, its facts from the capture (state/evidence/records.py), and the names of the files
    with its text and with its screenshot, if any.
    """

    name: str
    facts: Mapping[str, Any]
    text: str = ""
    picture: str = ""


class RecordFact(NamedTuple):
    """A record in the proof's own WARC file. `name` is its WARC-Record-ID, `refers` that of the record with its page,
    if that is another; `before` is the link before its own.
    """

    number: int
    type: str
    name: str
    refers: str
    offset: int
    length: int
    sha256: str
    before: str
    link: str


@dataclass(frozen=True, slots=True)
class ProofFacts:
    """One event and its capture.

    `change` is the change in the form of the capture, None for a baseline and what befell the source. `wire` has the
    facts about the pages as they were fetched, and `doubt` why they were not believed then: of this capture, or of the
    earlier one whose pages were accepted later.
    `start` is the link before the folder's part of the chain, `head` the last one in it, which stamps are of.
    `witnesses` has what third parties say, by the file with the answer of each.
    """

    event: int
    about: Mapping[str, Any]
    change: Mapping[str, Any] | None
    pages: Sequence[PageFile]
    before: Sequence[PageFile]
    wire: Sequence[Mapping[str, Any]]
    doubt: str
    certificates: Sequence[Certificate]
    records: Sequence[RecordFact]
    origin: str
    start: str
    head: tuple[int, str]
    witnesses: Mapping[str, Statement]
    zone: tzinfo


def authority_file(name: str) -> str:
    """The file with the certificates that came with a stamp, by that of the stamp."""
    return f"{name.partition('.')[0]}-authority.pem"


Cell = tuple[str, str, int]
"""A value of a field: whether it is "before", "after" or "" for both, the text, and the number of table columns."""


def _fields(change: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[Cell]]]:
    """The fields that a change tells, each with its values: all of an entry that came or went, else what differs."""
    if side := _WHOLE.get(change["change"]):
        for name, value in (whole_entry(change) or {"title": change["title"]}).items():
            yield name, [(side, _value(value), 1)]
    else:
        # The key and what differs; of a text of several lines, the removed and the added ones.
        key = {"key": {"before": change["former_key"], "after": change["key"]}} if "former_key" in change else {}
        for name, sides in [*key.items(), *change["fields"].items()]:
            before, after = sides["before"] or "", sides["after"] or ""
            if "\n" not in before and "\n" not in after:
                yield name, [("before", _value(before), 1), ("after", _value(after), 1)]
                continue
            differing = list(text_difference(before, after, _ALL))
            out, put_in = phrase("{field}, lines taken out", field=name), phrase("{field}, lines put in", field=name)
            moved = phrase("{field}, lines moved", field=name)
            told_by = (("before", Style.BEFORE, out), ("after", Style.AFTER, put_in), ("", Style.PLAIN, moved))
            for side, style, told in (*told_by, ("", Style.FACT, name)):  # the last says how many more lines there are
                if lines := "\n".join(line.text for line in differing if line.style is style):
                    yield told, [(side, _value(lines), 2)]


def _value(value: str | None) -> str:
    return shorten(value or "", _LONGEST)


VerificationStep = tuple[str, str, str]
"""What a command shows, the command, and its output: "" if that differs between tools."""


def proof_page(exhibit: ProofFacts) -> bytes:
    """The page in the language spoken, in ASCII, as an attachment may arrive without its encoding."""
    about, change = exhibit.about, exhibit.change
    stamps = [said for said in exhibit.witnesses.values() if said.kind is WitnessKind.AUTHORITY]
    entry = change.get("entry", {}) if change and change["change"] not in _WHOLE else {}
    page = render(
        "proof.html.j2",
        exhibit=exhibit,
        about=about,
        headline=headline_of(exhibit),
        worth=worth_of(about["source"].get("worth") or about["source"]["authority"]),
        seen=max([str(page.facts["fetched"]) for page in exhibit.pages], default=about["check"]["began"]),
        held=about["kind"] == CaptureKind.SUSPICIOUS,
        change=change,
        fields=list(_fields(change)) if change else [],
        same=[(name, _value(entry[name])) for name in entry if change and name not in change["fields"]],
        most_others=20,
        stamps=[said for said in stamps if said.at],
        witnesses=[_testimony(said, exhibit.zone) for said in exhibit.witnesses.values() if said not in stamps],
        wire=exhibit.wire or [page.facts for page in exhibit.pages],
        most_names=8,  # of a certificate
        issuer=partial(phrase, mark("Its issuer's certificate ({number})")),
        altered=list(dict.fromkeys(each for facts in exhibit.wire for each in facts.get("altered", ()))),
        steps=list(verification_steps(exhibit)),
        own={"warc": WARC, "chain": CHAIN, "certificates": CERTIFICATES},  # the names of files
        sign=MARK.strip(),
        moment=partial(_moment, zone=exhibit.zone),
        **{each.__name__: each for each in (clean, phrase_day, shorten, word)},
    )
    return page.encode("ascii", "xmlcharrefreplace")


def headline_of(exhibit: ProofFacts) -> str:
    """What the proof is about, in a line."""
    about, label = exhibit.about, exhibit.about["source"]["label"]
    if about["kind"] == CaptureKind.SUSPICIOUS:
        return phrase("{source}: a page that was not believed", source=label)
    if exhibit.change is not None:
        title = shorten(clean(exhibit.change["title"]), 150)
        return phrase(_HEADLINES[ChangeKind(exhibit.change["change"])], source=label, title=title)
    if about["kind"] == CaptureKind.BASELINE:
        entries = phrase_many("{number} entry", "{number} entries", about["check"]["entries"] or 0)
        return phrase("{source}: the first look, {entries}", source=label, entries=entries)
    return phrase("{source}: a page that was believed", source=label)


def _testimony(said: Statement, zone: tzinfo) -> str:
    """What an archive has, or a calendar leads to, in a sentence."""
    if said.copy and said.at:
        when = _moment(said.at, zone)
        return phrase("{witness} has a copy of the page: {copy} ({when}).", witness=said.by, copy=said.copy, when=when)
    if said.block is None:
        return phrase("{witness} promised to have it in a block of Bitcoin.", witness=said.by)
    told = {"witness": said.by, "block": phrase_number(said.block), "root": said.root}
    return phrase("{witness} leads to Bitcoin block {block}, if that has the Merkle root {root}.", **told)


def _moment(text: str | datetime, zone: tzinfo) -> str:
    """A time in UTC, and in the reader's time zone if that differs."""
    at: datetime = datetime.fromisoformat(text) if isinstance(text, str) else text
    local, told = at.astimezone(zone), phrase_moment(at.astimezone(UTC))
    return f"{told} ({phrase_moment(local, day=False)})" if local.utcoffset() else told


def verification_steps(exhibit: ProofFacts) -> Iterator[VerificationStep]:
    """How to verify a proof with common tools, in order."""
    its_hash = phrase("Its SHA-256:")
    for page in exhibit.pages:
        altered = any(each.startswith("body:") for each in page.facts.get("altered", ()))
        if not altered:  # otherwise the hash is of the original bytes, and the file lacks the secret
            sha = page.facts["sha256"]
            why = phrase("The page in this folder is the one that was read: its SHA-256 is {hash}", hash=f"{sha[:16]}…")
            yield why, f"sha256sum {page.name}", f"{sha}  {page.name}"

    last, numbers = exhibit.records[-1], {record.name: record.number for record in exhibit.records}
    with_pages = {page.facts["record"] for page in exhibit.pages}  # without the pages before
    with_pages |= {record.refers for record in exhibit.records if record.name in with_pages}
    answer = mark("Record {record} holds that page with the server's answer around it.")
    again = mark(
        "Record {record} holds the server's answer. The page in it is the very one that record {earlier} holds."
    )
    bare, holds = mark("Record {record} holds that page."), {"response": answer, "revisit": again}
    for record in exhibit.records:
        if record.name in with_pages:
            told = phrase(holds.get(record.type, bare), record=record.number, earlier=numbers.get(record.refers))
            yield f"{told} {its_hash}", f"{_bytes(record)} | sha256sum", f"{record.sha256}  -"
            yield phrase("What is in it can be read:"), f"{_bytes(record)} | gzip -dc | head -n 24", ""
    tells = phrase("Record {record} tells what changed, and when.", record=last.number)
    yield f"{tells} {its_hash}", f"{_bytes(last)} | sha256sum", f"{last.sha256}  -"
    why = phrase(
        "The link of record {record} is the SHA-256 of the link before it and of that hash:", record=last.number
    )
    yield why, f"printf %s%s {last.before} {last.sha256} | sha256sum", f"{last.link}  -"

    number, link = exhibit.head
    count = number - exhibit.records[0].number + 1
    hashes = f'grep -o \'"sha256": "[0-9a-f]*"\' {CHAIN} | head -n {count} | cut -d \'"\' -f 4'
    loop = 'while read -r sha; do link=$(printf %s%s "$link" "$sha" | sha256sum | cut -c 1-64); echo "$link"; done'
    chain = phrase("The whole chain from there to record {record}, link by link.", record=number)
    rests = phrase("Every later link rests on all earlier ones:")
    yield f"{chain} {rests}", f"link={exhibit.start}; {hashes} | {loop} | tail -n 1", link
    for name, said in exhibit.witnesses.items():
        digest, authority = said.link.hex(), authority_file(name)
        if said.kind is WitnessKind.CALENDAR:
            testimony = _testimony(said, exhibit.zone)
            why = phrase("That last link: {testimony} The client of OpenTimestamps verifies it:", testimony=testimony)
            yield why, f"ots verify -d {digest} {name}", ""
        if said.kind is not WitnessKind.AUTHORITY:
            continue
        stamped = phrase("That last link was stamped by {authority}.", authority=said.by)
        compare = mark(
            "(The certificate in {file} came with the stamp: compare it with the one that the authority publishes.)"
        )
        verify = f"openssl ts -verify -digest {digest} -in {name} -CAfile {authority} -partial_chain 2>/dev/null"
        yield f"{stamped} {phrase(compare, file=authority)}", verify, "Verification: OK"
        shown = f"openssl ts -reply -in {name} -text 2>/dev/null | grep 'Time stamp:'"
        yield phrase("The time of the stamp:"), shown, ""
    if exhibit.certificates:
        openssl = f"openssl x509 -in {CERTIFICATES}"
        yield phrase("The certificate that the server showed:"), f"{openssl} -noout -subject -issuer -dates", ""
        why = phrase("Its SHA-256 (browsers show it as the certificate's fingerprint):")
        yield why, f"{openssl} -outform DER | sha256sum", f"{exhibit.certificates[0].sha256}  -"


def _bytes(record: RecordFact) -> str:
    return f"tail -c +{record.offset + 1} {WARC} | head -c {record.length}"
