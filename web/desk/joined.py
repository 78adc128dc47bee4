"""Why records were joined as one person, or two people were not: their pairs, each with its steps, for a page.

Shows what is in the reader's own graph. Whether the reader may open these people is asked before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from graph.judgements import Judgement, Verdict
from web.accounts import accounts_called
from web.desk.cases import Case, Desk
from web.desk.sight import Key
from web.present.freshness import Provenance, Sources, provenance, source_title
from web.present.people import said_by
from web.present.review_words import chance, decided, field_words, in_a_line, standing, why
from web.present.rows import Row, listed, text
from web.present.waterfall import Waterfall, waterfall
from web.viewer import Viewer, web_settings

UNNAMED = "Name not recorded"
MOST = 12
"""Pairs of one page that are told in full, the heaviest first."""


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
    """Two records and what linking made of them; `drawn` is None where no score is kept."""

    case: Case
    left: str
    right: str
    left_source: str
    right_source: str
    sources: str
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
    if "decided by a person" in grounds:
        return f"{said} A person decided it."
    return (
        f"{said} What agreed: {grounds[0]}." if len(grounds) == 1 else f"{said} The table says on what ground each was."
    )


def within(desk: Desk, rows: Sequence[Row], sources: Sources) -> list[Told]:
    """Every two records of one person, the heaviest pair first; those without a score last."""
    return _told(desk, combinations(sorted(_key(row) for row in rows), 2), sources)


def between(desk: Desk, rows: Sequence[Row], others: Sequence[Row], sources: Sources) -> list[Told]:
    """Every record of one person with every record of the other."""
    return _told(desk, product([_key(row) for row in rows], [_key(row) for row in others]), sources)


def notices(viewer: Viewer, person_id: str) -> list[dict[str, object]]:
    """Decisions about this person that the next refresh will bring, for a reader who may open everybody concerned."""
    desk = Desk(viewer)
    if not desk.judgements.any_made():
        return []
    keys = {_key(row) for row in viewer.ask("person_records", person_id=person_id)}
    latest: dict[tuple[Key, Key], Judgement] = {}
    for one in desk.judgements.of_records(keys):
        if one.counts:
            latest[one.left, one.right] = one
    called = accounts_called(web_settings().data)
    return [
        {"line": decided(one, called), "standing": standing(one, case.joined), "joined": case.joined}
        for one, case in desk.told_of(list(latest.values()))
        if one.verdict is (Verdict.DIFFERENT if case.joined else Verdict.SAME)
        and person_id in case.people
        and all(viewer.may_open(who) for who in case.people)
    ]


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
    return replace(told, words=_words(case), why="" if case.joined else why(pair), drawn=waterfall(pair))


def _name(row: Row) -> str:
    return next(value for name, _, value in said_by(row) if name == "name")


def _words(case: Case) -> str:
    """What speaks for one person and what against, and how likely it is."""
    pair = case.scored
    assert pair is not None
    known = [one for one in pair.fields if one.known]
    good = [f"{in_a_line(one.title)} ({field_words(one)})" for one in known if one.weight > 0.5]
    bad = [f"{in_a_line(one.title)} ({field_words(one)})" for one in known if one.weight < -0.5]
    said = [f"For one person: {listed(good)}." if good else "", f"Against: {listed(bad)}." if bad else ""]
    return " ".join([*(one for one in said if one), f"{chance(pair).capitalize()} such pairs are of one person."])


def _key(row: Row) -> Key:
    return text(row, "source") or "", text(row, "record_id") or ""
