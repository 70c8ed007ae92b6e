"""How a text changed, by words: what stays, what is gone, and what is new. Pure.

    compare_texts(before, after)   all parts; what stays and what is gone is the text before, what stays and what is new
                                   the text after
    set_moved_apart(parts)         the parts without the lines that only stand elsewhere now, and these lines
    find_passages(parts, context)  the edits alone, each with a little of what stands beside it on its line
    word_end(text, most, least)    how much of a text can be shown without cutting a word, or at least a number

difflib's work grows with the square of what it compares, or worse. So equal beginnings and ends are set aside first.
Then what stands once on either side ties the two together, lines first, and words within the lines that differ. What is
left between two ties is compared by difflib, out of a budget; once that is used up, it counts as replaced as a whole.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import Match, SequenceMatcher
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from state.compare.changes import common_prefix, longest_rising

_MOST_STEPS = 500_000  # of difflib for two texts: less than a tenth of a second
_MOST_IN_WORDS = 400_000  # characters in lines that differ, on both sides, that are compared by words
_FEW_LETTERS = 4  # of an equal piece between two longer edits, which is part of them: "of the"

# Chinese, Japanese and Korean have no spaces: each sign is a word. A number or a date is one word, with its signs.
# Punctuation is what no word has in any script; `\w` would leave out the vowel signs of Indian scripts.
_SIGNS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_PUNCTUATION = "!-/:-@\\[-`{-~\u00a1-\u00bf\u2010-\u2027\u2030-\u205e\u3000-\u303f\uff00-\uff65،؛؟"
_GAP = rf"[\s{_SIGNS}]"  # compiled when it is needed: the ranges take long
_WORD = rf"\s+|\d+(?:[.,:/-]\d+)+|[{_SIGNS}]|[^\s{_SIGNS}{_PUNCTUATION}]+|."


class Sign(StrEnum):
    """Where a part stands: in both texts, or in one of them."""

    SAME = "="
    GONE = "-"
    NEW = "+"


class Part(NamedTuple):
    """A part of two texts."""

    sign: Sign
    text: str


class _Edit(NamedTuple):
    """An equal text, and what differs after it."""

    same: str
    out: str
    put: str


class _Budget:
    """What is left of the work for two texts."""

    def __init__(self) -> None:
        self.steps, self.characters = _MOST_STEPS, _MOST_IN_WORDS


def compare_texts(before: str, after: str) -> list[Part]:
    """The parts in their order, none of them empty: where words were replaced, those that are gone come first.

    The parts of a text that goes back to what it was are the same ones with the signs exchanged.
    """
    back = after < before
    one, other = (after, before) if back else (before, after)
    *edits, (same, out, put) = _join_near(_compare(f"{one}\n", f"{other}\n"))  # so that each line has its end
    if out and put:
        last = _Edit(same, out[:-1], put[:-1])
    else:  # then what stays ends the shorter one of the two
        last = _Edit(same[:-1], *(f"\n{side}"[:-1] for side in (out, put)))
    if edits and not last.same:
        last = _Edit(*map("".join, zip(edits.pop(), last, strict=True)))
    edits.append(last)
    parts = list[Part]()
    for same, out, put in edits:
        parts += [Part(Sign.SAME, same), Part(Sign.GONE, put if back else out), Part(Sign.NEW, out if back else put)]
    return [part for part in parts if part.text]


def set_moved_apart(parts: Sequence[Part]) -> tuple[Sequence[Part], list[str]]:
    """The parts of two texts without the lines that were moved, and these: a whole line that is among those that differ
    on either side was moved, as often as it is on both. One of numbers alone says what it does by the words above it.
    """
    sides = list[list[tuple[tuple[str, str], bool]]]()
    for own in (Sign.GONE, Sign.NEW):
        above = ""
        sides.append([])
        for line in split_lines([part for part in parts if part.sign in {Sign.SAME, own}]):
            text = "".join(text for _, text in line)
            of, above = ("", text) if any(map(str.isalpha, text)) else (above, above)
            sides[-1].append(((of, text), any(sign is own and text for sign, text in line)))
    gone, new = (Counter(text for text, differs in side if differs) for side in sides)
    if not (moved := new & gone):
        return parts, []
    texts = list[str]()
    for side in sides:
        left, kept = moved.copy(), list[str]()
        for key, differs in side:
            if differs and left[key]:
                left[key] -= 1
            else:
                kept.append(key[1])
        texts.append("\n".join(kept))
    return compare_texts(*texts), [text for _, text in moved.elements()]


def split_lines(side: Sequence[Part]) -> Iterator[list[Part]]:
    """The lines of one side that have something in them."""
    line = list[Part]()
    for sign, text in side:
        first, *others = text.split("\n")
        line.append(Part(sign, first))
        for other in others:
            if any(part.text.strip() for part in line):
                yield line
            line = [Part(sign, other)]
    if any(part.text.strip() for part in line):
        yield line


def _compare(before: str, after: str) -> Iterator[_Edit]:
    """Compare by lines, and where lines differ by words."""
    budget = _Budget()
    for same, out, put in _align(before, after, "\n", partial(str.splitlines, keepends=True), budget):
        size = len(out) + len(put)
        if not (out and put) or size > budget.characters:
            yield _Edit(same, out, put)
            continue
        budget.characters -= size
        yield _Edit(same, "", "")
        yield from _align(out, put, " ", partial(re.findall, _WORD, flags=re.DOTALL), budget)


def _join_near(edits: Iterator[_Edit]) -> list[_Edit]:
    """Edits with next to nothing between them made one, as a sentence that was written anew is read at once."""
    joined, same, sides, size = list[_Edit](), list[str](), (list[str](), list[str]()), 0
    for edit in edits:
        long = max(len(edit.out), len(edit.put))
        near = len(edit.same) <= min(size, long) and "\n" not in edit.same
        if size and edit.same and not (near and sum(map(str.isalnum, edit.same)) <= _FEW_LETTERS):
            joined.append(_Edit("".join(same), *map("".join, sides)))
            same, sides, size = [], ([], []), 0
        for texts in sides if size else (same,):
            texts.append(edit.same)
        sides[0].append(edit.out)
        sides[1].append(edit.put)
        size += long
    return [*joined, _Edit("".join(same), *map("".join, sides))]


def _align(before: str, after: str, end: str, cut: Callable[[str], list[str]], budget: _Budget) -> Iterator[_Edit]:
    """The edits of two texts by the tokens that `cut` makes of them. `end` is where one surely ends."""
    head = before.rfind(end, 0, common_prefix(before, after)) + 1
    rest, other = before[head:], after[head:]
    begins = rest.find(end, len(rest) - common_prefix(rest[::-1], other[::-1])) + 1
    tail = len(rest) - begins if begins else 0
    old, new = (cut(text[: len(text) - tail]) for text in (rest, other))
    # The ties: tokens that stand once on either side, the longest run of them in the order of both.
    once, twin = Counter(old), Counter(new)
    places = {token: place for place, token in enumerate(new) if twin[token] == 1}
    pairs = [(place, places[token]) for place, token in enumerate(old) if once[token] == 1 and token in places]
    ties = [pairs[number] for number in longest_rising([its for _, its in pairs])]
    same = [before[:head]]
    at = to = 0
    for tie, its in [*ties, (len(old), len(new))]:
        for equal, out, put in _compare_tokens(old[at:tie], new[to:its], budget):
            same.append(equal)
            if out or put:
                yield _Edit("".join(same), out, put)
                same = []
        same += old[tie : tie + 1]
        at, to = tie + 1, its + 1
    yield _Edit("".join([*same, rest[len(rest) - tail :]]), "", "")


def _compare_tokens(old: list[str], new: list[str], budget: _Budget) -> Iterator[_Edit]:
    if not (old and new):
        yield _Edit("", "".join(old), "".join(new))
        return
    for tag, left, left_end, right, right_end in _Matcher(old, new, budget).get_opcodes():
        out = "".join(old[left:left_end])
        yield _Edit(out, "", "") if tag == "equal" else _Edit("", out, "".join(new[right:right_end]))


class _Matcher(SequenceMatcher[str]):
    """difflib's, which finds nothing more once the budget is used up."""

    def __init__(self, old: list[str], new: list[str], budget: _Budget) -> None:
        super().__init__(None, old, new)
        places: dict[str, list[int]] = self.b2j  # type: ignore[attr-defined] # typeshed leaves it out
        self._costs = [1 + len(places.get(token, ())) for token in old]
        self._budget = budget

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        """As difflib's, which looks at each place in `new` of each token of `old`."""
        self._budget.steps -= sum(self._costs[alo:ahi])
        return super().find_longest_match(alo, ahi, blo, bhi) if self._budget.steps > 0 else Match(alo, blo, 0)


