"""One thing that several sources tell of is one thing on the page, with every source named and every difference said.

Things of one source are never folded together: a source that tells of two means two, and the first of each source goes
with the first of the others.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Generic, Protocol, TypeVar

from web.present.freshness import Provenance
from web.present.rows import unique


class Sourced(Protocol):
    """Anything that says where it came from."""

    @property
    def provenance(self) -> Provenance:
        """Where it came from."""


Thing = TypeVar("Thing", bound=Sourced)

Compared = Sequence[tuple[str, str]]
"""Names of the properties by which two tellings are held against each other, and how a difference is introduced."""


@dataclass(frozen=True, slots=True)
class Telling(Generic[Thing]):
    """One thing as one or more sources tell it: the fullest telling, and how each of the others differs from it."""

    main: Thing
    others: tuple[tuple[Thing, str], ...] = ()

    @property
    def said(self) -> tuple[Provenance, ...]:
        """Where each source tells it."""
        return (self.main.provenance, *(other.provenance for other, _ in self.others))

    @property
    def sources(self) -> str:
        """Names of the sources, as an attribute holds them."""
        return " ".join(unique(one.source for one in self.said))


def fold(things: Sequence[Thing], key: Callable[[Thing], Hashable | None], compared: Compared) -> list[Telling[Thing]]:
    """The things in their order, those of one key and different sources as one. A key of None is nobody else's."""
    groups: dict[Hashable, list[Thing]] = {}
    for place, thing in enumerate(things):
        found = key(thing)
        groups.setdefault(("alone", place) if found is None else ("key", found), []).append(thing)
    return [telling for group in groups.values() for telling in _in_rounds(group, compared)]


def _in_rounds(group: Sequence[Thing], compared: Compared) -> list[Telling[Thing]]:
    """One telling for the first thing of every source, one for the second of those that have two, and so on."""
    by_source: dict[str, list[Thing]] = {}
    for thing in group:
        by_source.setdefault(thing.provenance.source, []).append(thing)
    if len(by_source) > 1:
        by_source = {
            source: sorted(things, key=lambda one: _place(one, compared)) for source, things in by_source.items()
        }
    rounds = zip_longest(*by_source.values())
    return [_told([thing for thing in one if thing is not None], compared) for one in rounds]


def _told(things: Sequence[Thing], compared: Compared) -> Telling[Thing]:
    main, *others = sorted(things, key=lambda thing: _fullness(thing, compared))
    return Telling(main, tuple((other, _differs(main, other, compared)) for other in others))


def _place(thing: Sourced, compared: Compared) -> list[str]:
    return [_plain(getattr(thing, name)).casefold() for name, _ in compared]


def _fullness(thing: Sourced, compared: Compared) -> tuple[bool, int]:
    """What a source still holds open comes before what another has closed, then what says most."""
    return not getattr(thing, "open", True), -sum(bool(getattr(thing, name)) for name, _ in compared)


def _differs(main: Thing, other: Thing, compared: Compared) -> str:
    told = ((word, _plain(getattr(other, name)), _plain(getattr(main, name))) for name, word in compared)
    return ", ".join(
        f"{word} “{value}”" for word, value, known in told if value and value.casefold() != known.casefold()
    )


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value or "")
