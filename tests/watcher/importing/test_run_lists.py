"""Lists as people have them, imported whole: how much of each becomes a source, what is left and why; and the sources
are then read from pages on loopback. The lists were written for these tests after those of manuals and questions.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.watcher.importing import stand_ins

HERE = Path(__file__).parent
LOOPBACK = '[http]\nprivate_addresses = "allow"\nspacing = "0s"\nuser_agent = "test (+mailto:desk@example.org)"\n'
# the list, how many of how many jobs become sources, and a word of each reason
LISTS: dict[str, tuple[int, int, list[str]]] = {
    "urlwatch/first-list.yaml": (6, 7, ["runs a program"]),
    "urlwatch/releases-of-programs.yaml": (3, 3, []),
    "urlwatch/parts-of-pages.yaml": (8, 8, []),
    "urlwatch/feeds-as-xml.yaml": (3, 4, ["XML"]),
    "urlwatch/programs-and-documents.yaml": (5, 7, ["runs a program", "picture"]),
    "urlwatch/apis.yaml": (3, 4, ["map(select"]),
    "urlwatch/one-sample-job.yaml": (1, 1, []),
    "urlwatch/javascript-everywhere.yaml": (3, 3, []),
    "urlwatch/many-alike.yaml": (2, 3, ["text()"]),
    "urlwatch/questions.yaml": (4, 6, ["hooks.py", "ftp"]),
    "changedetection/first-start.json": (2, 2, []),
    "changedetection/an-xpath-watch.json": (1, 1, []),
    "changedetection/events-without-chatter.json": (1, 1, []),
    "changedetection/project-files.json": (1, 2, ["XML"]),
    "changedetection/shop.json": (2, 3, ["prices"]),
    "changedetection/apis.json": (3, 4, ["several paths"]),
    "changedetection/requests.json": (3, 4, ["time of the check"]),
    "changedetection/browser-by-default.json": (2, 2, []),
    "changedetection/groups.json": (2, 2, []),
    "changedetection/old-version.json": (1, 3, ["no host", "not an object"]),
}


@pytest.fixture
def imported(site: Any, configure: Callable[..., Path], watch: Callable[..., Any], folder: Path) -> Any:
    """Imports a list whose addresses are on loopback, and returns what the command said."""

    def run(name: str, *options: str) -> dict[str, Any]:
        stand_ins.serve(site)
        configure(LOOPBACK)
        file = folder / Path(name).name
        file.write_text((HERE / name).read_text("utf-8").replace("{site}", site.url("").rstrip("/")), "utf-8")
        result: dict[str, Any] = json.loads(watch("import", str(file), "--yes", "--json", *options).out)
        return result

    return run


@pytest.mark.parametrize("name", LISTS)
def test_a_list_becomes_sources_that_can_be_read(name: str, imported: Any, watch: Callable[..., Any]) -> None:
    good, jobs, reasons = LISTS[name]
    result = imported(name)
    assert (len(result["imported"]), result["jobs"]) == (good, jobs), result
    assert all(word in left["reason"] for word, left in zip(reasons, result["left"], strict=True)), result["left"]
    assert watch("check-config").code == 0
    sources = tomllib.loads(Path("watch.toml").read_text("utf-8"))["sources"]
    plain = [each for each, keys in sources.items() if keys.get("fetch") != "browser"]  # the others need Chromium
    chosen = [word for each in plain for word in ("--source", each)]
    checked = json.loads(watch("--once", "--json", *chosen).out)["sources"] if plain else []
    assert [source["status"] for source in checked] == ["baseline"] * len(plain), checked


def test_what_has_no_counterpart_is_told_by_job(imported: Any) -> None:
    result = imported("urlwatch/many-alike.yaml")
    without = {each["job"].partition(":")[0]: " ".join(each["without"]) for each in result["imported"]}
    assert "re.sub" in without["job 1"]
    assert "ssl_no_verify: certificates are always verified" in without["job 1"]
    assert "header Cookie: it stands in the configuration as it is" in without["job 3"]


def test_an_import_that_is_repeated_adds_nothing(imported: Any, watch: Callable[..., Any], folder: Path) -> None:
    imported("urlwatch/parts-of-pages.yaml")
    before = (folder / "watch.toml").read_bytes()
    ran = watch("import", "parts-of-pages.yaml", "--yes")
    assert (ran.code, (folder / "watch.toml").read_bytes()) == (1, before)
    assert "0 of 8 jobs can be imported" in ran.out
    assert " ".join(ran.out.split()).count("reads the same in the same way") == 8


def test_the_lines_that_a_job_leaves_are_those_that_count(imported: Any, watch: Callable[..., Any]) -> None:
    imported("changedetection/events-without-chatter.json")
    (source,) = json.loads(watch("status", "--json").out)["sources"]
    (entry,) = json.loads(watch("try", source["name"], "--json").out)["entries"]
    assert entry["text"] == "A talk in Berlin"


def test_a_group_that_overrides_its_watches_counts(imported: Any, watch: Callable[..., Any]) -> None:
    imported("changedetection/groups.json")
    names = [source["name"] for source in json.loads(watch("status", "--json").out)["sources"]]
    texts = [json.loads(watch("try", name, "--json").out)["entries"][0]["text"] for name in names]
    assert len(texts) == 2
    assert all("Menu" not in text and "Last updated" not in text and "Bread" in text for text in texts)
