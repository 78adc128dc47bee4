"""What a pupil's own row says besides the school: special educational needs, a young carer, results."""

from collections.abc import Iterator
from datetime import date

from loaders.context import Context, Row, StandardRow
from loaders.education import codes, event, send

Rows = Iterator[tuple[str, StandardRow]]

_CARERS = {"P": "Identified by a parent or guardian", "S": "Identified by the school"}
_GRADES = frozenset("A* A B C D E F G U 9 8 7 6 5 4 3 2 1".split())
_NO_GRADE = frozenset({"", "NR", "NULL"})
_SUBJECTS = (("English", "englishgcsehighestpriorattainment"), ("mathematics", "mathsgcsehighestpriorattainment"))


def special_needs(row: Row, record_id: str, found: list[str], day: date | None, context: Context) -> Rows:
    """The help a pupil has on the day of the census. When it began the census does not say."""
    code = row["senprovision"].upper()
    provision = codes("provisions").get(code or "N")
    if provision is None:
        context.unknown_code("senprovision", code)
        context.drop("senprovision", "nobody explains this code: add it to loaders/education.toml")
        return
    said: StandardRow = {"row_id": f"{record_id}-send", "record_id": record_id, "updated_on": day}
    yield from send(said, provision, found, context)


def young_carer(row: Row, record_id: str, day: date | None, context: Context) -> Rows:
    """A pupil who cares for somebody: neutral, a reason to ask what help they need (Children Act 1989 s17ZA)."""
    code = row["youngcarer"].upper()
    if code in _CARERS:
        yield "event", {**event(f"{record_id}-carer", record_id, "young carer", _CARERS[code]), "on": day}
    elif code not in ("", "N", "NULL"):
        context.unknown_code("youngcarer", code)
        context.drop("youngcarer", "neither N, P nor S")


def results(row: Row, record_id: str, day: date | None, context: Context) -> Rows:
    """The best GCSE grades so far in English and mathematics (autumn census)."""
    told = []
    for subject, column in _SUBJECTS:
        grade = row[column].upper()
        if grade in _GRADES:
            told.append(f"{subject} {grade}")
        elif grade not in _NO_GRADE:
            context.drop(column, "not a GCSE grade")
    if told:
        detail = f"GCSE {', '.join(told)}"
        yield "event", {**event(f"{record_id}-attainment", record_id, "attainment", detail), "on": day}
