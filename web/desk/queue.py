"""The queues of the review desk: doubtful pairs by what keeps them apart, alarms, and decisions that wait.

Counts only what the reader may see. A pair that somebody decided about leaves its queue at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.evidence import Alarm
from graph.judgements import Judgement, Verdict
from web.desk.cases import Desk
from web.desk.sight import LISTED, Key
from web.present.review_words import REASONS, reason

DOUBTFUL, ALARMS, WAITING, UNSURE = "doubtful", "alarms", "waiting", "unsure"
QUEUES = {
    DOUBTFUL: "All doubtful pairs",
    **{one.slug: one.title for one in REASONS},
    WAITING: "Waiting for a second person",
    UNSURE: "Set aside as unsure",
    ALARMS: "People to look at",
}
"""Every queue by its name in an address."""


@dataclass(frozen=True, slots=True)
class Two:
    """Two records of a queue, by key."""

    left: Key
    right: Key


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue, whole, and how long every queue is. `full` says that there are more doubtful pairs than are listed."""

    show: str
    title: str
    pairs: Sequence[Two]
    alarms: Sequence[Alarm]
    counts: dict[str, int]
    full: bool

    @property
    def count(self) -> int:
        """How many wait here."""
        return len(self.pairs) or len(self.alarms)


def queue(desk: Desk, show: str) -> Queue:
    """The queue of that name; of all doubtful pairs where there is none of it."""
    history = desk.judgements.history()
    latest = {(one.left, one.right): one for one in history if one.counts}
    waits = [one for one in history if one.waits]
    settled = latest.keys() | {(one.left, one.right) for one in waits}
    found: dict[str, list[Two]] = {name: [] for name in QUEUES}
    doubtful = desk.doubtful()
    for pair in doubtful:
        two = Two(*sorted((pair.left, pair.right)))
        if (two.left, two.right) not in settled:
            found[DOUBTFUL].append(two)
            found[reason(pair.guard).slug].append(two)
    found[WAITING] = _seen(desk, waits)
    found[UNSURE] = _seen(desk, [one for one in latest.values() if one.verdict is Verdict.UNSURE])
    alarms = desk.alarms()
    counts = {name: len(pairs) for name, pairs in found.items()} | {ALARMS: len(alarms)}
    show = show if show in QUEUES else DOUBTFUL
    return Queue(show, QUEUES[show], found[show], alarms if show == ALARMS else (), counts, len(doubtful) >= LISTED)


def _seen(desk: Desk, judgements: Sequence[Judgement]) -> list[Two]:
    return [Two(case.left.key, case.right.key) for _, case in desk.told_of(judgements)]
