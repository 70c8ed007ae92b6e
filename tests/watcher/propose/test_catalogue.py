"""The kinds that some words find."""

from __future__ import annotations

import pytest

from sources.loader import kinds
from watcher.propose.catalogue import find_kinds


@pytest.mark.parametrize(
    ("words", "found", "first"),
    [
        ("ofac", {"ofac_sdn", "ofac_actions"}, "ofac_actions"),
        ("OFAC_sdn", {"ofac_sdn"}, "ofac_sdn"),
        ("sdn  Ofac", {"ofac_sdn"}, "ofac_sdn"),
        ("sanctions nations", {"un_sanctions"}, "un_sanctions"),
        ("gb companies", {"companies_house", "uk_gazette"}, "companies_house"),
        ("federal", {"federal_register", "pacer_rss", "egrul", "courtlistener"}, "federal_register"),
        ("duma", {"duma_bills"}, "duma_bills"),
    ],
)
def test_every_word_counts_wherever_it_stands(words: str, found: set[str], first: str) -> None:
    answer = list(find_kinds(words, kinds()))
    assert found <= set(answer)
    assert answer[0] == first


@pytest.mark.parametrize("words", ["", "  ", "ofac moon", "fac", ".*"])
def test_what_no_kind_has_finds_none(words: str) -> None:
    assert find_kinds(words, kinds()) == {}
