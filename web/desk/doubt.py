"""What was decided since the records were last linked: notices and warnings for pages that still show the old state.

A decision that two joined records are of different people warns wherever that person is shown, and so does one taken
back that joined them. One that two people are the same is told only to who may open both. Nothing else of a decision is
ever shown here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

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
    """One decision that the next refresh will bring. `joined`: the records are one person until then; `taken_back`: a
    decision joined them, and counts no more.
    """

    by: str
    on: str
    records: str
    sources: str
    joined: bool
    taken_back: bool


def in_doubt(viewer: Viewer, person_ids: Iterable[str]) -> frozenset[str]:
    """Those of the people who hold two records that are decided to be of different people and not yet parted."""
    return frozenset(case.left.person_id for _, case in _fresh(viewer, person_ids) if case.joined)


def notices(opened: Opened) -> list[Notice]:
    """Decisions about this person that the next refresh will bring, for a reader who may open everybody concerned."""
    return [
        _notice(one, case, opened)
        for one, case in _fresh(opened.viewer, [opened.centre.id])
        if all(opened.viewer.may_open(who) for who in case.people)
    ]


def _notice(one: Judgement, case: Case, opened: Opened) -> Notice:
    called = accounts_called(web_settings().data)
    sides = (case.left.key, case.right.key)
    records = " and ".join(f"{source_title(source, opened.sources)} {record}" for source, record in sides)
    sources = " ".join(source for source, _ in sides)
    by, on = called(one.undone_by or one.by), day_words(one.at.date())
    return Notice(by, on, records, sources, case.joined, bool(one.undone_by))


def _fresh(viewer: Viewer, person_ids: Iterable[str]) -> list[tuple[Judgement, Case]]:
    """Decisions about records of these people that the graph does not show yet, as far as this reader may know them."""
    desk = Desk(viewer)
    said = desk.judgements.since(desk.began)
    if not said:
        return []
    of = _owners(viewer, person_ids)
    told = desk.told_of([one for one in said if one.left in of or one.right in of])
    return [(one, case) for one, case in told if _to_come(one, case, desk.began)]


def _to_come(one: Judgement, case: Case, began: datetime) -> bool:
    """Whether the next refresh changes what two records are. One taken back that joined them may: it did so where the
    last refresh knew of it.
    """
    if one.undone_by:
        return one.verdict is Verdict.SAME and case.joined and one.at < began
    return one.verdict is (Verdict.DIFFERENT if case.joined else Verdict.SAME)


def _owners(viewer: Viewer, person_ids: Iterable[str]) -> Mapping[Key, str]:
    rows = viewer.ask("records_of", person_ids=sorted(set(person_ids)))
    return {(text(row, "source") or "", text(row, "record_id") or ""): str(row["person_id"]) for row in rows}
