"""What third parties testify about the evidence: what each is asked about, its answer, and its check. Pure.

witness       is asked about                    answers                          which proves, once it is verified
authority     a link of the chain               a signed stamp (RFC 3161)        that all up to it existed then
calendar      a link of the chain               a file of OpenTimestamps         the same, by a block of Bitcoin
archive       the address of a captured page    the address of a copy            that others were served such a page

The signature of a stamp is not verified here: `openssl ts -verify` does it with the authority's own certificate, see
docs/evidence.md. (The package rfc3161-client would verify it, but refuses answers of authorities that use OpenSSL:
their certificates do not stand in the order of DER. It hashes what is to be stamped itself, where we have the hash.)
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from io import BytesIO
from typing import ClassVar, NamedTuple

QUESTION, ANSWER = "application/timestamp-query", "application/timestamp-reply"
_LONGEST_NAME = 200  # characters


class StampError(ValueError):
    """A response is no stamp of this link; the message says why."""


class StampContent(NamedTuple):
    """The content of a response: the time, the stamped link, the signer by name, and the certificates in it (PEM),
    which are not verified.
    """

    at: datetime
    link: bytes
    signer: str
    certificates: bytes
    nonce: int | None


def question(link: bytes, nonce: int) -> bytes:
    """The request for a link (DER): for a stamp, with the certificates to verify it."""
    from asn1crypto import tsp  # noqa: PLC0415 - checks do not need it

    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": link}
    asked = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True})
    return bytes(asked.dump())


def read_answer(answer: bytes, link: bytes, nonce: int | None = None) -> StampContent:
    """Parse a response for a link; with the `nonce` of the request, check that it answers that request.

    Raises StampError.
    """
    content = read_stamp(answer)
    if content.link != link:
        raise StampError("the stamp is for something else")
    if nonce is not None and content.nonce != nonce:
        raise StampError("the stamp is the answer to another question")
    return content


def read_stamp(answer: bytes) -> StampContent:
    """Parse a response for any link. Raises StampError."""
    from asn1crypto import cms, core, pem, tsp  # noqa: PLC0415 - as above

    class Response(core.Sequence):  # type: ignore[misc, no-any-unimported]  # asn1crypto ships no types
        """As the standard defines it: a refusal has no stamp, which the library's own type requires."""

        _fields: ClassVar = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]

    try:
        response = Response.load(answer, strict=True)
        status = response["status"]["status"].native
        if status not in {"granted", "granted_with_mods"}:
            why = " ".join(" ".join(response["status"]["status_string"].native or ()).split())[:200]
            raise StampError(f"the authority refuses: {why or status}")
        signed = response["time_stamp_token"]["content"]
        info = signed["encap_content_info"]["content"].parsed
        certificates = [each.chosen for each in signed["certificates"]]
        if not certificates:
            raise StampError("no certificate came with the stamp")
        by = signed["signer_infos"][0]["sid"].chosen.native["serial_number"]
        signer = next((each for each in certificates if each.serial_number == by), certificates[0])
        return StampContent(
            info["gen_time"].native.astimezone(UTC),
            info["message_imprint"]["hashed_message"].native,
            str(signer.subject.human_friendly)[:_LONGEST_NAME],
            b"".join(pem.armor("CERTIFICATE", each.dump()) for each in certificates),
            info["nonce"].native,
        )
    except StampError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise StampError("the answer is not a time stamp") from None


class Certificate(NamedTuple):
    """A certificate's subject, issuer and validity; the SHA-256 of its bytes (DER)."""

    subject: str
    issuer: str
    begins: datetime
    ends: datetime
    names: tuple[str, ...]
    sha256: str


