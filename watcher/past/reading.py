"""Reads captures of others in the order of time, believes each or skips it, and writes what it said.

The pages of a time are read by the options of today, or those that `[[sources.NAME.before]]` has for it.

A capture is read by the source's kind and judged beside the believed one before it, as a check judges a snapshot. One
that is doubted (half a page, another list) is believed if the next one is plausible beside it: then two readings say
so. Where both differ from all earlier ones in their form, it is the earlier pages that had another layout than the
options read, and these are skipped.

What was read before is not read again unless the options have changed, so a reading that was interrupted goes on.
While a capture is compared and written, the next one is parsed in a thread: of a large page each is half of the work.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, pairwise
from typing import NamedTuple

from sources import Entry, Get, Page, Source, SourceError
from sources.options import most_pages
from sources.reading.completeness import unread
from sources.reading.engine import PageReader, Sifted, first_request, read_blocks, steps
from sources.reading.known_filter import Profile
from state.compare.diff import Differ
from state.compare.plausibility import Suspicion, note_movement
from state.compare.reader_fingerprints import body_fingerprint, held_fingerprint, reading_fingerprint
from state.history.undo import FIRST
from state.model import NOTHING, Difference, Habits, PastCapture, PastWitness, SourceState, Standing
from state.model.past import count_changes, line_up
from state.store import Store
from watcher.check.context import differ
from watcher.check.pipeline import find_mass, find_reason_to_doubt
from watcher.config.arguments import find_source
from watcher.config.load import Config
from watcher.past.offers import Offer, OfferedCapture, SkippedCapture
from watcher.trials.try_source import Register

# Doubts that another reading may settle; all others are about the page alone. Those of form come of another layout, as
# does a change of the same field in nearly all entries that has not moved so before.
_MASS, _ALL_CHANGED, _NEARLY_ALL = "mass_change", "all_changed", 0.9
_OF_FORM = {_ALL_CHANGED, "mass_rekey", "field_emptied"}
_SETTLED = {"mass_loss", "mass_gain", "text_gone", "another_entry", _MASS, *_OF_FORM}


class Layout(NamedTuple):
    """The options that read the pages of some time, up to `until` (None: up to now), and the fingerprint of how they
    read and judge, also beside which pages.
    """

    source: Source
    reading: str
    until: datetime | None = None


class Layouts:
    """The layouts that a source's pages had. Raises UsageError for a source that there is not."""

    def __init__(self, config: Config, name: str) -> None:
        self.today = find_source(config, name)
        self.is_window = self.today.listing == "window"
        earlier = config.layouts.get(name, ())
        self._ends = [each.until for each in earlier]
        starts, sources = [None, *self._ends], [*(each.source for each in earlier), self.today]
        self._layouts = list[Layout]()
        for since, until, source in zip(starts, [*self._ends, None], sources, strict=True):
            # a break that comes or goes has the pages on both of its sides read anew
            within = f" {since or ''}/{until or ''}" if since or until else ""
            terms = held_fingerprint(b"", source).hex()
            reading = f"{reading_fingerprint(source, config.secrets.hide)} {terms}{within}"
            self._layouts.append(Layout(source, reading, until))

    def at(self, at: datetime) -> Layout:
        """The layout of a page of that time."""
        return self._layouts[bisect_right(self._ends, at)]


@dataclass
class PastOutcome:
    """What came of captures: those that are believed, the others with why not, and how many entries had changed in each
    since the one before, by its id.
    """

    read: list[PastCapture] = field(default_factory=list)
    skipped: list[SkippedCapture] = field(default_factory=list)
    changed: Mapping[int, int] = field(default_factory=dict)

    @property
    def changes(self) -> int:
        """The number of changes between the believed ones."""
        return sum(self.changed.values())


class Compared(NamedTuple):
    """How a capture differs from an earlier one, the number of its entries with a value, per field, and why it is
    doubted beside that one.
    """

    difference: Difference
    filled: Mapping[str, int]
    doubt: Suspicion | None


