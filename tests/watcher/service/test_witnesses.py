"""Time stamps of the chain: `openssl ts` answers as an authority on loopback, and verifies them."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from state.evidence.witnesses import ANSWER, StampError, question, read_answer
from watcher.service.witnesses import TELL_AFTER, asker

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="the openssl command is not installed")

CONFIGURATION = """
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:true
[stamper]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = one
[one]
dir = .
serial = serial
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
"""


def openssl(folder: Path, *argv: str, **given: Any) -> subprocess.CompletedProcess[bytes]:
    assert OPENSSL
    check = given.pop("check", False)
    return subprocess.run([OPENSSL, *argv], cwd=folder, capture_output=True, timeout=20, check=check)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority's root, and the certificate that it stamps with."""
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(CONFIGURATION)
    (folder / "serial").write_text("01\n")
    new = ("req", "-config", "tsa.cnf", "-newkey", "rsa:2048", "-nodes")
    root = (
        "-x509",
        "-extensions",
        "authority",
        "-days",
        "2",
        "-subj",
        "/CN=Root of Time",
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
    )
    openssl(folder, *new, *root, check=True)
    openssl(folder, *new, "-subj", "/CN=Time Stamper", "-keyout", "tsa.key", "-out", "tsa.csr", check=True)
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "tsa.cnf")
    openssl(folder, "x509", "-req", "-in", "tsa.csr", *signed, "-extensions", "stamper", "-out", "tsa.pem", check=True)
    return folder


def answered(keys: Path, query: bytes) -> bytes:
    (keys / "query.tsq").write_bytes(query)
    ran = openssl(keys, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr")
    assert ran.returncode == 0, ran.stderr
    return (keys / "reply.tsr").read_bytes()


@pytest.fixture
def stamped(kept: Any, keys: Path) -> Any:
    """A list whose chain is stamped by that authority."""
    kept.site.page("/tsa", lambda asked: kept.site.Reply(answered(keys, asked.body), type=ANSWER))
    kept.configure(evidence=f'[evidence]\ntimestamp = "{kept.site.url("/tsa")}"')
    kept.keys = keys
    kept.asked = lambda: kept.site.paths.count("/tsa")
    return kept


def test_a_stamp_of_the_chain_is_one_that_openssl_verifies(stamped: Any) -> None:
    stamped.check()
    with sqlite3.connect(stamped.state) as connection:
        ((number, link, answer),) = connection.execute("SELECT number, link, answer FROM witness_answers").fetchall()
    connection.close()
    (stamped.keys / "kept.tsr").write_bytes(answer)
    verify = ("ts", "-verify", "-in", "kept.tsr", "-CAfile", "ca.pem", "-digest")
    assert openssl(stamped.keys, *verify, link.hex()).returncode == 0
    assert openssl(stamped.keys, *verify, bytes(32).hex()).returncode != 0
    head = json.loads(stamped.run("verify", "--json").out)
    assert (head["head"]["number"], head["head"]["link"]) == (number, link.hex())
    assert head["stamped"].startswith(datetime.now(UTC).strftime("%Y-%m-%d"))


def test_it_is_asked_once_a_day_and_only_if_anything_came(stamped: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stamped.check()
    stamped.show("B")
    stamped.check()
    assert stamped.asked() == 1
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr("watcher.service.once._now", lambda: tomorrow)
    stamped.check()
    assert stamped.asked() == 2
    stamped.check()
    assert stamped.asked() == 2  # nothing came since


def test_a_proof_brings_the_stamp_and_its_commands_verify_it(stamped: Any, folder: Path) -> None:
    from tests.watcher.evidence.test_proofs import run, shown, steps

    stamped.check()
    assert stamped.run("evidence", "1").code == 0
    proof = folder / "proof-1"
    assert {"stamp.tsr", "stamp-authority.pem"} <= {file.name for file in proof.iterdir()}
    page = shown(folder, 1)
    assert "A third party, Common Name: Time Stamper" in page
    assert stamped.run("verify", str(proof)).code == 0
    found = [(command, answer) for command, answer in steps(page) if "openssl ts" in command]
    assert len(found) == 2
    for command, answer in found:
        ran = run(command, proof)
        assert (ran.returncode, ran.stdout.strip() == answer or not answer) == (0, True), ran
    real = found[0][0].replace("stamp-authority.pem -partial_chain", str(stamped.keys / "ca.pem"))
    assert run(real, proof).stdout.strip() == "Verification: OK"


def test_whoever_stamps_is_unverified_until_an_authority_is_named(stamped: Any, folder: Path) -> None:
    stamped.check()
    assert stamped.run("evidence", "1").code == 0
    for where in ([], ["proof-1"]):
        said = json.loads(stamped.run("verify", *where, "--json").out)["stamp"]
        assert (said["by"], said["verified"]) == ("Common Name: Time Stamper", False)
        assert "by Common Name: Time Stamper (unverified" in " ".join(stamped.run("verify", *where).out.split())
        named = stamped.run("verify", *where, "--authority", str(stamped.keys / "ca.pem"), "--json")
        assert (named.code, json.loads(named.out)["stamp"]["verified"]) == (0, True)
    assert stamped.run("verify", "--authority", "nothing.pem").code == 2


def test_a_stamp_by_somebody_else_is_not_the_named_authority_s(stamped: Any, tmp_path: Path) -> None:
    stamped.check()
    other = ("req", "-x509", "-config", "tsa.cnf", "-extensions", "authority", "-newkey", "rsa:2048", "-nodes")
    openssl(stamped.keys, *other, "-subj", "/CN=Other", "-keyout", "other.key", "-out", "other.pem", check=True)
    ran = stamped.run("verify", "--authority", str(stamped.keys / "other.pem"))
    assert (ran.code, "is not signed by the authority named" in " ".join(ran.err.split())) == (1, True)
    assert "(unverified" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda proof: (proof / "stamp.tsr").write_bytes(b"no stamp"), "the answer is not a time stamp"),
        (lambda proof: drop_last_line(proof / "chain.jsonl"), "the chain has no such link"),
    ],
)
def test_a_stamp_beyond_the_chain_of_a_folder_is_found(
    stamped: Any, folder: Path, spoil: Callable[[Path], object], says: str
) -> None:
    stamped.check()
    stamped.show("B")
    stamped.check()
    assert stamped.run("evidence", "1").code == 0
    assert stamped.run("verify", "proof-1").code == 0
    spoil(folder / "proof-1")
    ran = stamped.run("verify", "proof-1")
    assert (ran.code, says in " ".join(ran.err.split())) == (1, True)


