"""The program's schedule for a simulation: who plays histories of changes against it needs no daemon.

A fleet is asked `due(k)` and told `checked(k, now, changed)`; times are seconds since 1970. All sources have the same
interval. docs/schedule.md has what it scores.
"""

from watcher.schedule.budget import Ledger, Terms, paces, quantiles, solve, weigh
from watcher.schedule.learning import Look, begin, hear, must_hear, shift_of
from watcher.schedule.week import DAY, next_check

TURN = 300.0  # seconds between two turns of the ledger


class Fleet:
    def __init__(self, names, starts, every, fastest, slowest, budget):
        self.terms, self.every = Terms(budget, fastest, slowest), every
        self.known = dict(enumerate(begin(start) for start in starts))
        self.last, self.shifts = dict(enumerate(starts)), [shift_of(name) for name in names]
        self.ledger, self.made, self.planned = Ledger(0.0, min(starts)), 0, None
        self.turn(min(starts))

    def due(self, k):
        curve, since = self.known[k][1], self.last[k]
        at = next_check(curve, since, self.paces, self.base(curve), self.every)
        terms, every = self.terms, self.every
        return min(since + terms.longest(every), max(since + terms.shortest(every), at))

    def checked(self, k, now, changed):
        look = Look(now, self.last[k], changed, self.terms.longest(self.every), self.shifts[k])
        if must_hear(self.known[k][1], look):
            self.known[k] = hear(*self.known[k], look)
        self.last[k], self.made = now, self.made + 1
        if now - self.ledger.at >= TURN:
            self.turn(now)

    def turn(self, now):
        bounds, allowed = self.terms.bounds(self.every), len(self.known) * self.terms.times / self.every
        if self.planned is None or now - self.planned >= DAY / 4:
            curves = [curve for _, curve in self.known.values()]
            weights = weigh((bounds, self.base(curve), self.every, quantiles(curve)) for curve in curves)
            self.scale, self.planned = solve(weights, self.terms.times), now
        self.ledger, self.made = self.ledger.turn(now, allowed, self.made), 0
        self.paces = paces(bounds, self.scale * self.ledger.haste(allowed))

    def base(self, curve):
        return self.terms.base(curve.mean, record=False)

    def gone(self, k):
        del self.known[k]
