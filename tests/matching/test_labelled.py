"""The labelled texts of this folder: precision and recall, by language and by class, and the reason for each error.

A text names an entity if it contains a form of its name, in any spelling, case, script or language; knowledge from elsewhere
does not count. Compounds, products and subsidiaries that contain the name count. Links, domains, other people's handles,
namesakes, ordinary words and derived verbs do not. The classes open the notes. People, ships, aircraft and wallets are
invented.

They are every eighth of 4,826 texts, by class, language and set, that rules were written to once: they show what is lost,
and no more. What is won is measured on texts that nobody wrote for a rule: `make bench BENCH=sentences`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.matching.watchlist import Watchlist
from alerts.options import Entity
from sources import Entry

FOLDER = Path(__file__).parent
PRECISION, RECALL = 0.90, 0.82


@pytest.fixture(scope="module")
def texts() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / "labelled.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def watchlists() -> dict[str, Watchlist]:
    sets = yaml.safe_load((FOLDER / "labelled.yaml").read_text(encoding="utf-8"))
    return {
        name: Watchlist({item.pop("id"): Entity.model_validate(item) for item in listed})
        for name, listed in sets.items()
    }


def rates(right: int, wrong: int, missed: int) -> tuple[float, float]:
    return right / max(1, right + wrong), right / max(1, right + missed)


def test_half_of_the_labelled_texts_name_nobody_and_they_are_in_many_languages(texts):
    assert len(texts) >= 600
    assert sum(not item["labels"] for item in texts) >= 0.45 * len(texts)
    assert len({item["lang"] for item in texts}) >= 39


def test_entities_are_found_under_every_spelling_and_not_under_somebody_elses_name(texts, watchlists, capsys):
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    errors = []
    for item in texts:
        findings = watchlists[item["set"]].findings(Entry(item["id"], "-", text=item["text"]))
        told, want = {found.entity for found in findings if not found.against}, set(item["labels"])
        for group in ("all", f"language {item['lang']}", f"class {item['note'].partition(']')[0][1:]}"):
            for place, part in enumerate((told & want, told - want, want - told)):
                counts[group][place] += len(part)
        errors += [f"{item['id']} {item['note']} {sorted(told)} for {sorted(want)}: {item['text']}"] * (told != want)
    with capsys.disabled():
        for group, count in sorted(counts.items()):
            precision, recall = rates(*count)
            print(f"{group:20} precision {precision:.3f}  recall {recall:.3f}   right {count[0]} wrong {count[1]}")
        print("\n".join(errors))
    precision, recall = rates(*counts["all"])
    assert precision >= PRECISION
    assert recall >= RECALL
