"""The search form: which fields each journey shows, what was typed, and what is wrong with it in plain words.

What was typed may name a child: it goes into the audit and the user's own session, never into a log, a URL or an
error's text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.errors import UsageError
from graph.search import Query
from graph.settings import Journey, SearchBy, Settings

LONGEST = 100
"""Characters kept of one field."""

NAME_FIELDS = ("surname", "forename")
DATE_FIELDS = ("dob_day", "dob_month", "dob_year")
LABELS = {
    "forename": "Forename",
    "surname": "Surname",
    "dob_day": "day of birth",
    "dob_month": "month of birth",
    "dob_year": "year of birth",
    "age": "Age",
    "address": "Address",
    "postcode": "Postcode",
    "case_id": "Case ID",
    "record_id": "ID",
}
"""Every field of either journey, as pages and audit name them."""

_REFUSED_FIELDS = (("Date of birth", "dob_day"), ("Age", "age"), ("Postcode", "postcode"))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: the field it is about and what to do."""

    name: str
    message: str


@dataclass(frozen=True, slots=True, repr=False)
class SearchForm:
    """What one user typed, and the query it makes or the problems it has. No repr: it may name a child."""

    typed: dict[str, str]
    query: Query | None = None
    problems: tuple[Problem, ...] = field(default=())

    @property
    def messages(self) -> dict[str, str]:
        """The message beside each field."""
        return {problem.name: problem.message for problem in self.problems}


def fields(settings: Settings) -> tuple[str, ...]:
    """The fields of this council's search form, in the order shown."""
    if settings.journey is Journey.STOCKPORT:
        return (*NAME_FIELDS, *DATE_FIELDS, "age", "address", "postcode", "record_id")
    by_name = () if settings.search_by is SearchBy.CASE_ID else (*NAME_FIELDS, *DATE_FIELDS)
    by_case = () if settings.search_by is SearchBy.NAME_DOB else ("case_id",)
    return by_name + by_case


def read(form: Mapping[str, str], settings: Settings) -> SearchForm:
    """The form as typed: only this journey's fields, trimmed, without control characters."""
    typed = {name: _clean(form.get(name, "")) for name in fields(settings)}
    typed = {name: value for name, value in typed.items() if value}
    return _stockport(typed) if settings.journey is Journey.STOCKPORT else _leeds(typed, settings.search_by)


def _clean(value: str) -> str:
    return " ".join("".join(letter for letter in value if letter.isprintable() or letter.isspace()).split())[:LONGEST]


def _stockport(typed: dict[str, str]) -> SearchForm:
    return _understood(typed, typed)


def _leeds(typed: dict[str, str], search_by: SearchBy) -> SearchForm:
    if "case_id" in typed:
        form = _understood(typed, {"record_id": typed["case_id"]})
        return form if form.query else _refused(typed, Problem("case_id", "Enter a case ID in letters or numbers"))
    if search_by is SearchBy.CASE_ID:
        return _refused(typed, Problem("case_id", "Enter a case ID"))
    named = any(name in typed for name in NAME_FIELDS)
    dated = all(name in typed for name in DATE_FIELDS)
    if not typed and search_by is SearchBy.EITHER:
        return _refused(typed, Problem("case_id", "Enter a case ID, or a name and a date of birth"))
    missing = []
    if not named:
        missing.append(Problem("surname", "Enter the child’s surname, forename or both"))
    if not dated:
        missing.append(Problem("dob_day", "Enter the child’s whole date of birth: day, month and year"))
    return _refused(typed, *missing) if missing else _understood(typed, typed)


def _understood(typed: dict[str, str], asked: dict[str, str]) -> SearchForm:
    try:
        return SearchForm(typed, Query.from_form(today=None, **asked))
    except UsageError as error:
        first = next(iter(NAME_FIELDS))
        name = next((name for start, name in _REFUSED_FIELDS if error.message.startswith(start)), first)
        return _refused(typed, Problem(name, error.message))


def _refused(typed: dict[str, str], *problems: Problem) -> SearchForm:
    return SearchForm(typed, None, problems)


def summary(typed: Mapping[str, str]) -> str:
    """What was searched for, in one line for the results page."""
    parts = [typed[name] for name in ("forename", "surname") if name in typed]
    born = "/".join(typed[name] for name in DATE_FIELDS if name in typed)
    said = [" ".join(parts), f"born {born}" if born else "", f"aged {typed['age']}" if "age" in typed else ""]
    said += [typed.get("address", ""), typed.get("postcode", "")]
    said += [f"ID {typed[name]}" for name in ("case_id", "record_id") if name in typed]
    return ", ".join(part for part in said if part)
