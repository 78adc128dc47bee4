"""What a reader's own graph lets them see of the scored pairs: which records, which pairs, which alarms.

A pair with a record that the graph does not hold is not there. Answers are those of a graph that never held what is
hidden: nothing is listed, or scored, because of it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from statistics import fmean

from graph.classes import VisibilityClass
from graph.evidence import Alarm, Evidence, Field, Pair
from web.present.rows import Row, flag, text
from web.viewer import Viewer, current_viewer

Key = tuple[str, str]
LISTED, DONE = 150, 25
"""Most pairs of one kind that are listed, those nearest to joining: no page reads them all. So many more are with every
so many decisions of the day.
"""

FLOOR, LARGE, LOOSE = -5.0, 20, 4.0
"""What linking goes by (REVIEW_FLOOR, ALARM_SIZE, ALARM_LOOSE): reckoned here again on what a reader may see."""

_BATCH = 160
_RECORDS, _PEOPLE = 1_000, 150
"""Asked for at once: a question's answer has an end, and a person may have lived in many places."""

SHIELD_ONLY = frozenset({"adoption"})
"""What stopped a pair may itself be what nobody else may know."""


@dataclass(frozen=True, slots=True, repr=False)
class Seen:
    """A record as the reader's graph holds it. No repr: it must never reach a log."""

    key: Key
    person_id: str
    shielded: bool
    row: Row


def records(viewer: Viewer, keys: Iterable[Key]) -> dict[Key, Seen]:
    """Those of the records that are in this viewer's graph."""
    wanted = sorted({f"{source}:{record}" for source, record in keys})
    sees_all = viewer.visibility is VisibilityClass.SHIELD
    found: dict[Key, Seen] = {}
    for start in range(0, len(wanted), _RECORDS):
        for row in viewer.ask("records_by_key", record_keys=wanted[start : start + _RECORDS]):
            one = Seen((text(row, "source") or "", text(row, "record_id") or ""), str(row["person_id"]),
                       flag(row, "shielded"), row)  # fmt: skip
            if sees_all or not one.shielded:
                found[one.key] = one
    return found


def shown(viewer: Viewer, pairs: Sequence[Pair], seen: Mapping[Key, Seen]) -> Iterator[Pair]:
    """The pairs of records the viewer's graph holds, as they would be scored on what that graph holds of them.

    A home may be hidden from this viewer: an address that only such a home makes alike counts as not recorded, and a
    pair that linking would then not have kept is not there.
    """
    held = [one for one in pairs if one.left in seen and one.right in seen]
    if viewer.visibility is VisibilityClass.SHIELD:
        yield from held
        return
    held = [one for one in held if one.guard not in SHIELD_ONLY]
    homes = _homes(viewer, {seen[key].person_id for one in held if _told_homes(one) for key in (one.left, one.right)})
    for one in held:
        left, right = (homes.get((seen[key].person_id, key[0]), _NOWHERE) for key in (one.left, one.right))
        told = _without_hidden(one, left, right)
        if told.weight >= FLOOR:
            yield told


@dataclass(slots=True)
class _Homes:
    """What is known to a viewer of the homes that one source gives a person."""

    places: set[str]
    words: set[str]


_NOWHERE = _Homes(set(), set())


def _homes(viewer: Viewer, people: Iterable[str]) -> dict[Key, _Homes]:
    found: dict[Key, _Homes] = {}
    wanted = sorted(people)
    for start in range(0, len(wanted), _PEOPLE):
        for row in viewer.ask("addresses", person_ids=wanted[start : start + _PEOPLE]):
            home = found.setdefault((str(row["person_id"]), text(row, "source") or ""), _Homes(set(), set()))
            home.places |= {value for name in ("address_id", "uprn", "postcode") if (value := text(row, name))}
            home.words |= {
                word for word in (text(row, "text") or "").casefold().replace(",", " ").split() if word.isalpha()
            }
    return found


def _told_homes(pair: Pair) -> bool:
    return any(one.name == "address" and one.known for one in pair.fields)


