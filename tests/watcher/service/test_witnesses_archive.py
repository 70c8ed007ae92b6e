"""An archive saves the pages of changes, and calendars of OpenTimestamps stamp the chain: both played on loopback."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from state.evidence.witnesses import MOST_WITNESSES, WitnessKind, read_proof
from state.model import EventKind
from state.store import Store
from tests.state.test_evidence_opentimestamps import CONFIRMED, HEIGHT, append, pending
from watcher.config.load import load
from watcher.service import witnesses
from watcher.service.witnesses import TELL_AFTER, Witnesses

NOW = datetime.now(UTC)
SALT = b"salt"


class Clock:
    """A clock that goes on when a test says so."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages of these tests are on loopback, which an archive must not hear of otherwise."""
    monkeypatch.setattr(witnesses, "_PUBLIC", "allow")


@pytest.fixture
def saving(kept: Any) -> Any:
    """A list with a baseline and a change, whose page an archive saves."""
    kept.page = kept.site.url("/list")

    def copy(at: datetime) -> str:
        path = f"/web/{at:%Y%m%d%H%M%S}/{kept.page}"
        kept.site.page(path, "the copy", headers={"X-Archive-Src": "a file"})
        kept.site.redirect(f"/save/{kept.page}", kept.site.url(path))
        return str(kept.site.url(path))

    kept.copied, kept.copy = copy, copy(NOW)
    kept.asked = lambda: sum(path.startswith("/save/") for path in kept.site.paths)
    kept.with_archive = lambda more="": f'[evidence]\nwayback = "{kept.site.url("/")}"\n{more}'
    for branch in "AB":
        kept.show(branch)
        kept.check()
    kept.configure(evidence=kept.with_archive())
    return kept


def look(store: Store, clock: Callable[[], datetime], asker: Witnesses | None = None) -> Witnesses:
    """A look of a process that has just begun, or of the one before."""
    asker = asker or Witnesses(store, clock)
    asker.look(load(Path("watch.toml")))
    return asker


def copies(store: Store) -> list[Any]:
    return store.evidence.witness_answers(WitnessKind.ARCHIVE)


def test_the_page_of_a_change_is_saved_once_and_its_copy_goes_into_the_proof(saving: Any, store: Store) -> None:
    for _ in range(3):
        look(store, lambda: NOW)
    (told,) = copies(store)
    assert (saving.asked(), told.page, told.at) == (1, saving.page, NOW.replace(microsecond=0))
    page, copy, *headers = told.answer.decode().split("\n")
    assert (page, copy, "x-archive-src: a file" in headers) == (saving.page, saving.copy, True)
    assert saving.run("evidence", "2", "--out", "proof").code == 0
    assert Path("proof/archive.txt").read_bytes() == told.answer
    assert saving.copy in Path("proof/proof.html").read_text()
    for where in ([], ["proof"]):
        ran = saving.run("verify", *where, "--json")
        (seen,) = json.loads(ran.out)["witnesses"]
        assert (ran.code, seen["kind"], saving.copy in seen["proves"]) == (0, "wayback", True), ran.out
        assert f"has a copy of the page: {saving.copy}" in saving.run("verify", *where).out.replace("\n  ", " ")


def test_a_message_names_the_copy_where_it_came_in_time(saving: Any, store: Store) -> None:
    from watcher.delivery.citations import Citations

    config, events = load(Path("watch.toml")), store.log.events(kind=EventKind.CHANGE)
    assert Citations(config, store).find(events, NOW).copies == {}
    look(store, lambda: NOW)
    known = Citations(config, store).find(events, NOW)
    assert known.copies == {2: saving.copy}
    from alerts.message.compose import compose

    text = compose(events, timezone=UTC, body_limit=4000, title_limit=200, known=known).text
    assert f"An archive's copy of the page: {saving.copy}" in text


