"""Kinds with several requests: a token and its result, rows by offset, a passport and its data, folders of days.

Each runs through the whole program against a loopback site that delays, refuses, or fails in the middle.
"""

from __future__ import annotations

import json
import socket
import sqlite3
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sources.loader import kind
from sources.reading.engine import read_page, without_personal
from watcher import cli


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.kinds.egrul._WAIT", 0.02)


def changes(said: dict[str, Any]) -> list[tuple[str, str]]:
    return [(change["change"], change["title"]) for change in said["changes"]]


def break_off(connection: socket.socket) -> None:
    connection.sendall(
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"rows": [{"o"'
    )


def part(capsys: pytest.CaptureFixture[str]) -> str | None:
    """How much of its list the source has read, as `watch status` says."""
    cli.main(["status", "--json"])
    (said,) = json.loads(capsys.readouterr().out)["sources"]
    return said["part"] and str(said["part"])


class Egrul:
    """The search: tokens are t1, t2, ...; `results` answers each in turn."""

    def __init__(self, site: Any, results: Callable[[str, int, int], Any], captcha: bool = False) -> None:
        self.asked: list[str] = []
        self._results, self._times = results, dict[str, int]()
        self._site, self._captcha = site, captcha
        site.page("/", self._token)

    def _token(self, asked: Any) -> Any:
        token = f"t{len(self.asked) + 1}"
        self.asked.append(asked.body.decode())
        page = 2 if "page=2" in asked.body.decode() else 1
        result = f"/search-result/{token}"
        if not self._site.talk(result):
            self._site.page(result, lambda _: self._answer(token, page))
        return {"t": token, "captchaRequired": self._captcha}

    def _answer(self, token: str, page: int) -> Any:
        self._times[token] = self._times.get(token, 0) + 1
        return self._results(token, page, self._times[token])


def rows(*names: str, total: int = 0) -> dict[str, Any]:
    return {"rows": [{"o": f"100{name[-1]}", "n": name, "tot": str(total or len(names))} for name in names]}


def egrul(site: Any) -> str:
    return f'kind = "egrul"\nquery = "ТЕЛЕГРАМ"\nurl = "{site.url("/")}"'


def test_a_result_that_is_not_ready_is_asked_for_again(site: Any, once: Any) -> None:
    search = Egrul(site, lambda token, page, times: rows("A1") if times > 3 else {"status": "wait"})
    assert (once(egrul(site))["status"], len(search.asked)) == ("baseline", 1)
    assert site.paths == ["/", *["/search-result/t1"] * 4]
    assert search.asked[0].startswith("query=%D0%A2%D0%95")


def test_a_result_that_is_never_ready_is_a_failure_with_a_reason(site: Any, once: Any) -> None:
    Egrul(site, lambda token, page, times: {"status": "wait"})
    said = once(egrul(site))
    assert (said["status"], said["reason"]) == ("failing", "too_many_requests")
    assert len(site.paths) < 30


def test_a_token_that_is_refused_is_followed_by_another(site: Any, once: Any) -> None:
    search = Egrul(site, lambda token, page, times: {"error": "token"} if token == "t1" else rows("A1"))
    assert (once(egrul(site))["status"], len(search.asked)) == ("baseline", 2)


def test_tokens_that_are_all_refused_are_a_failure(site: Any, once: Any) -> None:
    search = Egrul(site, lambda token, page, times: {"error": "token"})
    said = once(egrul(site))
    assert (said["status"], said["reason"], len(search.asked)) == ("failing", "not_found", 3)
    assert '"error"' in said["message"]


def test_a_captcha_is_a_block_and_nothing_is_removed(site: Any, once: Any) -> None:
    Egrul(site, lambda token, page, times: rows("A1"))
    once(egrul(site))
    Egrul(site, lambda token, page, times: rows(), captcha=True)
    said = once(egrul(site))
    assert (said["status"], said["reason"], said["entries"], said["changes"]) == ("failing", "captcha", 1, [])


def test_all_pages_of_a_result_are_read_each_with_its_token(site: Any, once: Any) -> None:
    Egrul(site, lambda token, page, times: rows("A1", "A2", total=3) if page == 1 else rows("A3", total=3))
    assert once(egrul(site))["entries"] == 3
    Egrul(site, lambda token, page, times: rows("A1", "B2", total=3) if page == 1 else rows("A3", total=3))
    assert changes(once(egrul(site))) == [("changed", "B2")]
    assert once(egrul(site))["status"] == "unchanged"


def test_a_result_that_breaks_off_in_the_middle_removes_nothing(site: Any, once: Any) -> None:
    Egrul(site, lambda token, page, times: rows("A1", "A2", total=3) if page == 1 else rows("A3", total=3))
    once(egrul(site))
    search = Egrul(site, lambda token, page, times: rows("A1", "A2", total=3))
    site.raw(f"/search-result/t{len(search.asked) + 2}", break_off)
    said = once(egrul(site))
    assert (said["status"], said["entries"], said["changes"]) == ("failing", 3, [])


def test_a_site_that_sends_its_first_page_again_is_read_in_part(site: Any, once: Any, capsys: Any) -> None:
    Egrul(site, lambda token, page, times: rows("A1", "A2", total=4) if page == 1 else rows("A3", "A4", total=4))
    assert once(egrul(site))["entries"] == 4
    search = Egrul(site, lambda token, page, times: rows("A1", "A2", total=4))
    said = once(egrul(site))
    assert (said["entries"], said["changes"], len(search.asked)) == (4, [], 2)
    assert part(capsys) == "2 of 4 entries are read"


def test_a_result_whose_second_page_is_empty_is_read_in_part(site: Any, once: Any, capsys: Any) -> None:
    Egrul(site, lambda token, page, times: rows("A1", "A2", total=3) if page == 1 else rows())
    assert once(egrul(site))["entries"] == 2
    assert part(capsys) == "2 of 3 entries are read"


def many(first: int, number: int = 20) -> dict[str, Any]:
    return {"rows": [{"o": f"1{at:03}", "n": f"N{at}"} for at in range(first, first + number)]}


def test_a_total_stands_on_any_row(site: Any, once: Any) -> None:
    answers = {1: rows("A1", "A2", total=3), 2: rows("A3", total=3)}
    del answers[1]["rows"][0]["tot"]
    Egrul(site, lambda token, page, times: answers[page])
    assert once(egrul(site))["entries"] == 3


def test_without_a_total_a_full_page_is_followed_by_the_next_until_one_is_not_full_or_comes_again(
    site: Any, once: Any, capsys: Any
) -> None:
    search = Egrul(site, lambda token, page, times: many(20 * page, 20 if page < 2 else 4))
    assert (once(egrul(site))["entries"], len(search.asked)) == (24, 2)
    search = Egrul(site, lambda token, page, times: many(20))
    said = once(egrul(site))
    assert (len(search.asked), said["entries"], said["changes"]) == (2, 24, [])
    assert part(capsys)


def test_a_page_with_a_captcha_in_place_of_the_search_removes_nothing(site: Any, once: Any) -> None:
    Egrul(site, lambda token, page, times: rows("A1"))
    once(egrul(site))
    site.redirect("/", "/captcha.html")
    site.page(
        "/captcha.html", "<!doctype html><html><title>Проверка</title><body>Введите цифры с картинки<img src=c></html>"
    )
    said = once(egrul(site))
    assert (said["status"], said["entries"], said["changes"]) == ("failing", 1, [])


def test_the_answer_to_another_number_is_not_believed(site: Any, once: Any) -> None:
    source = f'kind = "egrul"\nquery = "1027700000001"\nurl = "{site.url("/")}"'
    row = {"o": "1027700000001", "i": "7700000001", "n": "A", "tot": "1"}
    Egrul(site, lambda token, page, times: {"rows": [row]})
    assert once(source)["status"] == "baseline"
    Egrul(site, lambda token, page, times: {"rows": [{**row, "o": "1027700000002"}]})
    said = once(source)
    assert (said["status"], said["reason"], said["changes"]) == ("failing", "wrong_content_type", [])


def test_the_tax_number_of_a_trader_is_neither_told_nor_stored_but_may_be_searched_for(
    site: Any, once: Any, make_page: Any
) -> None:
    trader = {"o": "306770000000001", "i": "771234567890", "n": "Выдумкин Иван", "k": "fl", "tot": "2"}
    company = {"o": "1027700000001", "i": "7700000001", "n": "ООО «Выдумкин»", "k": "ul"}
    source = kind("egrul").model_validate({"query": "Выдумкин"})
    page = make_page(json.dumps({"rows": [trader, company]}), "application/json")
    found = list(read_page(source, page))
    assert [each.fields.get("tax number") for each in found] == [None, "7700000001"]
    kept = without_personal(source, page)
    assert kept
    assert b"771234567890" not in kept
    assert list(read_page(source, replace(page, content=kept))) == found
    told = kind("egrul").model_validate({"query": "Выдумкин", "personal": []})
    assert [each.fields.get("personal tax number") for each in read_page(told, page)] == ["771234567890", None]

    by_number = egrul(site).replace("ТЕЛЕГРАМ", trader["i"])
    Egrul(site, lambda token, page, times: {"rows": [trader]})
    assert once(by_number)["status"] == "baseline"
    with sqlite3.connect("state.db") as connection:
        bodies = [zlib.decompress(body).decode() for (body,) in connection.execute("SELECT body FROM bodies")]
    assert any("Выдумкин" in json.dumps(json.loads(body), ensure_ascii=False) for body in bodies)
    assert not [body for body in bodies if trader["i"] in body]


def test_rows_that_are_no_objects_are_no_result(site: Any, once: Any) -> None:
    Egrul(site, lambda token, page, times: {"rows": ["A1"]})
    assert once(egrul(site))["reason"] == "not_found"


def test_a_registration_that_becomes_invalid_leads_the_alert(site: Any, once: Any, post_office: Any) -> None:
    row = {"o": "1027700000001", "i": "7700000001", "n": "ООО ТЕЛЕГРАМ", "c": "ООО Т", "g": "ДИРЕКТОР: А", "tot": "1"}
    tail = f'\n[channels.desk]\nurl = "{post_office.url("desk@example.org")}"\n[[alerts]]\nto = ["desk"]'
    Egrul(site, lambda token, page, times: {"rows": [row]})
    once(egrul(site) + tail)
    Egrul(site, lambda token, page, times: {"rows": [{**row, "g": "ДИРЕКТОР: Б", "v": "05.02.2026"}]})
    (change,) = once(egrul(site) + tail)["changes"]
    assert list(change["fields"]) == ["invalid since", "head"]
    subject = post_office.mails[-1]["subject"]
    assert subject == "ООО ТЕЛЕГРАМ: invalid since: 05.02.2026 (EGRUL)"
    Egrul(site, lambda token, page, times: {"rows": [row]})
    (change,) = once(egrul(site) + tail)["changes"]
    assert list(change["fields"]) == ["invalid since", "head"]


def test_a_company_that_is_founded_is_added_to_an_empty_result(site: Any, once: Any) -> None:
    Egrul(site, lambda token, page, times: rows())
    assert once(egrul(site))["entries"] == 0
    Egrul(site, lambda token, page, times: rows("ТЕЛЕГРАМ 1"))
    assert changes(once(egrul(site))) == [("added", "ТЕЛЕГРАМ 1")]


class Minjust:
    """The register's rows by offset, at most two at once."""

    def __init__(self, site: Any, names: list[str]) -> None:
        self.names = names
        site.page("/values", self._answer)

    def _answer(self, asked: Any) -> Any:
        return self.answer(json.loads(asked.body)["offset"])

    def answer(self, offset: int) -> Any:
        values = [{"field_1_i": at, "field_2_s": name} for at, name in enumerate(self.names)]
        return {"size": len(values), "values": values[offset : offset + 2]}


def minjust(site: Any) -> str:
    return f'kind = "minjust_registry"\nurl = "{site.url("/values")}"'


def test_rows_are_asked_for_until_there_are_as_many_as_the_register_says(site: Any, once: Any) -> None:
    register = Minjust(site, ["A", "B", "C", "D", "E"])
    assert once(minjust(site))["entries"] == 5
    assert [json.loads(asked.body)["offset"] for asked in site.requests] == [0, 2, 4]
    register.names[4] = "E (excluded)"
    assert changes(once(minjust(site))) == [("changed", "E (excluded)")]


def test_rows_that_break_off_in_the_middle_remove_nothing(site: Any, once: Any) -> None:
    register = Minjust(site, ["A", "B", "C", "D"])
    once(minjust(site))
    site.page("/values", lambda asked: site.Reply("", 503) if b'"offset":2' in asked.body else register._answer(asked))
    said = once(minjust(site))
    assert (said["status"], said["reason"], said["entries"], said["changes"]) == ("failing", "http_503", 4, [])


def test_rows_that_are_sent_again_for_any_offset_are_a_part(site: Any, once: Any, capsys: Any) -> None:
    register = Minjust(site, ["A", "B", "C", "D"])
    once(minjust(site))
    first = {"size": 4, "values": register.answer(0)["values"]}
    site.page("/values", lambda _: first)
    said = once(minjust(site))
    assert (said["entries"], said["changes"]) == (4, [])
    assert part(capsys) == "2 of 4 entries are read"


@pytest.mark.parametrize("size", [{}, {"size": "many"}])
def test_rows_without_a_total_are_asked_for_until_they_are_fewer_than_asked_for(
    size: dict[str, str], site: Any, once: Any, capsys: Any
) -> None:
    values = [{"field_1_i": at, "field_2_s": f"N{at}"} for at in range(520)]

    def answer(asked: Any) -> Any:
        return {**size, "values": values[json.loads(asked.body)["offset"] :][:500]}

    site.page("/values", answer)
    assert once(minjust(site))["entries"] == 520
    assert part(capsys) is None
    site.page("/values", {**size, "values": values[:500]})
    said = once(minjust(site))
    assert (said["entries"], said["changes"]) == (520, [])
    assert part(capsys)


def opendata(site: Any) -> str:
    keys = 'dataset = "1-Set"\nitems = "register/record"\nkey = "n"\ntitle = "name"'
    return f'kind = "rkn_opendata"\nurl = "{site.url("/meta.csv")}"\n{keys}'


def publish(site: Any, day: str, *names: str) -> None:
    old = '"data-20250101T0000-structure-2","/old.xml"\r\n'
    site.page(
        "/meta.csv", f'"property","value"\r\n{old}"data-{day}T0000-structure-1","/{day}.xml"\r\n', type="text/csv"
    )
    records = "".join(f"<record><n>{at}</n><name>{name}</name></record>" for at, name in enumerate(names))
    site.page(f"/{day}.xml", f"<register>{records}</register>", type="application/xml", etag=f'"{day}{names}"')


def test_the_passport_leads_to_the_newest_data(site: Any, once: Any) -> None:
    publish(site, "20250716", "A", "B")
    assert once(opendata(site))["entries"] == 2
    assert site.paths == ["/meta.csv", "/20250716.xml"]
    assert once(opendata(site))["status"] == "unchanged"
    publish(site, "20250717", "A", "Telegram")
    assert changes(once(opendata(site))) == [("changed", "Telegram")]


def test_data_that_the_passport_promises_too_early_is_waited_for(site: Any, once: Any) -> None:
    publish(site, "20250716", "A", "B")
    once(opendata(site))
    publish(site, "20250717", "A")
    site.page("/20250717.xml", "not yet", status=404)
    said = once(opendata(site))
    assert (said["status"], said["reason"], said["entries"]) == ("failing", "http_404", 2)
    publish(site, "20250717", "A", "C")
    assert changes(once(opendata(site))) == [("changed", "C")]


def test_a_passport_without_data_says_what_it_has(site: Any, once: Any) -> None:
    site.page("/meta.csv", '"property","value"\r\n"title","A set"\r\n', type="text/csv")
    said = once(opendata(site))
    assert (said["reason"], '"title"' in said["message"]) == ("not_found", True)


def index(*rows: str) -> str:
    return (
        "Description: x\n \nCIK|Company Name|Form Type|Date Filed|Filename\n" + "-" * 80 + "\n" + "\n".join(rows) + "\n"
    )


def folder(*names: str) -> dict[str, Any]:
    return {"directory": {"item": [{"name": name, "type": "dir"} for name in names]}}


def daily(site: Any) -> str:
    return f'kind = "sec_daily_index"\nindex = "master"\nurl = "{site.url("/daily/index.json")}"'


def test_a_new_day_adds_its_filings_and_no_gap(site: Any, once: Any) -> None:
    site.page("/daily/index.json", folder("2024", "2025"))
    site.page("/daily/2025/index.json", folder("QTR1", "QTR2"))
    for day in (14, 15, 16):
        row = f"{day}|Company {day}|8-K|202505{day}|edgar/data/{day}/0000-25-{day}.txt"
        site.page(f"/daily/2025/QTR2/master.202505{day}.idx", index(row))
    site.page("/daily/2025/QTR2/index.json", folder("master.20250514.idx", "master.20250515.idx"))
    assert once(daily(site))["entries"] == 2
    site.page("/daily/2025/QTR2/index.json", folder(*(f"master.202505{day}.idx" for day in (14, 15, 16))))
    said = once(daily(site))
    assert (said["status"], changes(said)) == ("ok", [("added", "8-K: Company 16")])


def test_a_day_that_the_site_does_not_give_yet_is_a_failure(site: Any, once: Any) -> None:
    site.page("/daily/index.json", folder("QTR2"))
    site.page("/daily/QTR2/index.json", folder("master.20250514.idx"))
    site.page("/daily/QTR2/master.20250514.idx", "<Error><Code>AccessDenied</Code></Error>", status=403)
    assert once(daily(site))["status"] == "failing"


def atom(start: int, last: int = 299) -> str:
    numbers = range(last - start, max(last - start - 100, -1), -1)
    entries = "".join(
        f"<entry><title>8-K - Company {n} ({n:010}) (Filer)</title><id>urn:tag:sec.gov,2008:accession-number=1-25-{n}</id>"
        f'<link rel="alternate" href="/{n}"/><updated>2025-07-16T10:00:00-04:00</updated></entry>'
        for n in numbers
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Latest</title>{entries}</feed>'


def test_filings_between_two_checks_are_paged_back_to(site: Any, once: Any) -> None:
    source = f'kind = "sec_current"\nurl = "{site.url("/current")}"'
    site.page("/current", lambda asked: site.Reply(atom(int(asked.query["start"])), type="application/atom+xml"))
    assert once(source)["entries"] == 100
    site.page("/current", lambda asked: site.Reply(atom(int(asked.query["start"]), 499), type="application/atom+xml"))
    said = once(source)
    assert (len(said["changes"]), {change["change"] for change in said["changes"]}) == (200, {"added"})
    assert [asked.query["start"] for asked in site.requests] == ["0", "0", "100", "200"]


def test_the_cursor_of_a_search_is_followed(site: Any, once: Any) -> None:
    def record(lei: str) -> dict[str, Any]:
        return {"id": lei, "attributes": {"entity": {"legalName": {"name": f"Telegram {lei}"}}, "registration": {}}}

    site.page("/lei", {"data": [record("A")], "links": {"next": site.url("/more")}})
    site.page("/more", {"data": [record("B")], "links": {"first": "x"}})
    said = once(f'kind = "gleif"\nsearch = "Telegram"\nurl = "{site.url("/lei")}"')
    assert (said["status"], said["entries"]) == ("baseline", 2)
    assert site.requests[0].query == {"filter[entity.legalName]": "Telegram", "page[size]": "100"}


@pytest.mark.parametrize("search", ["5493001KJTIIGC8Y1R12", "5493001kjtiigc8y1r12"])
def test_a_lei_is_looked_up_as_one(search: str, site: Any, once: Any) -> None:
    site.page("/lei", {"data": [], "links": {}})
    assert once(f'kind = "gleif"\nsearch = "{search}"\nurl = "{site.url("/lei")}"')["status"] == "baseline"
    assert "filter[lei]" in site.requests[0].query


LEI = "00000000000000INVE01"
HEIR = "00000000000000INVE02"


def record(lei: str, *parents: str, **entity: Any) -> dict[str, Any]:
    links = {name: {"links": {"lei-record": f"https://api.gleif.example/{lei}/{name}"}} for name in parents}
    legal = {"legalName": {"name": f"Invented {lei[-1]}"}, "status": "ACTIVE", **entity}
    return {"type": "lei-records", "id": lei, "attributes": {"lei": lei, "entity": legal}, "relationships": links}


def gleif(site: Any, more: str = "") -> str:
    return f'kind = "gleif"\nsearch = "{LEI}"\nurl = "{site.url("/lei")}"\n{more}'


@pytest.mark.parametrize(("status", "reason"), [(401, "http_401"), (429, "http_429")])
def test_an_interface_that_refuses_is_a_failure_and_removes_nothing(
    status: int, reason: str, site: Any, once: Any
) -> None:
    site.page("/lei", {"data": [record(LEI)]})
    once(gleif(site))
    site.page("/lei", lambda _: site.Reply({"errors": [{"status": str(status)}]}, status))
    said = once(gleif(site))
    assert (said["status"], said["reason"], said["entries"], said["changes"]) == ("failing", reason, 1, [])


def test_the_next_page_on_another_host_is_followed_only_if_that_is_allowed(site: Any, once: Any, capsys: Any) -> None:
    search = f'kind = "gleif"\nsearch = "Invented"\nurl = "{site.url("/lei")}"\n'
    other = site.url("/lei?page=2", host="localhost")
    site.page("/lei?page=2", {"data": [record(HEIR)], "links": {}})
    pages = {"pagination": {"currentPage": 1, "perPage": 1, "total": 2, "lastPage": 2}}
    site.page(
        "/lei",
        lambda asked: (
            {"data": [record(LEI)], "links": {"next": other}, "meta": pages}
            if asked.query.get("page") != "2"
            else {"data": [record(HEIR)], "links": {}}
        ),
    )
    assert once(search)["entries"] == 1
    assert part(capsys)
    cli.main(["status"])
    assert 'this option would read the others: hosts = ["localhost"]' in capsys.readouterr().out
    assert once(search + 'hosts = ["localhost"]')["entries"] == 2


def test_parents_are_asked_for_where_the_register_has_them(site: Any, once: Any) -> None:
    site.page("/lei", {"data": [record(LEI, "direct-parent", "ultimate-parent")]})
    for name in ("direct-parent", "ultimate-parent"):
        site.page(f"/lei/{LEI}/{name}", {"data": record(HEIR)})
    once(gleif(site, "parents = true"))
    site.page(f"/lei/{LEI}/ultimate-parent", {"data": record("00000000000000INVE03")})
    (change,) = once(gleif(site, "parents = true"))["changes"]
    assert change["fields"] == {
        "ultimate parent": {"before": f"{HEIR} Invented 2", "after": "00000000000000INVE03 Invented 3"}
    }


def test_the_changes_of_a_record_are_entries(site: Any, once: Any) -> None:
    def modification(number: int) -> dict[str, Any]:
        field = "/lei:LEIData/lei:LEIRecords/lei:LEIRecord/lei:Registration/lei:RegistrationStatus"
        told = {"lei": LEI, "field": field, "valueOld": "ISSUED", "valueNew": "LAPSED", "date": "2026-02-05T00:00:00Z"}
        return {"type": "field-modifications", "id": f"id-{number}", "attributes": told}

    source = gleif(site, 'resource = "field-modifications"')
    site.page(f"/lei/{LEI}/field-modifications", {"data": [modification(2), modification(1)]})
    assert once(source)["entries"] == 2
    site.page(f"/lei/{LEI}/field-modifications", {"data": [modification(3), modification(2), modification(1)]})
    said = once(source)
    assert changes(said) == [("added", f"{LEI} Registration/RegistrationStatus")]
    assert said["changes"][0]["fields"]["now"]["after"] == "LAPSED"


def test_acts_of_regions_are_left_out_unless_they_are_asked_for_and_one_without_a_number_is_refused(
    site: Any, once: Any
) -> None:
    def act(number: str | None) -> dict[str, Any]:
        told = {"complexName": f"Указ {number}", "publishDateShort": "2026-01-17T00:00:00", "number": "1", "name": "x"}
        return {**told, "eoNumber": number, "documentDate": "2026-01-16T00:00:00", "pagesCount": 1}

    source = f'kind = "pravo"\nurl = "{site.url("/api")}"\n'
    site.page("/api", {"items": [act("7700202601170001"), act("0001202601170001")]})
    assert once(source)["entries"] == 1
    assert site.requests[-1].query == {"PageSize": "200", "Index": "1"}
    site.page("/api", {"items": [act("0001202601170001"), act(None)]})
    said = once(source)
    assert (said["status"], said["reason"], said["changes"]) == ("failing", "bad_document", [])
    site.page("/api", {"items": [act("7700202601170001"), act("0001202601170001")]})
    assert once(source + 'block = "all"')["entries"] == 2
    once(source + 'block = "subjects"')
    assert site.requests[-1].query["Block"] == "subjects"


def test_another_app_in_the_answer_is_no_app_that_left(site: Any, once: Any) -> None:
    source = f'kind = "app_store"\napp = 1\nurl = "{site.url("/lookup")}"'
    asked_for = {"wrapperType": "software", "trackId": 1, "bundleId": "a", "trackName": "A"}
    site.page("/lookup", {"results": [{**asked_for, "trackId": 2, "bundleId": "b"}, asked_for]})
    assert once(source)["status"] == "baseline"
    others = [{"trackId": 2, "bundleId": "b"}, {"trackId": None, "bundleId": None}, {"wrapperType": "track"}]
    for other in others:
        site.page("/lookup", {"results": [{**asked_for, **other}]})
        said = once(source)
        assert (said["status"], said["reason"], said["changes"]) == ("failing", "wrong_content_type", [])


def test_an_app_that_leaves_the_store_is_a_change_of_one_field(site: Any, once: Any) -> None:
    app = {"bundleId": "ph.telegra.Telegraph", "trackName": "Telegram", "version": "1", "wrapperType": "software"}
    source = f'kind = "app_store"\napp = "ph.telegra.Telegraph"\nname = "Telegram"\nurl = "{site.url("/lookup")}"'
    site.page("/lookup", {"resultCount": 1, "results": [app]})
    assert once(source)["status"] == "baseline"
    assert site.requests[0].query["bundleId"] == "ph.telegra.Telegraph"
    site.page("/lookup", {"resultCount": 0, "results": []})
    (change,) = once(source)["changes"]
    assert (change["change"], change["fields"]["listed"]) == ("changed", {"before": "yes", "after": "no"})


def test_older_filings_of_a_company_close_a_gap(site: Any, once: Any) -> None:
    def columns(*numbers: int) -> dict[str, Any]:
        return {"accessionNumber": [f"1-25-{n}" for n in numbers], "form": ["8-K"] * len(numbers)}

    def submissions(*numbers: int) -> None:
        files = [{"name": "older-001.json"}, {"name": "older-002.json"}]
        site.page("/it.json", {"name": "MADE UP INC", "filings": {"recent": columns(*numbers), "files": files}})

    source = f'kind = "sec_filings"\ncik = 1\nurl = "{site.url("/it.json")}"'
    submissions(2, 1)
    assert once(source)["entries"] == 2
    submissions(6, 5)
    site.page("/older-001.json", columns(4, 3))
    site.page("/older-002.json", columns(2, 1))
    assert changes(once(source)) == [("added", "8-K: MADE UP INC")] * 4
    assert site.paths[-2:] == ["/older-001.json", "/older-002.json"]