def certificates(text: bytes) -> Iterator[Certificate]:
    """The certificates in a PEM text, in order; those that cannot be parsed are left out."""
    from asn1crypto import pem, x509  # noqa: PLC0415 - checks do not need it

    if not text:
        return
    for _, _, content in pem.unarmor(text, multiple=True):
        try:
            read = x509.Certificate.load(content)
            subject, issuer = read.subject.human_friendly, read.issuer.human_friendly
            begins, ends, names = read.not_valid_before, read.not_valid_after, tuple(read.valid_domains)
        except (ValueError, TypeError):
            continue
        yield Certificate(subject, issuer, begins, ends, names, hashlib.sha256(content).hexdigest())


LARGEST = 10_000  # bytes of a calendar's answer, as in the reference client
_MAGIC = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08"
_BRANCH, _ATTESTATION, _APPEND, _PREPEND = 0xFF, 0x00, 0xF0, 0xF1
_HASHES = {0x02: "sha1", 0x03: "ripemd160", 0x08: "sha256"}
_PENDING, _BITCOIN = bytes.fromhex("83dfe30d2ef90c8e"), bytes.fromhex("0588960d73d71901")
_LONGEST, _LARGEST_CONTENT = 4096, 8192  # bytes of a message, and of an attestation's content
_CALENDAR = re.compile(rb"https?://[\w.:/-]{1,900}", re.ASCII)


class Attestation(NamedTuple):
    """A calendar has the commitment (its address), or it is the Merkle root of a Bitcoin block (its number); one of
    another kind has neither. Its bytes begin at `start`.
    """

    commitment: bytes
    start: int
    calendar: str = ""
    block: int | None = None


def read_proof(proof: bytes) -> tuple[bytes, list[Attestation]]:
    """The digest that a file is about, and what its operations lead to, in order. Raises StampError."""
    stream, found, branches = BytesIO(proof), list[Attestation](), list[bytes]()
    try:
        if _take(stream, len(_MAGIC)) != _MAGIC:
            raise ValueError("it is about no SHA-256")
        digest = message = _take(stream, 32)
        while True:
            start, tag = stream.tell(), _take(stream, 1)[0]
            if tag == _BRANCH:
                branches.append(message)
            elif tag == _ATTESTATION:
                found.append(_attestation(stream, message, start))
                if not branches:
                    break
                message = branches.pop()
            elif tag in _HASHES:  # RIPEMD-160 is a ValueError where OpenSSL lacks it
                message = hashlib.new(_HASHES[tag], message, usedforsecurity=False).digest()
            elif tag in {_APPEND, _PREPEND}:
                more = _piece(stream, _LONGEST - len(message))
                message = message + more if tag == _APPEND else more + message
            else:
                raise ValueError(f"operation {tag:02x} is not known")
        if stream.read(1):
            raise ValueError("something follows it")
    except ValueError as error:
        raise StampError(f"the answer is no proof of OpenTimestamps: {error}") from None
    return digest, found


def begin(digest: bytes, answer: bytes) -> bytes:
    """The file of what a calendar answered about a digest. Raises StampError."""
    read_proof(proof := _MAGIC + digest + answer)
    return proof


def pending_in(proof: bytes) -> Attestation | None:
    """What a calendar is to be asked about, which ends a file: nothing once there is a block, or if it is damaged."""
    try:
        _, found = read_proof(proof)
    except StampError:
        return None
    return found[-1] if found[-1].calendar and all(each.block is None for each in found) else None


def complete(proof: bytes, pending: Attestation, answer: bytes) -> bytes:
    """The file with what a calendar answered later in the place of what was pending in it. Raises StampError."""
    read_proof(whole := proof[: pending.start] + answer)
    return whole


def _attestation(stream: BytesIO, commitment: bytes, start: int) -> Attestation:
    kind, content = _take(stream, 8), BytesIO(_piece(stream, _LARGEST_CONTENT))
    if kind == _BITCOIN:
        return Attestation(commitment, start, block=_number(content))
    calendar = _piece(content, _LONGEST) if kind == _PENDING else b""
    if calendar and not _CALENDAR.fullmatch(calendar):
        raise ValueError("its calendar has no web address")
    return Attestation(commitment, start, calendar.decode("ascii"))


