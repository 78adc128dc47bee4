"""The queues of the review desk: doubtful pairs by what keeps them apart, alarms, and decisions that wait.

Two people whose records make several doubtful pairs are one line. Counts only what the reader may see. Two people whom
somebody decided about leave their queue at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from graph.evidence import Alarm, Pair
from graph.judgements import Judgement, Verdict
from web.desk.cases import Desk, ordered
from web.desk.sight import Alarms, Key
from web.present.review_words import REASONS, reason, slugs

DOUBTFUL, ALARMS, WAITING, UNSURE, APART = "doubtful", "alarms", "waiting", "unsure", "not-joined"
QUEUES = {
    DOUBTFUL: "All doubtful pairs",
    **{one.slug: one.title for one in REASONS},
    WAITING: "Waiting for a second person",
    UNSURE: "Set aside as unsure",
    APART: "Decided, but not joined",
    ALARMS: "People to look at",
}
"""Every queue by its name in an address."""

_GRAVEST = {one.slug: place for place, one in enumerate(REASONS)}


@dataclass(frozen=True, slots=True)
class Two:
    """Two records that stand for the two people they are of, by key, and how many pairs of records the people make."""

    left: Key
    right: Key
    slug: str = ""
    pairs: int = 1


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue, whole, and how long every queue is. Of those named in `more` there are more pairs than are listed."""

    show: str
    title: str
    pairs: Sequence[Two]
    alarms: Sequence[Alarm]
    counts: dict[str, int]
    more: frozenset[str]

    @property
    def count(self) -> int:
        """How many wait here."""
        return len(self.pairs) or len(self.alarms)


def queue(desk: Desk, show: str) -> Queue:
    """The queue of that name; of all doubtful pairs where there is none of it."""
    history = desk.judgements.history()
    latest = {(one.left, one.right): one for one in history if one.counts}
    waits = [one for one in history if one.waits]
    found: dict[str, list[Two]] = {name: [] for name in QUEUES}
    doubtful = desk.doubtful()
    for two, decided in groups(doubtful.pairs, [*latest.values(), *waits]):
        if decided is None:
            found[DOUBTFUL].append(two)
            found.setdefault(two.slug, []).append(two)
        elif decided.counts and decided.verdict is Verdict.SAME and decided.at < desk.began:
            found[APART].append(two)
    found[WAITING] = _seen(desk, waits)
    found[UNSURE] = _seen(desk, [one for one in latest.values() if one.verdict is Verdict.UNSURE])
    alarms = _unheard(desk.alarms(), latest.values())
    counts = {name: len(pairs) for name, pairs in found.items()} | {ALARMS: len(alarms)}
    show = show if show in QUEUES else DOUBTFUL
    more = {slug for guard in doubtful.more for slug in slugs(guard)} | ({DOUBTFUL} if doubtful.more else set())
    return Queue(show, QUEUES[show], found[show], alarms if show == ALARMS else (), counts, frozenset(more))


def groups(doubtful: Sequence[Pair], decided: Iterable[Judgement]) -> Iterator[tuple[Two, Judgement | None]]:
    """Every two people with doubtful pairs and the last decision about any records of theirs, those nearest to joining
    first. They are shown by the heaviest pair of what speaks most gravely against joining them.
    """
    of = {key: who for one in doubtful for key, who in ((one.left, one.person_left), (one.right, one.person_right))}
    last = {frozenset((of.get(one.left), of.get(one.right))): one for one in sorted(decided, key=_when)}
    found: dict[frozenset[str | None], list[Pair]] = {}
    for one in doubtful:
        found.setdefault(frozenset((one.person_left, one.person_right)), []).append(one)
    for people, pairs in found.items():
        gravest = min(pairs, key=lambda one: _GRAVEST.get(reason(one).slug, 0))
        yield Two(*ordered(gravest), reason(gravest).slug, len(pairs)), last.get(people)


def _unheard(alarms: Alarms, decided: Iterable[Judgement]) -> list[Alarm]:
    """The alarms about people whose records nobody has decided on: who looked and found nothing wrong has said so."""
    of = alarms.owners
    looked = {of[one.left] for one in decided if one.left in of and of[one.left] == of.get(one.right)}
    return [one for one in alarms.people if one.person not in looked]


def _when(judgement: Judgement) -> int:
    return judgement.number


def _seen(desk: Desk, judgements: Sequence[Judgement]) -> list[Two]:
    return [Two(case.left.key, case.right.key) for _, case in desk.told_of(judgements)]