@pytest.mark.parametrize("answer", [b"a line", b"\n", b"\xff", b""])
def test_a_damaged_answer_is_in_no_message(saving: Any, store: Store, answer: bytes) -> None:
    from watcher.delivery.citations import Citations

    look(store, lambda: NOW)
    with closing(sqlite3.connect(saving.state)) as connection, connection:
        connection.execute("UPDATE witness_answers SET answer = ?", (answer,))
    assert Citations(load(Path("watch.toml")), store).find(store.log.events(kind=EventKind.CHANGE), NOW).copies == {}


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE witness_answers SET page = 'https://other.example/'", "is not what it was"),
        ("UPDATE witness_answers SET at = '2020-01-01 00:00:00.000000'", "is not what it was"),
        ("UPDATE witness_answers SET link = zeroblob(32)", "another link"),
        (
            """UPDATE witness_answers SET page = 'https://o.example/',
            answer = CAST(replace(CAST(answer AS TEXT), '{page}' || char(10) || 'http',
            'https://o.example/' || char(10) || 'http') AS BLOB)""",
            "asked for another page than its record has",
        ),
    ],
)
def test_an_edited_answer_of_the_archive_is_found(saving: Any, store: Store, statement: str, says: str) -> None:
    look(store, lambda: NOW)
    with closing(sqlite3.connect(saving.state)) as connection, connection:
        connection.execute(statement.replace("{page}", saving.page))
    ran = saving.run("verify")
    assert (ran.code, says in " ".join(ran.err.split())) == (1, True), ran.err


@pytest.mark.parametrize(
    ("kind", "page"),
    [("query", "/list?api_key=4711abc"), ("user", "@/list"), ("headers", "/list"), ("private", "/list")],
)
def test_what_is_not_for_everybody_is_never_sent(
    kept: Any, store: Store, monkeypatch: pytest.MonkeyPatch, kind: str, page: str
) -> None:
    if kind == "private":
        monkeypatch.setattr(witnesses, "_PUBLIC", "refuse")
    address = kept.site.url("/list").replace("/list", page).replace("@", "") if kind != "user" else ""
    source = {"headers": 'headers = {Authorization = "Bearer 123"}', "user": 'auth = "somebody:secret"'}.get(kind, "")

    def configure(evidence: str) -> None:
        kept.configure(evidence=evidence, source=source)
        if address:
            file = Path("watch.toml")
            file.write_text(file.read_text().replace(f'url = "{kept.site.url("/list")}"', f'url = "{address}"'))

    configure("[evidence]")
    for branch in "AB":
        kept.show(branch)
        kept.check()
    configure(f'[evidence]\nwayback = "{kept.site.url("")}"')
    for _ in range(2):
        look(store, lambda: NOW)
    assert not any(path.startswith("/save/") for path in kept.site.paths)
    assert copies(store) == []
    assert kept.run("verify").code == 0


def test_the_key_is_sent_to_the_archive_and_shown_nowhere(saving: Any, store: Store, caplog: Any) -> None:
    saving.configure(evidence=saving.with_archive('wayback_key = "ACCESS:verysecret"'))
    look(store, lambda: NOW)
    (asked,) = [each for each in saving.site.requests if each.path.startswith("/save/")]
    assert asked.headers["authorization"] == "LOW ACCESS:verysecret"
    assert "verysecret" not in caplog.text + str(copies(store)) + repr(load(Path("watch.toml")).evidence)


def test_an_archive_that_asks_to_wait_is_left_alone(saving: Any, store: Store, clock: Clock) -> None:
    saving.site.page(f"/save/{saving.page}", status=429, headers={"Retry-After": "7200"})
    asker = look(store, clock)
    for _ in range(3):
        clock.wait(minutes=30)
        look(store, clock, asker)
    assert saving.asked() == 1
    clock.wait(minutes=31)
    saving.copied(clock())
    look(store, clock, asker)
    assert (saving.asked(), len(copies(store))) == (2, 1)


@pytest.mark.parametrize("year", [2020, 2999])
def test_a_copy_of_another_time_is_no_answer(saving: Any, store: Store, year: int) -> None:
    saving.copied(datetime(year, 1, 1, tzinfo=UTC))
    look(store, lambda: NOW)
    assert (saving.asked(), copies(store)) == (1, [])


@pytest.mark.parametrize(
    "place", ["", "https://elsewhere.example{}http://127.0.0.1/list", "{}https://elsewhere.example/list"]
)
def test_an_answer_that_names_no_copy_is_not_kept(saving: Any, store: Store, place: str) -> None:
    named = place.format(f"/web/{NOW:%Y%m%d%H%M%S}/")
    saving.site.page(f"/save/{saving.page}", "thanks", headers={"Content-Location": named} if named else {})
    look(store, lambda: NOW)
    assert (saving.asked(), copies(store)) == (1, [])


