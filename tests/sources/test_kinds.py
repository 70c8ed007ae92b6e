"""Each kind of the catalog, on handmade pages in the form of its site's.

`catalog/KIND.html` (or .xml, ...) is the page; `KIND.1.json`, `KIND.2.xml` are the pages of a kind with several
requests, in order; `KIND.toml` has its required options. `KIND.expected.json` has the requests and the entries: where
it is missing it is written, and the test fails until somebody has reviewed it. Where no saved page was the model,
`KIND.note.md` names the source; the test then proves only that the kind reads its fixture.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from sources import Source
from sources.loader import kind, kinds
from sources.model import Topic
from watcher.trials.captures import BESIDE, dump, read_captures

FOLDER = Path(__file__).with_name("kinds")
ROOT = Path(__file__).parents[2]
KINDS = sorted(kinds())


def beside(name: str, suffix: str) -> Path:
    return FOLDER / f"{name}{suffix}"


def pages(name: str) -> list[Path]:
    return sorted(each for each in FOLDER.glob(f"{name}.*") if not each.name.endswith(BESIDE))


def made(name: str) -> Source:
    options = beside(name, ".toml")
    return kind(name).model_validate(tomllib.loads(options.read_text("utf-8")) if options.exists() else {})


def run(name: str) -> dict[str, list[dict[str, Any]]]:
    """All that the kind asks and reads, each request answered with the next page."""
    seen = dump(read_captures(made(name), pages(name), alone=False))
    assert len(seen["requests"]) >= len(pages(name)), "more pages than requests"
    return seen


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_reads_in_its_fixture_what_is_expected(name: str) -> None:
    assert pages(name), f"the kind {name} has no fixture: write tests/sources/kinds/{name}.html, or the like"
    seen, expected = run(name), beside(name, ".expected.json")
    if not expected.exists():
        expected.write_text(json.dumps(seen, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"{expected.name} was missing and has been written: read it, mend it, add it")
    assert seen == json.loads(expected.read_text("utf-8"))
    assert seen["entries"]


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_says_what_proves_it(name: str) -> None:
    found, note = kind(name), beside(name, ".note.md")
    assert found.proven, f"{name}: say what proves it: captures, documents or hearsay"
    assert note.exists() == (found.proven != "captures"), f"{note.name}: what was the fixture written from?"
    if "url" in made(name).model_fields_set:  # a kind that reads any site
        return
    assert found.imprint.publisher, f"{name}: say who publishes it, where, and on what topics (imprint)"
    assert re.fullmatch("[A-Z]{2}|int", found.imprint.jurisdiction)
    assert set(found.imprint.topics) & set(get_args(Topic)) == set(found.imprint.topics) != set()
    dated = re.fullmatch(r"\d{4}(-\d\d){0,2}", found.imprint.verified)
    assert dated or found.proven != "captures", f"{name}: say the date of its newest saved page (imprint)"
    assert re.fullmatch(r"https?://\S+", found.documented)
    assert found.asks
    assert found.default_label or any(field.is_required() for field in found.model_fields.values())


def test_no_file_lies_here_for_a_kind_that_is_gone() -> None:
    assert {each.name.split(".")[0] for each in FOLDER.iterdir()} == set(KINDS)


def row(name: str) -> str:
    """The kind's row in docs/kinds-catalog.md."""
    model = kind(name)
    options = [
        f"`{option}`{' (required)' if field.is_required() else ''}"
        for option, field in model.model_fields.items()
        if field.is_required() or (option not in Source.model_fields and option not in _inherited(model))
    ]
    summary = (model.__doc__ or "").partition("\n")[0].replace("|", "\\|")
    proven = "" if model.proven == "captures" else f" ({model.proven})"
    cells = (f"`{name}`{proven}", summary, ", ".join(options), model.asks)
    return f"| {' | '.join(str(cell) for cell in cells)} |".replace("  ", " ")


def _inherited(model: type[Source]) -> set[str]:
    return set(model.__mro__[1].model_fields) if issubclass(model.__mro__[1], Source) else set()


@pytest.mark.parametrize("name", [name for name in KINDS if kind(name).documented])
def test_the_documents_have_its_row(name: str) -> None:
    assert row(name) in (ROOT / "docs" / "kinds-catalog.md").read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", [name for name in KINDS if kind(name).wire == "http"])
def test_another_address_takes_the_place_of_the_kind_s_own(name: str) -> None:
    options = made(name).model_dump(exclude_unset=True, exclude={"url"})
    moved = kind(name).model_validate(options | {"url": "http://127.0.0.1:9/mirror"})
    assert moved.start().url.startswith("http://127.0.0.1:9/mirror")
