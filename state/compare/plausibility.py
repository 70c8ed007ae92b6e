"""Whether a snapshot is plausible: by its counts, and whether the register's structure moved, rather than its records.
Pure.

A site that writes its dates otherwise, or shifts a column, changes the same fields of most entries at once. That is no
news of any entry, so the snapshot is held. A field that no entry had, and one that is called otherwise in all of them,
contradict nothing that is known: they are believed, and a new field is no news of an entry that nobody watches. Some
fields change so by nature (prices, counts of a day): when they have moved in most entries at several checks, they are
exempt.

A page about one whose title is another, and most of whose fields have other values, shows another entry in its place.

`measure_loss` says whether most of a page's text has gone. A page that shows "Oops", a cookie wall or "we have moved"
is read without an error, and has hardly a word of what it had. A list whose items are all new ones is none of these: it
is about as long as before, and some of its words and lines are the same. Words count first, as an edit in a paragraph
of one line takes the rest of its line away. Such a page may stand in the frame of its site, which stays: then the same
is asked of what the frame has in it.
"""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from typing import NamedTuple
from zlib import crc32

from sources import Listing
from sources.errors import SourceError
from sources.formats.download import Download
from sources.options import Expect, as_share
from sources.reading.entry_fingerprints import text_fingerprint
from sources.reading.known_filter import Profile, parts
from sources.text import clean_lines
from state.compare.changes import LEAST, LEAST_ENTRIES, RENAMED, changes_of_known, says_several
from state.compare.forms import Forms
from state.model import Change, ChangeKind, Difference, Habits

_LOST_COUNT, _LOST_SHARE = 5, 0.2  # without `max_lost`, the larger of the two may vanish at once
_NEW_COUNT = 10_000  # without `max_new`, so many may come at once, or as many as are known


class Suspicion(NamedTuple):
    """The reason why a snapshot is not believed: a stable code, and one line for people."""

    code: str
    message: str


def find_doubt(
    difference: Difference,
    *,
    known: int,
    min_entries: int,
    max_lost: float | None,
    listing: Listing,
    max_new: float | None = None,
) -> Suspicion | None:
    """The reason not to believe a snapshot, or None.

    `known` is the number of present entries (0 for a baseline, which is only checked for `min_entries`). `max_lost` and
    `max_new` are counts if they are ints, shares of `known` if they are floats. If a given `max_lost` covers all absent
    entries, changed keys are accepted too: the user allowed so many to go.
    """
    if difference.count < min_entries:
        count = entries(difference.count)
        return Suspicion("too_few_entries", f"{count} read, at least {min_entries} expected (min_entries)")
    if not known:
        return None
    allowed = allowance(known, max_lost, max(_LOST_COUNT, int(known * _LOST_SHARE)))
    settled = max_lost is not None and difference.absent <= allowed
    if not settled and difference.rekeyed >= LEAST and difference.rekeyed * 2 > known:
        share = f"{difference.rekeyed} of {entries(known)}"
        return Suspicion("mass_rekey", f"{share} came again under other keys, as if the site had renumbered them")
    before = changes_of_known(difference.changes)
    lost = sum(change.kind is ChangeKind.REMOVED for change in before)
    if listing == "complete" and lost > allowed:
        return Suspicion("mass_loss", f"{lost} of {entries(known)} gone at once, more than {allowed} (max_lost)")
    allowed = allowance(known, max_new, max(_NEW_COUNT, known))
    new = len(difference.changes) - len(before)
    if new > allowed:
        return Suspicion("mass_gain", f"{entries(new)} new at once beside {known} known, more than {allowed} (max_new)")
    return None


def allowance(known: int, given: float | None, default: int) -> int:
    """How many entries may do something at once: a given count or share of those known, else a default."""
    if given is None:
        return default
    return given if isinstance(given, int) else int(known * given)


def entries(count: int) -> str:
    """`1 entry`, `2 entries`."""
    return "1 entry" if count == 1 else f"{count} entries"


