"""Words that a text writes apart: letter by letter, broken at the end of a line, or in a script without spaces. Pure.

Pieces are joined only if they make a word of the vocabulary, so other text stays as it is. In a script without spaces,
names are looked for in runs of its letters.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import chain

from alerts.recognition.language.dictionary import is_frequent
from alerts.recognition.language.scripts import one_form
from alerts.recognition.language.tokens import APOSTROPHES, SPACELESS
from alerts.recognition.tables import alternation, words
from alerts.recognition.words import Hit, Span

# Titles, and what stands before and after names: prepositions, conjunctions, verbs of reports, kinds of things.
_DEPENDENT = "\u0e30-\u0e3a\u0e45-\u0e4e"  # vowels and signs that follow the letter to which they belong
LONGEST, _SHORTEST = 18, 3
"""Letters of a word that may be a name."""
_MOST_ENDS = 2

Place = tuple[int, int]
"""Where a word begins and ends."""


@cache
def _usual() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternation(words('usual_in_thai'))})(?![{_DEPENDENT}])")


def between_usual_words(text: str, start: int, end: int) -> Iterator[Place]:
    """Where a name may be in a run of letters, at each beginning the longest first."""
    usual = [found.span() for found in _usual().finditer(text, start, end)]
    begins = [start, *(stop for _, stop in usual)]
    ends = [*(begin for begin, _ in usual), end]
    for at, begin in enumerate(begins):
        for stop in reversed(ends[at : at + _MOST_ENDS]):
            if _SHORTEST <= stop - begin <= LONGEST and not is_frequent(text[begin:stop]):
                yield begin, stop


LookUp = Callable[[str], Sequence[Hit]]
ListedIn = Callable[[str, Place], list[Place]]
"""Where listed Thai words are in a part of a text."""

DOTS = "·・•‧･"
KATAKANA = "\u30a1-\u30fa\u30fc\uff66-\uff6f\uff71-\uff9f"  # of full and of half width
THAI = "\u0e00-\u0e7f"
_RUN = rf"[{KATAKANA}]+|[{THAI}]{{2,}}"
_IN_NAMES = frozenset(f"{DOTS}＝=-")  # between two words of katakana


def runs_of_names(text: str, spans: Sequence[Span], look_up: LookUp, listed_in: ListedIn) -> Iterator[tuple[Span, str]]:
    """The numbers of the first word and of the one after the last, and the word that they make: known ones, and those
    that a dot joins to them, or a space in Thai, which may be the other half of a name.
    """
    starts = {span[0]: at for at, span in enumerate(spans)}
    ends = {span[1]: at for at, span in enumerate(spans)}
    runs = [run.span() for run in _compiled(_RUN).finditer(text)]
    known = [list(_known_in(text, run, look_up, listed_in)) for run in runs]
    for at, (start, end) in enumerate(runs):
        # The first word of a run behind a known one, and the last before one, unless it is known itself.
        before, after = known[at - 1] if at else (), known[at + 1] if at + 1 < len(runs) else ()
        follows = before and before[-1][1] == runs[at - 1][1] and _are_joined(text, runs[at - 1][1], start)
        leads = after and after[0][0] == runs[at + 1][0] and _are_joined(text, end, runs[at + 1][0])
        parts = list(between_usual_words(text, start, end)) if follows or leads else []
        first, last = (known[at][0][0], known[at][-1][1]) if known[at] else (end, start)
        firsts = [place for place in parts if follows and place[0] == start and place[1] <= first]
        lasts = [place for place in parts if leads and place[1] == end and place[0] >= last]
        for begin, stop in (*known[at], *firsts[-1:], *lasts[-1:]):
            if begin in starts and stop in ends:
                yield (starts[begin], ends[stop] + 1), text[begin:stop]


def _known_in(text: str, run: Span, look_up: LookUp, listed_in: ListedIn) -> Iterator[Span]:
    """The known words of a run, from left to right."""
    start, end = run
    thai = _is_thai(text[start])
    if not (thai and end - start > LONGEST) and look_up(text[start:end]):
        yield run
    elif thai:
        done = start
        places = sorted(
            [*listed_in(text, run), *between_usual_words(text, start, end)],
            key=lambda place: (place[0], -place[1]),  # the longest first
        )
        for begin, stop in places:
            if begin >= done and look_up(text[begin:stop]):
                yield begin, stop
                done = stop


def _is_thai(char: str) -> bool:
    return "\u0e00" <= char <= "\u0e7f"


def _are_joined(text: str, end: int, start: int) -> bool:
    return text[end:start] in _IN_NAMES or (text[end:start] == " " and _is_thai(text[end - 1]))


# Letters of the usual alphabets, but for those that tell a language which writes names as it hears them (see
# `language.which`), digits, spaces and the usual marks; what damage, tags and words written apart have is not here.
_LETTERS = "0-9A-Za-zÀ-ÖØ-öø-ÿА-ЩЫ-щы-яЁё "
_MARKS = '\n.,:;!?…%$€()"«»„“”/—–-'
_BARE = re.compile(f"[{_LETTERS}]*")
_SIMPLE = re.compile(f"[{_LETTERS}{_MARKS}]*")
_BETWEEN = re.compile(f"[{_MARKS}]+")


def simple_words(text: str) -> list[str] | None:
    """The words of a text that is plain and undamaged, and writes no word apart (see `tokens`, `damage`, `merging`);
    None of any other.
    """
    if _BARE.fullmatch(text):  # many headlines
        words = text.split()
    elif _SIMPLE.fullmatch(text) and "- " not in text and "-\n" not in text:
        words = _BETWEEN.sub(" ", text).split()  # faster than to find each word
    else:
        return None
    return None if LETTER_BY_LETTER.search(text) else words


IN_FOREIGN_NAMES = frozenset("".join(words("in_foreign_names")))
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RARE = (
    rf"[А-яІіЇїЄєҐґא-ת][{APOSTROPHES}][А-яіїєґא-ת]|[{KATAKANA}]{{2}}|[{THAI}]{{3}}"
    rf"|[{_HAN}]{{3}}|[{_HAN}]{{2}}[{DOTS}]"
)
_APOSTROPHES = frozenset(APOSTROPHES)
LETTER_BY_LETTER = re.compile(r" [^\W_] [^\W_] ")
_ROUGH = re.compile("(?:[PTKptk]|[CcTt][hs])['’][aeiouwyŏŭ]")
_BROKEN_WORD = re.compile(r"[^\W\d_][-‐\u00ad]\s+[^\W\d_]")
_BROKEN = re.compile(r"[-‐\u00ad]\s+")
_LONGEST = 7  # characters of one word of a foreign name in Chinese
_MOST_APOSTROPHES = 4  # pieces of one word
_MOST_LETTERS = 40  # of a word that is written letter by letter

Pieces = tuple[int, int, str]
"""The numbers of the first word and of the one after the last, and the word that they make."""

_FOREIGN_NAMES = rf"[{''.join(sorted(IN_FOREIGN_NAMES))}]{{2,}}"
_SPACELESS = re.compile(f"[{SPACELESS}]")
_compiled = cache(re.compile)
"""Compiled with the first text of these scripts."""


def is_unusual(text: str, *, plain: bool) -> bool:
    """Whether words of a text may have to be joined. The first, fast tests rule out nearly all texts; `plain`: see
    `tokens.is_plain`.
    """
    if ("- " in text or "-\n" in text or "‐" in text or "\u00ad" in text) and _BROKEN_WORD.search(text):
        return True
    if ("'" in text or "’" in text) and _ROUGH.search(text):
        return True
    return bool(LETTER_BY_LETTER.search(text)) or not (plain or text.isascii() or not _compiled(_RARE).search(text))


def merged(
    text: str, words: list[str], hits: list[Sequence[Hit]], spans: list[Span], look_up: LookUp, listed_in: ListedIn
) -> tuple[list[str], list[Sequence[Hit]], list[Span]]:
    """The words of a text, with pieces of known words joined."""
    found, done = list[tuple[str, Sequence[Hit], Span]](), 0
    apart = list(zip(words, hits, spans, strict=True))
    for first, end, word in [*sorted(_known(text, words, spans, look_up, listed_in)), (len(words), len(words), "")]:
        if first < done:
            continue
        found += [each for each in apart[done:first] if each[0] not in DOTS]
        if word:
            found.append((word, look_up(word), (spans[first][0], spans[end - 1][1])))
        done = end
    return [word for word, _, _ in found], [own for _, own, _ in found], [span for _, _, span in found]


def _known(text: str, words: list[str], spans: list[Span], look_up: LookUp, listed_in: ListedIn) -> Iterator[Pieces]:
    apart = chain(_letters(text, words, spans), _apostrophes(text, words, spans, look_up), _broken(text, words, spans))
    for pieces in apart:
        # Whether a word of several pieces is a Hebrew one, which is one word even if nobody knows it
        if look_up(pieces[2]) or ("\u05d0" <= pieces[2][0] <= "\u05ea"):
            yield pieces
    for (start, end), word in runs_of_names(text, spans, look_up, listed_in):
        yield start, end, word
    yield from _foreign(text, spans, look_up)


def _letters(text: str, words: list[str], spans: list[Span]) -> Iterator[Pieces]:
    """Words written letter by letter, with one space between letters."""
    if not LETTER_BY_LETTER.search(text):
        return
    first = 0
    for at in range(1, len(words) + 1):
        goes_on = (
            at < len(words)
            and len(words[at]) == len(words[at - 1]) == 1
            and not _SPACELESS.match(words[at])  # a phrase has these as words already
            and text[spans[at - 1][1] : spans[at][0]] == " "
            and not (words[at - 1].islower() and words[at].isupper())
        )
        if not goes_on:
            word = "".join(words[first:at])
            if 4 <= at - first <= _MOST_LETTERS or (at - first == 3 and word.isupper()):
                yield first, at, word
            first = at


def _apostrophes(text: str, words: list[str], spans: list[Span], look_up: LookUp) -> Iterator[Pieces]:
    """Ukrainian and Belarusian words with an apostrophe, Hebrew ones with a geresh, and Chinese and Korean names in an
    older spelling with a rough breath: Ch'iu.
    """
    if _APOSTROPHES.isdisjoint(text):
        return
    first = 0
    for at in range(1, len(words) + 1):
        gap = text[spans[at - 1][1] : spans[at][0]] if at < len(words) else ""
        word, rough = words[at] if gap in _APOSTROPHES else "", words[at - 1][-1] in "PTKptkhs"
        may_follow = word and (word[0] in "яюєїеёЯЮЄЇЕЁ" or "\u05d0" <= word[0] <= "\u05ea")
        if (may_follow or (word and word[0] in "aeiouwyŏŭ" and rough)) and at - first < _MOST_APOSTROPHES:
            continue
        if at - first > 1 and not (words[first][0] < "\u0370" and look_up(words[first])):  # a name with an ending
            hebrew = words[first][0] >= "\u0590"
            yield first, at, text[spans[first][0] : spans[at - 1][1]] if hebrew else "".join(words[first:at])
        first = at


def _broken(text: str, words: list[str], spans: list[Span]) -> Iterator[Pieces]:
    """Words broken at the end of a line."""
    if not _BROKEN.search(text):
        return
    for at in range(1, len(words)):
        start, end = spans[at - 1][1], spans[at][0]
        line_ends = "\n" in text[start:end]
        if (words[at][0].islower() or line_ends) and _BROKEN.fullmatch(text, start, end):
            yield at - 1, at + 1, words[at - 1] + words[at]


def _foreign(text: str, spans: list[Span], look_up: LookUp) -> Iterator[Pieces]:
    """Foreign names in Chinese characters: the pieces that sound most like a name, and what a dot joins to them."""
    simplified = "".join(map(one_form, text)) if _compiled(f"[{_HAN}]{{2}}").search(text) else ""
    runs = list(_compiled(_FOREIGN_NAMES).finditer(simplified))
    starts = {span[0]: at for at, span in enumerate(spans)} if runs else {}
    done = 0
    for run in runs:
        at = run.start()
        while at < run.end() - 1:
            # How many characters from `at` on are a name; 0 if none
            stop = run.end()
            best, most = 0, 0.0
            beside_dot = text[at - 1 : at] in DOTS and at > 0
            for length in range(2, min(_LONGEST, stop - at) + 1):
                if length == 2 and not beside_dot and text[at + 2 : at + 3] not in set(DOTS):
                    continue
                bits = max((hit.bits for hit in look_up(text[at : at + length])), default=0.0)
                if bits > most:
                    best, most = length, bits
            length = best
            if not length and at == run.start() and done and at == done + 1 and text[done] in DOTS:
                length = min(_LONGEST, run.end() - at)
            if length and at in starts:
                before = at - 1 if at and text[at - 1] in DOTS else 0
                if before > done and at == run.start() and (given := _run_before(simplified, before, done, starts)):
                    yield *given, text[spans[given[0]][0] : before]
                done = at + length
                yield starts[at], starts[at] + length, text[at:done]
            at += length or 1


def _run_before(simplified: str, end: int, done: int, starts: dict[int, int]) -> Span | None:
    """The words of the characters of foreign names directly before a dot, which joins them to a known name."""
    start = end
    while start > max(done, end - _LONGEST) and simplified[start - 1] in IN_FOREIGN_NAMES:
        start -= 1
    return (starts[start], starts[start] + end - start) if end - start > 1 and start in starts else None
