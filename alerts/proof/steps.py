"""How to verify a proof with common tools: the commands, and their output. Pure.

A test runs them as they are (tests/watcher/evidence/test_proofs.py), in the folder of a proof.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from alerts.proof.facts import AUTHORITY, CERTIFICATES, CHAIN, STAMP, WARC, ProofFacts, RecordFact
from state.evidence.stamps import Stamp


class VerificationStep(NamedTuple):
    """What a command shows, the command, and its output; `answer` is empty if that differs between tools."""

    why: str
    command: str
    answer: str = ""


def steps(exhibit: ProofFacts) -> Iterator[VerificationStep]:
    """The steps, in order."""
    yield from _pages(exhibit)
    yield from _records(exhibit)
    yield _chain(exhibit)
    if exhibit.stamp:
        yield from _stamp(exhibit.stamp)
    if exhibit.certificates:
        yield from _certificate(exhibit)


def _pages(exhibit: ProofFacts) -> Iterator[VerificationStep]:
    for page in exhibit.pages:
        altered = any(each.startswith("body:") for each in page.told.get("altered", ()))
        if not altered:  # otherwise the hash is of the original bytes, and the file lacks the secret
            why = f"The page in this folder is the one that was read: its SHA-256 is {page.told['sha256'][:16]}…"
            yield VerificationStep(why, f"sha256sum {page.name}", f"{page.told['sha256']}  {page.name}")


def _records(exhibit: ProofFacts) -> Iterator[VerificationStep]:
    told, pages = exhibit.records[-1], {page.told["record"] for page in exhibit.pages}  # without the pages before
    for record in exhibit.records:
        if record.name not in pages:
            continue
        yield VerificationStep(
            f"Record {record.number} holds that page with the server's answer around it. Its SHA-256:",
            f"{_bytes(record)} | sha256sum",
            f"{record.sha256}  -",
        )
        yield VerificationStep("What is in it can be read:", f"{_bytes(record)} | gzip -dc | head -n 24")
    yield VerificationStep(
        f"Record {told.number} tells what changed, and when. Its SHA-256:",
        f"{_bytes(told)} | sha256sum",
        f"{told.sha256}  -",
    )
    yield VerificationStep(
        f"The link of record {told.number} is the SHA-256 of the link before it and of that hash:",
        f"printf %s%s {told.before} {told.sha256} | sha256sum",
        f"{told.link}  -",
    )


def _bytes(record: RecordFact) -> str:
    return f"tail -c +{record.offset + 1} {WARC} | head -c {record.length}"


def _chain(exhibit: ProofFacts) -> VerificationStep:
    number, link = exhibit.head
    count = number - exhibit.records[0].number + 1
    hashes = f'grep -o \'"sha256": "[0-9a-f]*"\' {CHAIN} | head -n {count} | cut -d \'"\' -f 4'
    loop = 'while read -r sha; do link=$(printf %s%s "$link" "$sha" | sha256sum | cut -c 1-64); echo "$link"; done'
    return VerificationStep(
        f"The whole chain from there to record {number}, link by link. Every later link rests on all earlier ones:",
        f"link={exhibit.start}; {hashes} | {loop} | tail -n 1",
        link,
    )


def _stamp(stamp: Stamp) -> Iterator[VerificationStep]:
    yield VerificationStep(
        f"That last link was stamped by {stamp.authority}. (The certificate in {AUTHORITY} came with the stamp:"
        " compare it with the one that the authority publishes.)",
        f"openssl ts -verify -digest {stamp.link.hex()} -in {STAMP} -CAfile {AUTHORITY} -partial_chain 2>/dev/null",
        "Verification: OK",
    )
    yield VerificationStep(
        "The time of the stamp:", f"openssl ts -reply -in {STAMP} -text 2>/dev/null | grep 'Time stamp:'"
    )


def _certificate(exhibit: ProofFacts) -> Iterator[VerificationStep]:
    yield VerificationStep(
        "The certificate that the server showed:",
        f"openssl x509 -in {CERTIFICATES} -noout -subject -issuer -dates",
    )
    yield VerificationStep(
        "Its SHA-256 (browsers show it as the certificate's fingerprint):",
        f"openssl x509 -in {CERTIFICATES} -outform DER | sha256sum",
        f"{exhibit.certificates[0].sha256}  -",
    )
