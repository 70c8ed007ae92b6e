"""Files of OpenTimestamps: written here byte by byte as the format says, and parsed by the program.

The reference client is no dependency. Where the package `opentimestamps` is installed, it has to find the same.
"""

from __future__ import annotations

from hashlib import new, sha256

import pytest

from state.evidence.witnesses import StampError, begin, complete, pending_in, read_proof

DIGEST = sha256(b"a link").digest()
HEADER = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94" + b"\x01" + b"\x08" + DIGEST
CALENDAR = "https://calendar.example.org"


def piece(content: bytes) -> bytes:
    """Bytes behind their length, which is below 128 in all of these."""
    return bytes([len(content)]) + content


def append(more: bytes) -> bytes:
    return b"\xf0" + piece(more)


def prepend(more: bytes) -> bytes:
    return b"\xf1" + piece(more)


def pending(calendar: str = CALENDAR) -> bytes:
    return b"\x00" + bytes.fromhex("83dfe30d2ef90c8e") + piece(piece(calendar.encode()))


def block(height: bytes) -> bytes:
    """A Bitcoin attestation; `height` is a number with seven bits in each byte, the lowest first."""
    return b"\x00" + bytes.fromhex("0588960d73d71901") + piece(height)


SHA256 = b"\x08"
ANSWER = append(b"nonce") + SHA256 + prepend(b"time") + append(b"end") + pending()
COMMITMENT = b"time" + sha256(DIGEST + b"nonce").digest() + b"end"
CONFIRMED = SHA256 + SHA256 + block(b"\xe0\xc5\x36")  # 0xe0 & 0x7f + 0x45 << 7 + 0x36 << 14
HEIGHT = 0x60 + (0x45 << 7) + (0x36 << 14)


def test_the_operations_lead_to_the_commitment_that_the_calendar_is_asked_about() -> None:
    proof = begin(DIGEST, ANSWER)
    assert proof == HEADER + ANSWER
    found = pending_in(proof)
    assert found
    assert (found.commitment, found.calendar, found.block) == (COMMITMENT, CALENDAR, None)


def test_what_it_answers_later_takes_the_place_of_what_was_pending() -> None:
    proof = begin(DIGEST, ANSWER)
    waiting = pending_in(proof)
    assert waiting
    proof = complete(proof, waiting, CONFIRMED)
    assert proof == HEADER + ANSWER[: -len(pending())] + CONFIRMED
    ((root, _, calendar, height),) = read_proof(proof)[1]
    assert (root, calendar, height) == (sha256(sha256(COMMITMENT).digest()).digest(), "", HEIGHT)
    assert pending_in(proof) is None


def test_a_branch_begins_at_the_message_before_it() -> None:
    tree = b"\xff" + append(b"1") + b"\xff" + pending("https://one.example") + append(b"2") + block(b"\x05")
    found = read_proof(HEADER + tree + append(b"3") + pending("https://two.example"))[1]
    assert [(each.commitment, each.calendar, each.block) for each in found] == [
        (DIGEST + b"1", "https://one.example", None),
        (DIGEST + b"12", "", 5),
        (DIGEST + b"3", "https://two.example", None),
    ]


def test_an_attestation_of_another_kind_is_passed_over() -> None:
    found = read_proof(HEADER + b"\xff\x00" + b"unknown!" + piece(b"what") + block(b"\x01"))
    assert [each.block for each in found[1]] == [None, 1]


@pytest.mark.parametrize(("tag", "name"), [(b"\x02", "sha1"), (b"\x03", "ripemd160")])
def test_older_hashes_are_computed_where_python_has_them(tag: bytes, name: str) -> None:
    try:
        wanted = new(name, DIGEST).digest()
    except ValueError:
        with pytest.raises(StampError, match="no proof"):
            read_proof(HEADER + tag + block(b"\x01"))
    else:
        assert read_proof(HEADER + tag + block(b"\x01"))[1][0].commitment == wanted


@pytest.mark.parametrize(
    ("proof", "says"),
    [
        (b"", "cut off"),
        (HEADER[:-33] + b"\x02" + DIGEST + ANSWER, "no SHA-256"),
        (HEADER, "cut off"),
        (HEADER + ANSWER[:-1], "cut off"),
        (HEADER + ANSWER + b"\x00", "something follows"),
        (HEADER + b"\x67" + pending(), "operation 67 is not known"),
        (HEADER + b"\xff", "cut off"),
        (HEADER + b"\xf0\xff\xff\x7f", "larger than"),
        (HEADER + b"\xf0" + b"\xff" * 12, "too large"),
        (HEADER + (b"\xf0\x80\x10" + bytes(2048)) * 2 + pending(), "larger than"),
        (HEADER + pending("file:///etc/passwd"), "no web address"),
        (HEADER + pending("https://user@host.example/?query"), "no web address"),
    ],
)
def test_what_is_no_proof_is_refused(proof: bytes, says: str) -> None:
    with pytest.raises(StampError, match=says):
        read_proof(proof)
    assert pending_in(proof) is None


def test_every_cut_and_every_flipped_byte_is_refused_or_leads_elsewhere() -> None:
    proof = HEADER + ANSWER[: -len(pending())] + CONFIRMED
    whole = read_proof(proof)
    for place in range(len(proof)):
        with pytest.raises(StampError):
            read_proof(proof[:place])
        flipped = bytearray(proof)
        flipped[place] ^= 1
        try:
            found = read_proof(bytes(flipped))
        except StampError:
            continue
        told = [(each.commitment, each.block) for each in found[1]]
        assert (found[0], told) != (whole[0], [(each.commitment, each.block) for each in whole[1]])


def test_the_reference_finds_the_same() -> None:
    timestamp = pytest.importorskip("opentimestamps.core.timestamp")
    serialize = pytest.importorskip("opentimestamps.core.serialize")
    for tree in (ANSWER, ANSWER[: -len(pending())] + CONFIRMED, b"\xff" + append(b"1") + block(b"\x05") + ANSWER):
        context = serialize.BytesDeserializationContext(begin(DIGEST, tree))
        reference = timestamp.DetachedTimestampFile.deserialize(context)
        theirs = {(told, getattr(each, "height", None)) for told, each in reference.timestamp.all_attestations()}
        assert theirs == {(each.commitment, each.block) for each in read_proof(HEADER + tree)[1]}
