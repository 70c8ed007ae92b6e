"""`watch evidence`: a folder that others can check, with commands that print what the page says."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from watcher.trials.saved_pages import proof_pages

COMMAND = re.compile(r'<pre class="command">(.*?)</pre>(?:<pre class="answer">(.*?)</pre>)?', re.DOTALL)


@pytest.fixture
def changed(kept: Any) -> Any:
    """Evidence of a baseline and of a change (#2), with a check in between that found nothing."""
    kept.configure(more='[entities.telegram]\nnames = ["Telegram"]')
    kept.check()
    kept.check()
    kept.show("B", headers={"Set-Cookie": "session=1"})
    kept.check()
    return kept


def steps(page: str) -> list[tuple[str, str]]:
    return [(unescape(command), unescape(answer)) for command, answer in COMMAND.findall(page)]


def shown(folder: Path, event: int) -> str:
    """The page of a proof as it is seen, with its tags."""
    return re.sub(
        "&#\\d+;", lambda found: unescape(found[0]), (folder / f"proof-{event}" / "proof.html").read_text("ascii")
    )


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    argv = ["sh", "-c", command]
    return subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=30, check=False)


def test_a_proof_has_all_that_is_needed_to_check_it(changed: Any, watch: Callable[..., Any], folder: Path) -> None:
    assert watch("evidence", "#2").code == 0
    proof = folder / "proof-2"
    assert sorted(file.name for file in proof.iterdir()) == [
        "chain.jsonl",
        "page-after.json",
        "page-before.json",
        "pages.warc.gz",
        "proof.html",
    ]
    assert b'"branch": "B"' in (proof / "page-after.json").read_bytes()
    assert b'"branch": "A"' in (proof / "page-before.json").read_bytes()
    assert watch("verify", str(proof)).code == 0


def test_its_commands_print_what_it_says(changed: Any, watch: Callable[..., Any], folder: Path) -> None:
    watch("evidence", "2")
    proof = folder / "proof-2"
    found = steps((proof / "proof.html").read_text())
    assert len(found) >= 5
    for command, answer in found:
        ran = run(command, proof)
        assert (ran.returncode, ran.stderr) == (0, ""), command
        assert ran.stdout.strip() == answer.strip() if answer else ran.stdout, command


def test_of_a_change_that_was_taken_back_it_names_the_record_with_the_page(
    changed: Any, watch: Callable[..., Any], folder: Path
) -> None:
    changed.show("A")
    changed.check()
    watch("evidence", "3")
    page, commands = shown(folder, 3), steps((folder / "proof-3" / "proof.html").read_text())
    told = re.search(
        r"Record (\d+) holds the server's answer. The page in it is the very one that record (\d+) holds", page
    )
    assert told
    assert f"Record {told[2]} holds that page with the server's answer around it" in page
    read = [run(command, folder / "proof-3").stdout for command, _ in commands if "gzip -dc" in command]
    assert ['"branch": "A"' in each for each in read] == [True, False]
    for command, answer in commands:
        assert run(command, folder / "proof-3").stdout.strip() == answer.strip() or not answer


def test_the_commands_notice_a_forged_page(changed: Any, watch: Callable[..., Any], folder: Path) -> None:
    watch("evidence", "2")
    proof = folder / "proof-2"
    (command, answer), *_ = steps((proof / "proof.html").read_text())
    (proof / "page-after.json").write_text('[{"name": "Telegram", "branch": "C"}]')
    ran = run(command, proof)
    assert ran.stdout.strip() != answer


def test_the_page_tells_what_changed_and_between_when(changed: Any, watch: Callable[..., Any], folder: Path) -> None:
    watch("evidence", "2")
    page = shown(folder, 2)
    about = changed.told()[-1]
    assert "“Telegram” was changed" in page
    assert '<td class="before"><p>A</p></td><td class="after"><p>B</p></td>' in page
    for at in (about["before"]["checked"], about["pages"][0]["fetched"]):
        assert at[:19].replace("T", " ") in page
    assert about["pages"][0]["sha256"] == sha256((folder / "proof-2" / "page-after.json").read_bytes()).hexdigest()
    assert "response header Set-Cookie: value removed" in page


def test_nothing_in_the_page_is_loaded_or_run(changed: Any, watch: Callable[..., Any], folder: Path) -> None:
    changed.show('<script>alert(1)</script>"&', "B<img src=x>")
    changed.check()
    watch("evidence", "3")
    page = shown(folder, 3)
    assert "&lt;script&gt;" in page
    assert re.findall(r"<(?:script|img|link|iframe)|<[^>]*\bsrc=", page) == []