_GONE_COUNT, _GONE_SHARE = 2, 0.5  # of the fields of an only entry may go at once: these, or this share
_EMPTIED_COUNT, _EMPTIED_SHARE = 5, 0.2  # so many entries, or this share of those with a value, may lose it at once


def find_breaches(profile: Profile, expect: Expect, total: int | None) -> Iterator[Suspicion]:
    """The terms of the contract that the snapshot violates. `total` is the register's stated total, if it was asked
    for.
    """
    if expect.max_entries is not None and profile.entries > expect.max_entries:
        most = f"at most {expect.max_entries} expected (max_entries)"
        yield Suspicion("too_many_entries", f"{entries(profile.entries)}, {most}")
    if total is not None and profile.entries != total:
        yield say_total(profile.entries, total)
    if profile.odd:
        odd = f"{profile.odd} of {entries(profile.entries)} have a key unlike {expect.key_pattern}"
        yield Suspicion("odd_key", f"{odd}: {profile.odd_key[:60]!r} (key_pattern)")
    for name, count in profile.lacking.items():
        yield Suspicion("field_missing", f"{count} of {entries(profile.entries)} have no {name!r} (required)")
    for name, least in expect.filled.items():
        wanted = least if isinstance(least, int) else least * profile.entries
        if profile.filled[name] < wanted:
            have = f"{profile.filled[name]} of {entries(profile.entries)} have a {name!r}"
            yield Suspicion("field_unfilled", f"{have}, at least {as_share(least)} expected (filled)")


def say_total(count: int, total: int) -> Suspicion:
    """A page that states another number of entries than it has."""
    are = "is" if total == 1 else "are"
    return Suspicion("wrong_total", f"{entries(count)} read, the page says that there {are} {total} (total)")


def find_emptied_field(difference: Difference, had: Mapping[str, int]) -> Suspicion | None:
    """A field that many entries lost at once, as when a column moves or a page is half loaded; or None.

    `had` is the number of entries with a value in the last snapshot, per field. The larger of 5 and 20 % of them may
    lose it; one that is called otherwise is not lost, unless all say one thing in it, as flags do. The only entry of a
    source, which is a page about one, may lose two fields, or half of them.
    """
    lost, known = Counter[str](), changes_of_known(difference.changes)
    renamed = {old: new for old, new in difference.renamed.items() if says_several(known, old, new)}
    for change in known:
        if change.before and change.after and change.kind is not ChangeKind.REAPPEARED:
            gone = [name for name, sides in change.fields.items() if sides.after is None]
            if difference.count == 1 and len(gone) > max(_GONE_COUNT, len(change.before.fields) * _GONE_SHARE):
                what = f"{len(gone)} of the {len(change.before.fields)} fields of the only entry are gone at once"
                return Suspicion("field_emptied", what)
            now = set(parts(change.after))
            lost.update({name for name in parts(change.before) if renamed.get(name, name) not in now} - now)
    for name, count in lost.most_common():
        if name == "url" and name not in had:
            continue  # of this source an address is only shown
        if count > max(_EMPTIED_COUNT, had.get(name, 0) * _EMPTIED_SHARE):
            flag = difference.renamed.get(name) if name not in renamed else None
            same = f"; a new {flag!r} says the same" if flag else ""
            what = f"{count} of the {had.get(name, 0)} entries that had {name!r} lost it at once{same}"
            return Suspicion("field_emptied", what)
    return None


_COUNT, _SHARE = 5, 0.5  # may change in the same field when `max_changed` says nothing: the larger of the two
HABIT_CHECKS = 3  # checks that a field must have moved at to be exempt
_EXAMPLES, _SAMPLE = 3, 16
_MOST_FIELDS = 50  # whose movements are remembered
_MOST_VALUE = 40  # characters of a value in an example

Sample = Mapping[str, str]  # by the fingerprint of an entry's key, that of a field's value


