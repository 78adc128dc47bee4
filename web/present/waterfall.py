"""A pair's weight as a waterfall: from where any two records start, each field a step up or down, to the sum.

Reckons places on a drawing; the template draws it, and the same steps stand in a table beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.evidence import Pair
from web.present.review_words import field_words, reason, signed

WIDTH, LEFT, ROW, TOP = 300.0, 8.0, 46.0, 30.0
_LEAST = 1.5
"""Least width of a bar that stands for anything, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what, what it says, its weight, and where its bar lies. `kind` is start, for, against, none or sum."""

    title: str
    words: str
    weight: float
    said: str
    kind: str
    x: float
    width: float
    y: float
    end: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """A drawing in units of its own. `zero` is where the evidence for and against is even."""

    steps: tuple[Step, ...]
    zero: float
    height: float
    width: float
    text: str


def waterfall(pair: Pair) -> Waterfall:
    """The steps of a pair's weight, known fields only, and their places."""
    told = [("Any two records compared", "where every pair starts", pair.prior, "start")]
    told += [(one.title, field_words(one), one.weight, _kind(one.weight)) for one in pair.fields if one.known]
    total = sum(weight for _, _, weight, _ in told)
    if pair.guard and abs(pair.weight - total) > 0.05:
        what = "never joined" if pair.guard == "adoption" else "lowered, so that somebody looks"
        words = f"{reason(pair).title}: {what}"
        told.append(("Held back by a rule", words, pair.weight - total, "against"))
    told.append(("Sum", "above 0 speaks for one person", pair.weight, "sum"))
    return _drawn(told)


def _kind(weight: float) -> str:
    return "for" if round(weight, 1) > 0 else "against" if round(weight, 1) < 0 else "none"


def _drawn(told: Sequence[tuple[str, str, float, str]]) -> Waterfall:
    spans = []
    at = 0.0
    for _, _, weight, kind in told:
        start = 0.0 if kind in ("start", "sum") else at
        at = start + weight
        spans.append((start, at))
    low, high = (pick(min(0.0, *span) if pick is min else max(0.0, *span) for span in spans) for pick in (min, max))
    scale = (WIDTH - 2 * LEFT) / ((high - low) or 1.0)

    def place(value: float) -> float:
        return round(LEFT + (value - low) * scale, 1)

    steps = tuple(
        Step(title, words, weight, signed(weight), kind, place(min(span)),
             max(_LEAST, round(abs(span[1] - span[0]) * scale, 1)), round(TOP + number * ROW, 1), place(span[1]))
        for number, ((title, words, weight, kind), span) in enumerate(zip(told, spans, strict=True))
    )  # fmt: skip
    said = "; ".join(f"{one.title}: {one.said}" for one in steps)
    return Waterfall(steps, place(0.0), TOP + len(steps) * ROW + 6, WIDTH, said)