def test_a_zip_holds_the_same(changed: Any, watch: Callable[..., Any], folder: Path) -> None:
    watch("evidence", "2")
    assert watch("evidence", "2", "--out", "two.zip").code == 0
    with zipfile.ZipFile("two.zip") as packed:
        names = {Path(name).name: packed.read(name) for name in packed.namelist()}
    assert names == {file.name: file.read_bytes() for file in (folder / "proof-2").iterdir()}
    assert watch("verify", "two.zip").code == 0


def test_a_proof_that_was_tampered_with_is_found(changed: Any, watch: Callable[..., Any], folder: Path) -> None:
    watch("evidence", "2")
    warc = folder / "proof-2" / "pages.warc.gz"
    content = bytearray(warc.read_bytes())
    content[len(content) // 2] ^= 1
    warc.write_bytes(content)
    ran = watch("verify", "proof-2")
    assert (ran.code, "were altered" in ran.err) == (1, True)


TOLD = {
    "{source}: “{title}” was changed": "{source}: „{title}“ wurde geändert",
    "The entry “{title}” still read as before at {before} and read differently at {seen}.": (
        "Der Eintrag „{title}“ lautete um {before} wie zuvor und um {seen} anders."
    ),
    "as before": "wie zuvor",
    "the page in which it was seen": "die Seite, in der es stand",
    "Record {record} tells what changed, and when.": "Satz {record} sagt, was sich wann änderte.",
}


def test_a_proof_speaks_the_language_of_the_configuration_and_proves_the_same_in_every_one(
    changed: Any, watch: Callable[..., Any], folder: Path, catalogue: Callable[..., None]
) -> None:
    watch("evidence", "2", "--out", "english")
    catalogue(TOLD)
    changed.configure(evidence='language = "de"\n[evidence]')
    assert "proof-2" in watch("evidence", "2").out
    page = shown(folder, 2)
    for part in (
        '<html lang="de">',
        "list: „Telegram“ wurde geändert",
        "Der Eintrag „Telegram“ lautete um <b>",
        "<b>wie zuvor</b>",
        "die Seite, in der es stand, ",
        "sagt, was sich wann änderte. ",
    ):
        assert part in page
    english, german = (
        {file.name: file.read_bytes() for file in (folder / name).iterdir()} for name in ("english", "proof-2")
    )
    assert english.pop("proof.html") != german.pop("proof.html")
    assert english == german
    changed.configure(evidence='language = "ar"\n[evidence]')
    for proof in ("english", "proof-2"):
        assert watch("verify", proof).code == 0
    (folder / "proof-2" / "proof.html").write_text(
        page.replace("wurde", "ward").encode("ascii", "xmlcharrefreplace").decode()
    )
    assert watch("verify", "proof-2").code == 1
    watch("evidence", "2", "--out", "arabic")
    told = (folder / "arabic" / "proof.html").read_text("ascii")
    assert '<html lang="ar" dir="rtl">' in told
    assert "pre, code { direction: ltr;" in told
    assert watch("verify", "arabic").code == 0
    for command, answer in steps(told):
        if answer:
            assert run(command, folder / "arabic").stdout.strip() == answer


PAGE = "<html><body><ul><li>Telegram, {branch}</ul>{more}</body></html>"


@pytest.fixture
def given(kept: Any, once: Callable[..., None], folder: Path) -> Path:
    """The proof of a change on a web page, in a folder."""

    def make() -> None:
        source = f'[sources.list]\nkind = "list"\nurl = "{kept.site.url("/list")}"\nitem = "li"'
        kept._configure(f'[evidence]\n[http]\nprivate_addresses = "allow"\nspacing = "0s"\n{source}')
        for branch in "AB":
            kept.site.page("/list", PAGE.format(branch=branch, more="<p>x</p>" * 50).encode(), type="text/html")
            kept.check()
        assert kept.run("evidence", "2", "--out", "given").code == 0

    once(make)
    return folder / "given"


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_each_file_of_a_proof_that_is_altered_missing_added_or_renamed_is_named(
    given: Path, watch: Callable[..., Any], packed: bool
) -> None:
    names = sorted(file.name for file in given.iterdir())
    assert {"page-after.html.txt", "page-after.txt", "proof.html"} < set(names)

    def found(name: str) -> bool:
        ran = watch("verify", shutil.make_archive("given", "zip", given) if packed else str(given))
        return ran.code == 1 and (name in " ".join(ran.err.split()) or name == "chain.jsonl")

    for name in names:
        file, content = given / name, (given / name).read_bytes()
        middle = len(content) // 2
        for altered in (content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :], content + b" ", b""):
            file.write_bytes(altered)
            assert found(name), altered[:50]
        file.unlink()
        assert found(name)
        (given / f"old-{name}").write_bytes(content)
        assert found(name)
        (given / f"old-{name}").rename(file)
        (given / f"{name}.new").write_bytes(content)
        assert found(f"{name}.new")
        (given / f"{name}.new").unlink()
    assert watch("verify", str(given)).code == 0