@dataclass(frozen=True, slots=True)
class MassChange:
    """Fields that changed in most entries at once; the `suspicion` is None where all are `new`: no entry had them, or
    called otherwise, which is told as a change of RENAMED.

    `form` says what of their form is different where nothing else is, "" otherwise; `samples` hold some of the new
    values of each field, so that the next check can tell whether it has moved again.
    """

    suspicion: Suspicion | None
    fields: Sequence[str]
    form: str = ""
    samples: Mapping[str, Sample] = field(default_factory=dict)
    new: frozenset[str] = frozenset()

    def is_only_form(self, change: Change, *, mentions: bool) -> bool:
        """Whether an entry says the same as before in another form. What a new field says of somebody is more."""
        if not self.form or change.kind is not ChangeKind.CHANGED or not set(self.fields).issuperset(change.fields):
            return False
        return not mentions or self.new.isdisjoint(change.fields)


class PageFrame(NamedTuple):
    """The lines of text in an HTML page's frame, which stands around its content on every page of a site, and what
    stands on its buttons and beside its fields.
    """

    lines: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()

    def stays(self, before: str, after: str) -> bool:
        """Whether there is a frame, and what came into the text came inside of it for the most part."""
        came = set(after.split("\n")).difference(before.split("\n"))
        in_frame = sum(map(len, came & self.lines))
        return bool(self.lines) and 2 * in_frame <= sum(map(len, came))

    def inside(self, text: str) -> str:
        """A text of the page without the lines of its frame."""
        return "\n".join(line for line in text.split("\n") if line not in self.lines)


def frame_of(page: Download) -> PageFrame:
    """The frame of a page, which structure alone tells: `header`, `footer`, `nav` and `aside`, the heading, and lines
    that are a link, as in menus. An empty one where it is no HTML.
    """
    from sources.formats.html import parse_html, text_of  # noqa: PLC0415 - with lxml, which few checks need

    try:
        root = parse_html(page)
    except SourceError:
        return PageFrame()
    framing, asking = (
        frozenset(line for each in root.iter(*names) for line in clean_lines(text_of(each)).split("\n"))
        for names in (("header", "footer", "nav", "aside", "h1", "a"), ("button", "label"))
    )
    return PageFrame(framing, asking)


def find_mass_change(
    difference: Difference,
    habits: Habits,
    *,
    known: int,
    max_changed: float | None,
    is_text: bool = False,
    find_frame: Callable[[], PageFrame] = PageFrame,
) -> MassChange | None:
    """The fields that changed in more entries than may change at once, or None.

    `known` is how many entries were present. `max_changed` is a count if it is an int, a share of those that are still
    there if it is a float; of a source that is a text (`is_text`), the share of its words that may go. `find_frame`
    gives the frame of the page that it was read from.
    """
    if is_text:
        return _text_gone(difference, habits, max_changed, find_frame)
    if known == difference.count == 1 and (replaced := _entry_replaced(difference, habits, max_changed)):
        return replaced
    stayed = known - difference.absent
    changed = [change for change in changes_of_known(difference.changes) if change.kind is ChangeKind.CHANGED]
    allowed = allowance(stayed, max_changed, max(_COUNT, int(stayed * _SHARE)))
    allowed = allowed if known >= LEAST_ENTRIES else len(changed)
    if len(changed) <= allowed and not difference.renamed:
        return None
    counts = Counter[str]()
    for names, number in Counter(tuple(change.fields) for change in changed).items():  # there are few sets of fields
        counts.update(dict.fromkeys(names, number))
    called = {RENAMED} if difference.renamed else set()
    often = (name for name, count in counts.most_common() if count > allowed or name in called)
    fields = [name for name in often if name in called or not _is_exempt(habits, name)]
    if not fields:
        return None
    of_them = [change for change in changed if not change.fields.keys().isdisjoint(fields)]
    had = {name for change in of_them for name in fields if name in change.fields and change.fields[name].before}
    new = frozenset(name for name in fields if name not in had and not habits.filled.get(name))
    moved, forms = [name for name in fields if name not in new and name not in called], Forms()
    values = ((name, change.fields[name]) for change in of_them for name in moved if name in change.fields)
    form = forms.words() if all(forms.take(name, *value) for name, value in values) else ""
    if form or not moved:
        added = f"a new field, {_names(fields, new)}" if new else ""
        others = [f"the field {_cut(old)!r} is called {_cut(now)!r} now" for old, now in difference.renamed.items()]
        form = ", ".join(filter(None, (form, added, *others[:_EXAMPLES])))
    if not moved:
        return MassChange(None, fields, form, _samples(of_them, fields), new)
    share = f"{counts[moved[0]]} of {entries(stayed)}"
    only = f"; only the form changed: {form}" if form else ""
    first = f"{_names(moved, moved)} changed in {share} at once, more than {allowed} (max_changed){only}"
    examples = list[str]()
    for change in [change for change in of_them if not change.fields.keys().isdisjoint(moved)][:_EXAMPLES]:
        before, after = next(change.fields[name] for name in moved if name in change.fields)
        examples.append(f"{_cut(change.entry.title)}: {_cut(before)} → {_cut(after)}")
    message = "; ".join((first, *examples))
    return MassChange(Suspicion("mass_change", message), fields, form, _samples(of_them, fields), new)


