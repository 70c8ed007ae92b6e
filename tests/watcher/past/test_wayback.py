"""The past in a web archive, which is played on loopback: its index, its captures, and how it refuses."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest

from alerts.message.wording import keeper
from state.store import Store
from tests.watcher.past.played_archive import PlayedArchive
from watcher.past import wayback

YEARS = [f"{year}0703120000" for year in range(2010, 2020)]


def reasons(said: Any) -> list[str]:
    return [each["reason"] for each in said["skipped"]]


def stored(store: Store) -> list[tuple[str, list[str]]]:
    """The time of each capture that is kept, and its names."""
    captures = store.past.captures("list")
    return [(f"{each.witness.at:%Y%m%d%H%M%S}", [*store.past.keys(each.present).values()]) for each in captures]


def test_captures_are_read_in_order_with_their_addresses(archive: PlayedArchive, store: Store) -> None:
    archive.has("20200102030405", "A", "B")
    archive.has("20190101000000", "A")
    archive.lines[archive.address].sort()
    assert archive.read("list", "--wayback") == {"read": 2, "skipped": [], "changes": 1}
    assert stored(store) == [("20190101000000", ["A"]), ("20200102030405", ["A", "B"])]
    where = archive.site.url("/web/20200102030405id_/http://register.example/list")
    assert store.past.captures("list")[1].witness.where == where


def test_another_archive_is_not_called_the_internet_archive(archive: PlayedArchive, watch: Any) -> None:
    archive.has("20190101000000", "A")
    archive.read("list", "--wayback")
    said = " ".join(watch("entry", "list", "A").out.split())
    assert ("seen by others (127.0.0.1): http" in said, "Internet Archive" in said) == (True, False)
    assert keeper("wayback", f"https://web.archive.org{archive.path('20190101000000')}") == "Internet Archive"


def test_an_archive_without_a_capture_says_so(archive: PlayedArchive, watch: Any) -> None:
    ran = watch("past", "list", "--wayback")
    assert (ran.code, ran.out.strip()) == (0, "there is nothing of that address and time")


def test_a_second_reading_asks_for_the_index_alone(archive: PlayedArchive) -> None:
    for stamp in YEARS:
        archive.has(stamp, "A")
    first = archive.read("list", "--wayback")
    assert archive.asked() == YEARS
    assert archive.read("list", "--wayback") == first
    assert archive.asked() == []


def test_the_index_goes_on_at_its_resume_key(archive: PlayedArchive) -> None:
    archive.most = 3
    for stamp in YEARS:
        archive.has(stamp, "A")
    assert archive.read("list", "--wayback")["read"] == len(YEARS)
    assert sum("resumeKey" in path for path in archive.site.paths) == 3
    asked = archive.site.requests[0].query
    assert asked["url"] == archive.address
    assert (asked["collapse"], asked["showResumeKey"]) == ("digest", "true")


def test_an_index_without_an_end_is_left(archive: PlayedArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wayback, "_MOST_PAGES", 2)
    archive.most = 1
    for stamp in YEARS[:5]:
        archive.has(stamp, "A")
    said = archive.read("list", "--wayback", code=1)
    assert (said["read"], reasons(said)) == (2, ["too_many"])


def test_the_archive_is_told_from_when_to_when(archive: PlayedArchive) -> None:
    for stamp in YEARS:
        archive.has(stamp, "A")
    assert archive.read("list", "--wayback", "--from", "2012-01-01", "--to", "2014-12-31")["read"] == 3
    asked = archive.site.requests[0].query
    assert (asked["from"], asked["to"]) == ("20120101000000", "20141231000000")


def test_most_captures_are_spread_over_the_time(archive: PlayedArchive) -> None:
    many = [f"2016010100{minute:02}00" for minute in range(30)]
    for stamp in [*YEARS[:6], *many, *YEARS[6:]]:
        archive.has(stamp, "A")
    assert archive.read("list", "--wayback", "--most", "4")["read"] == 4
    assert archive.asked() == ["20100703120000", "20130703120000", "20160703120000", "20190703120000"]


def test_redirects_errors_and_revisits_are_seen_as_such(archive: PlayedArchive) -> None:
    archive.has("20100101000000", "A")
    archive.list("20110101000000", "301")
    archive.list("20120101000000", "404")
    archive.list("20130101000000", "-", digest="lost", media="warc/revisit")
    archive.has("20140101000000", "A", listed=False)
    archive.list("20140101000000", "-", digest="20100101000000", media="warc/revisit")
    said = archive.read("list", "--wayback", code=1)
    assert (said["read"], sorted(reasons(said))) == (2, ["http_404", "redirect", "revisit"])
    assert archive.asked() == ["20100101000000", "20140101000000"]


def test_garbage_in_the_index_is_said_and_the_rest_is_read(archive: PlayedArchive) -> None:
    archive.has("20100101000000", "A")
    archive.lines[archive.address] += ["20109901000000 http://x.example/ text/html 200 D", "\x00 what", "8" * 5000]
    said = archive.read("list", "--wayback", code=1)
    assert (said["read"], reasons(said)) == (1, ["bad_line"] * 3)
    assert len(said["skipped"][2]["where"]) == 200


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"body": "<html><body>Sorry, this service is down</body></html>"}, "bad_index"),
        ({"body": "Blocked Site Error", "status": 403}, "http_403"),
        ({"body": "\n\n\n"}, None),
        ({"body": b"\xff\xfe\x00garbage\n\nkey"}, "bad_index"),
    ],
)
def test_what_is_no_index_is_said(archive: PlayedArchive, answer: dict[str, Any], reason: str | None) -> None:
    archive.site.page("/cdx/search/cdx", **answer)
    said = archive.read("list", "--wayback", code=1 if reason else 0)
    assert reasons(said) == ([reason] if reason else [])


def test_an_archives_own_page_is_not_the_register(archive: PlayedArchive) -> None:
    archive.has("20100101000000", "A")
    own = "<html><title>Wayback Machine</title>The machine has not archived that URL</html>"
    archive.list("20110101000000")
    archive.site.page(archive.path("20110101000000"), own)
    archive.has("20120101000000", body=own.encode(), headers={"Content-Type": "text/html"})
    archive.list("20130101000000")
    archive.site.redirect(archive.path("20130101000000"), "/sorry")
    archive.site.page("/sorry", "[]", headers={"Memento-Datetime": "Tue, 01 Jan 2013 00:00:00 GMT"})
    archive.list("20140101000000")
    archive.site.redirect(
        archive.path("20140101000000"), archive.path("20140101000001", "http://register.example/login")
    )
    archive.has("20140101000001", "B", address="http://register.example/login", listed=False)
    said = archive.read("list", "--wayback", code=1)
    assert (said["read"], reasons(said)) == (1, ["no_memento"] * 4)


def test_a_redirect_to_another_second_has_the_time_of_that_one(archive: PlayedArchive, store: Store) -> None:
    archive.has("20100101000000", "A")
    for stamp, there in (("20110101000000", "20110101000007"), ("20120101000000", "20120601000000")):
        archive.list(stamp)
        archive.site.redirect(archive.path(stamp), archive.path(there, "https://www.register.example:443/list"))
        archive.has(there, "A", "B", address="https://www.register.example:443/list", listed=False)
    said = archive.read("list", "--wayback", code=1)
    assert (said["read"], reasons(said)) == (2, ["other_time"])
    assert [stamp for stamp, _ in stored(store)] == ["20100101000000", "20110101000007"]
    kept = store.past.captures("list")
    assert archive.read("list", "--wayback", code=1) == said
    assert store.past.captures("list") == kept


def test_a_redirect_to_a_capture_that_is_offered_is_a_duplicate(archive: PlayedArchive) -> None:
    archive.has("20100101000000", "A")
    archive.list("20100101000500")
    archive.site.redirect(archive.path("20100101000500"), archive.path("20100101000000"))
    said = archive.read("list", "--wayback", code=1)
    assert (said["read"], reasons(said)) == (1, ["duplicate"])


def test_further_pages_are_asked_for_with_the_same_time(archive: PlayedArchive, store: Store) -> None:
    archive.watch(list=f'url = "{archive.address}"\nnext = "next"', items="rows")
    there = archive.address.replace("list", "more")
    for stamp, near in (("20100101000000", "20100101000300"), ("20110101000000", "20110301000000")):
        archive.has(stamp, body=json.dumps({"rows": [{"name": "A"}], "next": "/more"}).encode())
        archive.site.redirect(archive.path(stamp, there), archive.path(near, there))
        archive.has(near, body=json.dumps({"rows": [{"name": "B"}]}).encode(), address=there, listed=False)
    said = archive.read("list", "--wayback", code=1)
    assert (said["read"], reasons(said)) == (1, ["other_time"])
    assert stored(store) == [("20100101000000", ["A", "B"])]


def test_another_address_answers_the_first_request(archive: PlayedArchive, store: Store) -> None:
    archive.has("20100101000000", "A", address="https://old.example/register")
    assert archive.read("list", "--wayback", "old.example/register")["read"] == 1
    assert stored(store) == [("20100101000000", ["A"])]


def test_a_site_that_packed_its_pages_is_read(archive: PlayedArchive) -> None:
    body = gzip.compress(json.dumps([{"name": "A"}]).encode())
    archive.has("20100101000000", body=body, headers={"x-archive-orig-content-encoding": "gzip"})
    twice = {"x-archive-orig-content-encoding": "gzip", "Content-Encoding": "gzip"}
    archive.has("20110101000000", body=gzip.compress(body), headers=twice)
    archive.has("20120101000000", body=body, headers=twice)
    assert archive.read("list", "--wayback") == {"read": 3, "skipped": [], "changes": 0}


def test_a_short_retry_after_is_waited_for(archive: PlayedArchive) -> None:
    archive.has("20100101000000", "A")
    page, refused = archive.site._pages[archive.path("20100101000000")], [429, 503]

    def answer(asked: Any) -> Any:
        if refused:
            return archive.site.Reply(status=refused.pop(), headers={"Retry-After": "0.01"})
        return page(asked)

    archive.site.page(archive.path("20100101000000"), answer)
    assert archive.read("list", "--wayback")["read"] == 1


@pytest.mark.parametrize("headers", [{"Retry-After": "3600"}, {"Retry-After": "0.01"}, {}])
def test_an_archive_that_has_had_enough_is_left_alone(
    archive: PlayedArchive, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    monkeypatch.setattr(wayback, "USUAL_WAIT", timedelta(milliseconds=10))
    for stamp in YEARS[:4]:
        archive.has(stamp, "A")
    archive.site.page(archive.path(YEARS[1]), status=429, headers=headers)
    said = archive.read("list", "--wayback", code=1)
    assert (said["read"], reasons(said)) == (1, ["http_429"] * 3)
    assert set(archive.asked()) == set(YEARS[:2])
    archive.has(YEARS[1], "A", listed=False)
    assert archive.read("list", "--wayback")["read"] == 4  # it goes on
    assert archive.asked() == YEARS[1:4]


def test_an_archive_that_does_not_answer_is_not_asked_for_ever(archive: PlayedArchive) -> None:
    for stamp in YEARS:
        archive.has(stamp, "A")
        archive.site.raw(archive.path(stamp), b"")
    said = archive.read("list", "--wayback", code=1)
    assert reasons(said) == ["unreachable"] * len(YEARS)
    assert len(set(archive.asked())) == wayback.MOST_FAULTS


def test_a_capture_that_is_too_large_is_skipped(archive: PlayedArchive) -> None:
    archive.watch(list=f'url = "{archive.address}"\nmax_bytes = 100')
    archive.has("20100101000000", "A")
    archive.has("20110101000000", *(f"Firm {number}" for number in range(100)))
    said = archive.read("list", "--wayback", code=1)
    assert (said["read"], reasons(said)) == (1, ["too_large"])


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ('url = "http://register.example/list?key=${KEY}"', "secret"),
        ('url = "http://register.example/list?token=0123456789abcdef"', "secret"),
        ('url = "http://register.example/list?q=${SHORT}"', "secret"),
        ('url = "http://register.example/list"\nform = { q = "a" }', "not_archived"),
        ('url = "http://register.example/{today}"', "not_archived"),
    ],
)
def test_what_no_archive_may_hear_or_can_know_is_not_asked(
    archive: PlayedArchive, monkeypatch: pytest.MonkeyPatch, options: str, reason: str
) -> None:
    monkeypatch.setenv("KEY", "a-secret-of-ours-1234")
    monkeypatch.setenv("SHORT", "a/b+c")
    archive.watch(list=options)
    assert reasons(archive.read("list", "--wayback", code=1)) == [reason]
    assert archive.site.requests == []


def test_an_archive_on_a_private_address_is_refused(archive: PlayedArchive, watch: Any) -> None:
    file = archive.configure("")
    file.write_text(
        f'[past]\nwayback = "{archive.site.url("")}"\n[sources.list]\nkind = "feed"\nurl = "http://a.example/"\n'
    )
    assert reasons(archive.read("list", "--wayback", code=1)) == ["address_refused"]
    file.write_text('[past]\nwayback = "ftp://archive.example"\n')
    assert "past.wayback: has to be a whole URL" in watch("past", "list", "--wayback").err


def test_a_dry_run_writes_nothing(archive: PlayedArchive, folder: Any) -> None:
    archive.has("20100101000000", "A")
    assert archive.read("list", "--wayback", "--dry-run")["read"] == 1
    assert not (folder / "state.db").exists()


def test_an_archive_may_be_written_in_any_way(archive: PlayedArchive) -> None:
    archive.has("20100101000000", "A")
    archive.watch(past=f"http://LOCALHOST:{archive.site.port}/", list=f'url = "{archive.address}"')
    assert archive.read("list", "--wayback") == {"read": 1, "skipped": [], "changes": 0}