def find_passages(parts: Sequence[Part], context: int) -> Iterator[list[Part]]:
    """The edits, each with at most `context` characters of its line on either side, cut at words; those that are near
    each other on a line make one passage.
    """
    passage = list[Part]()
    for at, (sign, text) in enumerate(parts):
        if sign is not Sign.SAME:
            passage.append(parts[at])
            continue
        beside = [
            [each.text for each in some if each.sign is not Sign.SAME]
            for some in (parts[max(0, at - 2) : at], parts[at + 1 : at + 3])
        ]
        if all(beside) and "\n" not in text and len(text) <= 2 * context:
            passage.append(parts[at])
            continue
        if passage:  # an edit of whole lines has no neighbours
            behind = "" if all(each.endswith("\n") for each in beside[0]) else text.partition("\n")[0]
            short = behind if len(behind) <= context else f"{behind[: word_end(behind, context, 1)].rstrip()}…"
            yield [*passage, Part(Sign.SAME, short)]
            passage = []
        if beside[1]:
            ahead = "" if all(each.startswith("\n") for each in beside[1]) else text.rpartition("\n")[2]
            begin = 0 if len(ahead) <= context else len(ahead) - word_end(ahead[::-1], context, 1)
            short = f"…{ahead[begin:].lstrip()}" if begin else ahead
            passage = [Part(Sign.SAME, short)]
    if passage:
        yield passage


def word_end(text: str, most: int, least: int) -> int:
    """How many of the first `most` characters of a text to show: whole words if these are `least`, else whole numbers.
    The same for a text backwards.
    """
    ways = (_is_in_word, range(most, least - 1, -1)), (_is_in_number, range(most, 0, -1))
    return next((place for is_in, places in ways for place in places if not is_in(text, place)), 0)


def _is_in_word(text: str, at: int) -> bool:
    """Whether a place is within a word, or a number, which may have spaces: "1 000 000"."""
    ahead, behind = text[max(0, at - 2) : at], text[at : at + 2]
    if re.search(_GAP, ahead[-1:] + behind[:1]):
        return ahead.strip()[-1:].isnumeric() and behind.strip()[:1].isnumeric()
    return bool(ahead and behind)


def _is_in_number(text: str, at: int) -> bool:
    """Whether a place is beside a digit, or an accent, which belongs to a letter."""
    beside = text[max(0, at - 1) : at + 1]
    return any(sign.isnumeric() or unicodedata.category(sign)[0] == "M" for sign in beside)