_LEAST_FIELDS = 3  # of an only entry with fewer nobody can say that it is another one


def _entry_replaced(difference: Difference, habits: Habits, max_changed: float | None) -> MassChange | None:
    """An only entry that has another title, and other values in more of its fields than may change at once."""
    for change in changes_of_known(difference.changes):
        before, after = change.before, change.after
        if change.kind is not ChangeKind.CHANGED or not (before and after) or before.title == after.title:
            continue
        had = len(before.fields)
        others = [
            name
            for name, value in before.fields.items()
            if name in after.fields and after.fields[name] != value and not _is_exempt(habits, name)
        ]
        if had < _LEAST_FIELDS or len(others) <= allowance(had, max_changed, int(had * _SHARE)):
            continue
        what = f"another title, and other values in {len(others)} of its {had} fields (max_changed)"
        message = f"{what}: {_cut(before.title)} → {_cut(after.title)}"
        return MassChange(Suspicion("another_entry", message), others, "", _samples([change], others))
    return None


def _names(fields: Sequence[str], some: Container[str]) -> str:
    named = [repr(_cut(name)) for name in fields if name in some]
    more = f" and {len(named) - _EXAMPLES} more" if len(named) > _EXAMPLES else ""
    return f"{', '.join(named[:_EXAMPLES])}{more}"


def note_movement(before: Habits, mass: MassChange | None) -> Habits:
    """After a check at which fields changed in most entries: each has moved once more, unless this was seen before."""
    if mass is None:
        return before
    moving, samples = dict(before.moving), dict(before.moved)
    for name, sample in mass.samples.items():
        before_it = samples.pop(name, {})
        common = sample.keys() & before_it.keys()
        if not common or 2 * sum(before_it[key] != sample[key] for key in common) > len(common):
            moving[name] = moving.get(name, 0) + 1
        samples[name] = sample
    kept = list(samples)[-_MOST_FIELDS:]  # those that moved last
    return replace(before, moving={name: moving[name] for name in kept}, moved={name: samples[name] for name in kept})


def _is_exempt(habits: Habits, name: str) -> bool:
    return habits.moving.get(name, 0) >= HABIT_CHECKS


def _samples(changed: Sequence[Change], fields: Sequence[str]) -> dict[str, Sample]:
    """Of each field some new values: those of the entries whose keys have the least fingerprints, which are mostly the
    same ones at each check.
    """
    keyed = ((_short(change.entry.key), at) for at, change in enumerate(changed))
    some = [(key, changed[at]) for key, at in nsmallest(_SAMPLE, keyed)]
    return {
        name: {key: _short(change.fields[name].after or "") for key, change in some if name in change.fields}
        for name in fields[:_MOST_FIELDS]
    }


def _short(text: str) -> str:
    return text_fingerprint(text).hex()[:8]


def _cut(value: str | None) -> str:
    line = " ".join((value or "(nothing)")[: 10 * _MOST_VALUE].split())
    return line if len(line) <= _MOST_VALUE else f"{line[: _MOST_VALUE - 1]}…"