def drop_last_line(file: Path) -> None:
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:-1]))


def test_a_stamp_beyond_the_end_of_the_chain_is_found(stamped: Any) -> None:
    stamped.check()
    with sqlite3.connect(stamped.state) as connection:
        connection.execute("UPDATE witness_answers SET number = number + 1")
    connection.close()
    ran = stamped.run("verify")
    assert (ran.code, "it was stamped, and the chain ends before it" in " ".join(ran.err.split())) == (1, True)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda keys, body: b"no stamp", "is not a time stamp"),
        (lambda keys, body: answered(keys, question(bytes(32), 1)), "for something else"),
        (lambda keys, body: answered(keys, body)[:-500], "is not a time stamp"),
    ],
)
def test_an_answer_that_is_no_stamp_is_not_kept(stamped: Any, answer: Any, says: str) -> None:
    stamped.site.page("/tsa", lambda asked: stamped.site.Reply(answer(stamped.keys, asked.body), type=ANSWER))
    ran = stamped.run("--once")
    assert (ran.code, says in ran.err) == (0, True)
    assert json.loads(stamped.run("verify", "--json").out)["stamped"] is None


def test_an_authority_that_is_down_holds_nothing_up(stamped: Any) -> None:
    stamped.site.page("/tsa", status=503)
    ran = stamped.run("--once")
    assert (ran.code, "a witness could not be asked" in ran.err) == (0, True)


