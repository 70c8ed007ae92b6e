"""Pages that only a browser fills, and pages that misbehave, each in a real Chromium."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sources import (
    BadDocument,
    BadResponse,
    BrowserFailed,
    FetchError,
    HttpStatus,
    Page,
    StepFailed,
    TimedOut,
    TooLarge,
)
from tests.browser.rendering.conftest import Renderer
from tests.conftest import Asked, Reply, Site

TABLE = "<h1>Register of platforms</h1><table><thead><tr><th>name</th></tr></thead><tbody></tbody></table>"
ADD = "const add = n => document.querySelector('tbody').insertAdjacentHTML('beforeend', `<tr><td>${n}</td></tr>`);"


def names(entries: list[dict[str, str]]) -> list[str]:
    return [entry["name"] for entry in entries]


def test_a_table_that_a_script_fills_after_two_seconds_is_read(site: Site, renderer: Renderer) -> None:
    site.page("/", f"{TABLE}<script>{ADD} setTimeout(() => {{ add('Telegram'); add('MAX') }}, 2000)</script>")
    assert names(renderer.entries(site.url("/"), wait_for="td")) == ["Telegram", "MAX"]


def test_what_a_script_asks_for_is_waited_for_without_a_selector(site: Site, renderer: Renderer) -> None:
    site.page("/", f"{TABLE}<script>{ADD} fetch('/data').then(r => r.json()).then(d => d.forEach(add))</script>")
    site.page("/data", lambda _: time.sleep(1) or ["Telegram"])  # type: ignore[func-returns-value]
    assert names(renderer.entries(site.url("/"))) == ["Telegram"]


def test_a_page_that_is_busy_before_it_asks_for_its_list_is_waited_for(site: Site, renderer: Renderer) -> None:
    busy = "const ends = performance.now() + 1500; while (performance.now() < ends);"
    ask = f"{busy} fetch('/data').then(r => r.json()).then(d => d.forEach(add))"
    site.page("/", f"{TABLE}<script>{ADD} setTimeout(() => {{ {ask} }}, 50)</script>")
    site.page("/data", lambda _: time.sleep(1) or ["Telegram"])  # type: ignore[func-returns-value]
    assert names(renderer.entries(site.url("/"))) == ["Telegram"]


def test_a_search_behind_steps_is_read(site: Site, renderer: Renderer) -> None:
    search = "fetch('/find?q=' + q.value).then(r => r.json()).then(d => d.forEach(add))"
    site.page("/", f'<input id=q><button onclick="{search}">Search</button>{TABLE}<script>{ADD}</script>')
    site.page("/find", lambda asked: [f"{asked.query['q']} Ltd"])
    steps = [{"fill": "#q", "text": "Telegram"}, {"click": "text=Search"}, {"wait_for": "td"}]
    assert names(renderer.entries(site.url("/"), steps=steps)) == ["Telegram Ltd"]


def test_a_list_that_grows_while_it_is_scrolled_is_read_to_its_end(site: Site, renderer: Renderer) -> None:
    script = (
        "let at = 0, busy = false; const more = () => { if (busy || at >= 60) return; busy = true;"
        " fetch('/more?at=' + at).then(r => r.json()).then(d => { d.forEach(add); at += 20; busy = false }) };"
        " more(); addEventListener('scroll', more)"
    )
    site.page("/", f"<style>td {{height: 120px}}</style>{TABLE}<script>{ADD}{script}</script>")
    site.page("/more", lambda asked: [f"n{int(asked.query['at']) + n}" for n in range(20)])
    assert len(renderer.entries(site.url("/"), steps=[{"wait_for": "td"}, {"scroll": 20}])) == 60


@pytest.fixture
def guarded(site: Site) -> Site:
    """A list behind a sign-in."""

    def sign_in(asked: Asked) -> Reply:
        good = asked.body == b"user=ada&password=correct+horse"
        headers = {"Location": "/list", "Set-Cookie": "session=1; HttpOnly"} if good else {"Location": "/"}
        return Reply(status=303, headers=headers)

    form = "<form method=post action=/in><input name=user><input type=password name=password><button>Sign in</button>"
    site.page("/", f"<title>Sign in</title><h1>Sign in</h1>{form}</form>")
    site.page("/in", sign_in)
    rows = "<table><tr><th>name</th></tr><tr><td>Telegram</td></tr></table>"
    site.page("/list", lambda asked: rows if "session" in asked.headers.get("cookie", "") else Reply(status=403))
    return site


def sign_in(password: str) -> list[dict[str, Any]]:
    fields = [{"fill": "[name=user]", "text": "ada"}, {"fill": "[name=password]", "text": password}]
    return [*fields, {"click": "button"}, {"wait_for": "td"}]


def test_a_sign_in_that_works_leads_to_the_list(guarded: Site, renderer: Renderer) -> None:
    assert names(renderer.entries(guarded.url("/"), steps=sign_in("correct horse"))) == ["Telegram"]


def test_a_page_that_leads_elsewhere_gets_what_is_written_only_where_the_operator_named_its_host(
    guarded: Site, renderer: Renderer
) -> None:
    guarded.page("/away", Reply(status=302, headers={"Location": guarded.url("/", "site.example")}))
    url, steps = guarded.url("/away"), sign_in("correct horse")
    with pytest.raises(StepFailed, match="which gets nothing without on = "):
        renderer.visit(url, steps=steps)
    named = [step | ({"on": "site.example"} if "fill" in step else {}) for step in steps]
    assert names(renderer.entries(url, steps=named)) == ["Telegram"]


def test_the_next_page_of_a_check_has_the_cookies_of_the_one_before(guarded: Site, renderer: Renderer) -> None:
    from sources import Get

    url = guarded.url("/")
    first, second = renderer.visits([Get(url), Get(guarded.url("/list"))], url=url, steps=sign_in("correct horse"))
    assert (first.url, second.status) == (guarded.url("/list"), 200)


def test_another_check_has_no_cookies_of_an_earlier_one(guarded: Site, renderer: Renderer) -> None:
    renderer.visit(guarded.url("/"), steps=sign_in("correct horse"))
    with pytest.raises(HttpStatus):
        renderer.visit(guarded.url("/list"))


def test_a_sign_in_that_fails_says_which_step_without_the_password(guarded: Site, renderer: Renderer) -> None:
    with pytest.raises(StepFailed) as caught:
        renderer.visit(guarded.url("/"), steps=sign_in("wrong staple"), timeout="15s")
    assert "step 4 (wait_for td)" in caught.value.message
    assert "staple" not in caught.value.message


def test_a_page_that_never_rests_is_a_timeout(site: Site, renderer: Renderer) -> None:
    site.page("/", f"{TABLE}<script>setInterval(() => fetch('/poll'), 100)</script>")
    site.page("/poll", "")
    with pytest.raises(TimedOut, match="wait_for"):
        renderer.visit(site.url("/"), timeout="4s")


def test_a_page_that_never_rests_is_read_once_its_element_is_there(site: Site, renderer: Renderer) -> None:
    site.page("/", f"{TABLE}<script>{ADD} add('Telegram'); setInterval(() => fetch('/poll'), 100)</script>")
    site.page("/poll", "")
    assert names(renderer.entries(site.url("/"), wait_for="td")) == ["Telegram"]


def test_a_script_that_never_ends_is_a_timeout_and_the_next_check_works(site: Site, renderer: Renderer) -> None:
    site.page("/", f"{TABLE}<script>setTimeout(() => {{ for (;;); }}, 100)</script>")
    with pytest.raises(TimedOut):
        renderer.visit(site.url("/"), timeout="4s")
    works(site, renderer)


def test_a_page_that_opens_dialogs_is_read(site: Site, renderer: Renderer) -> None:
    dialogs = "alert(1); confirm(2); prompt(3); onbeforeunload = () => 'stay'; print();"
    site.page("/", f"{TABLE}<script>{dialogs}{ADD} add('Telegram')</script>")
    assert names(renderer.entries(site.url("/"))) == ["Telegram"]


def test_a_page_that_takes_all_memory_is_a_failure_and_the_next_check_works(
    site: Site, new_renderer: Callable[..., Renderer]
) -> None:
    renderer = new_renderer(memory=600_000_000)
    hoard = "const all = []; setInterval(() => all.push(new Uint8Array(60e6).fill(7)), 20)"
    site.page("/", f"{TABLE}<script>{hoard}</script>")
    with pytest.raises(BrowserFailed) as caught:
        renderer.visit(site.url("/"), wait_for="td", timeout="40s")
    assert caught.value.code in {"browser_memory", "browser_crashed"}
    works(site, renderer)


def test_a_page_whose_process_ends_is_a_failure_and_the_next_check_works(
    site: Site, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sources.browser import visit

    site.page("/", TABLE)

    async def crash(page: Any) -> None:
        cdp = await page.context.new_cdp_session(page)
        await cdp.send("Page.crash")

    monkeypatch.setattr(visit, "_settle", crash)
    with pytest.raises(BrowserFailed) as caught:
        renderer.visit(site.url("/"), wait_for="table", timeout="20s")
    assert caught.value.code == "browser_crashed"
    monkeypatch.undo()
    works(site, renderer)


def test_a_browser_that_is_killed_is_a_failure_and_the_next_check_has_a_new_one(
    site: Site, new_renderer: Callable[..., Renderer]
) -> None:
    renderer = new_renderer()
    works(site, renderer)
    chromium: Any = renderer.fetcher._chromium

    async def pid() -> int:
        cdp = await chromium._browser.new_browser_cdp_session()
        found = await cdp.send("SystemInfo.getProcessInfo")
        return next(each["id"] for each in found["processInfo"] if each["type"] == "browser")

    os.kill(renderer.run(pid()), signal.SIGKILL)
    time.sleep(0.5)
    works(site, renderer)


def driver_of(renderer: Renderer) -> int:
    """The process of Playwright's driver: it has the browser's folder for its temporary files."""
    chromium: Any = renderer.fetcher._chromium
    folder = f"TMPDIR={chromium._home.path}".encode()
    children = [pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
    return next(int(pid) for pid in children if folder in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"))


def test_a_driver_that_is_killed_is_a_failure_and_the_next_check_has_a_new_one(
    site: Site, new_renderer: Callable[..., Renderer]
) -> None:
    renderer = new_renderer()
    works(site, renderer)
    os.kill(driver_of(renderer), signal.SIGKILL)
    with pytest.raises(BrowserFailed):
        works(site, renderer)
    works(site, renderer)


def test_a_list_whose_data_break_off_is_not_read(site: Site, renderer: Renderer) -> None:
    fill = "fetch('/data').then(r => r.json()).then(d => d.forEach(add))"
    site.page("/", f"{TABLE}<script>{ADD} add('MAX'); {fill}</script>")
    site.raw("/data", b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n["Telegram"')
    with pytest.raises(BadResponse, match="in the middle of what its page asks for"):
        renderer.visit(site.url("/"))


def test_a_list_whose_data_come_whole_at_the_second_try_is_read(site: Site, renderer: Renderer) -> None:
    fill = "fetch('/data').then(r => r.json()).then(d => d.forEach(add))"
    site.page("/", f"{TABLE}<script>{ADD} const fill = () => {fill}; fill().catch(fill)</script>")
    tries = iter([Reply("[", headers={"Content-Length": "1000"}), Reply(["Telegram"])])
    site.page("/data", lambda _: next(tries), headers={"Connection": "close"})
    assert names(renderer.entries(site.url("/"))) == ["Telegram"]


def test_a_document_that_breaks_off_is_a_failure_at_once(site: Site, renderer: Renderer) -> None:
    site.raw("/", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n<p>")
    with pytest.raises(BadResponse, match="in the middle of its page"):  # not that it took too long
        renderer.visit(site.url("/"), timeout="100s")


def test_a_document_that_ends_in_the_middle_is_truncated(site: Site, renderer: Renderer) -> None:
    site.page("/", f"<!doctype html><html><body>{TABLE.partition('</table>')[0]}<tr><td>Telegram")
    with pytest.raises(BadDocument) as caught:
        renderer.visit(site.url("/"))
    assert caught.value.code == "truncated"


def test_a_document_that_is_too_large_is_a_failure(site: Site, renderer: Renderer) -> None:
    site.page("/", f"{TABLE}<script>document.title = 'x'.repeat(3e6)</script>")
    with pytest.raises(TooLarge):
        renderer.visit(site.url("/"), max_bytes=1_000_000)


def test_a_page_that_loads_too_much_is_a_failure(site: Site, renderer: Renderer) -> None:
    site.page("/", f"{TABLE}<script>fetch('/much')</script>")
    site.page("/much", b"x" * 5_000_000)
    with pytest.raises(TooLarge):
        renderer.visit(site.url("/"), max_bytes=1_000_000)


def test_pictures_are_loaded_for_a_screenshot_alone(site: Site, renderer: Renderer) -> None:
    site.page("/", f"{TABLE}<img src=/x.png><video src=/x.mp4></video>")
    renderer.visit(site.url("/"))
    assert "/x.png" not in site.paths
    page = renderer.visit(site.url("/"), screenshot=True)
    assert "/x.png" in site.paths
    assert page.rendering
    assert page.rendering.screenshot[:4] == b"\x89PNG"


@pytest.mark.parametrize(("status", "code"), [(404, "http_404"), (500, "http_500"), (403, "http_403")])
def test_a_status_that_is_an_error_is_one(site: Site, renderer: Renderer, status: int, code: str) -> None:
    site.page("/", "<p>no</p>", status=status)
    with pytest.raises(HttpStatus) as caught:
        renderer.visit(site.url("/"))
    assert caught.value.code == code


def test_json_is_read_as_it_was_sent(site: Site, renderer: Renderer) -> None:
    site.page("/", {"rows": [1, 2]})
    page = renderer.visit(site.url("/"))
    assert (json.loads(page.text), page.content_type) == ({"rows": [1, 2]}, "application/json")


def test_a_file_to_download_is_a_failure(site: Site, renderer: Renderer) -> None:
    site.page("/", b"PK", type="application/zip", headers={"Content-Disposition": "attachment; filename=x.zip"})
    with pytest.raises(BadResponse):
        renderer.visit(site.url("/"))


@pytest.mark.parametrize("way", ["refused", "silent", "cut", "garbage"])
def test_a_bad_wire_is_a_typed_failure_and_the_next_check_works(site: Site, renderer: Renderer, way: str) -> None:
    site.silent("/silent")
    site.raw("/cut", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<p>")
    site.raw("/garbage", b"\x00\x01 no http\r\n\r\n")
    url = "http://127.0.0.1:9/" if way == "refused" else site.url(f"/{way}")
    with pytest.raises(FetchError):
        renderer.visit(url, timeout="4s")
    works(site, renderer)


def test_a_page_in_another_encoding_is_read(site: Site, renderer: Renderer) -> None:
    body = f"<meta charset=windows-1251>{TABLE}<script>{ADD} add('Телеграм')</script>".encode("windows-1251")
    site.page("/", body, type="text/html")
    assert names(renderer.entries(site.url("/"), encoding="windows-1251")) == ["Телеграм"]


def works(site: Site, renderer: Renderer) -> None:
    """The next check of a sound page succeeds."""
    site.page("/sound", "<table><tr><th>name</th></tr><tr><td>Telegram</td></tr></table>")
    page: Page = renderer.visit(site.url("/sound"))
    assert "Telegram" in page.text