def test_without_its_page_no_copy_is_said_to_be_altered(given: Path, watch: Callable[..., Any]) -> None:
    (given / "proof.html").unlink()
    said = " ".join(watch("verify", str(given)).err.split())
    assert "proof.html: the file is missing" in said
    assert "the copies of pages were not compared" in said
    assert "altered" not in said


@pytest.mark.parametrize(
    ("before", "after"),
    [("2 UTC", "1 UTC"), ("2 UTC", "2 Asia/Tokyo"), ("2 UTC", "2 Not/There"), ("registry-watch", "other")],
)
def test_what_a_page_says_that_it_was_made_of_is_compared(
    given: Path, watch: Callable[..., Any], before: str, after: str
) -> None:
    page = given / "proof.html"
    page.write_text(page.read_text().replace(before, after, 1))
    assert watch("verify", str(given)).code == 1


def test_records_of_a_stranger_that_unpack_to_much_are_not_unpacked(
    given: Path, watch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.evidence.verification.MOST_DERIVED", 3000)
    ran = watch("verify", str(given))
    assert (ran.code, "unpack to more than" in " ".join(ran.err.split())) == (1, True)


def test_a_baseline_and_a_doubt_can_be_shown_too(kept: Any, watch: Callable[..., Any], folder: Path) -> None:
    kept.configure(more='[channels.desk]\nurl = "json://127.0.0.1:1/"\n[[alerts]]\nhealth = true\nto = ["desk"]')
    kept.show("A", *(f"Company {number}" for number in range(30)))
    kept.check()
    kept.show("A")
    kept.check()
    assert [watch("evidence", number).code for number in ("1", "2")] == [0, 0]
    assert [watch("verify", f"proof-{number}").code for number in ("1", "2")] == [0, 0]
    assert "the first look, 31 entries" in shown(folder, 1)
    assert "a page that was not believed" in shown(folder, 2)


def test_an_accepted_change_brings_the_page_as_it_came(kept: Any, watch: Callable[..., Any], folder: Path) -> None:
    kept.show("A", *(f"Company {number}" for number in range(30)))
    kept.check()
    kept.show("A")
    kept.check()
    watch("accept", "list", "--yes", kept.held())
    (event,) = [each for each in json.loads(watch("log", "--json").out)["changes"] if each["title"] == "Company 7"]
    assert watch("evidence", str(event["id"])).code == 0
    page = shown(folder, event["id"])
    assert "<th>Server</th><td><code>127.0.0.1</code>" in page
    assert "“Company 7” was removed" in page
    assert watch("verify", f"proof-{event['id']}").code == 0


def test_a_held_change_is_shown_as_one_and_what_became_of_it(
    kept: Any, watch: Callable[..., Any], folder: Path
) -> None:
    kept.configure(
        more='[channels.desk]\nurl = "json://127.0.0.1:1/"\n[[alerts]]\nhealth = true\nto = ["desk"]\n[entities.t]\nnames = ["Telegram"]'
    )
    kept.show("A", *(f"Company {number}" for number in range(30)))
    kept.check()
    kept.show("B")
    kept.check()
    watch("accept", "list", "--yes", kept.held())
    events = {number: kept.run("evidence", str(number)) for number in (2, 3, 4, 5)}  # doubt, held, recovery, change
    assert {number: ran.code for number, ran in events.items()} == dict.fromkeys(events, 0)
    lost = "30 of 31 entries gone at once"
    held, recovery, change = (" ".join(shown(folder, number).split()) for number in (3, 4, 5))
    assert "a page that was not believed" in held
    assert re.search(f"still read as before at .* and read differently at .* was kept: {lost}", held)
    assert re.search('<td class="before"><p>A</p></td> ?<td class="after"><p>B</p></td>', held)
    assert ("a page that was believed" in recovery, "not believed</h1>" in recovery) == (True, False)
    assert all(f"It was not believed at first: {lost}" in page for page in (recovery, change))
    assert "The same check found 30 other changes:" in change
    assert "Last good reading before" in change
    assert "no certificate of it is here" in change
    assert [watch("verify", f"proof-{number}").code for number in events] == [0, 0, 0, 0]


def test_it_outlives_the_log(changed: Any, watch: Callable[..., Any], folder: Path) -> None:
    with sqlite3.connect(changed.state) as connection:
        connection.execute("DELETE FROM events")
    connection.close()
    assert watch("evidence", "2").code == 0
    assert "“Telegram” was changed" in shown(folder, 2)


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["99"], "#99 is not in the log"),
        (["x"], "is not the number of a change"),
        (["2", "--out", "evidence"], "already there"),
        (["2", "--out", "watch.toml"], "already there"),
    ],
)
def test_what_cannot_be_done_is_said(changed: Any, watch: Callable[..., Any], argv: list[str], says: str) -> None:
    ran = watch("evidence", *argv)
    assert (ran.code, says in ran.err) == (2, True)


