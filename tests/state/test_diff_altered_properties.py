"""Of any register, the difference by its altered records is the one of its whole pages: in all that is told and stored.

How often the altered records were enough is counted, and has to be often: else this would show nothing.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import strategies as st

from sources import Source, SourceError
from sources.formats import records
from sources.loader import kind
from tests.altered import compare_any, page_of, source_of
from tests.fuzzing import fuzz, fuzzed
from tests.odd_documents import DRAFTS, draw

CUT = [name for name in DRAFTS if kind(name).cut is not Source.cut]
OFTEN = 0.1  # of the registers that can be read before and after
ENOUGH = 40  # registers to say so


@fuzzed
@pytest.mark.parametrize("name", CUT)
def test_altered_records_of_any_register_tell_what_its_whole_pages_tell(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Counter[str]()

    def check(number: int) -> None:
        chance, drawn = random.Random(number), draw(name, number)
        monkeypatch.setattr(records, "_NEAR", chance.choice((1, 2, 30, 1 << 12)))
        monkeypatch.setattr(records, "_APART", chance.choice((1, 50, 1 << 19)))
        monkeypatch.setattr(records, "_BLOCK", chance.choice((1, 16, 100, 1 << 20)))
        source = source_of(drawn.kind, **drawn.options)
        before, after = (page_of(body, drawn.content_type) for body in (drawn.before, drawn.after))
        try:
            found = compare_any(source, before, after)
        except SourceError:  # as it was it cannot be read, so there is nothing to compare with
            seen["unreadable"] += 1
            return
        seen["altered" if found.altered is not None else "refused" if found.error else "whole"] += 1
        if found.altered is not None:
            assert not found.error, f"{number}: {found.error}"
            assert found.altered == found.whole, number

    fuzz(f"altered records, {name}", check, st.integers(0, 2**40))
    print(dict(seen))
    if seen.total() > ENOUGH:
        assert seen["altered"] >= OFTEN * (seen["altered"] + seen["whole"])
