"""Pictures of a source: its health, its changes and its entries over its life, and a week of its rhythm. Pure.

A picture is a list of paths in units of its own, which `templates/parts.html` puts into the page as inline SVG. Its
time runs as people read, a step for a day, or for several days of a long life. What nobody has read is never drawn
as if nothing had happened: such days are marked as what they are. How many entries there were on an earlier day is
counted back from today's number by the changes since.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from alerts.language import mark, phrase, phrase_beside, phrase_day, phrase_many, phrase_number
from alerts.message.wording import label_text
from state.model import DayTally
from state.storage.browsing import Daily
from watcher.schedule.week import DAYS as WEEKDAYS

WIDTH, HEIGHT = 600, 80  # of each picture
LEAST, MOST = 30, 90  # steps in a picture
_IN, _OUT = {"added", "reappeared"}, {"removed"}
STANDINGS = {  # of a step, by the class of its path; pictures of no step at all are not drawn
    # Translators: of a source, on a day or several days
    "read": mark("read"),
    "partly": mark("not read at each check"),
    "failed": mark("could not be read"),
    "unread": mark("not checked"),
}


class Day(NamedTuple):
    """A day (UTC): its changes, the entries at its end, and how many checks could read the source and could not."""

    day: date
    changes: int = 0
    entries: int = 0
    read: int = 0
    failed: int = 0


class ChartPath(NamedTuple):
    """A path of a picture: its class, its `d`, what it says in words, and the steps of time that it goes through."""

    tone: str
    d: str
    label: str = ""
    steps: int = 1


class Chart(NamedTuple):
    """A picture, and all that it shows in words."""

    paths: Sequence[ChartPath]
    summary: str


Step = Sequence[Day]


def days_of(daily: Sequence[Daily], checks: Sequence[DayTally], entries: int, today: date, first: date) -> list[Day]:
    """All days of a source from the `first` of which something is known to today, in this order."""
    changes, more = Counter[date](), Counter[date]()
    for day, change, number in daily:
        changes[day] += number
        more[day] += number * ((change in _IN) - (change in _OUT))
    tallies, days = {each.day: each for each in checks}, list[Day]()
    for back in range(max((today - first).days, 0) + 1):
        day = today - timedelta(days=back)
        _, read, failed = tallies.get(day, (day, 0, 0))
        days.append(Day(day, changes[day], max(entries, 0), read, failed))
        entries -= more[day]
    return days[::-1]


def steps_of(days: Sequence[Day]) -> list[Step]:
    """The days in at most `MOST` steps of equal length, of which the first may be shorter."""
    length = -(-len(days) // MOST) or 1
    return [days[max(0, end - length) : end] for end in range(len(days), 0, -length)][::-1]


def begin(steps: Sequence[Step]) -> date:
    """The day with which the pictures begin: before the first one where there are few."""
    return steps[0][0].day - timedelta(days=max(0, LEAST - len(steps)))


def health(steps: Sequence[Step]) -> Chart:
    """A strip with a mark for each step: whether the source could be read."""
    days = [day for step in steps for day in step]
    read = phrase_number(sum(map(_is_read, days)))
    told = [phrase_many("read on {read} of {number} day", "read on {read} of {number} days", len(days), read=read)]
    if failed := sum(day.failed > 0 for day in days):
        told.append(phrase_many("with failures on {number}", "with failures on {number}", failed))
    if unread := sum(not (_is_read(day) or day.failed) for day in days):
        told.append(phrase_many("not checked on {number}", "not checked on {number}", unread))
    paths = [
        ChartPath(tone, f"M{x:g} {HEIGHT // 2}H{end:g}", label_text(_span(run), phrase(STANDINGS[tone])), steps)
        for tone, run, x, end, steps in _runs(steps)
    ]
    return Chart(paths, phrase_beside(*told))


def changes(steps: Sequence[Step]) -> Chart:
    """A bar for the changes of each step, in front of the times without a reading."""
    most, total = max(sum(day.changes for day in step) for step in steps), 0
    paths, width = list(_gaps(steps)), _width(steps)
    for step, x in zip(steps, _places(steps), strict=True):
        if number := sum(day.changes for day in step):
            total += number
            changed = phrase_many("{number} change", "{number} changes", number)
            there = phrase_many("{number} entry", "{number} entries", step[-1].entries)
            paths.append(_bar(x, width, number / most, label_text(_span(step), phrase_beside(changed, there))))
    begun, all_ = phrase_day(steps[0][0].day), phrase_many("{number} change", "{number} changes", total)
    return Chart(paths, phrase("{changes} since {day}, before which nothing is known", changes=all_, day=begun))


def entries(steps: Sequence[Step]) -> Chart:
    """A line of the number of entries, which is interrupted where nobody read them."""
    numbers = [step[-1].entries for step in steps]
    least, most = min(numbers), max(numbers)
    paths, width, at = list(_gaps(steps)), _width(steps), iter(numbers)
    for tone, _, x, end, length in _runs(steps, lambda step: _standing(step).replace("partly", "read")):
        shares = [(next(at) - least) / (most - least) if most > least else 0.5 for _ in range(length)]
        heights = [HEIGHT * (0.9 - 0.8 * share) for share in shares]
        if tone == "read":
            line = "V".join(f"{height:.1f}H{x + width * (place + 1):g}" for place, height in enumerate(heights))
            paths.append(ChartPath("area", f"M{x:g} {HEIGHT}V{line}V{HEIGHT}H{end:g}z"))
            paths.append(ChartPath("curve", f"M{x:g} {line}"))
    told = [phrase("from {first} to {last}", first=phrase_number(numbers[0]), last=phrase_number(numbers[-1]))]
    if {least, most} - {numbers[0], numbers[-1]}:
        told.append(phrase("between {least} and {most}", least=phrase_number(least), most=phrase_number(most)))
    return Chart(paths, phrase_beside(*told))


def week(hours: Sequence[float]) -> Chart:
    """A bar for each hour of the week from Monday, as high as the changes that are expected in it."""
    most, width = max(hours, default=0.0) or 1.0, WIDTH / max(len(hours), 1)
    bars = list[ChartPath]()
    for at, rate in enumerate(hours):
        told = phrase("{rate} changes an hour", rate=f"{rate:.2g}")
        hour = f"{phrase(WEEKDAYS[at // 24])} {at % 24:02}:00"
        bars.append(_bar(at * width, width, rate / most, label_text(hour, told)))
    return Chart(bars, phrase("Changes that are expected in each hour of a week, from Monday to Sunday"))


def _is_read(day: Day) -> bool:
    return day.read > 0 or day.changes > 0


def _standing(step: Step) -> str:
    read = sum(map(_is_read, step))
    if not read:
        return "failed" if any(day.failed for day in step) else "unread"
    return "read" if read == len(step) and not any(day.failed for day in step) else "partly"


def _width(steps: Sequence[Step]) -> float:
    return WIDTH / max(len(steps), LEAST)


def _places(steps: Sequence[Step]) -> list[float]:
    """Where each step begins: the last one ends on the right."""
    return [round(WIDTH - back * _width(steps), 2) for back in range(len(steps), 0, -1)]


def _runs(
    steps: Sequence[Step], key: Callable[[Step], str] = _standing
) -> Iterator[tuple[str, Step, float, float, int]]:
    """The times of equal standing: it, their days, where they begin and end in the picture, and their steps."""
    for tone, run in groupby(zip(steps, _places(steps), strict=True), lambda each: key(each[0])):
        parts = list(run)
        end = round(parts[-1][1] + _width(steps), 2)
        yield tone, [day for step, _ in parts for day in step], parts[0][1], end, len(parts)


def _gaps(steps: Sequence[Step]) -> Iterator[ChartPath]:
    for tone, run, x, end, _ in _runs(steps):
        if tone in {"failed", "unread"}:
            yield ChartPath("gap", f"M{x:g} 0H{end:g}V{HEIGHT}H{x:g}z", label_text(_span(run), phrase(STANDINGS[tone])))


def _bar(x: float, width: float, share: float, label: str) -> ChartPath:
    """A bar of at least two units: what is little is still seen."""
    top = HEIGHT - max(2.0, HEIGHT * share)
    return ChartPath("bar", f"M{x:g} {HEIGHT}V{top:.1f}h{width * 0.8:.2f}V{HEIGHT}z", label)


def _span(step: Step) -> str:
    first, last = step[0].day, step[-1].day
    if first == last:
        return phrase_day(first)
    return phrase("{first} to {last}", first=phrase_day(first), last=phrase_day(last))
