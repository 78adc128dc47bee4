"""What was typed into the search form, read once into tokens, or refused in plain words.

A refusal names the field and what to do; it never repeats what was typed.
"""

from dataclasses import dataclass, field
from datetime import date

from graph.errors import UsageError
from graph.search import fold
from graph.search.dates import EARLIEST_YEAR, LATEST_YEAR, PartialDate

Typed = str | int | None

TOO_LITTLE = (
    "Give a little more: a surname and a forename, or one name with a date of birth, an age or an address. "
    "A whole postcode, a house number with its street, or an ID can stand alone."
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


@dataclass(frozen=True, slots=True, repr=False)
class Query:
    """A search as understood. No repr: it holds what somebody typed about a person.

    `today` is the day ages are counted on.
    """

    surname: tuple[str, ...] = ()
    forename: tuple[str, ...] = ()
    born: PartialDate | None = None
    age: int | None = None
    address: tuple[str, ...] = ()
    postcode: str = ""
    record_id: str = ""
    today: date = field(default_factory=date.today)

    @classmethod
    def from_form(  # noqa: PLR0913 - one parameter per field of the form
        cls,
        *,
        surname: Typed = None,
        forename: Typed = None,
        dob_day: Typed = None,
        dob_month: Typed = None,
        dob_year: Typed = None,
        age: Typed = None,
        address: Typed = None,
        postcode: Typed = None,
        record_id: Typed = None,
        today: date | None = None,
    ) -> "Query":
        """The search typed into a form.

        Raises UsageError if a date, age or postcode cannot be read, or if too little is given to tell people apart.
        """
        lines, found_postcode = fold.split_postcode(_text(address))
        query = cls(
            surname=fold.words(_text(surname), fold.TYPED_TOKENS),
            forename=fold.words(_text(forename), fold.TYPED_TOKENS),
            born=_partial_date(_text(dob_day), _text(dob_month), _text(dob_year)),
            age=_number(_text(age), 0, 130, "Age: enter whole years, between 0 and 130."),
            address=fold.address_tokens(lines)[: fold.ADDRESS_TOKENS],
            postcode=_postcode(_text(postcode)) or found_postcode,
            record_id=fold.identifier(_text(record_id)),
            today=today or date.today(),
        )
        if not query.answerable:
            raise UsageError(TOO_LITTLE)
        return query

    @property
    def answerable(self) -> bool:
        """Whether enough is given to search for one person and not for a list of strangers."""
        named = any(len(token) > 1 for token in self.surname + self.forename)
        beside = self.born is not None or self.age is not None or bool(self.address or self.postcode)
        two_parts = bool(self.surname and self.forename) or beside
        return bool(self.record_id) or self.names_a_place or (named and two_parts)

    @property
    def names_a_place(self) -> bool:
        """Whether one address, or the few of one postcode, is given."""
        numbered = any(token[0].isdigit() for token in self.address)
        street = any(token.isalpha() and len(token) > 2 for token in self.address)
        return fold.is_whole_postcode(self.postcode) or (numbered and street)


def _text(value: Typed) -> str:
    return "" if value is None else str(value)[: fold.FIELD_CHARACTERS].strip()


def _number(text: str, low: int, high: int, refusal: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise UsageError(refusal)
    return int(text)


def _postcode(text: str) -> str:
    folded = fold.postcode(text)
    if fold.plain(text) and not folded:
        raise UsageError("Postcode: enter it as in AA1 1AA, or its first part as in AA1, or leave it empty.")
    return folded


def _partial_date(day: str, month: str, year: str) -> PartialDate | None:
    """The parts of a date of birth that were given; none if none was."""
    given = PartialDate(
        day=_number(day, 1, 31, "Date of birth: the day must be a number from 1 to 31."),
        month=_month(month),
        year=_number(
            year, EARLIEST_YEAR, LATEST_YEAR, f"Date of birth: enter the year in four digits, from {EARLIEST_YEAR}."
        ),
    )
    if given == PartialDate():
        return None
    if not (given.year or (given.day and given.month)) or (given.day and not given.month):
        raise UsageError("Date of birth: give the year, or the day and the month; leave the rest empty if not known.")
    _refuse_unreal(given)
    return given


def _month(text: str) -> int | None:
    """A month as a number, or by its name or the first three letters of it or more."""
    named = (number for number, name in enumerate(_MONTHS, 1) if len(text) > 2 and name.startswith(text.lower()))
    return next(named, None) or _number(text, 1, 12, "Date of birth: the month must be a number from 1 to 12.")


def _refuse_unreal(given: PartialDate) -> None:
    try:
        date(given.year or 2000, given.month or 1, given.day or 1)
    except ValueError:
        raise UsageError("Date of birth: there is no such day. Check the day and the month.") from None
