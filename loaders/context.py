"""What a mapping function may know besides its row: the day, the people read so far, and shelves shared by the files of
one source. It notes what was dropped; it never holds a file or writes one.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from loaders.clean import addresses, dates, identifiers
from loaders.direction import Direction

StandardRow = dict[str, object]


class Row(dict[str, str]):
    """One row of a file by column name; a column the file does not have is empty."""

    __slots__ = ()

    def __missing__(self, column: str) -> str:
        return ""


class RowRejected(Exception):
    """This row cannot be loaded: it goes to quarantine. The reason never repeats a value."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(column, reason)
        self.column = column
        self.reason = reason


class Known(NamedTuple):
    """What later files of a source need of a person already read."""

    sex: str
    dob: date | None


class Checked(NamedTuple):
    """How one column of identifiers fared: values that were not empty, valid ones, placeholders, and the rest by why it
    was dropped.
    """

    column: str
    kind: str
    filled: int
    valid: int
    placeholders: int
    refused: tuple[tuple[str, int], ...]


class Dropped(NamedTuple):
    """A value left out of a row that was loaded."""

    file: str
    line: int
    column: str
    reason: str


@dataclass(slots=True)
class _Tally:
    filled: int = 0
    valid: int = 0
    placeholders: int = 0
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Context:
    """The memory of one source's load."""

    as_at: date
    invented: bool
    people_file: str = ""
    people_file_present: bool = True
    people: dict[str, Known] = field(default_factory=dict)
    shelves: defaultdict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    dropped: list[Dropped] = field(default_factory=list)
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)
    direction: Direction = field(default_factory=Direction)
    restrict_later: dict[str, str] = field(default_factory=dict)
    unborn_later: set[str] = field(default_factory=set)
    duplicate_later: dict[str, str] = field(default_factory=dict)
    adopted_later: set[str] = field(default_factory=set)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    checks: dict[tuple[str, str], _Tally] = field(default_factory=dict)
    unsaid: int = 0
    month_first: int = 0
    file: str = ""
    line: int = 0

    @property
    def source_row(self) -> str:
        """The current row as provenance, for what is told of it later."""
        return f"{self.file}:{self.line}"

    def drop(self, column: str, reason: str) -> None:
        """Report a value of the current row that is left out."""
        self.month_first += reason == dates.MONTH_FIRST
        self.dropped.append(Dropped(self.file, self.line, column, reason))

    def note(self, message: str) -> None:
        """Count something worth telling about the current file that is no fault of a single row."""
        self.notes[self.file, message] += 1

    def unknown_code(self, column: str, value: str) -> None:
        """Count a code of the current file that no table places. What is shown of it is decided elsewhere."""
        if value and (len(self.unknown) < MOST_UNKNOWN or (column, value) in self.unknown):
            self.unknown[column, value] += 1
        elif value:
            self.unknown[column, ""] += 1

    def checked(self) -> list[Checked]:
        """How the identifiers of the current file fared."""
        return [
            Checked(column, kind, tally.filled, tally.valid, tally.placeholders, tuple(tally.refused.most_common()))
            for (column, kind), tally in self.checks.items()
        ]

    def add_person(self, record_id: str, sex: str, dob: date | None) -> None:
        """Remember a person for the files that come after."""
        self.people[record_id] = Known(sex, dob)

    def stub(self, record_id: str, column: str) -> Iterator[tuple[str, StandardRow]]:
        """A person of whom only the id is known, the first time a row names them: a relationship to somebody whom the
        source does not list is kept (Standard Safeguarding Dataset). Raises RowRejected where the id is empty.
        """
        if record_id in NO_KEY:
            raise RowRejected(column, "no person id")
        if record_id not in self.people:
            self.add_person(record_id, "U", None)
            self.note("people named in a relationship and not listed: loaded without a name")
            yield "person", {"record_id": record_id, "sex": "U", "status": "alive", "restricted": False}

    def known(self, record_id: str, column: str) -> Known | None:
        """The person of that id; None only where the people's file itself is missing, which stops the publish anyway.

        Raises RowRejected where the id is empty or nobody has it.
        """
        if record_id in NO_KEY:
            raise RowRejected(column, "no person id")
        person = self.people.get(record_id)
        if person is None and self.people_file_present:
            raise RowRejected(column, f"person not in {self.people_file}")
        return person

    def optional_date(self, row: Row, column: str) -> date | None:
        """A date that is not essential: one that cannot be is dropped and reported."""
        try:
            return dates.parse_date(row[column])
        except dates.BadDate as fault:
            self.drop(column, str(fault))
            return None

    def past_date(self, row: Row, column: str) -> date | None:
        """As `optional_date`, and not after the day of the extract."""
        found = self.optional_date(row, column)
        if found is not None and found > self.as_at:
            self.drop(column, "in the future")
            return None
        return found

    def needed_date(self, row: Row, column: str) -> date | None:
        """A date the row cannot be trusted without: raises RowRejected where it cannot be."""
        try:
            return dates.parse_date(row[column])
        except dates.BadDate as fault:
            raise RowRejected(column, str(fault)) from None

    def span(self, row: Row, start: str, end: str) -> tuple[date | None, date | None]:
        """First and last day. An end before the start keeps the end: an ended fact must not read as current."""
        first, last = self.needed_date(row, start), self.needed_date(row, end)
        if first is not None and first > self.as_at:
            raise RowRejected(start, "starts in the future")
        if first is not None and last is not None and last < first:
            self.drop(start, "ends before it starts")
            first = None
        return first, last

    def restriction(self, row: Row, columns: tuple[str, ...]) -> tuple[bool, str | None]:
        """Whether the source restricts the record, and which of its flags say so. A flag that says neither yes nor no
        restricts: nobody is shown because a cell was empty.
        """
        said = [flag(row[column]) for column in columns]
        if True in said:
            return True, ", ".join(column for column, value in zip(columns, said, strict=True) if value)
        if None in said:
            self.unsaid += 1
            return True, NO_RESTRICTION_DATA
        return False, None

    def nhs_number(self, row: Row, column: str) -> str | None:
        """A valid NHS number or none."""
        return self._checked(row, column, "NHS number", identifiers.nhs_number, identifiers.invented_nhs_number)

    def upn(self, row: Row, column: str) -> str | None:
        """A valid permanent UPN or none."""
        return self._checked(row, column, "UPN", identifiers.upn, identifiers.invented_upn)

    def uln(self, row: Row, column: str) -> str | None:
        """A valid ULN or none."""
        return self._checked(row, column, "ULN", identifiers.uln, None)

    def pnc(self, row: Row, column: str) -> str | None:
        """A valid Police National Computer id or none."""
        return self._checked(row, column, "PNC id", identifiers.pnc, None)

    def uprn(self, row: Row, column: str) -> str | None:
        """A valid UPRN or none."""
        return self._checked(row, column, "UPRN", identifiers.uprn, None)

    def llid(self, row: Row, column: str) -> str | None:
        """A Liquidlogic id as supplied or none."""
        return self._checked(row, column, "Liquidlogic id", identifiers.llid, None)

    def postcode(self, row: Row, column: str) -> str | None:
        """A postcode in standard form or none."""
        return self._checked(row, column, "postcode", addresses.postcode, addresses.invented_postcode)

    def phone(self, row: Row, column: str) -> str | None:
        """A telephone number as supplied, tidied."""
        return self._checked(row, column, "telephone", _phone, identifiers.invented_phone)

    def _checked(
        self,
        row: Row,
        column: str,
        kind: str,
        parse: Callable[[str], str | None],
        invented: Callable[[str], bool] | None,
    ) -> str | None:
        text = row[column]
        if not text:
            return None
        tally = self.checks.get((column, kind)) or self.checks.setdefault((column, kind), _Tally())
        tally.filled += 1
        try:
            value = parse(text)
            refusal = NEVER_ISSUED if value and invented and not self.invented and invented(value) else ""
        except ValueError as fault:
            value, refusal = None, str(fault)
        if refusal:
            self.drop(column, refusal)
            tally.refused[refusal] += 1
            return None
        if value is None:
            tally.placeholders += 1
        else:
            tally.valid += 1
        return value


