"""The browser as a unit of its own, as docs/operate.md installs it, in a systemd that was booted for it (conftest.py)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.national import operate

Machine = World = Any  # of conftest.py, which cannot be imported by name
SERVICE, BROWSER = "registry-watch.service", "registry-watch-browser.service"
MOST_EXPOSED = 2.2
PORT = "http://127.0.0.1:9222"
SOURCE = """
[browser]
endpoint = "{port}"
[sources.licences]
kind = "table"
url = "{url}"
key = "name"
fetch = "browser"
wait_for = "td"
every = "1s"
"""
FILL = (
    "<table><thead><tr><th>name<th>state</thead><tbody></tbody></table><script>fetch('/rows').then(answer => answer.text())"
    ".then(rows => document.querySelector('tbody').innerHTML = rows)</script>"
)


def wait_for(what: Callable[[], Any], seconds: float = 40) -> Any:
    ends = time.monotonic() + seconds
    while not (found := what()):
        if time.monotonic() > ends:
            raise TimeoutError("it did not come")
        time.sleep(0.1)
    return found


@pytest.fixture(scope="module")
def browser(machine: Machine, request: pytest.FixtureRequest) -> Iterator[Machine]:
    """The machine with the browser's unit running, by the commands of the document."""
    if not (machine.root / "usr/bin/chromium").exists():
        pytest.skip("no Chromium in this machine's root: `make chromium`")
    request.getfixturevalue("browser_wheels")
    lines = operate("A browser as a service", "sh").splitlines()
    for command in (line.removeprefix("sudo ").partition("  ")[0] for line in lines):
        if not command.startswith(("apt-get", "sudoedit", "systemctl restart")):
            machine.run("sh", "-c", f"cd /srv/clone && {command}", PIP_NO_INDEX="1", PIP_FIND_LINKS="/srv/wheels")
    yield machine
    machine.systemctl("disable", "--now", BROWSER)
    machine.drop_in("browser", "")


@pytest.fixture
def rendered(browser: Machine, world: World) -> World:
    """The service with a source that a script fills, and its baseline behind it."""
    world.site.page("/licences", FILL)
    shows(world, "not met")
    world.configure(SOURCE.format(port=PORT, url=world.site.url("/licences")))
    world.machine.systemctl("start", SERVICE)
    wait_for(lambda: world.site.paths.count("/rows") >= 2)
    return world


def shows(world: World, state: str) -> None:
    world.site.page("/rows", f"<tr><td>Telegram<td>{state}</tr>", type="text/html")


def pages(machine: Machine) -> list[str]:
    """The addresses that are open in the browser."""
    listed = json.loads(machine.run("curl", "--silent", f"{PORT}/json/list"))
    return [each["url"] for each in listed if each["url"].startswith("http")]


def test_the_unit_is_confined(browser: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    said = browser.run("systemd-analyze", "--no-pager", "security", BROWSER).splitlines()[-1]
    with capsys.disabled():
        print(f"\n{said}")
    assert float(said.partition(": ")[2].split()[0]) <= MOST_EXPOSED


def test_a_source_reads_through_the_unit_and_its_change_is_mailed(rendered: World) -> None:
    shows(rendered, "under approval")
    assert wait_for(rendered.mails) == ["Telegram: not met → under approval (licences)"]
    assert rendered.machine.show("User", BROWSER) == "registry-watch-browser"
    assert "licences: " not in rendered.machine.journal(SERVICE, "-p", "warning")


def test_a_browser_that_is_killed_comes_back_and_no_change_is_lost(rendered: World) -> None:
    before = rendered.machine.show("MainPID", BROWSER)
    rendered.machine.run("kill", "-9", before)
    shows(rendered, "under approval")
    assert wait_for(rendered.mails) == ["Telegram: not met → under approval (licences)"]
    assert rendered.machine.show("MainPID", BROWSER) not in {"0", before}


def test_a_service_that_is_killed_in_a_visit_leaves_no_page_open(rendered: World) -> None:
    rendered.site.silent("/rows")
    wait_for(lambda: pages(rendered.machine))
    rendered.machine.run("systemctl", "kill", "--signal=KILL", SERVICE)
    wait_for(lambda: not pages(rendered.machine))
    rendered.machine.systemctl("stop", SERVICE)
