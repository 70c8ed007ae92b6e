"""Did the register's structure move, rather than its records? Pure.

A site that writes its dates otherwise, or shifts a column, changes the same fields of most entries at once. That is no
news of any entry, so the snapshot is held. Some fields do so by nature (prices, counts of a day): when they have moved
in most entries at several checks, they are exempt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import nsmallest

from sources.reading.fingerprints import text_fingerprint
from state.compare.many_changes import others
from state.compare.only_form import Forms
from state.compare.plausibility import Suspicion, allowance, entries
from state.compare.text_loss import LEAST_WORDS, lost
from state.model import Change, ChangeKind, Difference, Habits

LEAST_ENTRIES = 10  # a smaller register may well change as a whole
_COUNT, _SHARE = 5, 0.5  # may change in the same field when `max_changed` says nothing: the larger of the two
HABIT_CHECKS = 3  # checks that a field must have moved at to be exempt
_EXAMPLES, _SAMPLE = 3, 16
_MOST_FIELDS = 50  # whose movements are remembered
_MOST_VALUE = 40  # characters of a value in an example

Sample = Mapping[str, str]  # by the fingerprint of an entry's key, that of a field's value


@dataclass(frozen=True, slots=True)
class MassChange:
    """Fields that changed in most entries at once.

    `form` says what of their form is different where nothing else is, "" otherwise; `samples` hold some of the new
    values of each field, so that the next check can tell whether it has moved again.
    """

    suspicion: Suspicion
    fields: Sequence[str]
    form: str = ""
    samples: Mapping[str, Sample] = field(default_factory=dict)

    def is_only_form(self, change: Change) -> bool:
        """Whether an entry says the same as before in another form."""
        return bool(self.form) and change.kind is ChangeKind.CHANGED and set(self.fields).issuperset(change.fields)


def mass_change(
    difference: Difference, habits: Habits, *, known: int, max_changed: float | None, is_text: bool = False
) -> MassChange | None:
    """The fields that changed in more entries than may change at once, or None.

    `known` is how many entries were present. `max_changed` is a count if it is an int, a share of those that are still
    there if it is a float; of a source that is a text (`is_text`), the share of its words that may go.
    """
    if is_text:
        return _text_gone(difference, habits, max_changed)
    stayed = known - difference.absent
    allowed = allowance(stayed, max_changed, max(_COUNT, int(stayed * _SHARE)))
    changed = [change for change in others(difference.changes) if change.kind is ChangeKind.CHANGED]
    if known < LEAST_ENTRIES or len(changed) <= allowed:
        return None
    counts = _counts(changed)
    fields = [name for name, count in counts.most_common() if count > allowed and not _is_exempt(habits, name)]
    if not fields:
        return None
    of_them = [change for change in changed if not change.fields.keys().isdisjoint(fields)]
    form = _form(of_them, fields)
    share = f"{counts[fields[0]]} of {entries(stayed)}"
    only = f"; only the form changed: {form}" if form else ""
    first = f"{_names(fields)} changed in {share} at once, more than {allowed} (max_changed){only}"
    message = f"{first}; {'; '.join(_examples(of_them, fields))}"
    return MassChange(Suspicion("mass_change", message), fields, form, _samples(of_them, fields))


def moved(before: Habits, mass: MassChange | None) -> Habits:
    """After a check at which fields changed in most entries: each has moved once more, unless this was seen before."""
    if mass is None:
        return before
    moving, samples = dict(before.moving), dict(before.moved)
    for name, sample in mass.samples.items():
        if _is_another(samples.pop(name, None), sample):
            moving[name] = moving.get(name, 0) + 1
        samples[name] = sample
    kept = list(samples)[-_MOST_FIELDS:]  # those that moved last
    return replace(before, moving={name: moving[name] for name in kept}, moved={name: samples[name] for name in kept})


def _is_another(before: Sample | None, now: Sample) -> bool:
    """Whether most of what both samples hold is different."""
    common = now.keys() & (before or {}).keys()
    return not before or 2 * sum(before[key] != now[key] for key in common) > len(common) or not common


def _is_exempt(habits: Habits, name: str) -> bool:
    return habits.moving.get(name, 0) >= HABIT_CHECKS


def _counts(changed: Sequence[Change]) -> Counter[str]:
    """In how many entries each field changed. Counted by sets of fields, of which there are few."""
    counts = Counter[str]()
    for names, number in Counter(tuple(change.fields) for change in changed).items():
        counts.update(dict.fromkeys(names, number))
    return counts


def _form(changed: Sequence[Change], fields: Collection[str]) -> str:
    """What of the form of these fields is different, if they say the same in every entry; else ""."""
    forms = Forms()
    for change in changed:
        for name in fields:
            if name in change.fields and not forms.take(name, *change.fields[name]):
                return ""
    return forms.words()


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


def _names(fields: Sequence[str]) -> str:
    shown = ", ".join(repr(_cut(name)) for name in fields[:_EXAMPLES])
    return f"{shown} and {len(fields) - _EXAMPLES} more" if len(fields) > _EXAMPLES else shown


def _examples(changed: Sequence[Change], fields: Sequence[str]) -> Iterator[str]:
    for change in changed[:_EXAMPLES]:
        name = next(name for name in fields if name in change.fields)
        before, after = change.fields[name]
        yield f"{_cut(change.entry.title)}: {_cut(before)} → {_cut(after)}"


def _cut(value: str | None) -> str:
    line = " ".join((value or "(nothing)")[: 10 * _MOST_VALUE].split())
    return line if len(line) <= _MOST_VALUE else f"{line[: _MOST_VALUE - 1]}…"


def _text_gone(difference: Difference, habits: Habits, max_changed: float | None) -> MassChange | None:
    """A text of which more words have gone than may: the page shows something else in its place."""
    for change in others(difference.changes):
        if change.before and change.after and "text" in change.fields and not _is_exempt(habits, "text"):
            loss = lost(change.before.text, change.after.text)
            share = _SHARE if max_changed is None else max_changed
            if loss.had < LEAST_WORDS or (isinstance(max_changed, int) and max_changed) or not loss.is_more_than(share):
                continue
            left = f"{loss.left or 'none'} of the {loss.had} words that it had are left (max_changed)"
            message = f"{left}; it now says: {_cut(change.after.text)}"
            return MassChange(Suspicion("text_gone", message), ["text"], "", _samples([change], ["text"]))
    return None
