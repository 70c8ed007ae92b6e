"""docs/write-a-kind.md, followed literally: its package is installed, its commands are run, its fixture is tested."""

from __future__ import annotations

import importlib.util
import os
import re
import site as python_site
import subprocess
import venv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sources import Entry, Get, Page, Source
from tests.sources import test_kinds as catalog

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs/write-a-kind.md").read_text(encoding="utf-8")


class Blocks(NamedTuple):
    """The blocks of the document, in its order."""

    kind: str
    pyproject: str
    test: str
    watch: str
    commands: str
    search: str
    row: str
    page: str
    options: str
    note: str


BLOCKS = Blocks(*re.findall(r"```\w+\n(.*?)```", TEXT, re.DOTALL))


def made(source: str, name: str) -> type[Source]:
    """The class of a block of Python."""
    spec = importlib.util.spec_from_loader("my_package", loader=None)
    assert spec
    module = importlib.util.module_from_spec(spec)
    exec(compile(source, "write-a-kind.md", "exec"), vars(module))
    found: type[Source] = vars(module)[name]
    return found


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The package of the document in a folder, and `.venv`, an environment of its own that sees what is installed here."""
    for name, text in (
        ("my_package/__init__.py", BLOCKS.kind),
        ("pyproject.toml", BLOCKS.pyproject),
        ("test_crates.py", BLOCKS.test),
        ("watch.toml", BLOCKS.watch),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    venv.create(tmp_path / ".venv", symlinks=True, with_pip=False)
    (packages,) = (tmp_path / ".venv/lib").glob("python*/site-packages")
    seen = "; ".join(f"site.addsitedir({folder!r})" for folder in python_site.getsitepackages())
    (packages / "seen.pth").write_text(f"{ROOT}\nimport site; {seen}\n", encoding="utf-8")
    script = tmp_path / ".venv/bin/watch"
    script.write_text(f'#!/bin/sh\nexec "{tmp_path}/.venv/bin/python" -m watcher.cli "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return tmp_path


@pytest.mark.timeout(300)
def test_each_command_works(package: Path, site: Any) -> None:
    site.page("/api/serde", {"versions": [{"num": f"1.0.{number}", "yanked": False} for number in range(4)]})
    toml = package / "watch.toml"
    stand_in = (
        BLOCKS.watch.replace("[http]\n", '[http]\nprivate_addresses = "allow"\n') + f'url = "{site.url("/api")}"\n'
    )
    toml.write_text(stand_in, encoding="utf-8")
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    environment = {"PATH": os.environ["PATH"], "HOME": str(package), "LANG": "C.UTF-8", **offline}
    said = []
    for line in BLOCKS.commands.splitlines():
        ran = subprocess.run(
            ["sh", "-c", line], cwd=package, env=environment, capture_output=True, text=True, timeout=200, check=False
        )
        assert ran.returncode == 0, (line, ran.stdout, ran.stderr)
        said.append(ran.stdout)
    installed, tested, explained, tried = said
    assert "Successfully installed my-package" in installed
    assert "1 passed" in tested
    assert "New versions of one crate on crates.io." in explained
    assert tried.endswith("4 entries on 1 page, of which these are the first 3\n")


def test_its_fixture_is_what_the_tests_of_the_catalog_ask_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, name = tmp_path / "catalog", "crates_versions"
    found = made(BLOCKS.kind, "CratesVersions")
    found.kind = name
    for file, text in (
        (f"{name}.json", BLOCKS.page),
        (f"{name}.toml", BLOCKS.options),
        (f"{name}.note.md", BLOCKS.note),
    ):
        folder.mkdir(exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/kinds-catalog.md").write_text(BLOCKS.row, encoding="utf-8")
    monkeypatch.setattr(catalog, "FOLDER", folder)
    monkeypatch.setattr(catalog, "ROOT", tmp_path)
    monkeypatch.setattr(catalog, "kind", lambda _: found)
    with pytest.raises(pytest.fail.Exception, match=r"was missing and has been written"):
        catalog.test_a_kind_reads_in_its_fixture_what_is_expected(name)
    catalog.test_a_kind_reads_in_its_fixture_what_is_expected(name)
    catalog.test_a_kind_says_what_proves_it(name)
    catalog.test_the_documents_have_its_row(name)
    catalog.test_another_address_takes_the_place_of_the_kind_s_own(name)


def test_the_kind_that_asks_several_times_reads_its_answers() -> None:
    source = made(BLOCKS.search, "Search").model_validate({"name": "Telegram"})

    def answer(get: Get, body: bytes) -> Page:
        return Page(get, get.url, 200, {}, body, datetime(2025, 7, 17, tzinfo=UTC))

    first = source.start()
    assert first.reader == "token"
    (second,) = source.token(answer(first, b'{"t": "abc"}'))  # type: ignore[attr-defined]
    assert second.url == "https://register.example/result/abc"
    (again,) = source.parse(answer(second, b'{"status": "wait"}'))
    assert isinstance(again, Get)
    assert again.after == 2
    (entry,) = source.parse(answer(again, b'{"rows": [{"o": "7", "n": "Telegram"}]}'))
    assert isinstance(entry, Entry)
    assert (entry.key, entry.title) == ("7", "Telegram")
