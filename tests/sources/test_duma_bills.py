"""The kind `duma_bills`: the list as public programs read it, and the answers of the open interface."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sources import Blocked, Entry, Get, Page, Source
from sources.loader import kind
from sources.reading.engine import read_page
from tests.captures import CAPTURES, needed
from watcher import cli

LAW = {
    "id": 25023,
    "number": "7902-3",
    "name": "О выдуманном суде",
    "comments": None,
    "introductionDate": "2000-01-12",
    "url": "http://sozd.parlament.gov.ru/bill/7902-3",
    "lastEvent": {
        "stage": {"id": 3, "name": "Рассмотрение в первом чтении"},
        "phase": {"id": 7, "name": "Рассмотрение Советом"},
        "solution": "снять с рассмотрения",
        "date": "2013-09-19",
        "document": {"name": "116", "type": "Протокол"},
    },
    "subject": {"deputies": [{"name": "Выдуманный И.И."}], "departments": [{"name": "Выдуманный суд"}], "factions": []},
    "committees": {"responsible": {"name": "Выдуманный комитет"}, "profile": [], "soexecutor": []},
    "type": {"id": 1, "name": "Федеральный закон"},
}
CAPTCHA = (
    "<html><head><title>Проверка</title></head><body><form action='/check'><h1>Подтвердите, что вы не робот</h1>"
    "<div class='g-recaptcha' data-sitekey='x'></div><input name='captcha'></form></body></html>"
)


def row(number: str, name: str) -> str:
    card = f'<div class="o_top" data-law_number="{number}"><a class="o_num" href="/bill/{number}">{number}</a></div>'
    cells = (
        "1",
        f'{card}<div class="o_txt"><div class="fw500">{name}</div></div>',
        "23.06.2025",
        "<div>X</div>",
        "1.1 Y",
        "Z",
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def listed(*bills: tuple[str, str]) -> str:
    return (
        f'<html><body><table class="tbl_search_results">{"".join(row(*bill) for bill in bills)}</table></body></html>'
    )


def of_interface(**options: Any) -> Source:
    return kind("duma_bills").model_validate({"token": "user-token-1", "app_token": "app-token-1", **options})


def answer(body: Any) -> list[Entry | Get]:
    source = of_interface()
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    page = Page(source.start(), "http://x/", 200, {"content-type": "application/json"}, content, datetime.now(UTC))
    return list(read_page(source, page))


def test_the_cookie_of_the_balancer_is_fetched_first_and_sent_with_the_list(site: Any, once: Any) -> None:
    site.page(
        "/oz", "<html><body><h1>Объекты законотворчества</h1></body></html>", headers={"Set-Cookie": "bal=n7; Path=/"}
    )
    site.page(
        "/oz/b", lambda asked: listed(("900001-8", "О деле")) if "bal=n7" in asked.headers.get("cookie", "") else ""
    )
    source = (
        f'kind = "duma_bills"\nurl = "{site.url("/oz/b?count_items=250")}"\nbefore = {{ url = "{site.url("/oz")}" }}'
    )
    said = once(source)
    assert (said["status"], said["entries"], site.paths) == ("baseline", 1, ["/oz", "/oz/b?count_items=250"])
    made = kind("duma_bills").model_validate({})
    assert made.start() == Get("https://sozd.duma.gov.ru/oz", reader="begin")
    assert made.requested().url.startswith("https://sozd.duma.gov.ru/oz/b?")


def test_numbers_of_four_digits_are_no_reason_to_doubt(site: Any, once: Any) -> None:
    site.page("/oz", listed(("7902-3", "О старом деле"), ("1234567-8", "О новом деле")))
    source = f'kind = "duma_bills"\nurl = "{site.url("/oz")}"'
    assert (once(source)["status"], once(source)["entries"]) == ("baseline", 2)
    site.page("/oz", listed(("7902-3", "О старом деле"), ("1234567-8", "О новом деле"), ("99", "x")))
    assert once(source)["status"] == "suspicious"


def test_a_list_that_sends_its_first_page_again_ends(site: Any, once: Any) -> None:
    site.page("/oz", listed(("900001-8", "A"), ("900000-8", "B")))
    said = once(f'kind = "duma_bills"\nurl = "{site.url("/oz")}"\npages = {{ parameter = "page" }}')
    assert (said["status"], said["entries"], site.paths) == ("baseline", 2, ["/oz", "/oz?page=2"])


def test_a_redirect_to_a_captcha_is_a_block_and_loses_nothing(site: Any, once: Any) -> None:
    source = f'kind = "duma_bills"\nurl = "{site.url("/oz")}"'
    site.page("/oz", listed(("900001-8", "A")))
    once(source)
    site.page("/oz", "", status=302, headers={"Location": "/captcha?from=/oz"})
    site.page("/captcha", CAPTCHA)
    said = once(source)
    assert (said["status"], said["reason"], said["entries"], said["changes"]) == ("failing", "captcha", 1, [])


def test_the_answer_of_the_interface_is_read_by_the_same_kind() -> None:
    (entry,) = answer({"count": 1, "page": 1, "laws": [LAW]})
    assert isinstance(entry, Entry)
    assert (entry.key, entry.title, entry.url) == ("7902-3", "О выдуманном суде", LAW["url"])
    assert entry.fields == {
        "introduced": "2000-01-12",
        "initiator": "Выдуманный И.И.; Выдуманный суд",
        "stage": "Рассмотрение в первом чтении",
        "phase": "Рассмотрение Советом",
        "decision": "снять с рассмотрения",
        "last event": "2013-09-19",
        "document": "Протокол 116",
        "committee": "Выдуманный комитет",
        "type": "Федеральный закон",
    }


def test_the_interface_needs_both_tokens() -> None:
    with pytest.raises(ValidationError, match="token and app_token are both needed"):
        kind("duma_bills").model_validate({"token": "x"})


def test_tokens_written_in_the_configuration_are_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    tokens = 'token = "user-token-1"\napp_token = "app-token-1"\nproxy = "http://127.0.0.1:9"'
    Path("watch.toml").write_text(f'[sources.bills]\nkind = "duma_bills"\n{tokens}\n', "utf-8")
    cli.main(["--once", "--json", "-v"])
    cli.main(["status"])
    told = capsys.readouterr()
    assert "user-token-1" not in told.out + told.err
    assert "app-token-1" not in told.out + told.err
    assert not [
        each.name
        for each in tmp_path.rglob("*")
        if each.is_file() and each.name != "watch.toml" and b"-token-1" in each.read_bytes()
    ]


@pytest.mark.parametrize(("status", "reason"), [(401, "http_401"), (429, "http_429")])
def test_a_refusal_of_the_interface_is_a_failure_and_loses_nothing(
    status: int, reason: str, site: Any, once: Any
) -> None:
    source = f'kind = "duma_bills"\nurl = "{site.url("/search.json")}"'
    site.page("/search.json", {"count": 1, "laws": [LAW]})
    assert once(source)["entries"] == 1
    site.page("/search.json", {"code": status, "text": "no"}, status=status)
    said = once(source)
    assert (said["status"], said["reason"], said["entries"], said["changes"]) == ("failing", reason, 1, [])


def test_bills_between_two_checks_are_paged_back_to() -> None:
    source = of_interface()
    page = Page(source.start(), "http://x/", 200, {}, b"{}", datetime.now(UTC))
    second = source.earlier(page)
    assert second
    assert second.url == "http://api.duma.gov.ru/api/user-token-1/search.json?app_token=app-token-1&page=2"
    third = source.earlier(Page(second, "http://x/", 200, {}, b"{}", datetime.now(UTC)))
    assert third
    assert third.url.endswith("&page=3")


def test_a_page_of_a_captcha_is_refused_where_it_is_read() -> None:
    source = kind("duma_bills").model_validate({})
    page = Page(
        source.requested(),
        "https://sozd.duma.gov.ru/captcha",
        200,
        {"content-type": "text/html"},
        CAPTCHA.encode(),
        datetime.now(UTC),
    )
    with pytest.raises(Blocked):
        list(read_page(source, page))


@needed
@pytest.mark.parametrize(
    ("name", "count"), [("search-laws-page1-2022-06-23", 20), ("search-sud-page1", 20), ("search-empty", 0)]
)
def test_saved_answers_of_the_interface_are_read(name: str, count: int) -> None:
    found = answer((CAPTURES / "ru-duma-api" / f"{name}.json").read_bytes())
    assert len(found) == len({entry.key for entry in found if isinstance(entry, Entry)}) == count
    pattern = of_interface().expect.key_pattern
    assert pattern
    assert all(
        isinstance(entry, Entry) and re.fullmatch(pattern, entry.key) and entry.fields["stage"] for entry in found
    )