def test_the_copy_may_be_named_in_a_header(saving: Any, store: Store) -> None:
    path = f"/web/{NOW:%Y%m%d%H%M%S}/{saving.page}"
    saving.site.page(f"/save/{saving.page}", "thanks", headers={"Content-Location": path})
    look(store, lambda: NOW)
    assert copies(store)[0].answer.decode().split("\n")[1] == saving.copy


def test_a_process_that_dies_while_it_asks_leaves_the_question_to_a_later_one(
    saving: Any, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(witnesses, "_answer", die)
        with pytest.raises(SystemExit):
            look(store, clock)
    look(store, clock)  # another may be asking just now
    assert (saving.asked(), copies(store)) == (0, [])
    clock.wait(minutes=6)
    saving.copied(clock())
    look(store, clock)
    assert (saving.asked(), len(copies(store))) == (1, 1)


def test_a_fault_that_lasts_is_told_once_and_so_is_its_end(saving: Any, store: Store, clock: Clock) -> None:
    def told() -> list[Any]:
        return [each.data["status"] for each in reversed(store.log.events(source="", kind=EventKind.HEALTH))]

    saving.site.page(f"/save/{saving.page}", status=503)
    asker = look(store, clock)
    for _ in range(TELL_AFTER + 2):
        assert len(told()) <= 1
        clock.wait(hours=2)
        look(store, clock, asker)
    assert told() == ["failing"]
    for _ in range(TELL_AFTER):  # another process finds in the log that it was told
        clock.wait(hours=2)
        asker = look(store, clock, asker if _ else None)
    assert told() == ["failing"]
    clock.wait(hours=2)
    saving.copied(clock())
    look(store, clock, asker)
    assert (len(copies(store)), told()) == (1, ["failing", "recovered"])


def test_rules_of_a_site_that_cannot_be_read_are_no_fault_of_the_archive(
    saving: Any, store: Store, clock: Clock
) -> None:
    file = Path("watch.toml")
    file.write_text(file.read_text().replace("[http]", '[http]\nrobots = "obey"'))
    saving.site.page("/robots.txt", status=500)
    asker = None
    for _ in range(TELL_AFTER + 1):
        asker = look(store, clock, asker)
        clock.wait(hours=2)
    assert (saving.asked(), store.log.events(source="", kind=EventKind.HEALTH)) == (0, [])


def test_a_proof_has_the_answers_that_it_has_files_for(saving: Any, store: Store) -> None:
    look(store, lambda: NOW)
    for number in range(MOST_WITNESSES + 1):
        store.evidence.add_witness_answer(copies(store)[0]._replace(authority=f"https://{number}.example"))
    assert saving.run("evidence", "2", "--out", "proof").code == 0
    assert len(list(Path("proof").glob("archive*.txt"))) == MOST_WITNESSES
    assert saving.run("verify", "proof").code == 0


def test_no_more_is_asked_than_a_day_allows(saving: Any, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witnesses, "MOST_SAVED", 0)
    look(store, lambda: NOW)
    assert saving.asked() == 0


class Calendars:
    """Calendars of OpenTimestamps, by their paths."""

    def __init__(self, site: Any, *names: str) -> None:
        self.site, self.names = site, names
        for name in names:
            site.page(f"/{name}/digest", append(SALT) + b"\x08" + pending(site.url(f"/{name}")))

    @property
    def configured(self) -> str:
        return f"[evidence]\nopentimestamps = {json.dumps([self.site.url(f'/{name}/') for name in self.names])}"

    def confirm(self, name: str, link: bytes) -> None:
        self.site.page(f"/{name}/timestamp/{sha256(link + SALT).hexdigest()}", CONFIRMED)


@pytest.fixture
def calendars(kept: Any) -> Calendars:
    found = Calendars(kept.site, "one", "two")
    kept.configure(evidence=found.configured)
    kept.check()
    return found


def test_each_calendar_is_asked_once_about_the_same_link(kept: Any, calendars: Calendars, store: Store) -> None:
    told = store.evidence.witness_answers(WitnessKind.CALENDAR)
    head = store.evidence.head()
    assert head
    assert [(each.number, each.link) for each in told] == [(head.number, head.link)] * 2
    asked = [each for each in kept.site.requests if each.path.endswith("/digest")]
    assert [(each.method, each.body) for each in asked] == [("POST", head.link)] * 2
    kept.check()
    assert len([each for each in kept.site.requests if each.path.endswith("/digest")]) == 2


def test_what_is_pending_is_completed_when_its_calendar_has_it(
    kept: Any, calendars: Calendars, store: Store, clock: Clock
) -> None:
    (told, _) = store.evidence.witness_answers(WitnessKind.CALENDAR)
    asker = look(store, clock)  # the calendars have nothing yet, which is no fault
    assert not store.log.events(source="", kind=EventKind.HEALTH)
    calendars.confirm("one", told.link)
    clock.wait(minutes=61)
    look(store, clock, asker)
    one, two = store.evidence.witness_answers(WitnessKind.CALENDAR)
    assert [read_proof(each.answer)[1][0].block for each in (one, two)] == [HEIGHT, None]
    assert kept.run("evidence", "1", "--out", "proof").code == 0
    assert [Path(f"proof/stamp{each}.ots").read_bytes() for each in ("", "-2")] == [one.answer, two.answer]
    for where in ([], ["proof"]):
        ran = kept.run("verify", *where, "--json")
        first, second = json.loads(ran.out)["witnesses"]
        assert (ran.code, second["by"]) == (0, kept.site.url("/two")), ran.err
        assert f"Bitcoin block {HEIGHT:,}" in first["proves"]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda proof: (proof / "stamp.ots").write_bytes(b"none"), "stamp.ots: the answer is no proof"),
        (lambda proof: (proof / "stamp.ots").unlink(), "proof.html: is not what its records lead to"),
        (lambda proof: (proof / "stamp-2.ots").unlink(), "proof.html: is not what its records lead to"),
        (
            lambda proof: (proof / "stamp-2.ots").rename(proof / "stamp-3.ots"),
            "proof.html: is not what its records lead to",
        ),
        (lambda proof: (proof / "stamp-3.ots").write_bytes((proof / "stamp.ots").read_bytes()), "proof.html"),
    ],
)
def test_a_proof_with_an_altered_answer_is_found(
    kept: Any, calendars: Calendars, spoil: Callable[[Path], object], says: str
) -> None:
    assert kept.run("evidence", "1", "--out", "proof").code == 0
    assert kept.run("verify", "proof").code == 0
    spoil(Path("proof"))
    ran = kept.run("verify", "proof")
    assert (ran.code, says in " ".join(ran.err.split())) == (1, True), ran.err


