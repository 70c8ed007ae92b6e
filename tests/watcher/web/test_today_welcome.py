"""The first steps: from nothing that is configured to a test alert, by forms alone."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from socket import create_server
from typing import Any

import pytest
from httpx import Response
from starlette.testclient import TestClient

from state.store import Store
from tests.conftest import PostOffice, Site
from tests.watcher.web.conftest import ADDRESS, NOW, TOKEN, csrf, read
from watcher.config.load import load
from watcher.config.settings import WebOptions
from watcher.web.desk import Desk
from watcher.web.pages.today import EXAMPLE
from watcher.web.server import create_app

TO = "ada@example.org"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk as `watch up` begins it: nothing is configured."""
    file = tmp_path / "watch.toml"
    file.write_text('state = "sqlite:///state.db"\n')
    config = load(file)
    with Store.open(config.state) as store:
        yield Desk(config, store, TOKEN, lambda: NOW)


def step(browser: TestClient, name: str, **values: str) -> Response:
    """Send the form of a step, which is on the page."""
    page = read(browser, "/welcome")
    fields = {
        field["name"] for form in page.select(f'form[action="/welcome/{name}"]') for field in form.select("[name]")
    }
    assert {"csrf", *values} <= fields
    return browser.post(f"/welcome/{name}", data=values | {"csrf": page.select_one("[name=csrf]")["value"]})


def done(browser: TestClient) -> list[str]:
    return [heading["id"] for heading in read(browser, "/welcome").select(".step.done h2")]


def mail(office: PostOffice, **values: str) -> dict[str, str]:
    server = f"127.0.0.1:{office.port}"
    return {"server": server, "security": "none", "sender": "watch@example.org", "to": TO} | values


def test_who_has_configured_nothing_is_led_to_the_steps(browser: TestClient, desk: Desk) -> None:
    answer = browser.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/welcome")
    assert done(browser) == []
    assert read(browser, "/welcome").select('form[action="/add"] [name=url]')
    desk.use(replace(desk.config, web=WebOptions(edit=False)))
    assert browser.get("/").status_code == 200


def test_each_step_that_is_done_is_seen_as_done(browser: TestClient, desk: Desk, site: Site) -> None:
    site.page("/hook")
    assert step(browser, "source").status_code == 303
    assert step(browser, "entity", names="Sable Capital\n  Sable Capital Ltd\n\n").status_code == 303
    assert done(browser) == ["source", "entity"]
    assert "Nobody is told of changes yet" in read(browser, "/").get_text()
    kept = step(browser, "channel", url=site.url("/hook").replace("http", "json"))
    page = read(browser, kept.headers["location"])
    assert [heading["id"] for heading in page.select(".step.done h2")] == ["source", "entity", "channel", "test"]
    assert page.select_one("[role=status]").text == "It was sent to json-1: see whether it has arrived."
    assert "Nobody is told of changes yet" not in read(browser, "/").get_text()
    config = load(desk.config.path)
    assert config.sources["federal-register"].kind == "federal_register"
    assert config.entities["Sable Capital"].names == ("Sable Capital", "Sable Capital Ltd")
    assert [rule.to for rule in config.alerts] == [("json-1",)]
    assert step(browser, "test", channel="json-1").status_code == 303
    assert len(site.sent("/hook")) == 2


def test_the_example_is_that_of_watch_init() -> None:
    starter = tomllib.loads(files("watcher").joinpath("starter.toml").read_text("utf-8"))
    assert starter["sources"] == {EXAMPLE.name: EXAMPLE.document}


def test_a_mail_server_is_tried_and_kept(browser: TestClient, desk: Desk, post_office: PostOffice) -> None:
    assert step(browser, "channel", **mail(post_office)).status_code == 303
    (sent,) = post_office.mails
    assert (sent["To"], sent["From"]) == (TO, "watch@example.org")
    assert list(load(desk.config.path).channels) == [TO]


def test_a_mail_server_that_wants_a_password_gets_it_and_no_page_shows_it(
    browser: TestClient, desk: Desk, post_office: PostOffice
) -> None:
    post_office.answers[TO] = "550 5.1.1 unknown"
    secret = "p/ss w@rd?#%"
    answer = step(browser, "channel", **mail(post_office, user="ada@example.org", password=secret))
    assert (answer.status_code, desk.config.channels) == (400, {})
    assert secret not in answer.text
    assert "p%2Fss" not in answer.text
    page = read(browser, "/welcome")
    assert secret not in str(page)


def test_what_cannot_be_reached_is_not_kept_and_is_said_beside_its_form(browser: TestClient, desk: Desk) -> None:
    with closing(create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    answer = step(browser, "channel", url=f"json://127.0.0.1:{port}/hook?secret=tulip")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text.partition('id="channel"')[2].partition("</li>")[0]
    assert "tulip" not in answer.text
    assert (load(desk.config.path).channels, load(desk.config.path).alerts) == ({}, ())


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("entity", {"names": " \n "}),
        ("entity", {"names": "[*]"}),
        ("channel", {"url": "nothing://like it"}),
        ("channel", {"url": "${HOME}"}),
        ("channel", {"server": "smtp.example.org", "sender": "", "to": TO}),
    ],
)
def test_what_is_wrong_with_a_step_is_said_and_nothing_is_kept(
    browser: TestClient, desk: Desk, name: str, values: dict[str, str]
) -> None:
    answer = step(browser, name, **values)
    assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)
    assert desk.store.objects.current() == []


def test_a_step_that_somebody_took_meanwhile_is_not_taken_twice(browser: TestClient, desk: Desk) -> None:
    step(browser, "entity", names="Sable Capital")
    answer = step(browser, "entity", names="Sable Capital")
    assert (answer.status_code, "is there already" in answer.text) == (400, True)
    assert browser.post("/welcome/test", data={"csrf": csrf(answer.text), "channel": "none"}).status_code == 404


def test_only_an_administrator_takes_steps(nobody: TestClient, desk: Desk, browser: TestClient) -> None:
    assert browser.post("/welcome/source").status_code == 403  # a form without our token
    users: Any = {"ada": {"role": "editor"}}
    given = {"users": users, "proxy_header": "X-User", "trusted_proxies": ["127.0.0.1/32"]}
    desk.use(replace(desk.config, web=WebOptions.model_validate(given)))
    editor = TestClient(create_app(desk), ADDRESS, client=("127.0.0.1", 5000), headers={"x-user": "ada"})
    assert editor.get("/", follow_redirects=False).status_code == 200
    assert editor.get("/welcome").status_code == 403
    assert editor.post("/welcome/source", data={"csrf": csrf(editor.get("/").text)}).status_code == 403
    assert desk.store.objects.current() == []


def test_names_with_what_no_table_may_be_called_are_looked_for(browser: TestClient, desk: Desk) -> None:
    assert step(browser, "entity", names="-Sable, Inc. [old]\nSable*").status_code == 303
    assert {name: each.names for name, each in load(desk.config.path).entities.items()} == {
        "Sable Inc. old": ("-Sable, Inc. [old]", "Sable*")
    }


def test_a_channel_for_readers_has_nobody_to_test_it_with(browser: TestClient, desk: Desk) -> None:
    with desk.config.path.open("a") as file:
        file.write('[channels.all]\nurl = "mailto://mail.example?from=a@b.example&to={reader}"\nreaders = true\n')
    desk.read_again()
    page = read(browser, "/welcome")
    assert not page.select('form[action="/welcome/test"]')
    answer = browser.post("/welcome/test", data={"csrf": page.select_one("[name=csrf]")["value"], "channel": "all"})
    assert "all: readers have their mails through it" in answer.text
