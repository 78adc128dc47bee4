"""What every education source says in the same way: attendance, exclusions, special educational needs, dated facts.

Pure functions over the code lists of education.toml. Nothing here knows a source or its columns.
"""

import math
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from loaders.context import Context, Row, RowRejected, StandardRow, text
from loaders.relate import open_or_closed

Rows = Iterator[tuple[str, StandardRow]]

_CODES = Path(__file__).with_suffix(".toml")

PERSISTENT_ABSENCE = 90.0
"""Attendance, in percent, at which or below which it is a concern: the Department for Education calls a pupil who
misses 10 percent or more of their possible sessions persistently absent.
"""

GOOD_ATTENDANCE = 97.0
"""Attendance, in percent, from which on it protects (our own rule: about one day missed in a term)."""

_LONGEST_RESULT, _LONGEST_NEED = 80, 60
"""Characters from which on a text reads as a note; notes are not loaded."""

_MARK = re.compile(r"[A-Z]\d?|\S")


@cache
def codes(table: str) -> dict[str, str]:
    """One code list of education.toml, in capitals."""
    found: dict[str, str] = tomllib.loads(_CODES.read_text(encoding="utf-8"))[table]
    return found


@cache
def _marks() -> dict[str, str]:
    lists: dict[str, list[str]] = tomllib.loads(_CODES.read_text(encoding="utf-8"))["marks"]
    return {mark: counts for counts, marks in lists.items() for mark in marks}


def mark_counts(mark: str) -> str | None:
    """How a mark counts (present, absent or not_counted); None for a mark nobody explains."""
    return _marks().get(mark)


def split_marks(marks: str) -> list[str]:
    """The marks of a line of the register, one a session: "/I#" or "/C1U"."""
    return _MARK.findall(marks.upper())


def attendance_tone(percent: float) -> str:
    """Whether attendance is a concern, neutral or protective."""
    if percent <= PERSISTENT_ABSENCE:
        return "concern"
    return "protective" if percent >= GOOD_ATTENDANCE else "neutral"


def attendance(row_id: str, record_id: str, percent: float, period: str, sessions: int | None = None) -> StandardRow:
    """The attendance of one period. The percentage is shown cut to one decimal, never rounded up past the rule."""
    shown = f"{math.floor(percent * 10) / 10:g} percent"
    counted = f" of {sessions} sessions" if sessions else ""
    return event(row_id, record_id, "attendance", f"{shown}{counted}, {period}", attendance_tone(percent))


def percentage(row: Row, column: str) -> float:
    """A percentage as supplied, with or without its sign. Raises RowRejected for anything else."""
    try:
        found = float(row[column].removesuffix("%"))
    except ValueError:
        raise RowRejected(column, "not a percentage") from None
    if not 0 <= found <= 100:
        raise RowRejected(column, "not between 0 and 100")
    return found


def event(row_id: str, record_id: str, kind: str, detail: str | None, tone: str = "neutral") -> StandardRow:
    """An event told by a school; the caller adds its days."""
    return {
        "row_id": row_id,
        "record_id": record_id,
        "service_id": "school",
        "kind": kind,
        "detail": detail,
        "tone": tone,
    }


def past_day(row: Row, column: str, context: Context) -> date:
    """The day something happened. Raises RowRejected where there is none, or where it has not come yet."""
    found = context.needed_date(row, column)
    if found is None:
        raise RowRejected(column, "no day")
    if found > context.as_at:
        raise RowRejected(column, "in the future")
    return found


def result(row: Row, *columns: str) -> str:
    """A result in one line: what was tested, and the outcome, which stands in the last column.

    Raises RowRejected where there is no outcome, or where the whole is so long that it reads as a note.
    """
    detail = ", ".join(filter(None, (text(row[column]) for column in columns)))
    if text(row[columns[-1]]) is None:
        raise RowRejected(columns[-1], "no result")
    if len(detail) > _LONGEST_RESULT:
        raise RowRejected(columns[-1], "reads as a note, not as a result")
    return detail


def incident(row: Row, column: str) -> str:
    """What kind of behaviour, by the Department's reasons for exclusion. Raises RowRejected for any other text."""
    reasons, written = codes("exclusion_reasons"), row[column].casefold()
    found = next((words for code, words in reasons.items() if written in (code.casefold(), words.casefold())), None)
    if found is None:
        raise RowRejected(column, "nobody explains this kind: add it to exclusion_reasons of loaders/education.toml")
    return found


def school_year(day: date) -> str:
    """The school year a day falls in, from September to August: 2025/26."""
    first = day.year if day.month >= 9 else day.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def exclusion_kind(category: str) -> str | None:
    """Suspension or permanent exclusion; None for a category nobody explains."""
    return codes("exclusion_categories").get(category.strip().upper())


def whole(value: str) -> int | None:
    """A whole number that is not negative; None for anything else."""
    return int(value) if value.isascii() and value.isdigit() else None


def half_days(sessions: int) -> str:
    """A number of sessions in words: a day of school has two."""
    return f"{sessions} half day{'' if sessions == 1 else 's'}"


def exclusion_detail(row: Row, category: str, length: str, reasons: tuple[str, ...], context: Context) -> str | None:
    """How long and why, in plain words; `category` and `reasons` are columns. A reason nobody explains is left out."""
    words = []
    for column in reasons:
        reason = row[column].upper()
        words.append(codes("exclusion_reasons").get(reason))
        if reason and words[-1] is None:
            context.unknown_code(column, reason)
    lunches = "lunchtimes only" if row[category].upper() == "LNCH" else ""
    return ", ".join(filter(None, [length, lunches, *words])) or None


def known_need(row: Row, column: str, context: Context) -> str:
    """A need as supplied; one that is no code of the list is counted, and stands as it is where it is short."""
    need = " ".join(row[column].split())
    if need and need.upper() not in codes("needs"):
        context.unknown_code(column, need)
    if len(need) > _LONGEST_NEED:
        context.drop(column, "reads as a note, not as a need")
        return ""
    return need


def needs(found: list[str]) -> list[str]:
    """Needs in plain words, once each and in order. Words that are no code stand as they are."""
    words = [codes("needs").get(need.strip().upper(), need.strip()) for need in found]
    return list(dict.fromkeys(filter(None, words)))


def send(said: StandardRow, provision: str, found: list[str], context: Context) -> Rows:
    """The plan of a pupil who has one, or the school's own support as an involvement; nothing for anybody else.

    `provision` is plan, support or none. `said` has row_id, record_id, start, end and what else the source tells.
    """
    end = said.get("end")
    common: StandardRow = {
        **said,
        "service_id": "send",
        "status": open_or_closed(end if isinstance(end, date) else None, context.as_at),
    }
    if provision == "plan":
        yield "plan", {**common, "kind": "EHC", "needs": needs(found)}
    elif provision == "support":
        kind = ": ".join(["SEN support", *needs(found)[:1]])
        yield "involvement", {**common, "kind": kind, "lead_professional": False, "allocated": False}
