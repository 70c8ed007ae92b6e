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

# Modules that have nothing to do with matching: Telegram is a service that messages are sent with, Google a mail server.
OTHERS = {
    "apprise_service.py",
    "service_answer.py",
    "changes.py",
    "html.py",
    "blocks.py",
    "message.py",
    "rules.py",
    "send.py",
    "summaries.py",
    "titles.py",
}

pytestmark = pytest.mark.skipif(
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


def test_the_labelled_sentences_are_read_with_few_errors(capsys):
    score, watchlist = scorer(), Watchlist(entities())
    gold = score.load(FOLDER / "dev.jsonl")
    findings = {id_: watchlist.findings(Entry(id_, "-", text=item["text"])) for id_, item in gold.items()}
    told = {id_: {f.mention.entity for f in found if not f.against} for id_, found in findings.items()}
    result = score.evaluate({id_: {"labels": sorted(labels)} for id_, labels in told.items()}, gold)
    precision, recall, f1 = score.prf(*(result["total"][name] for name in ("tp", "fp", "fn")))
    with capsys.disabled():
        print(f"\nprecision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")
        for id_, wrong, missed, item in result["errors"]:
            why = {f.mention.entity: f.against or f.how for f in findings[id_]}
            reasons = {entity: why.get(entity, "no listed name is in it") for entity in wrong + missed}
            print(f"{id_} too many {wrong} missed {missed} {json.dumps(reasons, ensure_ascii=False)}: {item['note']}")
    assert precision >= 0.97
    assert recall >= 0.95


def test_no_name_of_the_watchlist_stands_in_the_code():
    names = {name.lower() for entity in entities().values() for name in entity.names}
    long = sorted(name for name in names if len(name) > 4)
    modules = [path for path in (Path(__file__).parents[2] / "alerts").glob("*.py") if path.name not in OTHERS]
    for module in modules:
        code = module.read_text(encoding="utf-8").lower()
        assert not [name for name in long if name in code], module.name
