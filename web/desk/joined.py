"""Why records were joined as one person, or two people were not: their pairs, each with its steps, for a page.

Shows what is in the reader's own graph. Whether the reader may open these people is asked before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from graph.evidence import Field, Pair
from web.desk.cases import Case, Desk
from web.desk.sight import Key
from web.present.freshness import Provenance, Sources, provenance, source_title
from web.present.people import said_by
from web.present.review_words import chance, field_words, in_a_line, reason
from web.present.rows import Row, listed, text
from web.present.waterfall import Waterfall, waterfall

UNNAMED = "Name not recorded"
DECIDED = "decided by a person"
"""The ground of a record that somebody's decision joined, as the graph has it."""

CHOOSE = "choose"
"""In an address: two records are still to be chosen."""

MOST = 60
"""Pairs of one page, the heaviest first."""


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """One record of a person: what it says in short, and why it was joined. No repr: it must never reach a log."""

    provenance: Provenance
    record_id: str
    name: str
    born: str
    basis: str


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """Two records and what linking made of them; `drawn` is None where no score is kept. `alike` and `unlike` are what
    speaks for one person and against it.
    """

    case: Case
    left: str
    right: str
    left_source: str
    right_source: str
    sources: str
    alike: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    words: str = ""
    why: str = ""
    rule: str = ""
    drawn: Waterfall | None = None


def held(rows: Sequence[Row], sources: Sources) -> list[Held]:
    """The records of one person."""
    found = []
    for row in rows:
        said = {name: value for name, _, value in said_by(row)}
        record_id = text(row, "record_id") or ""
        basis = text(row, "match_basis") or "not recorded"
        found.append(Held(provenance(row, sources), record_id, said["name"], said["dob"], basis))
    return found


def sentence(name: str, records: Sequence[Held]) -> str:
    """How many records of which sources are this person, and on what they were joined."""
    if not records:
        return f"No record of {name} is kept with this build."
    if len(records) < 2:
        return f"One record alone is {name}: nothing was joined."
    titles = list(dict.fromkeys(one.provenance.title for one in records))
    grounds = list(dict.fromkeys(one.basis for one in records if one.basis != "only record"))
    said = f"{len(records)} records of {listed(titles)} are joined as {name}."
    if DECIDED in grounds:
        some = "it" if len(grounds) == 1 else "on some of them: the table says which"
        return f"{said} A person decided {some}."
    return (
        f"{said} What agreed: {grounds[0]}." if len(grounds) == 1 else f"{said} The table says on what ground each was."
    )


def within(desk: Desk, rows: Sequence[Row], sources: Sources) -> list[Told]:
    """Every two records of one person, the heaviest pair first; those without a score last."""
    return _told(desk, combinations(sorted(_key(row) for row in rows), 2), sources)


def between(desk: Desk, rows: Sequence[Row], others: Sequence[Row], sources: Sources) -> list[Told]:
    """Every record of one person with every record of the other."""
    return _told(desk, product([_key(row) for row in rows], [_key(row) for row in others]), sources)


def _told(desk: Desk, pairs: Iterable[tuple[Key, Key]], sources: Sources) -> list[Told]:
    cases = desk.cases(pairs)
    cases.sort(key=lambda case: -(case.scored.weight if case.scored else float("-inf")))
    return [_one(case, sources, desk) for case in cases]


def _one(case: Case, known: Sources, desk: Desk) -> Told:
    pair = case.scored
    sides = (case.left, case.right)
    left, right = (_name(side.row) or UNNAMED for side in sides)
    left_source, right_source = (source_title(side.key[0], known) for side in sides)
    sources = f"{case.left.key[0]} {case.right.key[0]}"
    told = Told(case, left, right, left_source, right_source, sources)
    if pair is None:
        rule = desk.must_share(case)
        return replace(told, rule=f"Scored only where both have the same of this: {rule}." if rule else "")
    for_, against = (tuple(in_a_line(one.title) for one in each) for each in _sides(pair))
    return replace(
        told,
        alike=for_,
        unlike=against,
        words=_words(case),
        why="" if case.joined else reason(pair).words,
        drawn=waterfall(pair),
    )


def _sides(pair: Pair) -> tuple[list[Field], list[Field]]:
    """What speaks for one person and what against it."""
    known = [one for one in pair.fields if one.known]
    return [one for one in known if one.weight > 0.5], [one for one in known if one.weight < -0.5]


def _name(row: Row) -> str:
    return next(value for name, _, value in said_by(row) if name == "name")


def _words(case: Case) -> str:
    """What speaks for one person and what against, and how likely it is."""
    pair = case.scored
    assert pair is not None
    good, bad = ([f"{in_a_line(one.title)} ({field_words(one)})" for one in each] for each in _sides(pair))
    said = [f"For one person: {listed(good)}." if good else "", f"Against: {listed(bad)}." if bad else ""]
    if share := chance(pair):
        said.append(f"{share.capitalize()} such pairs are of one person.")
    elif case.joined:
        said.append(f"A rule holds these two back: {in_a_line(reason(pair).title)}.")
    return " ".join(one for one in said if one)


def _key(row: Row) -> Key:
    return text(row, "source") or "", text(row, "record_id") or ""