NEVER_ISSUED = "from a range that is never issued, and the manifest does not say invented"

NO_RESTRICTION_DATA = "no restriction data"
"""Kind of restriction of a person about whom the source says neither yes nor no."""

MOST_UNKNOWN = 10_000
"""Different unknown codes of one file that are told apart: beyond them a column holds something else than codes."""

NO_KEY = frozenset({"", "-1", "NULL", "0"})
"""What stands for "no id" in a key column; -1 is the null key of LCS."""


def text(value: str) -> str | None:
    """A plain value: single spaces, None where empty or NULL."""
    tidy = " ".join(value.split())
    return None if tidy in ("", "NULL") else tidy


def place(written: str | None, postcode: str | None, uprn: str | None, column: str) -> StandardRow:
    """The three ways of naming a place. Raises RowRejected where the row names none."""
    if written is None and postcode is None and uprn is None:
        raise RowRejected(column, "the row names no place")
    return {"text": written, "postcode": postcode, "uprn": uprn}


def flag(value: str) -> bool | None:
    """Y, yes, true, 1 and T are true; N, no, false, 0 and F are false; anything else is not said."""
    if value in _FLAGS:
        return _FLAGS[value]
    return _FLAGS.get(value.upper()) if value else None


def _phone(value: str) -> str | None:
    return text(value)


_FLAGS = {
    **dict.fromkeys(("Y", "YES", "TRUE", "1", "T"), True),
    **dict.fromkeys(("N", "NO", "FALSE", "0", "F"), False),
}
