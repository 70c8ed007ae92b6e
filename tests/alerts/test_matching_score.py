"""The labelled sentences, if available: precision and recall, and the reason for each remaining error."""

from __future__ import annotations

import json
import os
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.matching.watchlist import Watchlist
from alerts.options import Entity
from sources import Entry

FOLDER = Path(__file__).parents[3] / "shared" / "matching"

WELL_KNOWN = "established"
"""What names well-known companies as data: how other scripts write them."""
OTHERS = {
    "apprise_service.py",
    "service_answer.py",
    "changes.py",
    "html.py",
    "blocks.py",
    "message.py",
    "rules.py",
    "send.py",
}
"""Modules outside of recognition and matching: Telegram is a service that messages are sent with, Google a mail server."""
OTHERS |= {"summaries.py", "titles.py"}
WATCHED = (
    "telegram",
    "телеграм",
    "whatsapp",
    "signal",
    "вконтакте",
    "дуров",
    "durov",
    "roskomnadzor",
    "роскомнадзор",
    "google",
)
WATCHED += ("meta platforms", "эппл", "гугл", "binance", "бинанс", "tether", "garantex", "гарантекс", "tornado")
"""The names of the labelled sentences."""

missing = pytest.mark.skipif(
    not FOLDER.is_dir() and os.environ.get("CI") != "true",
    reason="the labelled sentences are not part of the repository: they are looked for in ../shared/matching",
)


def entities() -> dict[str, Entity]:
    listed = yaml.safe_load((FOLDER / "watchlist.yaml").read_text(encoding="utf-8"))["entities"]
    return {item.pop("id"): Entity.model_validate(item) for item in listed}


def scorer() -> Any:
    spec = spec_from_file_location("score", FOLDER / "score.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@missing
def test_the_labelled_sentences_are_read_with_few_errors(capsys):
    score, watchlist = scorer(), Watchlist(entities())
    gold = score.load(FOLDER / "dev.jsonl")
    findings = {id_: watchlist.findings(Entry(id_, "-", text=item["text"])) for id_, item in gold.items()}
    told = {id_: {f.entity for f in found if not f.against} for id_, found in findings.items()}
    result = score.evaluate({id_: {"labels": sorted(labels)} for id_, labels in told.items()}, gold)
    precision, recall, f1 = score.prf(*(result["total"][name] for name in ("tp", "fp", "fn")))
    with capsys.disabled():
        print(f"\nprecision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")
        for id_, wrong, missed, item in result["errors"]:
            why = {f.entity: f.against or f.how for f in findings[id_]}
            reasons = {entity: why.get(entity, "no listed name is in it") for entity in wrong + missed}
            print(f"{id_} too many {wrong} missed {missed} {json.dumps(reasons, ensure_ascii=False)}: {item['note']}")
    assert precision >= 0.95
    assert recall >= 0.93


def test_no_name_of_the_watchlist_stands_in_the_code():
    """Established names are data, and `words.toml` has words that are ordinary ones of a language."""
    package = Path(__file__).parents[2] / "alerts"
    modules = sorted(
        path
        for path in package.rglob("*.py")
        if path.parent.name in {"recognition", "matching"}
        or "recognition" in path.parts
        or (path.parent == package and path.name not in OTHERS)
    )
    assert len(modules) > 40
    assert {"recognizer.py", "longer_names.py", "watchlist.py"} <= {path.name for path in modules}
    for module in modules:
        code = module.read_text(encoding="utf-8").lower()
        if module.stem != WELL_KNOWN:
            assert not [name for name in WATCHED if name in code], module.name


@missing
def test_the_names_that_are_looked_for_in_the_code_are_those_of_the_watchlist():
    listed = {name.lower() for entity in entities().values() for name in entity.names}
    assert all(any(name in known for known in listed) for name in WATCHED)