class PastReader:
    """Reads what one witness offers into the past of a source. `kind` is that of the witness. The source's own history
    is in the same store, or in its `own`. Raises StateError.
    """

    def __init__(
        self, store: Store, name: str, layouts: Layouts, kind: str, now: datetime, own: Store | None = None
    ) -> None:
        self._store, self._name, self._layouts, self._kind, self._now = store, name, layouts, kind, now
        self._own = own or store
        horizon = self._own.history.own_horizon(name)
        self.begin = horizon.since if horizon else None  # from then on the source has its own history
        self._has_first = horizon is not None and horizon.why == FIRST
        self._stored = {each.witness: each for each in store.past.captures(name) if each.witness.kind == kind}
        self._numbers = store.past.numbers(name)
        self._keeper = store.past_files.keeper(store.evidence, name, now)
        self._layout: Layout | None = None
        self._believed = list[PastCapture]()  # those of the layout, the earliest first
        self._held: PastCapture | None = None  # the doubted one after them
        self._registers = dict[int, Register]()  # of these two, by the numbers of the captures
        self._asked = b""  # the fingerprint of the last page that was asked for
        self._whole = set[bytes]()  # those of first pages that lead to no others
        self._habits = Habits()  # what moves in this register
        self._outcome = PastOutcome()

    def read_all(self, offers: Sequence[Offer], advance: Callable[[], None]) -> PastOutcome:
        """Read what is offered, in the order of time; `advance` is called after each."""
        captures = list[OfferedCapture]()
        for offer in offers:
            if isinstance(offer, OfferedCapture):
                captures.append(offer)
            else:
                self._outcome.skipped.append(offer)
                advance()
        captures.sort(key=lambda each: (each.at, each.where))
        with ThreadPoolExecutor(1) as parser:
            turns = (self._ask(each, parser) for each in captures)
            for turn, _ in pairwise(chain(turns, [None])):  # the next one is asked for, too
                assert turn  # noqa: S101 - None comes after the last
                self._read(turn)
                advance()
        self._compare_with_own()
        self._end_layout()
        self._outcome.skipped.sort(key=lambda each: (each.at is not None, each.at, each.where))
        read = self._outcome.read
        window = self._layouts.is_window
        self._outcome.changed = count_changes(line_up(read), self._store.past.keys, is_window=window)
        return self._outcome

    def _ask(self, offer: OfferedCapture, parser: ThreadPoolExecutor) -> "Turn":
        """What there is of a capture to begin with: how it was read before, or its first page, which is parsed ahead
        unless it is the same as that of the last capture; or why there is nothing.
        """
        if offer.at > self._now:
            return SkippedCapture(offer.at, offer.where, "future", "its time has not come yet")
        if self.begin and offer.at >= self.begin:
            return SkippedCapture(offer.at, offer.where, "known_here", "from then on the source has its own history")
        layout, witness = self._layouts.at(offer.at), PastWitness(self._kind, offer.where, offer.at)
        stored = self._stored.get(witness)
        if stored and stored.reading == layout.reading:
            return stored
        try:
            answers = _Answers(offer, layout.source)
            if answers.first.fetched != offer.at:  # the witness answered with its capture of another second
                return self._ask(replace(offer, at=answers.first.fetched, answer=answers), parser)
        except SourceError as error:
            return SkippedCapture(offer.at, offer.where, error.code, error.message)
        body, before = body_fingerprint(answers.first.content), self._asked
        self._asked = body
        if body != before:
            answers.parse_first(parser)
        return PastCapture(witness, body, layout.reading, is_window=self._layouts.is_window), answers

    def _read(self, turn: "Turn") -> None:
        """Believe a capture, hold it or skip it."""
        if isinstance(turn, SkippedCapture):
            self._outcome.skipped.append(turn)
            return
        capture, answers = (turn, None) if isinstance(turn, PastCapture) else turn
        layout = self._layouts.at(capture.witness.at)
        if layout != self._layout:  # the pages before a break are not compared with those after it
            self._end_layout()
            self._layout = layout
        try:
            if answers:
                self._take(capture, answers, layout.source)
            else:
                self._settle(capture)
        except SourceError as error:
            self._skip_stored(capture.witness, error.code, error.message)

    def _take(self, capture: PastCapture, answers: "_Answers", source: Source) -> None:
        """Believe a capture that was not read before, hold it or skip it. Raises SourceError."""
        for like in filter(None, (self._held, self._last)):
            if capture.body in self._whole and (like.body, like.reading) == (capture.body, capture.reading):
                self._end_doubt(confirmed=like is self._held)
                same = replace(like, witness=capture.witness, reason="", message="")
                self._settle(self._store.past.write(self._name, same)[0], self._register(like))
                return
        before, found = self._last, self._compare(source, answers, self._last)
        if len(answers.pages) == 1:
            self._whole.add(capture.body)
        if self._held and (before is None or (found.doubt and found.doubt.code in _SETTLED)):
            beside_held = self._compare(source, answers, self._held)
            if not beside_held.doubt:
                before, found = self._held, beside_held
        if found.doubt and found.doubt.code not in _SETTLED:
            self._skip_stored(capture.witness, *found.doubt)
            return
        self._end_doubt(confirmed=before is self._held)
        if len(answers.pages) > 1:  # what has the same first page alone is another capture
            whole = b"".join(page.body for page in answers.pages.values())
            capture = replace(capture, body=body_fingerprint(whole))
        if found.doubt:
            capture = replace(capture, reason=found.doubt.code, message=found.doubt.message)
        keep = self._keeper.pack(source, capture.witness, answers.pages.values())
        self._settle(*self._write(capture, before, found, keep))

    def _compare(self, source: Source, answers: "_Answers", before: PastCapture | None) -> Compared:
        """How a capture differs from an earlier one; None: it is the first. Raises SourceError."""
        known, state = NOTHING, SourceState(self._name)
        if before:
            register = self._register(before)
            known = register.known(self._store.past.contents, is_window=self._layouts.is_window)
            state = register.state(self._name, replace(self._habits, filled=before.filled))
        seeing, pages, whole = differ(source, known, state.digest), list[Page](), False
        reading = steps(source, answers.most, by=answers.reader(seeing))
        try:
            get = next(reading)
            while isinstance(get, Get):  # `take` keeps the entries
                pages.append(answers(get))
                get = reading.send(pages[-1])
        except StopIteration as end:
            whole = bool(end.value)
        part = unread(source, pages, seeing.taken, whole=whole)
        difference = seeing.finish(whole=whole, part=part is not None)
        doubt = self._doubt(source, state, pages, difference, seeing.profile, baseline=before is None)
        return Compared(difference, seeing.profile.filled, doubt)

    def _doubt(
        self,
        source: Source,
        state: SourceState,
        pages: Sequence[Page],
        difference: Difference,
        profile: Profile,
        *,
        baseline: bool,
    ) -> Suspicion | None:
        """Why a check would not believe such a snapshot."""
        mass = None if baseline else find_mass(source, state, difference, pages)
        self._habits = note_movement(self._habits, mass)
        doubt = find_reason_to_doubt(source, state, pages, difference, profile, mass, baseline=baseline)
        stayed = state.entries - difference.absent
        if doubt and doubt.code == _MASS and len(difference.update) > _NEARLY_ALL * stayed:
            return doubt._replace(code=_ALL_CHANGED)
        return doubt

    def _write(
        self, capture: PastCapture, before: PastCapture | None, found: Compared, keep: Callable[[], str]
    ) -> tuple[PastCapture, Register]:
        """Write a capture that differs from an earlier one."""
        difference, earlier = found.difference, self._register(before) if before else Register({}, {})
        gone = {row for row, standing in difference.stand.items() if standing is not Standing.PRESENT}
        gone |= difference.update.keys()
        came = dict([*difference.insert, *difference.update.values()])
        keys = dict(earlier.keys)
        for mark in [mark for mark, number in earlier.numbers.items() if number in gone]:
            del keys[mark]
        keys |= {mark: entry.key for mark, entry in came.items()}
        if difference.order:  # a rolling list, as it stands there
            place = {key: at for at, key in enumerate(difference.order)}
            keys = dict(sorted(keys.items(), key=lambda each: place.get(each[1], len(place))))
        new = [(mark, entry) for mark, entry in came.items() if mark not in self._numbers]
        present = [self._numbers.get(mark, mark) for mark in keys]
        capture = replace(capture, filled=dict(found.filled))
        stored, added = self._store.past.write(self._name, capture, present, new, keep)
        self._numbers |= added
        return stored, Register({mark: self._numbers[mark] for mark in keys}, keys)

    def _settle(self, capture: PastCapture, register: Register | None = None) -> None:
        """A capture is stored: hold it, or believe it."""
        self._end_doubt(confirmed=False)
        if capture.is_believed:
            self._believed.append(capture)
        else:
            self._held = capture
        kept = {each.id for each in (self._last, self._held) if each}
        self._registers = {number: each for number, each in self._registers.items() if number in kept}
        if register:
            self._registers[capture.id] = register

    def _end_doubt(self, *, confirmed: bool) -> None:
        """Another capture comes after the held one: two readings say so, or it was a lapse, which stays stored as not
        believed. It is done before that one is written: so a reading that was interrupted does it again.
        """
        if self._held and confirmed:
            if self._held.reason in _OF_FORM:
                self._drop_earlier(self._held.reason, self._held.message)
            self._believed.append(self._store.past.judge(self._held, "", ""))
        elif self._held:
            self._skip_stored(self._held.witness, self._held.reason, self._held.message)
        self._held = None

    def _compare_with_own(self) -> None:
        """After the last capture comes the first own snapshot, which is believed: it confirms a held capture, or shows
        that the pages before had another layout.
        """
        if not (self._has_first and self.begin and self._layout == self._layouts.at(self.begin)):
            return
        doubt = self._doubt_own(self._last) if self._last else None
        if self._held and (doubt or not self._last) and not self._doubt_own(self._held):
            self._end_doubt(confirmed=True)
        elif not self._held and doubt and doubt.code in _OF_FORM:
            self._drop_earlier(*doubt)

    def _doubt_own(self, last: PastCapture) -> Suspicion | None:
        """Why the first own snapshot would be doubted after a capture."""
        assert self._layout and self.begin  # noqa: S101, PT018 - as the caller knows
        source, register = self._layout.source, self._register(last)
        state = register.state(self._name, replace(self._habits, filled=last.filled))
        seeing = differ(source, register.known(self._store.past.contents, is_window=False), state.digest)
        for each in self._own.history.entries(self._name, self.begin):
            seeing.see(each.entry)
        difference = seeing.finish()
        return self._doubt(source, state, [], difference, seeing.profile, baseline=False)

    def first_keys(self) -> tuple[datetime, set[str]] | None:
        """When the earliest page that is believed was made, a capture or else the first own one, and its keys."""
        if self._outcome.read:
            first = self._outcome.read[0]
            return first.witness.at, set(self._store.past.keys(first.present).values())
        if self.begin and self._has_first:
            return self.begin, {each.entry.key for each in self._own.history.entries(self._name, self.begin)}
        return None

    def _end_layout(self) -> None:
        """The captures of one layout are all read."""
        self._end_doubt(confirmed=False)
        self._outcome.read += self._believed
        self._believed, self._registers = [], {}

    def _drop_earlier(self, reason: str, message: str) -> None:
        """The believed captures so far had another layout."""
        advice = f"another layout than today's: [[sources.{self._name}.before]] says how it is read"
        for each in self._believed:
            said = self._store.past.judge(each, reason, f"{message}; {advice}")
            self._skip_stored(said.witness, said.reason, said.message)
        self._believed = []

    def _skip_stored(self, witness: PastWitness, reason: str, message: str) -> None:
        """One that was read is not believed; nor is what other options read in it before."""
        before = self._stored.get(witness)
        if before and before.is_believed:
            self._store.past.judge(before, reason, message)
        self._outcome.skipped.append(SkippedCapture(witness.at, witness.where, reason, message))

    @property
    def _last(self) -> PastCapture | None:
        return self._believed[-1] if self._believed else None

    def _register(self, capture: PastCapture) -> Register:
        """What a stored capture has."""
        if capture.id not in self._registers:
            present = capture.present
            named = self._store.past.marks(present)
            numbers = {named[number][0]: number for number in present}
            self._registers[capture.id] = Register(numbers, {named[number][0]: named[number][1] for number in present})
        return self._registers[capture.id]


