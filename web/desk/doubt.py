"""What was decided since the records were last linked: notices and warnings for pages that still show the old state.

A decision that two joined records are of different people warns wherever that person is shown. One that two people are
the same is told only to who may open both. Nothing else of a decision is ever shown here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.judgements import Judgement, Verdict
from web.accounts import accounts_called
from web.desk.cases import Case, Desk
from web.desk.sight import Key
from web.present.dates import day_words
from web.present.freshness import source_title
from web.present.rows import text
from web.unit import Opened
from web.viewer import Viewer, web_settings


@dataclass(frozen=True, slots=True)
class Notice:
    """One decision that the next refresh will bring. `joined`: the records are one person until then."""

    by: str
    on: str
    records: str
    sources: str
    joined: bool


def in_doubt(viewer: Viewer, person_ids: Iterable[str]) -> frozenset[str]:
    """Those of the people who hold two records that are decided to be of different people and not yet parted."""
    found = _fresh(viewer, person_ids)
    return frozenset(case.left.person_id for one, case in found if case.joined and one.verdict is Verdict.DIFFERENT)


def notices(opened: Opened) -> list[Notice]:
    """Decisions about this person that the next refresh will bring, for a reader who may open everybody concerned."""
    person_id, viewer = opened.centre.id, opened.viewer
    called = accounts_called(web_settings().data)
    return [
        Notice(called(one.by), day_words(one.at.date()), _records(case, opened), _sources(case), case.joined)
        for one, case in _fresh(viewer, [person_id])
        if one.verdict is (Verdict.DIFFERENT if case.joined else Verdict.SAME)
        and all(viewer.may_open(who) for who in case.people)
    ]


def _fresh(viewer: Viewer, person_ids: Iterable[str]) -> list[tuple[Judgement, Case]]:
    """Decisions since the last linking about records of these people, as far as this reader may know them."""
    desk = Desk(viewer)
    said = [one for one in desk.judgements.since(desk.began).values() if one is not None]
    if not said:
        return []
    of = _owners(viewer, person_ids)
    return desk.told_of([one for one in said if one.left in of or one.right in of])


def _owners(viewer: Viewer, person_ids: Iterable[str]) -> Mapping[Key, str]:
    rows = viewer.ask("records_of", person_ids=sorted(set(person_ids)))
    return {(text(row, "source") or "", text(row, "record_id") or ""): str(row["person_id"]) for row in rows}


def _sources(case: Case) -> str:
    return f"{case.left.key[0]} {case.right.key[0]}"


def _records(case: Case, opened: Opened) -> str:
    """The two records in words: "LCS 50013 and Mosaic 249013"."""
    return " and ".join(f"{source_title(one.key[0], opened.sources)} {one.key[1]}" for one in (case.left, case.right))