def _without_hidden(pair: Pair, left: _Homes, right: _Homes) -> Pair:
    place, field = next(((n, one) for n, one in enumerate(pair.fields) if one.name == "address"), (0, None))
    if field is None or not field.known:
        return pair
    alike = bool(left.places & right.places) or len(left.words & right.words) > 1
    if left.places and right.places and (alike or field.weight <= 0):
        return pair
    silent = Field(field.name, field.title, "missing", "", 0.0, 0.0, known=False)
    total = sum(one.weight for one in pair.fields) - field.weight + pair.prior
    weight = min(pair.weight, total) if pair.guard else total
    return replace(pair, fields=(*pair.fields[:place], silent, *pair.fields[place + 1 :]), weight=weight)


@dataclass(frozen=True, slots=True, repr=False)
class Doubtful:
    """Doubtful pairs, those nearest to joining first. Of some guards there are more than are listed."""

    pairs: tuple[Pair, ...] = ()
    more: frozenset[str] = frozenset()


@lru_cache(maxsize=16)
def doubtful(folder: Path, visibility: VisibilityClass, excluded: tuple[str, ...], most: int) -> Doubtful:
    """A published build never changes: walked once for each class and each set of people who do not exist, and again
    where more pairs of a guard are to be listed.
    """
    evidence = Evidence(folder)
    found: list[Pair] = []
    more = set()
    for guard in evidence.guards():
        told = _of_guard(current_viewer(), evidence, guard, most)
        found += told[:most]
        if len(told) > most:
            more.add(guard)
    return Doubtful(tuple(sorted(found, key=lambda one: -one.weight)), frozenset(more))


def _of_guard(viewer: Viewer, evidence: Evidence, guard: str, most: int) -> list[Pair]:
    """The first pairs of a guard that the viewer may see, one more than are listed where there are."""
    found: list[Pair] = []
    offset = 0
    hidden = guard in SHIELD_ONLY and viewer.visibility is not VisibilityClass.SHIELD
    while not hidden and len(found) <= most and (batch := evidence.doubtful(guard, _BATCH, offset)):
        found += shown(viewer, batch, records(viewer, (key for one in batch for key in (one.left, one.right))))
        offset += _BATCH
    return found[: most + 1]


@dataclass(frozen=True, slots=True, repr=False)
class Alarms:
    """The alarms of a build, and whose each record of those people is."""

    people: tuple[Alarm, ...] = ()
    owners: Mapping[Key, str] = field(default_factory=dict)


@lru_cache(maxsize=16)
def alarms(folder: Path, visibility: VisibilityClass, excluded: tuple[str, ...]) -> Alarms:
    """The alarms that ring on what the reader's graph holds alone, reckoned again where that is not everything."""
    viewer, evidence = current_viewer(), Evidence(folder)
    told = evidence.alarms()
    owners = _owners(viewer, [one.person for one in told])
    held = Counter(owners.values())
    if visibility is VisibilityClass.SHIELD:
        return Alarms(tuple(one for one in told if one.kind != "perhaps" and held[one.person]), owners)
    found = (_heard(one, held[one.person], viewer, evidence) for one in told)
    return Alarms(tuple(one for one in found if one), owners)


def _heard(one: Alarm, held: int, viewer: Viewer, evidence: Evidence) -> Alarm | None:
    """An alarm as it rings on so many records; None where it does not."""
    if one.kind == "large":
        return replace(one, figure=float(held)) if held > LARGE else None
    inside = [pair.weight for pair in of_person(viewer, evidence, one.person)] if held > 2 else []
    figure = round(fmean(inside), 2) if inside else LOOSE
    return replace(one, kind="loose", figure=figure) if figure < LOOSE else None


def _owners(viewer: Viewer, people: Sequence[str]) -> dict[Key, str]:
    """Whose each record is that the viewer may see of these people."""
    keys = []
    wanted = sorted(set(people))
    for start in range(0, len(wanted), _PEOPLE):
        rows = viewer.ask("records_of", person_ids=wanted[start : start + _PEOPLE])
        keys += [(text(row, "source") or "", text(row, "record_id") or "") for row in rows]
    return {key: one.person_id for key, one in records(viewer, keys).items()}


def of_person(viewer: Viewer, evidence: Evidence, person_id: str) -> list[Pair]:
    """Every kept pair of a person's records with one another that the viewer may see, the heaviest first."""
    pairs = [one for one in evidence.of_person(person_id) if one.joined]
    return list(shown(viewer, pairs, records(viewer, (key for one in pairs for key in (one.left, one.right)))))