class _Answers:
    """The pages of a capture, each asked for once. `first` answers the source's first request. Raises SourceError."""

    def __init__(self, offer: OfferedCapture, source: Source) -> None:
        self._offer, self._source = offer, source
        self.pages = dict[str, Page]()  # in the order in which they were asked for
        self._parsed: Future[list[Sifted]] | None = None
        self.most = 1 if offer.alone else most_pages(source)
        self.first = self(first_request(source))

    def __call__(self, get: Get) -> Page:
        """The page that answers a request."""
        if get.identity not in self.pages:
            self.pages[get.identity] = self._offer.answer(get)
        return self.pages[get.identity]

    def parse_first(self, parser: ThreadPoolExecutor) -> None:
        """Have the first page parsed by a thread."""
        source, page = self._source, self.first
        self._parsed = parser.submit(lambda: list(read_blocks(source, page, frozenset(source.uncompared), apart=True)))

    def reader(self, seeing: Differ) -> PageReader:
        """What gives the entries of these pages to a differ. Raises SourceError."""

        def take(source: Source, page: Page) -> Iterator[Entry | Get]:
            return seeing.take(source, page, self._parsed.result() if self._parsed and page is self.first else None)

        return take


Turn = PastCapture | SkippedCapture | tuple[PastCapture, _Answers]
