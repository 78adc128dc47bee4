"""The generator's only source of chance: the same draws on every machine and every run.

Streams are seeded by a text through SHA-256. Only `random()` and exact arithmetic are used (no `choices`, no
`gauss`), because those alone are promised to stay the same between Python versions. Never `hash()`, never set order.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Things to draw from with given weights, the sums kept so that a draw costs one bisection."""

    __slots__ = ("sums", "things")

    def __init__(self, pairs: Iterable[tuple[T, float]]) -> None:
        kept = [(thing, weight) for thing, weight in pairs if weight > 0]
        self.things: Sequence[T] = tuple(thing for thing, _ in kept)
        self.sums = tuple(accumulate(weight for _, weight in kept))


class Dice:
    """One named stream of chance."""

    __slots__ = ("random",)

    def __init__(self, name: str) -> None:
        self.random = Random(int.from_bytes(sha256(name.encode()).digest(), "big")).random  # noqa: S311 - repeatable, not secret

    def chance(self, probability: float) -> bool:
        """True with the probability given."""
        return self.random() < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, things: Sequence[T]) -> T:
        """One of them, each as likely."""
        return things[int(self.random() * len(things))]

    def draw(self, weighted: Weighted[T]) -> T:
        """One of them by weight."""
        at = bisect_right(weighted.sums, self.random() * weighted.sums[-1])
        return weighted.things[min(at, len(weighted.things) - 1)]

    def bell(self, mean: float, spread: float) -> float:
        """A bell-shaped draw (sum of four uniforms): mean and standard deviation given, never beyond 3.5 of them."""
        return mean + spread * 1.7320508 * (self.random() + self.random() + self.random() + self.random() - 2.0)

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """A shuffled copy."""
        mixed = list(things)
        for at in range(len(mixed) - 1, 0, -1):
            other = int(self.random() * (at + 1))
            mixed[at], mixed[other] = mixed[other], mixed[at]
        return mixed
