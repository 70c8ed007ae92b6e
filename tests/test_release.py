"""A release: built twice it is the same to the byte, and complete; the changelog has its kinds; the parts are listed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source archive, made from a copy without git and without tags."""
    folder = tmp_path_factory.mktemp("dist")
    copy = folder / "copy"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no clone: there is nothing to say which files are the project's")
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    for target in ("one", "two"):
        build(copy, folder / target)
    return folder


def build(source: Path, target: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(target)],
        cwd=source,
        check=True,
        capture_output=True,
        timeout=100,
    )


def files_of(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def test_a_release_is_the_same_to_the_byte_each_time(built: Path) -> None:
    one, two = ({file.name: file.read_bytes() for file in (built / name).iterdir()} for name in ("one", "two"))
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert sorted(one) == [f"registry_watch-{version}-py3-none-any.whl", f"registry_watch-{version}.tar.gz"]
    assert one == two


def test_the_wheel_has_the_documents_the_man_page_and_the_completion(built: Path) -> None:
    (wheel,) = (built / "one").glob("*.whl")
    names = {re.sub(r"^.*\.data/data/", "", name) for name in zipfile.ZipFile(wheel).namelist()}
    assert {
        "share/man/man1/registry-watch.1",
        "share/doc/registry-watch/operate.md",
        "share/bash-completion/completions/registry-watch",
        "share/zsh/site-functions/_registry-watch",
        "share/fish/vendor_completions.d/registry-watch.fish",
        "share/registry-watch/systemd/registry-watch.service",
    } <= names
    assert not any(name.startswith("tests/") for name in names)


def test_the_source_archive_has_every_file_of_the_project_and_builds_the_same_wheel(
    built: Path, tmp_path: Path
) -> None:
    (archive,) = (built / "one").glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    lost = files_of(built / "copy") - files_of(folder)
    assert not [name for name in lost if not name.endswith(".pyc")]  # of the hook that builds
    build(folder, tmp_path / "again")
    (again,) = (tmp_path / "again").glob("*.whl")
    assert again.read_bytes() == next((built / "one").glob("*.whl")).read_bytes()


def test_the_changelog_has_its_kinds_and_the_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    releases = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert releases[0] == "Unreleased" or releases[0].startswith(version)
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= KINDS


def test_the_version_stands_in_one_place() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    code = [file for package in ("watcher", "alerts", "state", "sources") for file in (ROOT / package).rglob("*.py")]
    assert [file for file in code if f'"{version}"' in file.read_text("utf-8")] == []


def test_the_parts_of_a_release_are_listed_with_hashes_and_twice_the_same(tmp_path: Path) -> None:
    for name in ("one", "two"):
        command = [sys.executable, "-W", "error", ".ci/sbom.py", "requirements.txt", str(tmp_path / name)]
        subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    listed = json.loads((tmp_path / "one").read_text("utf-8"))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    parts = {part["name"]: part for part in listed["components"]}
    assert set(parts) == set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE))
    assert all(part["externalReferences"][0]["hashes"] for part in parts.values())
    assert (listed["bomFormat"], listed["metadata"]["component"]["name"]) == ("CycloneDX", "registry-watch")
