"""Points and reasons for one person against one search: the only judge of who is shown and in what order.

The weights come from judgement, tested on invented people of known truth (docs/adr/0004-people-search.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from graph.search import dates, fold, reasons
from graph.search.dates import PartialDate
from graph.search.names import best_name
from graph.search.query import Query
from graph.search.record import SearchRecord
from graph.search.similarity import likeness

RECORD_ID, POSTCODE, POSTCODE_ONE_OFF, POSTCODE_NEAR, ADDRESS = 30.0, 7.0, 5.0, 3.0, 6.0
DATE_EXACT, DATE_SWAPPED, DATE_DIGIT, DATE_SAME_YEAR, DATE_DIFFERS = 10.0, 7.0, 6.5, 1.0, -4.0
YEAR, YEAR_MONTH, BIRTHDAY, AGE, AGE_ONE_OFF = 6.0, 8.0, 7.0, 5.0, 3.5
ADDRESS_AGREES = 0.6
"""Share of the typed words of an address that must stand in one line on record."""

LIMIT = 20
"""Most hits shown. Past this a search does not tell people apart, and the page asks for more."""


@dataclass(frozen=True, slots=True, repr=False)
class Hit:
    """One person who fits, why, and the record that tells them from another. No repr: it must never reach a log."""

    person_id: str
    score: float
    reasons: tuple[str, ...]
    record: SearchRecord


@dataclass(frozen=True, slots=True, repr=False)
class Results:
    """The hits shown, best first, and whether more people fit than are shown."""

    hits: tuple[Hit, ...]
    more: bool


class _Evidence(NamedTuple):
    points: float
    agrees: bool
    reasons: tuple[str, ...]


_NOTHING = _Evidence(0.0, False, ())


def rank(query: Query, records: Iterable[SearchRecord], limit: int = LIMIT) -> Results:
    """Everybody of these records who fits, best first; the order is the same every time."""
    hits = [hit for record in records if (hit := score(query, record))]
    hits.sort(key=lambda hit: (-hit.score, hit.record.main.surname, hit.record.main.forename, hit.person_id))
    return Results(tuple(hits[:limit]), len(hits) > limit)


def score(query: Query, record: SearchRecord) -> Hit | None:
    """The person as a hit, or None where too little agrees.

    An id alone is enough. Of everything else typed (surname, forename, birth, place) two things must agree, or the
    one that was typed: a floor, without which a nonsense search still fills the page.
    """
    by_id = _record_id(query, record)
    name, birth, place = best_name(query, record), _birth(query, record), _place(query, record)
    agreeing = name.agreeing + birth.agrees + place.agrees
    if not by_id.agrees and (not agreeing or agreeing < min(2, _kinds(query))):
        return None
    points = by_id.points + name.points + birth.points + place.points
    why = by_id.reasons + name.reasons + birth.reasons + place.reasons
    return Hit(record.person_id, round(points, 3), why, record)


def _kinds(query: Query) -> int:
    """How many different things were typed, an id aside."""
    born = query.born is not None or query.age is not None
    return bool(query.surname) + bool(query.forename) + born + bool(query.address or query.postcode)


def _record_id(query: Query, record: SearchRecord) -> _Evidence:
    if query.record_id:
        for one in record.ids:
            if fold.identifier(one.value) == query.record_id:
                return _Evidence(RECORD_ID, True, (reasons.id_reason(one.kind),))
    return _NOTHING


def _birth(query: Query, record: SearchRecord) -> _Evidence:
    if query.born is None and query.age is None:
        return _NOTHING
    if record.dob is None:
        return _Evidence(0.0, False, (reasons.DATE_MISSING,))
    by_date = _date(query.born, record.dob) if query.born else None
    by_age = _age(query.age, record.dob, query.today) if query.age is not None else None
    return max((found for found in (by_date, by_age) if found), key=lambda found: found.points)


def _date(given: PartialDate, born: date) -> _Evidence:
    typed = given.whole
    if typed:
        return _whole_date(typed, born)
    if not dates.agrees(given, born):
        return _Evidence(DATE_DIFFERS, False, (reasons.DATE_DIFFERS,))
    if not given.year:
        return _Evidence(BIRTHDAY, True, (reasons.BIRTHDAY,))
    return _Evidence(YEAR_MONTH, True, (reasons.YEAR_MONTH,)) if given.month else _Evidence(YEAR, True, (reasons.YEAR,))


def _whole_date(typed: date, born: date) -> _Evidence:
    if typed == born:
        return _Evidence(DATE_EXACT, True, (reasons.DATE_EXACT,))
    if dates.swapped(typed) == born:
        return _Evidence(DATE_SWAPPED, True, (reasons.DATE_SWAPPED,))
    if born in dates.misread(typed):
        return _Evidence(DATE_DIGIT, True, (reasons.DATE_DIGIT,))
    if typed.year == born.year:
        return _Evidence(DATE_SAME_YEAR, False, (reasons.DATE_SAME_YEAR,))
    return _Evidence(DATE_DIFFERS, False, (reasons.DATE_DIFFERS,))


def _age(age: int, born: date, today: date) -> _Evidence:
    off = abs(dates.age_on(born, today) - age)
    if off == 0:
        return _Evidence(AGE, True, (reasons.AGE,))
    if off == 1:
        return _Evidence(AGE_ONE_OFF, True, (reasons.AGE_ONE_OFF,))
    return _Evidence(DATE_DIFFERS, False, (reasons.AGE_DIFFERS,))


def _place(query: Query, record: SearchRecord) -> _Evidence:
    postcode, address = _postcode(query.postcode, record), _address(query.address, record)
    return _Evidence(
        postcode.points + address.points, postcode.agrees or address.agrees, postcode.reasons + address.reasons
    )


def _postcode(typed: str, record: SearchRecord) -> _Evidence:
    if not typed:
        return _NOTHING
    return max((_one_postcode(typed, fold.postcode(one)) for one in record.postcodes), default=_NOTHING)


def _one_postcode(typed: str, found: str) -> _Evidence:
    if typed == found:
        return _Evidence(POSTCODE, True, (reasons.place_reason("postcode", reasons.EXACT),))
    if not fold.is_whole_postcode(typed):
        # A first part agrees only at a whole district or sector: AA1 is not part of AA10 1AA.
        part = typed in (found[:-3], found[:-2])
        return _Evidence(POSTCODE_NEAR, True, (reasons.place_reason("postcode", "same area"),)) if part else _NOTHING
    if len(typed) == len(found) and sum(a != b for a, b in zip(typed, found, strict=True)) == 1:
        return _Evidence(POSTCODE_ONE_OFF, True, (reasons.place_reason("postcode", "one character off"),))
    if found and typed[:-2] == found[:-2]:
        return _Evidence(POSTCODE_NEAR, False, (reasons.place_reason("postcode", "same sector"),))
    return _NOTHING


def _address(typed: tuple[str, ...], record: SearchRecord) -> _Evidence:
    if not typed:
        return _NOTHING
    share = max((_shared_words(typed, fold.address_tokens(line)) for line in record.address_lines), default=0.0)
    if share < ADDRESS_AGREES:
        return _NOTHING
    how = reasons.EXACT if share == 1.0 else "most words agree"
    return _Evidence(ADDRESS * share, True, (reasons.place_reason("address", how),))


def _shared_words(typed: tuple[str, ...], found: tuple[str, ...]) -> float:
    """Share of the typed words in the line. A number must be the very number: next door is another family."""
    if any(token[0].isdigit() and token not in found for token in typed):
        return 0.0
    best = (max((likeness(token, word, False).weight for word in found), default=0.0) for token in typed)
    return sum(best) / len(typed)
