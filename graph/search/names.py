"""How well the names typed agree with the names on record, and which words say so.

Surname and forename are tried each in its own field and swapped, within one name and across two.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from graph.search import fold
from graph.search.query import Query
from graph.search.reasons import name_reason
from graph.search.record import MAIN, Name, SearchRecord
from graph.search.similarity import NONE, Likeness, likeness

SURNAME, FORENAME = 10.0, 9.0
OTHER_NAME, TWO_NAMES, SWAPPED = 0.96, 0.94, 0.92
NOT_FIRST = 0.99
"""A whole surname before half of one, a first forename before a middle name: breaks ties, no more."""

AGREES = 0.4
"""Share of a typed name that must be found for it to count as agreeing: half of a double-barrelled name does."""


class Word(NamedTuple):
    """One typed word and the best word on record for it."""

    typed: str
    found: str
    likeness: Likeness


@dataclass(frozen=True, slots=True, repr=False)
class FieldMatch:
    """How one typed field agrees with one field of one name on record; `share` runs from 0 to 1."""

    share: float
    words: tuple[Word, ...]


class Part(NamedTuple):
    """A typed field and the name on record it was held against."""

    match: FieldMatch
    name: Name


@dataclass(frozen=True, slots=True, repr=False)
class NameMatch:
    """The best reading of the names typed. `swapped`: the surname typed was read as a forename, and the other round."""

    points: float
    surname: Part
    forename: Part
    swapped: bool = False

    @property
    def agreeing(self) -> int:
        """How many of the two typed fields agree."""
        return (self.surname.match.share >= AGREES) + (self.forename.match.share >= AGREES)

    @property
    def reasons(self) -> tuple[str, ...]:
        """One line for each typed word that was found."""
        return tuple(
            name_reason(field, word.typed, word.found, word.likeness.how, swapped=self.swapped, kind=part.name.kind)
            for field, part in (("surname", self.surname), ("forename", self.forename))
            for word in part.match.words
        )


_NO_FIELD = FieldMatch(0.0, ())
_NO_PART = Part(_NO_FIELD, Name("", "", MAIN))
NO_MATCH = NameMatch(0.0, _NO_PART, _NO_PART)


def best_name(query: Query, record: SearchRecord) -> NameMatch:
    """The reading of the typed names that agrees best with any of the record's names."""
    if not record.names or not (query.surname or query.forename):
        return NO_MATCH
    straight = _reading(query, record.names, swapped=False)
    if straight.points >= SWAPPED * (SURNAME * bool(query.surname) + FORENAME * bool(query.forename)):
        return straight
    swapped = _reading(query, record.names, swapped=True)
    return swapped if swapped.points > straight.points else straight


def _reading(query: Query, names: tuple[Name, ...], *, swapped: bool) -> NameMatch:
    lasts = [Part(_field(query.surname, name, surname=not swapped, forename=False), name) for name in names]
    firsts = [Part(_field(query.forename, name, surname=swapped, forename=True), name) for name in names]
    pairs = list(zip(lasts, firsts, strict=True))
    if len(names) > 1:
        pairs.append((max(lasts, key=_share), max(firsts, key=_share)))
    last, first = max(pairs, key=_points)
    return NameMatch(_points((last, first)) * (SWAPPED if swapped else 1.0), last, first, swapped)


def _share(part: Part) -> float:
    return part.match.share


def _points(pair: tuple[Part, Part]) -> float:
    last, first = pair
    return _trust(last, first) * (SURNAME * last.match.share + FORENAME * first.match.share)


def _trust(last: Part, first: Part) -> float:
    """A name on record counts a little less if it is not the one shown, and less again if it is put together of two."""
    found = [part.name for part in (last, first) if part.match.words]
    if len(found) == 2 and found[0] != found[1]:
        return TWO_NAMES
    return 1.0 if not found or found[0].kind == MAIN else OTHER_NAME


def _field(typed: tuple[str, ...], name: Name, *, surname: bool, forename: bool) -> FieldMatch:
    """A typed field against a name's surname, or else its forenames. `forename`: what was typed is a forename."""
    found = fold.surname_tokens(name.surname) if surname else fold.forename_tokens(name.forename)
    return _match(typed, found, forename) if typed and found else _NO_FIELD


@lru_cache(maxsize=16_384)
def _match(typed: tuple[str, ...], found: tuple[str, ...], forename: bool) -> FieldMatch:
    """The typed words against those found; kept, because many candidates bear the same name."""
    apart = _words(typed, found, forename)
    if len(typed) == 1:
        return apart
    # "O Neill" typed for Oneill: the parts joined are an alternative to all of them.
    return max(apart, _words(("".join(typed),), found, forename), key=lambda match: match.share)


def _words(typed: tuple[str, ...], found: tuple[str, ...], forename: bool) -> FieldMatch:
    best = [_best_word(token, found, forename) for token in typed]
    share = sum(word.likeness.weight for word in best) / len(best)
    half = not forename and len(best) == 1 and best[0].found != max(found, key=len)
    if half or not best[0].found.startswith(found[0]):
        share *= NOT_FIRST
    return FieldMatch(share, tuple(word for word in best if word.likeness.weight))


def _best_word(token: str, found: tuple[str, ...], forename: bool) -> Word:
    best = Word(token, "", NONE)
    for candidate in found:
        alike = likeness(token, candidate, forename)
        if alike.weight > best.likeness.weight:
            best = Word(token, candidate, alike)
    return best
