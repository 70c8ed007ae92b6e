"""What others signed: time stamps of the chain (RFC 3161), and the certificates of connections. Pure.

A stamp is an authority's signed statement that a link of the chain existed at a time. The signature is not verified
here: `openssl ts -verify` does it with the authority's own certificate, see docs/evidence.md. (The package
rfc3161-client would verify it, but refuses answers of authorities that use OpenSSL: their certificates do not stand in
the order of DER. It hashes what is to be stamped itself, where we have the hash.)
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
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
        yield Certificate(subject, issuer, begins, ends, names, sha256(content).hexdigest())