def test_a_file_that_is_gone_or_altered_is_no_proof(changed: Any, watch: Callable[..., Any]) -> None:
    (file,) = changed.files
    file.write_bytes(file.read_bytes()[:-30])
    assert "is not what the chain says; watch verify" in watch("evidence", "2").err
    shutil.rmtree(changed.folder)
    ran = watch("evidence", "2")
    assert (ran.code, "cannot be read: No such file" in ran.err) == (1, True)


def test_a_replay_of_the_folder_reads_its_page_before_and_after_and_nothing_else(changed: Any, folder: Path) -> None:
    assert changed.run("evidence", "2").code == 0
    replayed = json.loads(changed.run("replay", "list", "proof-2", "--json").out)["steps"]
    assert [(step["file"], step["status"]) for step in replayed] == [
        ("page-before.json", "baseline"),
        ("page-after.json", "ok"),
    ]
    [change] = replayed[1]["changes"]
    assert change["fields"] == {"branch": {"before": "A", "after": "B"}}
    assert "2 captures in the order of before and after: 1 change;" in changed.run("replay", "list", "proof-2").out


def test_of_html_the_page_is_replayed_and_not_its_text(site: Any, kept: Any, folder: Path) -> None:
    page = "<table><tr><th>Name</th><th>Branch</th></tr><tr><td>Telegram</td><td>{}</td></tr></table>"
    kept._configure(
        f'[evidence]\n[http]\nprivate_addresses = "allow"\n'
        f'[sources.table]\nkind = "table"\nurl = "{site.url("/table")}"\nkey = "Name"\n'
    )
    for branch in ("none", "open"):
        site.page("/table", page.format(branch))
        kept.check()
    assert kept.run("evidence", "2").code == 0
    assert (folder / "proof-2/page-after.txt").exists()
    replayed = json.loads(kept.run("replay", "table", "proof-2", "--json").out)["steps"]
    assert [step["file"] for step in replayed] == ["page-before.html.txt", "page-after.html.txt"]
    assert [change["fields"] for change in replayed[1]["changes"]] == [{"Branch": {"before": "none", "after": "open"}}]


def test_a_proof_tells_a_paragraph_that_was_moved_apart_from_those_taken_out_and_put_in(
    site: Any, kept: Any, folder: Path
) -> None:
    kept._configure(
        f'[evidence]\n[http]\nprivate_addresses = "allow"\n'
        f'[sources.terms]\nkind = "text"\nurl = "{site.url("/terms")}"\n'
    )
    for paragraphs in (("Fees.", "Terms.", "Scope."), ("Terms.", "Scope, new.", "Fees.")):
        site.page("/terms", "".join(f"<p>{each}</p>" for each in paragraphs))
        kept.check()
    assert kept.run("evidence", "2").code == 0
    rows = re.findall(r"<tr><th>(text, .*?)</th>\s*<td.*?><p>(.*?)</p>", shown(folder, 2))
    told = {"lines taken out": "Scope.", "lines put in": "Scope, new.", "lines moved": "Fees."}
    assert dict(rows) == {f"text, {how}": line for how, line in told.items()}


def test_a_proof_says_how_many_more_lines_of_a_text_there_are(site: Any, kept: Any, folder: Path) -> None:
    kept._configure(
        f'[evidence]\n[http]\nprivate_addresses = "allow"\n'
        f'[sources.terms]\nkind = "text"\nurl = "{site.url("/terms")}"\n'
    )
    for lines in (1, 250):
        site.page("/terms", "".join(f"<p>Clause {number}.</p>" for number in range(lines)))
        kept.check()
    assert kept.run("evidence", "2").code == 0
    assert "and 49 more lines" in shown(folder, 2)


def test_of_several_pages_of_a_proof_the_first_that_differs_is_replayed(tmp_path: Path) -> None:
    for name in ("proof.html", "pages.warc.gz", "page-before-1.json", "page-after-1.json"):
        (tmp_path / name).write_text("same")
    (tmp_path / "page-before-2.json").write_text("one")
    (tmp_path / "page-after-2.json").write_text("two")
    assert [page.name for page in proof_pages(tmp_path)] == ["page-before-2.json", "page-after-2.json"]
    (tmp_path / "proof.html").unlink()
    assert proof_pages(tmp_path) == []
