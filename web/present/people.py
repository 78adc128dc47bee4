"""A person as the pages show them: name, age, sex and standing in words, never a fact nobody recorded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from web.present.dates import age_on, age_words, day_words
from web.present.freshness import Provenance, Sources, provenance
from web.present.rows import Row, day, flag, text, texts, unique

SEX_WORDS = {"M": "male", "F": "female"}
PRONOUNS = {"M": ("him", "his"), "F": ("her", "her")}
ADULT = 18
LOST = {"miscarried": "Pregnancy ended in miscarriage", "stillborn": "Stillborn"}


Say = Callable[[Row], str]


@dataclass(frozen=True, slots=True)
class Person:
    """One person in words. `age` is in completed years on the page's day, None where not known or not alive."""

    id: str
    name: str
    known_as: str
    other_names: tuple[str, ...]
    sex: str
    sex_words: str
    dob: date | None
    born: str
    age: int | None
    age_words: str
    status: str
    status_words: str
    shielded: bool
    pr_holder: str
    ask_broker: bool

    @property
    def alive(self) -> bool:
        """Whether the sources say nothing else."""
        return self.status == "alive"

    @property
    def grown_up(self) -> bool:
        """Whether they are known to have turned 18: nobody holds parental responsibility for them any more."""
        return self.age is not None and self.age >= ADULT

    @property
    def him(self) -> str:
        """him, her or them."""
        return PRONOUNS.get(self.sex, ("them", "their"))[0]

    @property
    def his(self) -> str:
        """his, her or their."""
        return PRONOUNS.get(self.sex, ("them", "their"))[1]

    @property
    def possessive(self) -> str:
        """Tommy Williams’, Kate Reed’s."""
        return f"{self.name}’" if self.name.endswith("s") else f"{self.name}’s"

    @property
    def summary(self) -> str:
        """Sex, age and birth in one line: "Male, 14, born 12 May 2012"; of the unborn first that they are."""
        parts = [self.sex_words, self.age_words, self.born, self.status_words]
        if self.status not in ("alive", "deceased"):
            parts = [self.status_words, "" if self.sex not in SEX_WORDS else self.sex_words, self.born]
        line = ", ".join(part for part in unique(parts) if part)
        return line[:1].upper() + line[1:]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact about a person: every value, with the sources that say it.

    `disagree` says that they give different values where only one can be right.
    """

    name: str
    title: str
    values: tuple[tuple[str, tuple[Provenance, ...]], ...]
    disagree: bool


def person(row: Row, on: date) -> Person:
    """The person of a row, with ages as on that day."""
    dob, status, sex = day(row, "dob"), text(row, "status") or "alive", text(row, "sex") or "U"
    forename, surname = text(row, "forename"), text(row, "surname")
    alive = status == "alive"
    return Person(
        id=text(row, "person_id") or "",
        name=" ".join(part for part in (forename, surname) if part) or "Name not recorded",
        known_as=text(row, "known_as") or "",
        other_names=texts(row, "other_names"),
        sex=sex,
        sex_words=SEX_WORDS.get(sex, "sex not recorded"),
        dob=dob,
        born=_born(dob, status, flag(row, "dob_estimated"), on),
        age=age_on(dob, on) if alive else None,
        age_words=age_words(dob, on) if dob and alive and dob <= on else "",
        status=status,
        status_words=_standing(status, dob, day(row, "dod")),
        shielded=flag(row, "shielded"),
        pr_holder=text(row, "pr_holder") or "",
        ask_broker=flag(row, "sensitive_involved"),
    )


def record_facts(records: Iterable[Row], sources: Sources) -> list[Fact]:
    """What each source's record says of name, birth, sex and identifiers; equal values share a line."""
    rows = list(records)
    facts = [_fact(name, title, say, plain, rows, sources) for name, title, say, plain in _FACTS]
    return [fact for fact in facts if fact.values]


def said_by(record: Row) -> list[tuple[str, str, str]]:
    """All that one record can say: the fact's name, its title, and the value in words, empty where it says nothing."""
    return [(name, title, say(record)) for name, title, say, _ in _FACTS]


def _fact(name: str, title: str, say: Say, plain: Say | None, rows: list[Row], sources: Sources) -> Fact:
    """Every value of one fact; values that differ in capitals only are one."""
    values: dict[str, tuple[str, dict[str, Provenance]]] = {}
    compared = set()
    for row in rows:
        if value := say(row):
            said = provenance(row, sources)
            known, who = values.get(value.casefold(), (value, {}))
            who.setdefault(said.source, said)
            values[value.casefold()] = (min(known, value, key=_capitals), who)
            compared.add(plain(row).casefold() if plain else "")
    told = tuple((value, tuple(said.values())) for value, said in values.values())
    return Fact(name, title, told, len(compared) > 1)


def _capitals(value: str) -> int:
    """How many capitals a value has: of names that differ in nothing else the one with fewer reads best."""
    return sum(letter.isupper() for letter in value)


def _plain_name(row: Row) -> str:
    """A name without its middle names: a source that leaves them out says nothing else."""
    return " ".join(part for name in ("forename", "surname") if (part := text(row, name)))


def _full_name(row: Row) -> str:
    return " ".join(part for name in ("forename", "middle_names", "surname") if (part := text(row, name)))


def _birth(row: Row) -> str:
    dob = day(row, "dob")
    return f"{day_words(dob)}{' (estimated)' if flag(row, 'dob_estimated') else ''}" if dob else ""


def _death(row: Row) -> str:
    dod = day(row, "dod")
    return day_words(dod) if dod else ""


def _nhs(row: Row) -> str:
    number = text(row, "nhs_number") or ""
    return f"{number[:3]} {number[3:6]} {number[6:]}" if len(number) == 10 else number


def _said(name: str) -> Say:
    return lambda row: text(row, name) or ""


def _sex(row: Row) -> str:
    return SEX_WORDS.get(text(row, "sex") or "", "").capitalize()


_FACTS: tuple[tuple[str, str, Say, Say | None], ...] = (
    ("name", "Name", _full_name, _plain_name),
    ("known_as", "Known as", _said("known_as"), None),
    ("other_names", "Other names", lambda row: ", ".join(texts(row, "other_names")), None),
    ("dob", "Date of birth", _birth, _birth),
    ("dod", "Date of death", _death, _death),
    ("sex", "Sex", _sex, _sex),
    ("nhs_number", "NHS number", _nhs, _nhs),
    ("upn", "Unique pupil number", _said("upn"), _said("upn")),
    ("uln", "Unique learner number", _said("uln"), _said("uln")),
    ("llid", "Liquidlogic id", _said("llid"), None),
    ("pnc", "Police national computer id", _said("pnc"), _said("pnc")),
    ("record_id", "Record id", _said("record_id"), None),
)
"""Name of the fact, title, how a record says it, and what of that cannot differ where both are right."""


def _born(dob: date | None, status: str, estimated: bool, on: date) -> str:
    if dob is None:
        return "expected date not recorded" if status == "unborn" else "date of birth not recorded"
    if status == "unborn" or dob > on:
        return f"expected {day_words(dob)}"
    return f"born {'about ' if estimated else ''}{day_words(dob)}"


def _standing(status: str, dob: date | None, dod: date | None) -> str:
    if status != "deceased":
        return LOST.get(status, "unborn" if status == "unborn" else "")
    aged = age_on(dob, dod) if dod else None
    return f"died{f' {day_words(dod)}' if dod else ''}{f' aged {aged}' if aged is not None else ''}"
