"""How well the names typed agree with the names on record, and which words say so.

Surname and forename are tried each in its own field and swapped, within one name and across two.
"""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, repr=False)
class NameMatch:
    """The best reading of the names typed: points, which fields agree, and the reasons."""

    points: float = 0.0
    agreeing: frozenset[str] = frozenset()
    reasons: tuple[str, ...] = ()


class _Part(NamedTuple):
    """A typed field against every name: best match there, and which name it was."""

    match: FieldMatch
    name: Name


NO_MATCH = NameMatch()
_NO_FIELD = FieldMatch(0.0, ())


def best_name(query: Query, record: SearchRecord) -> NameMatch:
    """The reading of the typed names that agrees best with any of the record's names."""
    if not record.names or not (query.surname or query.forename):
        return NO_MATCH
    straight = _reading(query, record.names, swapped=False)
    if straight.points >= SWAPPED * (SURNAME * bool(query.surname) + FORENAME * bool(query.forename)):
        return straight
    return max(straight, _reading(query, record.names, swapped=True), key=lambda match: match.points)


def _reading(query: Query, names: tuple[Name, ...], *, swapped: bool) -> NameMatch:
    lasts = [_Part(_field(query.surname, name, surname=not swapped, forename=False), name) for name in names]
    firsts = [_Part(_field(query.forename, name, surname=swapped, forename=True), name) for name in names]
    together = max(zip(lasts, firsts, strict=True), key=lambda pair: _points(*pair))
    apart = (max(lasts, key=_share), max(firsts, key=_share))
    last, first = max(together, apart, key=lambda pair: _points(*pair))
    factor = SWAPPED if swapped else 1.0
    agreeing = {field for field, part in (("surname", last), ("forename", first)) if part.match.share >= AGREES}
    why = _reasons("surname", last, swapped) + _reasons("forename", first, swapped)
    return NameMatch(_points(last, first) * factor, frozenset(agreeing), why)


def _share(part: _Part) -> float:
    return part.match.share


def _points(last: _Part, first: _Part) -> float:
    factor = 1.0
    if last.match.words and first.match.words and last.name != first.name:
        factor = TWO_NAMES
    elif MAIN not in (last.name.kind, first.name.kind):
        factor = OTHER_NAME
    return factor * (SURNAME * last.match.share + FORENAME * first.match.share)


def _field(typed: tuple[str, ...], name: Name, *, surname: bool, forename: bool) -> FieldMatch:
    """A typed field against a name's surname, or else its forenames. `forename`: what was typed is a forename."""
    found = fold.surname_tokens(name.surname) if surname else fold.forename_tokens(name.forename)
    if not typed or not found:
        return _NO_FIELD
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
        alike = likeness(token, candidate, forename=forename)
        if alike.weight > best.likeness.weight:
            best = Word(token, candidate, alike)
    return best


def _reasons(field: str, part: _Part, swapped: bool) -> tuple[str, ...]:
    return tuple(
        name_reason(field, word.typed, word.found, word.likeness.how, swapped=swapped, kind=part.name.kind)
        for word in part.match.words
    )
