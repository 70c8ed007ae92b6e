"""The examples of the documents: what they show is what the program takes."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from watcher.cli import command_names
from watcher.commands.init import starting
from watcher.config.load import load

ROOT = Path(__file__).parents[1]
DOCS = sorted([*ROOT.glob("docs/*.md"), ROOT / "README.md"])


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_configuration_that_is_shown_is_toml(path: Path) -> None:
    for block in blocks(path.read_text(encoding="utf-8"), "toml"):
        assert tomllib.loads(block)


@pytest.mark.parametrize("name", ["kinds.md", "kinds-requests.md"])
def test_every_source_that_is_shown_can_be_loaded(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = [each for each in blocks((ROOT / "docs" / name).read_text(encoding="utf-8"), "toml") if "[sources." in each]
    assert len(shown) >= 3
    monkeypatch.setenv("MAIL_PASSWORD", "correct horse")
    for block in shown:
        text = f'[sources.agents]\nkind = "xml"\nurl = "https://un.example"\nitems = "a"\nkey = "b"\n{block}'
        (tmp_path / "watch.toml").write_text(text if ".expect]" in block else block, encoding="utf-8")
        assert load(tmp_path / "watch.toml").sources


def test_the_first_configuration_of_the_readme_can_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_USER", "desk")
    monkeypatch.setenv("SMTP_PASSWORD", "correct horse")
    (block,) = blocks((ROOT / "README.md").read_text(encoding="utf-8"), "toml")
    (tmp_path / "watch.toml").write_text(starting() + block, encoding="utf-8")
    config = load(tmp_path / "watch.toml")
    assert (list(config.sources), list(config.channels)) == (["federal-register"], ["desk"])


def test_every_command_is_documented() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCS)
    assert [name for name in command_names() if f"watch {name}" not in text] == []


def test_every_module_that_a_document_names_is_there() -> None:
    told = [*DOCS, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]
    gone: list[str] = []
    for path in told:
        named = re.findall(
            r"`((?:sources|state|alerts|watcher|tests)/[a-z_0-9/]+\.py)`", path.read_text(encoding="utf-8")
        )
        gone += [f"{path.name}: {name}" for name in named if not (ROOT / name).exists()]
    assert gone == ["write-a-kind.md: sources/kinds/crates_versions.py"]  # which its reader writes


REGISTERED = {"sources/kinds", "watcher/commands"}  # a file there is a kind or a command, which its own help explains
PACKAGES = sorted(
    str(init.parent.relative_to(ROOT))
    for layer in ("sources", "state", "alerts", "watcher")
    for init in (ROOT / layer).rglob("__init__.py")
)


@pytest.mark.parametrize("package", sorted({*PACKAGES} - REGISTERED))
def test_the_map_of_a_package_names_its_modules(package: str) -> None:
    text = ast.get_docstring(ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8"))) or ""
    lines = re.findall(r"^`?([a-z_, ]+)[`/]*  +\S", text, re.MULTILINE)
    named = {name for line in lines for name in re.findall(r"\w+", line)}
    there = {each.stem for each in (ROOT / package).iterdir() if each.suffix == ".py" or [*each.glob("*.py")]}
    assert {name for name in there - {"__init__"} if not re.search(rf"\b{name}\b", text)} == set()
    assert named <= there


def test_no_line_of_prose_is_wider_than_the_code() -> None:
    wide: list[str] = []
    for path in [*DOCS, ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]:
        prose = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        lines = [line for line in prose.splitlines() if not line.startswith(("|", "<", "    "))]
        wide += [f"{path.name}: {line}" for line in lines if len(line) > 120]
    assert wide == []


def test_links_between_the_documents_lead_somewhere() -> None:
    broken, followed = list[str](), 0
    for path in DOCS:
        targets = re.findall(r"\]\(([^)#\s`]+)\)", path.read_text(encoding="utf-8"))
        local = [target for target in targets if "://" not in target]
        followed += len(local)
        broken += [f"{path.name}: {target}" for target in local if not (path.parent / target).exists()]
    assert broken == []
    assert followed > 100
