"""Time stamps (RFC 3161): the request to an authority, and its response. Pure.

A stamp is an authority's signed statement that a link of the chain existed at a time. The signature is not verified
here: use `openssl ts -verify` with the authority's own certificate, see docs/evidence.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

QUESTION, ANSWER = "application/timestamp-query", "application/timestamp-reply"


_LONGEST_NAME = 200  # characters


class StampError(ValueError):
    """A response is no stamp of this link; the message says why."""


class Stamp(NamedTuple):
    """The stored response of an authority for a link of the chain."""

    number: int
    link: bytes
    at: datetime
    authority: str
    answer: bytes


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
    try:
        return _content(_response().load(answer, strict=True))
    except StampError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise StampError("the answer is no time stamp") from None


def _content(response: Any) -> StampContent:
    from asn1crypto import pem  # noqa: PLC0415 - as above

    status = response["status"]["status"].native
    if status not in {"granted", "granted_with_mods"}:
        raise StampError(f"the authority refuses: {_why(response['status']) or status}")
    signed = response["time_stamp_token"]["content"]
    info = signed["encap_content_info"]["content"].parsed
    certificates = [each.chosen for each in signed["certificates"]]
    if not certificates:
        raise StampError("no certificate came with the stamp")
    return StampContent(
        info["gen_time"].native.astimezone(UTC),
        info["message_imprint"]["hashed_message"].native,
        _signer(signed, certificates),
        b"".join(pem.armor("CERTIFICATE", each.dump()) for each in certificates),
        info["nonce"].native,
    )


def _signer(signed: Any, certificates: Sequence[Any]) -> str:
    """The signer's name in their certificate."""
    by = signed["signer_infos"][0]["sid"].chosen.native["serial_number"]
    found = next((each for each in certificates if each.serial_number == by), certificates[0])
    return str(found.subject.human_friendly)[:_LONGEST_NAME]


@cache
def _response() -> Any:
    """A response as the standard defines it: a refusal has no stamp, which the library's own type requires."""
    from asn1crypto import cms, core, tsp  # noqa: PLC0415 - as above

    fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]
    return type("Response", (core.Sequence,), {"_fields": fields})


def _why(status: Any) -> str:
    texts = status["status_string"].native or ()
    return " ".join(" ".join(texts).split())[:200]
