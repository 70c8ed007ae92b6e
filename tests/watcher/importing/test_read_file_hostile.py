"""Files that want to do harm, or are no such files at all: an error in one line, and nothing is written."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.torture.measure import cost

LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
ENTITIES = (
    '<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><opml><body><outline text="&b;"/></body></opml>'
)
OUTSIDE = '<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body><outline text="&a;"/></body></opml>'
FILES: dict[str, tuple[str, str]] = {
    "laughs.yaml": (f"url: https://a.example/\n{LAUGHS}", "with those that its aliases stand for"),
    "itself.yaml": ("url: https://a.example/\nfilter: &f [*f]\n", "contains itself"),
    "deep.yaml": (f"url: {'[' * 60}", "nested more than 40 deep"),
    "deeper.yaml": (f"url: {'[' * 100_000}", "nesting depth"),
    "object.yaml": ("url: !!python/object/apply:os.system ['true']\n", "could not determine a constructor"),
    "broken.yaml": ("url: [a\n", "line"),
    "other.yaml": ("services:\n  web:\n    image: x\n", "no job of urlwatch or webchanges"),
    "entities.opml": (ENTITIES, "declares entities"),
    "outside.opml": (OUTSIDE, "references external entity"),
    "deep.opml": (f"<opml>{'<outline>' * 2000}", "not well-formed OPML: Excessive depth"),
    "page.opml": ("<html><body/></html>", "is not OPML"),
    "cut.opml": ("<opml><body>", "not well-formed OPML"),
    "deep.json": ('{"watching": ' + "[" * 100_000, "is not JSON"),
    "words.csv": ("one,two\nthree,four\n", "not a list of addresses"),
}


@pytest.fixture
def refused(configure: Callable[..., Path], watch: Callable[..., Any], folder: Path) -> Callable[..., str]:
    """Imports a file that must not be read, and returns what was said."""

    def run(name: str, content: bytes, *options: str) -> str:
        (folder / name).write_bytes(content)
        config = configure("")
        ran = watch("import", name, "--yes", *options)
        assert (ran.code, config.read_bytes(), len(ran.err.splitlines())) == (2, b"", 1), ran
        return str(ran.err)

    return run


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_in_one_line(name: str, refused: Callable[..., str]) -> None:
    content, said = FILES[name]
    assert said in refused(name, content.encode())


def test_an_archive_that_unpacks_to_gigabytes_is_refused(refused: Callable[..., str]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("url-watches.json", "w") as member:
        for _ in range(60):
            member.write(bytes(1_000_000))
    assert "larger than 50 MB" in refused("bomb.zip", packed.getvalue())


def test_many_members_together_have_one_limit(refused: Callable[..., str]) -> None:
    packed = io.BytesIO()
    watch = json.dumps({"url": "https://a.example/", "title": "x" * 9_000_000})
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("changedetection.json", "{}")
        for number in range(7):
            archive.writestr(f"{number}/watch.json", watch)
    assert "MB" in refused("many.zip", packed.getvalue())


def test_an_archive_that_is_no_backup_or_damaged(refused: Callable[..., str]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "not a backup of changedetection.io" in refused("other.zip", packed.getvalue())
    assert "damaged" in refused("cut.zip", packed.getvalue()[:40])


def test_a_file_that_is_too_large_or_no_text(refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is not UTF-8 text (byte 4)" in refused("latin.csv", b"url,\xe9\nhttps://a.example/,x\n")
    monkeypatch.setattr("watcher.importing.run.MOST_BYTES", 10)
    assert "is larger than" in refused("long.csv", b"url\nhttps://a.example/\n")


def test_names_in_a_file_can_write_nothing_else_into_the_configuration(
    configure: Callable[..., Path], watch: Callable[..., Any], folder: Path
) -> None:
    name = 'x"\n[channels.evil]\nurl = "json://evil.example"\n\x1b[31m # ${HOME}'
    (folder / "urls.yaml").write_text(
        json.dumps({"name": name, "url": "https://a.example/", "filter": ["sort"]}), "utf-8"
    )
    file = configure("")
    ran = watch("import", "urls.yaml", "--yes")
    assert (ran.code, "\x1b" in ran.out) == (0, False)
    assert "[channels" not in [line.strip() for line in file.read_text("utf-8").splitlines()]
    assert "no channels" not in watch("check-config").err
    assert "0 channels" in watch("check-config").out


BAD = {
    "XPath of 990 parentheses": [{"xpath": "(" * 990 + "//a" + ")" * 990}],
    "CSS of 200,000 parts": [{"css": ",".join(["a"] * 200_000)}],
    "CSS in CSS": [{"css": ":not(" * 3000 + "a" + ")" * 3000}],
    "XPath beside CSS": [{"css": ":not(" * 900 + "a" + ")" * 900}, {"xpath": "//a"}],
}


@pytest.mark.parametrize("bad", BAD)
def test_one_bad_job_costs_itself_alone(
    bad: str, configure: Callable[..., Path], watch: Callable[..., Any], folder: Path
) -> None:
    jobs = f"url: https://a.example/\nfilter: {json.dumps(BAD[bad])}\n---\nurl: https://good.example/\n"
    (folder / "jobs.yaml").write_text(jobs)
    config = configure("")
    ran = watch("import", "jobs.yaml", "--yes")
    assert (ran.code, config.read_text().count("[sources.")) == (0, 1), ran
    assert "good.example" in config.read_text()
    assert "left out: job 1: https://a.example/: " in " ".join(ran.out.split())


def test_an_interval_that_no_calendar_has_costs_its_row_alone(
    configure: Callable[..., Path], watch: Callable[..., Any], folder: Path
) -> None:
    (folder / "list.csv").write_text(f"url,every\nhttps://a.example/,{'9' * 5000}s\nhttps://good.example/,1h\n")
    config = configure("")
    ran = watch("import", "list.csv", "--yes")
    assert (ran.code, config.read_text().count("[sources.")) == (0, 1), ran
    assert "longer than any that can be counted" in " ".join(ran.out.split())


def test_names_of_nested_groups_take_no_memory(watch: Callable[..., Any], folder: Path) -> None:
    """90 groups in each other, each with a name of 150 kB, around 2,000 feeds: 3.2 GB, as all names were joined."""
    feeds = "".join(f'<outline text="t" xmlUrl="https://a.example/{number}"/>' for number in range(2000))
    groups = f'<outline text="{"x" * 150_000}">'
    (folder / "list.opml").write_text(f"<opml><body>{groups * 90}{feeds}{'</outline>' * 90}</body></opml>")
    with cost() as costs:
        ran = watch("import", "list.opml", "--json")
    assert json.loads(ran.out)["jobs"] == 2000
    assert costs.memory < 400
