"""Alerts that refer to their proof: a line with the command to get it, and, if a rule says so, the page attached."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from alerts.channel import TRIES_WITH_FILES

CHANNELS = """
[entities.telegram]
names = ["Telegram"]
[channels.desk]
url = "{desk}"
{speaks}
[channels.hook]
url = "{hook}"
[channels.ops]
url = "{ops}"
[[alerts]]
to = ["desk", "hook"]
{attach}
[[alerts]]
health = true
to = ["ops"]
"""


@pytest.fixture
def told(kept: Any, post_office: Any) -> Any:
    """A list whose changes go to a mailbox and a webhook, with their proof; and what arrived there."""
    hook = kept.site.url("").replace("http", "json")
    for path in ("/hook", "/ops"):
        kept.site.page(path)
    places = {"desk": post_office.url("desk@example.org"), "hook": f"{hook}/hook", "ops": f"{hook}/ops"}

    def configure(attach: str = "attach = true", speaks: str = "", **options: Any) -> None:
        kept.configure(more=CHANNELS.format(attach=attach, speaks=speaks, **places), **options)

    kept.told_how = configure
    kept.mails = post_office.mails
    kept.hooked = lambda path="/hook": [json.loads(each.body) for each in kept.site.requests if each.path == path]
    configure()
    kept.check()
    return kept


@pytest.mark.parametrize(("attach", "line"), [("", "kept as no. {}"), ("attach = true", "no. {}, attached")])
def test_an_alert_says_in_a_plain_line_that_there_is_a_proof(told: Any, attach: str, line: str) -> None:
    told.told_how(attach=attach)
    told.show("B")
    (change,) = told.check()["changes"]
    assert re.findall(r"Proof: (.*)", told.hooked()[-1]["message"]) == [line.format(change["id"])]
    assert change["proof"]["link"][:8] not in told.hooked()[-1]["message"]


def test_an_operator_reads_how_to_get_the_proof_and_a_part_of_its_link(told: Any) -> None:
    told.told_how(attach='[[alerts]]\nhealth = true\nto = ["hook"]')
    told.show("B")
    (change,) = told.check()["changes"]
    (line,) = re.findall(r"Proof: .*", told.hooked()[-1]["message"])
    assert line == f"Proof: watch evidence {change['id']} (link {change['proof']['link'][:16]})"
    assert change["proof"]["capture"] == 2


def test_the_link_in_an_alert_is_the_one_of_the_chain(told: Any) -> None:
    told.show("B")
    (change,) = told.check()["changes"]
    head = json.loads(told.run("verify", "--json").out)["head"]
    assert change["proof"]["link"] == head["link"]


def test_the_proof_goes_along_by_mail_and_by_webhook(told: Any) -> None:
    told.show("B")
    (change,) = told.check()["changes"]
    (file,) = told.mails[-1].iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == (f"proof-{change['id']}.html", "text/html")
    page = file.get_content()
    assert "“Telegram” was changed" in unescape(page)
    (sent,) = told.hooked()[-1]["attachments"]
    assert base64.b64decode(sent["base64"]).decode() == page
    assert "memory:" not in json.dumps(told.hooked())


def test_an_attached_proof_speaks_the_language_of_its_channel(told: Any, catalogue: Callable[..., None]) -> None:
    catalogue({"{source}: “{title}” was changed": "{source}: „{title}“ wurde geändert"})
    told.told_how(speaks='language = "de"')
    told.show("B")
    told.check()
    (file,) = told.mails[-1].iter_attachments()
    assert "„Telegram“ wurde geändert" in unescape(file.get_content())
    (sent,) = told.hooked()[-1]["attachments"]
    assert "“Telegram” was changed" in unescape(base64.b64decode(sent["base64"]).decode())


def test_its_commands_work_in_the_folder_that_is_made_later(told: Any, folder: Any) -> None:
    from tests.watcher.evidence.test_proofs import run, steps

    told.show("B")
    (change,) = told.check()["changes"]
    page = next(told.mails[-1].iter_attachments()).get_content()
    told.show("C")
    told.check()
    told.run("evidence", str(change["id"]))
    for command, answer in steps(page):
        if answer:
            assert run(command, folder / f"proof-{change['id']}").stdout.strip() == answer


def test_without_attach_none_goes_along(told: Any) -> None:
    told.told_how(attach="")
    told.show("B")
    told.check()
    assert list(told.mails[-1].iter_attachments()) == []


def test_without_evidence_there_is_none_to_attach(told: Any) -> None:
    told.told_how(evidence="")
    told.show("B")
    assert told.check()["changes"][0]["proof"] is None
    assert list(told.mails[-1].iter_attachments()) == []
    assert "Proof:" not in told.hooked()[-1]["message"]


def test_a_proof_that_is_gone_keeps_no_alert_back(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told.show("B")
    told.site.page("/hook", status=503)
    told.check()
    for file in told.files:
        file.unlink()
    told.site.page("/hook")
    ran = told.run("--once", "--json")
    assert (ran.code, "without the proof of #2" in ran.err) == (0, True)
    assert told.hooked()[-1].get("attachments", []) == []


def test_a_message_that_is_not_taken_goes_out_without_files_in_the_end(told: Any) -> None:
    def picky(asked: Any) -> Any:
        return told.site.Reply(status=413 if json.loads(asked.body).get("attachments") else 200)

    told.site.page("/hook", picky)
    told.show("B")
    for _ in range(TRIES_WITH_FILES + 1):
        told.check()
    files = [len(each.get("attachments", [])) for each in told.hooked() if "Telegram" in each["title"]]
    assert files[-TRIES_WITH_FILES - 1 :] == [*([1] * TRIES_WITH_FILES), 0]
    assert json.loads(told.run("deliveries", "--json").out)["deliveries"] == []


def test_a_suspicious_page_is_proven_too(told: Any) -> None:
    told.show("A", *(f"Company {number}" for number in range(30)))
    told.check()
    told.show("A")
    told.check()
    assert "Proof: watch evidence " in told.hooked("/ops")[-1]["message"]