def test_runs_from_cron_tell_operators_of_an_authority_that_stays_away_and_of_its_return(
    stamped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, now = stamped.site, datetime.now(UTC)
    monkeypatch.setattr("watcher.service.once._now", lambda: now)
    ops = f'[channels.ops]\nurl = "{site.url("/ops").replace("http", "json")}"'
    rule = '[[alerts]]\nhealth = true\nto = ["ops"]'
    stamped.configure(evidence=f'[evidence]\ntimestamp = "{site.url("/tsa")}"', more=f"{ops}\n{rule}")
    site.page("/ops")
    site.page("/tsa", status=503)

    def told(runs: int) -> list[str]:
        nonlocal now
        for _ in range(runs):
            stamped.run("--once")
            now += timedelta(hours=2)
        return [json.loads(each.body)["title"] for each in site.requests if each.path == "/ops"]

    assert not [title for title in told(TELL_AFTER) if "witness" in title]
    assert len([title for title in told(3) if "witness" in title]) == 1
    site.page("/tsa", lambda asked: site.Reply(answered(stamped.keys, asked.body), type=ANSWER))
    assert len([title for title in told(2) if "witness" in title]) == 2


def test_an_answer_to_another_question_is_none(keys: Path) -> None:
    answer = answered(keys, question(bytes(32), 7))
    assert read_answer(answer, bytes(32), 7).certificates.count(b"BEGIN CERTIFICATE") == 2
    with pytest.raises(StampError, match="another question"):
        read_answer(answer, bytes(32), 8)


def test_a_refusal_is_told_in_the_words_of_the_authority(keys: Path) -> None:
    with pytest.raises(StampError, match="refuses"):
        read_answer(answered(keys, b"\x30\x03\x02\x01\x01"), bytes(32))


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE witness_answers SET link = zeroblob(32)", "the chain has another link"),
        ("UPDATE witness_answers SET answer = x'00'", "its time stamp is not what it was"),
    ],
)
def test_a_stamp_that_was_edited_is_found(stamped: Any, statement: str, says: str) -> None:
    stamped.check()
    with sqlite3.connect(stamped.state) as connection:
        connection.execute(statement)
    connection.close()
    ran = stamped.run("verify")
    assert (ran.code, says in ran.err) == (1, True)


def test_the_service_stamps_in_a_thread_of_its_own(stamped: Any, store: Any) -> None:
    from watcher.config.load import load

    config = load(Path("watch.toml"))
    stamped.configure()
    stamped.check()
    stamping = asker(store, lambda: datetime.now(UTC), first_after=0)
    stamping.turn(config)
    stamping.join(60)
    stamping.turn(config)  # not yet time to look again
    assert (stamped.asked(), len(store.evidence.witness_answers())) == (1, 1)


def test_each_of_several_authorities_stamps_the_same_link_and_is_asked_again_by_itself(
    stamped: Any, folder: Path
) -> None:
    urls = [stamped.site.url(path) for path in ("/tsa", "/other", "/third")]
    for path in ("/other", "/third"):
        stamped.site.page(path, lambda asked: stamped.site.Reply(answered(stamped.keys, asked.body), type=ANSWER))
    stamped.site.page("/other", status=503)
    stamped.configure(evidence=f'[evidence]\ntimestamp = "{urls[0]}"\ntimestamps = {json.dumps(urls[1:])}')
    stamped.check()
    stamped.show("B")
    stamped.site.page("/other", lambda asked: stamped.site.Reply(answered(stamped.keys, asked.body), type=ANSWER))
    with closing(sqlite3.connect(stamped.state)) as connection, connection:  # its rest is over
        connection.execute("UPDATE witness_answers SET at = '2020-01-01 00:00:00.000000' WHERE answer = x''")
    stamped.check()
    with closing(sqlite3.connect(stamped.state)) as connection:
        rows = connection.execute("SELECT authority, number FROM witness_answers WHERE answer <> x''").fetchall()
    assert (sorted(url for url, _ in rows), len({number for _, number in rows})) == (sorted(urls), 1)
    assert [stamped.site.paths.count(path) for path in ("/tsa", "/other", "/third")] == [1, 2, 1]
    assert stamped.run("evidence", "1").code == 0
    assert {f"stamp{each}" for each in (".tsr", "-2.tsr", "-3.tsr", "-3-authority.pem")} <= {
        file.name for file in (folder / "proof-1").iterdir()
    }
    for where in ([], ["proof-1"]):
        ran = stamped.run("verify", *where, "--authority", str(stamped.keys / "ca.pem"), "--json")
        seen = json.loads(ran.out)["witnesses"]
        assert (ran.code, [each["verified"] for each in seen]) == (0, [True] * 3), ran.err
    from tests.watcher.evidence.test_proofs import run, shown, steps

    found = [(command, answer) for command, answer in steps(shown(folder, 1)) if "openssl ts" in command]
    assert len(found) == 6
    for command, answer in found:
        ran = run(command, folder / "proof-1")
        assert (ran.returncode, ran.stdout.strip() == answer or not answer) == (0, True), ran


def test_nothing_is_asked_where_no_authority_is_named(stamped: Any, watch: Callable[..., Any]) -> None:
    stamped.configure()
    stamped.check()
    assert stamped.asked() == 0
