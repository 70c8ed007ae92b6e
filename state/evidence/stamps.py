"""Time stamps (RFC 3161): the question to an authority, and what its answer says. Pure.

A stamp is the authority's signed word that a link of the chain existed at a time. Whether the signature is good is for
`openssl ts -verify` with the authority's own certificate: docs/evidence.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

QUESTION, ANSWER = "application/timestamp-query", "application/timestamp-reply"


_LONGEST_NAME = 200  # characters


class StampError(ValueError):
    """An answer is no stamp of this link; the message says why."""


class Stamp(NamedTuple):
    """An authority's answer for a link of the chain."""

    number: int
    link: bytes
    at: datetime
    authority: str
    answer: bytes


class Said(NamedTuple):
    """What an answer says: when which link was stamped, by whom as their certificate has it, and the certificates that
    came with it (PEM), which nobody has verified.
    """

    at: datetime
    link: bytes
    signer: str
    certificates: bytes
    nonce: int | None


def question(link: bytes, nonce: int) -> bytes:
    """The question for a link (DER): a stamp, and the certificates that it can be verified with."""
    from asn1crypto import tsp  # noqa: PLC0415 - checks stamp nothing

    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": link}
    asked = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True})
    return bytes(asked.dump())


def read_answer(answer: bytes, link: bytes, nonce: int | None = None) -> Said:
    """What an answer says of a link; with the `nonce` of the question, whether it is the answer to it.

    Raises StampError.
    """
    said = read_stamp(answer)
    if said.link != link:
        raise StampError("the stamp is for something else")
    if nonce is not None and said.nonce != nonce:
        raise StampError("the stamp is the answer to another question")
    return said


def read_stamp(answer: bytes) -> Said:
    """What an answer says, of whatever it is. Raises StampError."""
    try:
        return _said(_response().load(answer, strict=True))
    except StampError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise StampError("the answer is no time stamp") from None


def _said(response: Any) -> Said:
    from asn1crypto import pem  # noqa: PLC0415 - as above

    status = response["status"]["status"].native
    if status not in {"granted", "granted_with_mods"}:
        raise StampError(f"the authority refuses: {_why(response['status']) or status}")
    signed = response["time_stamp_token"]["content"]
    info = signed["encap_content_info"]["content"].parsed
    certificates = [each.chosen for each in signed["certificates"]]
    if not certificates:
        raise StampError("no certificate came with the stamp")
    return Said(
        info["gen_time"].native.astimezone(UTC),
        info["message_imprint"]["hashed_message"].native,
        _signer(signed, certificates),
        b"".join(pem.armor("CERTIFICATE", each.dump()) for each in certificates),
        info["nonce"].native,
    )


def _signer(signed: Any, certificates: Sequence[Any]) -> str:
    """Who signed, as their certificate calls them."""
    by = signed["signer_infos"][0]["sid"].chosen.native["serial_number"]
    found = next((each for each in certificates if each.serial_number == by), certificates[0])
    return str(found.subject.human_friendly)[:_LONGEST_NAME]


@cache
def _response() -> Any:
    """An answer as the standard has it: a refusal holds no stamp, which the library's own type insists on."""
    from asn1crypto import cms, core, tsp  # noqa: PLC0415 - as above

    fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]
    return type("Response", (core.Sequence,), {"_fields": fields})


def _why(status: Any) -> str:
    texts = status["status_string"].native or ()
    return " ".join(" ".join(texts).split())[:200]