def _take(stream: BytesIO, size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise ValueError("it is cut off")
    return found


def _piece(stream: BytesIO, most: int) -> bytes:
    if (size := _number(stream)) > most:
        raise ValueError("it is larger than the format allows")
    return _take(stream, size)


def _number(stream: BytesIO) -> int:
    value = 0
    for shift in range(0, 63, 7):
        byte = _take(stream, 1)[0]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # the last one
            return value
    raise ValueError("it has a number that is too large")


class WitnessKind(StrEnum):
    """An RFC 3161 authority, a calendar of OpenTimestamps, a web archive."""

    AUTHORITY = "timestamp"
    CALENDAR = "opentimestamps"
    ARCHIVE = "wayback"


MOST_WITNESSES = 20  # of a kind
STAMPING = (WitnessKind.AUTHORITY, WitnessKind.CALENDAR)  # those that are asked about a link
_COPY = re.compile(r"(https?://[^\s]{1,500}?)/web/(\d{14})/https?://\S+")  # archive, and time


class WitnessAnswer(NamedTuple):
    """A stored answer about the record `number` with its link, or about the `page` of the capture that ends with it.
    `authority` is the address that was asked; `at` the time in the answer, else when it came.
    """

    kind: WitnessKind
    authority: str
    number: int
    link: bytes
    page: str
    at: datetime
    answer: bytes


class Statement(NamedTuple):
    """What an answer says: who by its own words, when (None: it does not say), and of which link or page. `block` and
    `root` are of a calendar that leads to a block of Bitcoin, if that has this Merkle root; `copy` is the address of an
    archive's. `number` is the record, where it is known; `verified` that the signature is of an authority that was
    named.
    """

    kind: WitnessKind
    by: str
    at: datetime | None = None
    link: bytes = b""
    page: str = ""
    block: int | None = None
    root: str = ""
    copy: str = ""
    number: int = 0
    verified: bool = False

    @property
    def proves(self) -> str:
        """What that proves, in English."""
        if self.copy:
            return f"has a copy of the page: {self.copy}"
        if self.block is not None:
            return f"leads to Bitcoin block {self.block:,}, if that has the Merkle root {self.root}"
        is_stamp = self.kind is WitnessKind.AUTHORITY
        return "signed that it existed then" if is_stamp else "promised to have it in a block of Bitcoin"


def read_witness(kind: WitnessKind, answer: bytes) -> Statement:
    """Parse an answer, as far as it can be checked without others. Raises StampError.

    An archive's is text: the page, the address of its copy, and the headers that came with it, each in a line.
    """
    if kind is WitnessKind.AUTHORITY:
        said = read_stamp(answer)
        return Statement(kind, said.signer, said.at, said.link)
    if kind is WitnessKind.CALENDAR:
        digest, attested = read_proof(answer)
        for each in attested:
            if each.block is not None:
                root = each.commitment[::-1].hex()
                return Statement(kind, "OpenTimestamps", link=digest, block=each.block, root=root)
        return Statement(kind, attested[-1].calendar, link=digest)
    try:
        page, address, *_ = answer.decode().split("\n")
        archive, time = _COPY.fullmatch(address).groups()  # type: ignore[union-attr]  # an AttributeError
        at = datetime.strptime(time, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except (ValueError, AttributeError):
        raise StampError("the answer names no copy of a page") from None
    return Statement(kind, archive, at, page=page, copy=address)


def check(told: WitnessAnswer) -> Statement:
    """What a stored answer says, which has to be what it is stored for. Raises StampError."""
    said = read_witness(told.kind, told.answer)
    if (said.link or told.link, said.page, said.at or told.at) != (told.link, told.page, told.at):
        raise StampError("the stamp is for something else")
    return said._replace(number=told.number)
