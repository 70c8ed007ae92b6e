"""`watch catalog report`: what is in a bundle that somebody sends, and what is not."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Configure = Callable[..., Path]
Watch = Callable[..., Any]

SECRETS = {
    "KEY": "key-3f9a77c1d2",
    "PASSWORD": "pass-8817aa21bb",
    "FORM": "form-52d0c3e4f5",
    "PROXIED": "proxied-91b2c3d4",
}
COOKIES = ("session-cookie-0a1b2c3d", "balancer-cookie-4e5f6a7b", "late-cookie-8c9d0e1f")
TAKEN = "csrf-value-6f7e8d9c"
HEAD = '[http]\nprivate_addresses = "allow"\nspacing = "0s"\n'


def rows(*names: str) -> str:
    cells = "".join(f"<tr><td>{name}</td><td>1</td></tr>" for name in names)
    return f"<table><tr><th>Name</th><th>Number</th></tr>{cells}</table>"


@pytest.fixture
def bundle(watch: Watch, folder: Path) -> Callable[..., dict[str, bytes]]:
    """Makes the report of the source `it`, and returns its files."""

    def make(*argv: str, code: int = 0) -> dict[str, bytes]:
        ran = watch("catalog", "report", "it", *argv)
        assert ran.code == code, ran
        with zipfile.ZipFile(folder / "report-it.zip") as packed:
            return {Path(name).name: packed.read(name) for name in packed.namelist()}

    return make


def test_no_secret_and_no_cookie_is_in_the_bundle_wherever_the_site_repeats_it(
    site: Any, configure: Configure, bundle: Any, monkeypatch: pytest.MonkeyPatch, watch: Watch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    basic = base64.b64encode(f"user:{SECRETS['PASSWORD']}".encode()).decode()
    planted = [*SECRETS.values(), *COOKIES, TAKEN, basic]
    echo = "".join(f"<p>{value}</p><a href='/x?sid={value}&k={value}'>{value}</a>" for value in planted)
    site.page(
        "/login",
        f"<form><input name=csrf value='{TAKEN}'></form><p>{COOKIES[0]}</p>",
        headers={"Set-Cookie": f"sid={COOKIES[0]}; Path=/; HttpOnly"},
    )
    site.page("/search", "", status=302, headers={"Location": "/found", "Set-Cookie": f"bal={COOKIES[1]}; Path=/"})
    site.page(
        "/found",
        f"<html><body>{echo}{rows('Alpha', SECRETS['KEY'])}</body></html>",
        headers={
            "Set-Cookie": f"late={COOKIES[2]}; Path=/",
            "X-Csrf-Token": TAKEN,
            "X-Request": f"by {SECRETS['KEY']}",
            "Last-Modified": "Wed, 16 Jul 2025 10:00:00 GMT",
        },
    )
    configure(
        HEAD
        + '[sources.it]\nkind = "table"\nkey = "Name"\nauth = "user:${PASSWORD}"\n'
        + f'url = "{site.url("/search")}?api_key=${{KEY}}"\n'
        + 'headers = { X-Token = "${PROXIED}" }\nmethod = "POST"\n'
        + 'form = { csrf = "{csrf}", who = "${FORM}" }\n'
        + f'before = {{ url = "{site.url("/login")}", take = {{ csrf = "input[name=csrf]@value" }} }}\n'
    )
    files = bundle()
    for name, content in files.items():
        found = [value for value in planted if value.encode() in content]
        assert (name, found) == (name, [])
    report = json.loads(files["report.json"])
    assert sorted(files) == ["page-1.html", "page-2.html", "report.json"]
    assert [page["file"] for page in report["pages"]] == ["page-1.html", "page-2.html"]
    second = report["pages"][1]
    assert second["headers"]["last-modified"] == "Wed, 16 Jul 2025 10:00:00 GMT"
    assert second["headers"]["x-csrf-token"] == "(removed)"
    assert second["headers"]["x-request"] == "by ${KEY}"
    assert "set-cookie" not in second["headers"]
    assert second["asked"]["form"] == {"csrf": "(removed)", "who": "${FORM}"}
    assert second["asked"]["url"].endswith("/search?api_key=${KEY}")
    assert [hop["status"] for hop in second["redirects"]] == [302]
    assert report["error"] is None
    assert [entry["key"] for entry in report["entries"]] == ["Alpha", "${KEY}"]
    assert set(report["options"]) == {"url", "key", "method", "label"}
    assert b"<th>Number</th>" in files["page-2.html"]


def test_the_page_is_as_it_was_fetched_where_it_has_no_secret(site: Any, configure: Configure, bundle: Any) -> None:
    body = "\ufeff<html><body>\r\n" + rows("Alpha") + "<!-- ж --></body></html>"
    site.page("/list", body)
    configure(f'{HEAD}[sources.it]\nkind = "table"\nkey = "Name"\nurl = "{site.url("/list")}"\n')
    assert bundle()["page-1.html"] == body.encode()


def test_a_site_that_cannot_be_read_has_a_report_too(site: Any, configure: Configure, bundle: Any) -> None:
    site.page("/list", "<html><body><h1>Something else</h1><p>No list is here today.</p></body></html>")
    configure(f'{HEAD}[sources.it]\nkind = "duma_bills"\nurl = "{site.url("/list")}"\n')
    files = bundle(code=1)
    report = json.loads(files["report.json"])
    assert (report["kind"], report["proven"], report["error"]["reason"]) == ("duma_bills", "hearsay", "not_found")
    assert b"Something else" in files["page-1.html"]


def test_a_site_that_does_not_answer_has_a_report_without_pages(site: Any, configure: Configure, bundle: Any) -> None:
    site.page("/list", "no", status=403)
    configure(f'{HEAD}[sources.it]\nkind = "table"\nkey = "Name"\nurl = "{site.url("/list")}"\n')
    files = bundle(code=1)
    assert (list(files), json.loads(files["report.json"])["error"]["reason"]) == (["report.json"], "http_403")


def test_what_is_a_private_person_s_is_left_out(site: Any, configure: Configure, bundle: Any) -> None:
    officer = {
        "name": "INVENTED, John",
        "officer_role": "director",
        "date_of_birth": {"month": 7, "year": 1961},
        "address": {"address_line_1": "1 Home Lane"},
        "links": {"officer": {"appointments": "/officers/A/appointments"}},
    }
    site.page("/officers", {"items": [officer], "total_results": 1})
    source = 'kind = "companies_house"\nresource = "officers"\ncompany = "1"\nauth = "key-of-the-interface:"'
    configure(f'{HEAD}[sources.it]\n{source}\nurl = "{site.url("/officers")}"\n')
    files = bundle()
    assert not [name for name, content in files.items() if b"1961" in content or b"Home Lane" in content]
    assert not [name for name, content in files.items() if b"key-of-the-interface" in content]
    assert json.loads(files["report.json"])["pages"][0]["note"].startswith("written anew")


def test_of_a_page_that_no_kind_writes_anew_the_report_says_what_is_still_in_it(
    site: Any, configure: Configure, bundle: Any
) -> None:
    site.page("/list", rows("Alpha"))
    configure(f'{HEAD}[sources.it]\nkind = "table"\nkey = "Name"\nurl = "{site.url("/list")}"\npersonal = ["Number"]\n')
    (page,) = json.loads(bundle()["report.json"])["pages"]
    assert page["note"] == 'as it came: what is left out of the entries is in it ("Number")'


def test_an_answer_about_nobody_private_is_as_it_was_fetched(site: Any, configure: Configure, bundle: Any) -> None:
    company, trader = {"o": "1", "i": "7700000001", "n": "A", "k": "ul"}, {"o": "2", "i": "771234567890", "k": "fl"}
    site.page("/", {"t": "t1"})
    configure(f'{HEAD}[sources.it]\nkind = "egrul"\nquery = "Invented"\nurl = "{site.url("/")}"\n')
    for rows_now, note in (([company], None), ([company, trader], "written anew, without what is a private person's")):
        site.page("/search-result/t1", {"rows": rows_now})
        files = bundle()
        assert [page["note"] for page in json.loads(files["report.json"])["pages"]] == [None, note]
        assert b"771234567890" not in files["page-2.json"]
        Path("report-it.zip").unlink()


def test_a_page_written_anew_has_the_ending_of_its_form(site: Any, configure: Configure, bundle: Any) -> None:
    row = {"field_1_i": 1, "field_2_s": "Выдумкин", "field_11_s": "112-233-445 95"}
    site.page("/values", {"size": 1, "values": [row]}, type="application/vnd.ms-excel")
    configure(f'{HEAD}[sources.it]\nkind = "minjust_registry"\nurl = "{site.url("/values")}"\n')
    assert json.loads(bundle()["page-1.json"]) == {
        "size": 1,
        "named": [{"field_1_i": 1, "field_2_s": "Выдумкин"}],
    }


def test_a_saved_page_may_be_reported_and_nothing_is_written_over(
    configure: Configure, bundle: Any, folder: Path, watch: Watch
) -> None:
    (folder / "saved.html").write_text(f"<html><body>{rows('Alpha')}</body></html>")
    configure('[sources.it]\nkind = "table"\nkey = "Name"\nurl = "https://register.example/"\n')
    assert json.loads(bundle("--file", "saved.html")["report.json"])["entries_read"] == 1
    again = watch("catalog", "report", "it")
    assert (again.code, "already there" in again.err) == (2, True)
    missing = watch("catalog", "report", "it", "--file", "none.html", "--out", "other.zip")
    assert (missing.code, "none.html" in missing.err) == (2, True)
    unknown = watch("catalog", "report", "nobody")
    assert (unknown.code, 'no source "nobody"' in unknown.err) == (2, True)


def test_no_more_than_five_pages_are_asked_for(site: Any, configure: Configure, bundle: Any) -> None:
    site.page("/list", lambda asked: rows(f"N{asked.query.get('page', '1')}"))
    source = f'kind = "table"\nkey = "Name"\nurl = "{site.url("/list")}"\npages = {{ parameter = "page" }}'
    configure(f"{HEAD}[sources.it]\n{source}\n")
    assert len(bundle()) == 6
    assert len(site.requests) == 5