def test_a_calendar_does_not_lead_to_what_only_the_operator_may_ask(
    kept: Any, store: Store, clock: Clock, new_site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witnesses, "_PUBLIC", "refuse")
    within = new_site(at=("127.0.0.2", 0))
    within.page("/", CONFIRMED)
    found = Calendars(kept.site, "one")
    kept.site.page("/one/digest", append(SALT) + b"\x08" + pending(within.url("", "127.0.0.2")))
    kept.configure(evidence=found.configured)
    kept.check()
    asker = look(store, clock)
    clock.wait(minutes=61)
    look(store, clock, asker)
    assert (len(store.evidence.witness_answers()), within.paths) == (1, [])


@pytest.mark.parametrize("answer", [b"", b"no proof", pending("ftp://one.example"), append(SALT)])
def test_an_answer_that_is_no_proof_is_not_kept(kept: Any, store: Store, answer: bytes) -> None:
    found = Calendars(kept.site, "one")
    kept.site.page("/one/digest", answer)
    kept.configure(evidence=found.configured)
    assert kept.run("--once").code == 0
    assert store.evidence.witness_answers() == []


def test_true_stands_for_the_public_witnesses_and_false_for_none(kept: Any) -> None:
    from state.evidence.options import ARCHIVE, CALENDARS

    kept.configure(evidence="[evidence]\nopentimestamps = true\nwayback = true")
    found = load(Path("watch.toml")).evidence
    assert found
    assert (found.opentimestamps, found.wayback) == (CALENDARS, ARCHIVE)
    kept.configure(evidence='[evidence]\ntimestamps = "https://a.example/"\nopentimestamps = "https://b.example"')
    found = load(Path("watch.toml")).evidence
    assert found
    assert [url for _, url in found.witnesses] == ["https://a.example/", "https://b.example"]
    kept.configure(evidence="[evidence]\nopentimestamps = false\nwayback = false")
    found = load(Path("watch.toml")).evidence
    assert found
    assert (found.opentimestamps, found.wayback) == ((), None)