def _text_gone(
    difference: Difference, habits: Habits, max_changed: float | None, find_frame: Callable[[], PageFrame]
) -> MassChange | None:
    """A text of which more words have gone than may, in all or inside of the page's frame: the page shows something
    else in its place.
    """
    share = _SHARE if max_changed is None else max_changed
    if isinstance(max_changed, int) and max_changed:
        return None
    for change in changes_of_known(difference.changes):
        if not (change.before and change.after and "text" in change.fields) or _is_exempt(habits, "text"):
            continue
        before, after, where = change.before.text, change.after.text, ""
        loss = measure_loss(before, after)
        gone = loss.is_more_than(share)
        if not gone and (frame := find_frame()).stays(before, after):
            before, after, where = frame.inside(before), frame.inside(after), " inside of the page's frame"
            loss = measure_loss(before, after)
            asks = any(each in after and each not in before for each in frame.asked)
            gone = loss.is_replaced(share, by_question=asks)
        if gone and loss.had >= LEAST_WORDS:
            left = f"{loss.left or 'none'} of the {loss.had} words that it had{where} are left (max_changed)"
            message = f"{left}; it now says: {_cut(after)}"
            return MassChange(Suspicion("text_gone", message), ["text"], "", _samples([change], ["text"]))
    return None


LEAST_WORDS = 10  # of a shorter text ("open" → "closed") nobody can say
# A text that is not shorter has gone if no more than this is left of it: two texts of one language have some words in
# common, and two pages of one site a heading.
_WORDS_LEFT, _LINES_LEFT = 1 / 3, 0.05
_LINES_INSIDE = 0.2  # that may be left of what stands in a page's frame: a heading
_MOST_CHARACTERS = 2_000_000  # of a text that are looked at: beyond, only its length counts
_BUCKETS = 1 << 16  # that words are counted in: a page may have a million different ones
# Chinese, Japanese and Korean have no spaces: each sign counts as a word. Compiled at first use, as that takes 2 ms.
_WORD = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"


class Loss(NamedTuple):
    """How many words a text had, and how many of them are left, each as often as it stands there; 0 to 1: how much
    shorter the text is, and how much of it is in lines that are left.
    """

    had: int
    left: int
    shorter: float
    in_lines: float

    @property
    def share(self) -> float:
        """How many of its words have gone: 0 to 1."""
        return (self.had - self.left) / self.had if self.had else 0.0

    def is_more_than(self, share: float) -> bool:
        """Whether the text has lost more than this share (0 to 1), and is shorter by as much, or another one."""
        is_another = self.share > 1 - _WORDS_LEFT and self.in_lines <= _LINES_LEFT
        return self.share > share and (self.shorter > share or is_another)

    def is_replaced(self, share: float, *, by_question: bool) -> bool:
        """Whether next to none of the lines is left, and what stands there is shorter by this share, or asks for
        something: an answer to be pressed, a field to be filled in.
        """
        return self.share > share and self.in_lines <= _LINES_INSIDE and (self.shorter > share or by_question)


def measure_loss(before: str, after: str) -> Loss:
    """What is left of a text; a long one is judged by its beginning, and by its length."""
    shorter = 1 - len(after) / len(before) if before else 0.0
    before, after = before[:_MOST_CHARACTERS], after[:_MOST_CHARACTERS]
    old, new = _word_counts(before), _word_counts(after)
    left = (old & new).total()
    if shorter > 0:
        left = min(left, int(old.total() * (1 - shorter)))
    now, lines = set(after.splitlines()), before.splitlines()
    in_lines = sum(len(line) for line in lines if line in now) / max(1, sum(map(len, lines)))
    return Loss(old.total(), left, shorter, in_lines)


def _word_counts(text: str) -> Counter[int]:
    words = (match[0].casefold() for match in re.finditer(_WORD, text))
    return Counter(crc32(word.encode("utf-8", "surrogatepass")) % _BUCKETS for word in words)
