"""A council of few people in which every text, number and name is a canary: a token that stands in one place only.

The case systems and the census are written here, row by row; what every source tells besides stands in
`fixtures/canaries/`. The people: two families on two caseloads; a friend of both; shielded children, one by each source
that can; somebody whom two readers may not see; a child before and after an adoption; for each source that is for few,
somebody whom it alone knows.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tests.canary_sources import Being, Stamp, is_closed, restricting, serials, sources
from tests.canary_tokens import Canaries, Secret

AS_AT = date(2026, 11, 23)
WORKER_ONE, WORKER_TWO = "90001", "90002"


@dataclass(frozen=True)
class Somebody:
    """One invented person: ids by source, and what a search form would be given."""

    name: str
    mosaic: str
    kind: Secret
    forename: str
    surname: str
    dob: date
    nhs: str
    upn: str
    lcs: str = ""
    census: str = ""
    former: str = ""
    known_as: str = ""
    records: dict[str, str] = field(default_factory=dict)


class CanaryCouncil:
    """The extracts, the tokens in them, and the people by what they are for."""

    def __init__(self) -> None:
        self.tokens = Canaries()
        self.people: dict[str, Somebody] = {}
        self.places: dict[str, list[dict[str, str]]] = {}
        self._files: dict[str, list[dict[str, str]]] = {}
        self._serial = serials()
        self._workers()
        for name, kind, born in (*_PEOPLE, *_more_people()):
            self._person(name, kind, born)
        for name in self.people:
            self._home(name)
        self._links()
        self._spells()
        self._bad_rows()
        self._told_elsewhere()

    def write(self, folder: Path) -> None:
        """Write the extracts."""
        folder.mkdir(parents=True)
        (folder / "manifest.toml").write_text(f"as_at = {AS_AT}\ninvented = true\n")
        for name, rows in self._files.items():
            path = folder / f"{name}.csv"
            path.parent.mkdir(exist_ok=True)
            columns = list(dict.fromkeys(column for row in rows for column in row))
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)

    def _row(self, file: str, row: Mapping[str, str]) -> None:
        self._files.setdefault(file, []).append(dict(row))

    def _next(self) -> str:
        return str(next(self._serial))

    def _workers(self) -> None:
        t = self.tokens
        for worker, kind in (
            (WORKER_ONE, Secret.UNIT_ONE), (WORKER_TWO, Secret.UNIT_TWO), ("90003", Secret.OUTSIDE),
            ("90004", Secret.SHIELDED), ("90005", Secret.SENSITIVE), ("90006", Secret.PARENT_OF_SHIELDED),
            ("90007", Secret.ADOPTER), ("90008", Secret.BRIDGE),
        ):  # fmt: skip
            self._row("mosaic/dm_workers", {
                "WORKER_ID": worker, "FULL_NAME": t.text(kind), "ROLE": t.text(kind), "TEAM": t.text(kind),
                "ORGANISATION": t.text(kind), "TELEPHONE": t.phone(kind), "EMAIL": t.text(kind) + "@x.example",
                "case_note": t.text(Secret.NEVER),
            })  # fmt: skip

    def _person(self, name: str, kind: Secret, born: date) -> None:
        t = self.tokens
        rest = Secret.SHIELDED if kind is Secret.SHIELDED_NAME else kind
        child = born.year > 2005 and not name.startswith(ONLY)
        t.telling = (name, "")
        one = Somebody(
            name=name,
            mosaic="" if name.startswith(ONLY) else t.number(rest),
            kind=kind,
            forename=t.text(kind),
            surname=t.text(kind),
            dob=born,
            nhs=t.nhs(rest),
            upn=t.upn(rest) if child else "",
            lcs=t.number(rest) if child else "",
            census=t.number(rest) if child else "",
            former=t.text(rest, harmful=False) + " Wolstenholme",
            known_as="Bathsheba " + t.text(rest, harmful=False),
        )
        self.people[name] = one
        if not one.mosaic:
            return
        shielded = kind is Secret.SHIELDED_NAME and not name.startswith(HIDDEN)
        self._row("mosaic/dm_persons", {
            "PERSON_ID": one.mosaic, "TITLE": t.text(Secret.UNUSED), "FIRST_NAME": one.forename,
            "MIDDLE_NAMES": t.text(rest), "LAST_NAME": one.surname, "KNOWN_AS": one.known_as,
            "DATE_OF_BIRTH": born.isoformat(), "GENDER": "F", "NHS_ID": one.nhs, "UPN_ID": one.upn,
            "FORMER_UPN_ID": t.upn(Secret.UNUSED), "RESTRICTED": "Y" if shielded else "N",
            "CONTEXT_FLAG": "C" if child else "A", "UNBORN": "N", "UPDATED_ON": "2026-10-01",
            "case_note": t.text(Secret.NEVER),
        })  # fmt: skip
        self._row("mosaic/dm_person_references", {
            "REFERENCE_ID": self._next(), "PERSON_ID": one.mosaic, "REFERENCE_TYPE_CODE": "FORMER_NAME",
            "REFERENCE": one.former,
        })  # fmt: skip
        if child:
            self._other_sources(one, rest)

    def _other_sources(self, one: Somebody, rest: Secret) -> None:
        """The child again in LCS and in the school census, which knows nothing of a restriction."""
        t = self.tokens
        self._row("lcs/DIM_PERSON", {
            "DIM_PERSON_ID": one.lcs, "FORENAME": one.forename, "SURNAME": one.surname, "GENDER_MAIN_CODE": "F",
            "BIRTH_DTTM": one.dob.isoformat(), "IS_CLIENT": "Y", "MIDDLE_NAMES": t.text(rest), "NHS_NUMBER": one.nhs,
            "UPN": one.upn, "UPDATED_DTTM": "2026-10-02", "case_note": t.text(Secret.NEVER),
        })  # fmt: skip
        self._row("lcs/isperson", {
            "PersonID": one.lcs, "Secure": "NY"[one.name == HIDDEN + "lcs"], "ReasonSecure": t.text(Secret.NEVER),
            "IsHidden": "N", "HideAllAddresses": "N", "IsDuplicate": "N", "IsAdopted": "NY"[one.name == "after"],
            "AdoptedLinkedPersonID": t.text(Secret.NEVER), "PrefName": t.text(rest), "AliasInfo": t.text(rest),
        })  # fmt: skip
        self._row("school_census/pupilonroll", {
            "pupilonrolltableid": one.census, "NativeId": t.text(Secret.UNUSED), "upn": one.upn,
            "surname": one.surname, "forename": one.forename, "middlenames": t.text(rest),
            "preferredsurname": t.text(rest), "formersurname": t.text(rest), "dob": one.dob.isoformat(), "sex": "F",
            "entrydate": "2023-09-01", "ncyearactual": "4", "enrolstatus": "C", "senprovision": "E",
            "youngcarer": t.text(Secret.UNUSED), "uniquelearnernumber": t.uln(rest),
            "schoolname": t.text(rest), "schoolphone": t.phone(rest), "schoolemail": t.text(rest) + "@x.example",
            "schoolcontact": t.text(rest), "censusdate": "2026-10-01",
            "schoolcensustableid": "1", "plaa": "A" if one.name == "after" else "", "termlysessionspossible": "130",
        })  # fmt: skip
        self._row("school_census/addresses", {
            "addressestableid": self._next(), "pupilonrolltableid": one.census, "postcode": t.postcode(rest),
            "paon": self._next(), "street": t.text(rest), "town": t.text(rest),
            "uniquepropertyreferencenumber": t.uprn(rest), "startdate": "2024-01-01",
        })  # fmt: skip

    def _home(self, name: str) -> None:
        one = self.people[name]
        rest = Secret.SHIELDED if one.kind is Secret.SHIELDED_NAME else one.kind
        if one.mosaic:
            self.tokens.telling = (name, "mosaic")
            self._mosaic_address(one, rest, "N")
        if name == "child one":
            self._mosaic_address(one, Secret.HIDDEN_ADDRESS, "Y")

    def _mosaic_address(self, one: Somebody, kind: Secret, hidden: str) -> None:
        t, place = self.tokens, self._next()
        written = {
            "ADDRESS_ID": place, "FLAT_NUMBER": "", "BUILDING": t.text(kind), "STREET_NUMBER": place,
            "STREET": t.text(kind), "TOWN": t.text(kind), "POST_CODE": t.postcode(kind), "UPRN": t.uprn(kind),
        }  # fmt: skip
        self._row("mosaic/dm_addresses", written)
        self.places.setdefault(one.mosaic, []).append(written)
        self._row("mosaic/addresses_people", {
            "ADDRESS_PEOPLE_ID": self._next(), "PERSON_ID": one.mosaic, "ADDRESS_ID": place, "ADDRESS_TYPE": "Home",
            "START_DATE": "2020-01-01", "END_DATE": "", "MAIN": "Y", "PLACEMENT": hidden, "HIDDEN": hidden,
            "UPDATED_ON": "2026-10-01",
        })  # fmt: skip

    def _links(self) -> None:
        labels = {
            "1": "Mother : Daughter",
            "2": "Prospective adopter : Child placed for adoption",
            "3": "Friend : Friend",
        }
        for number, label in labels.items():
            self._row("mosaic/dm_personal_rel_types", {
                "PERSONAL_REL_TYPE_ID": number, "DESCRIPTION": label, "FAMILY_CATEGORY": "Family",
            })  # fmt: skip
        for left, right, type_, holds, start in _LINKS:
            self._row("mosaic/dm_personal_relationships", {
                "PERSONAL_RELATIONSHIP_ID": self._next(), "PERSON_ID": self.people[left].mosaic,
                "OTHER_PERSON_ID": self.people[right].mosaic, "PERSONAL_REL_TYPE_ID": type_, "IS_MOTHER": "N",
                "START_DATE": start, "END_DATE": "", "PARENTAL_RESPONSIBILITY": holds, "UPDATED_ON": "2026-10-01",
            })  # fmt: skip

        self._row("lcs/site_relationship_codes", {
            "DIM_LOOKUP_RELTN_TYPE_CODE": "CHI", "canonical_code_of_RELATED_person": "CHILD",
            "note": self.tokens.text(Secret.UNUSED),
        })  # fmt: skip
        self._row("lcs/FACT_PERSON_RELATION", {
            "FACT_PERSON_RELATION_ID": self._next(), "DIM_PERSON_ID": self.people["child one"].lcs,
            "DIM_RELATED_PERSON_ID": self.people["shielded"].lcs, "DIM_RELATED_PERSON_DOB": "2015-09-17",
            "DIM_LOOKUP_RELTN_TYPE_CODE": self.tokens.text(Secret.SHIELDED, harmful=False), "END_DTTM": "",
        })  # fmt: skip

    def _spells(self) -> None:
        t = self.tokens
        for name, worker, code, kind in _SPELLS:
            self._row("mosaic/dm_prof_relationships", {
                "PROF_RELATIONSHIP_ID": self._next(), "PERSON_ID": self.people[name].mosaic, "WORKER_ID": worker,
                "PROF_REL_TYPE_CODE": code, "START_DATE": "2025-01-01", "END_DATE": "", "UPDATED_ON": "2026-10-01",
            })  # fmt: skip
            self._row("mosaic/dm_prof_relationships", {
                "PROF_RELATIONSHIP_ID": self._next(), "PERSON_ID": self.people[name].mosaic, "WORKER_ID": worker,
                "PROF_REL_TYPE_CODE": code.replace("ALLWORK", "COWORK"), "START_DATE": "2021-01-01",
                "END_DATE": "2022-01-01", "END_DATE_REASON": t.text(kind), "UPDATED_ON": "2026-10-01",
            })  # fmt: skip

    def _bad_rows(self) -> None:
        """Rows that go to quarantine, and values that are dropped: reports must not repeat them."""
        bad, t = Secret.QUARANTINED, self.tokens
        self._row("mosaic/dm_persons", {
            "PERSON_ID": t.text(bad), "FIRST_NAME": t.text(bad), "LAST_NAME": t.text(bad), "DATE_OF_BIRTH": t.text(bad),
            "GENDER": t.text(bad), "RESTRICTED": "N",
        })  # fmt: skip
        self._row("mosaic/dm_persons", {
            "PERSON_ID": t.text(Secret.OUTSIDE), "FIRST_NAME": t.text(Secret.OUTSIDE),
            "LAST_NAME": t.text(Secret.OUTSIDE), "DATE_OF_BIRTH": "1971-02-03", "GENDER": "M", "RESTRICTED": "N",
            "NHS_ID": t.text(bad), "UPN_ID": t.text(bad), "UPDATED_ON": t.text(bad), "DATE_OF_DEATH": t.text(bad),
        })  # fmt: skip
        self._row("mosaic/dm_prof_relationships", {
            "PROF_RELATIONSHIP_ID": t.text(bad), "PERSON_ID": t.text(bad), "WORKER_ID": t.text(bad),
            "PROF_REL_TYPE_CODE": t.text(bad), "START_DATE": t.text(bad),
        })  # fmt: skip
        self._row("school_census/addresses", {"pupilonrolltableid": t.text(bad), "postcode": t.text(bad)})

    def _told_elsewhere(self) -> None:
        """What every source tells besides of the people it knows."""
        beings = {name: self._being(one) for name, one in self.people.items()}
        for name, being in beings.items():
            if name in _CHILDREN or name.startswith((HIDDEN, ONLY)):
                being.mother = beings["mother one"]
        for source in sources():
            stamp = Stamp(self.tokens, source, self._serial)
            for name in (*_KNOWN, HIDDEN + source, ONLY + source):
                if name in beings:
                    for file, row in stamp.rows(beings[name]):
                        self._row(file, row)

    def _being(self, one: Somebody) -> Being:
        parts = {"forename": one.forename, "surname": one.surname, "dob": one.dob.isoformat()}
        held = {"mosaic": one.mosaic, "lcs": one.lcs, "school_census": one.census}
        places = dict(zip(("home", "hidden"), map(_place, self.places.get(one.mosaic, [])), strict=False))
        one.records.update({source: record for source, record in held.items() if record})
        return Being(
            one.name, one.kind, parts | {"nhs": one.nhs, "upn": one.upn}, places=places,
            records=one.records,
            hidden_by=one.name.removeprefix(HIDDEN) if one.name.startswith(HIDDEN) else "",
        )  # fmt: skip


def _place(written: Mapping[str, str]) -> dict[str, str]:
    return {"postcode": written["POST_CODE"], "uprn": written["UPRN"]}


HIDDEN, ONLY = "hidden by ", "known to "
"""Names of people whom one source restricts, and of people whom one source alone knows."""
_KNOWN = ("child one", "mother one", "shielded", "shielded adult", "excluded", "before", "after")
"""The people every source knows, mother one first of those who have a mother: her record is asked for by theirs."""
_CHILDREN = ("child one", "shielded", "excluded", "before")

_PEOPLE: Sequence[tuple[str, Secret, date]] = (
    ("child one", Secret.UNIT_ONE, date(2014, 3, 7)),
    ("mother one", Secret.UNIT_ONE, date(1985, 6, 9)),
    ("friend of both", Secret.BRIDGE, date(1987, 1, 19)),
    ("child two", Secret.UNIT_TWO, date(2013, 8, 21)),
    ("mother two", Secret.UNIT_TWO, date(1984, 4, 23)),
    ("shielded", Secret.SHIELDED_NAME, date(2015, 9, 17)),
    ("mother of shielded", Secret.PARENT_OF_SHIELDED, date(1989, 12, 5)),
    ("adopter", Secret.ADOPTER, date(1979, 5, 13)),
    ("placed", Secret.SHIELDED_NAME, date(2018, 7, 2)),
    ("shielded adult", Secret.SHIELDED_NAME, date(1977, 11, 26)),
    ("stranger", Secret.OUTSIDE, date(2012, 10, 29)),
    ("stranger's mother", Secret.OUTSIDE, date(1981, 2, 11)),
)


def _more_people() -> Iterator[tuple[str, Secret, date]]:
    """People for the other sources. No two of all share two of year, month and day: nobody is near a shielded child."""
    wanted = {"excluded": Secret.EXCLUDED, "before": Secret.OUTSIDE, "after": Secret.OUTSIDE}
    wanted |= {HIDDEN + source: Secret.SHIELDED_NAME for source in restricting() if source != "mosaic"}
    wanted |= {ONLY + source: Secret.CLOSED for source in sources() if is_closed(source)}
    taken = [born for _, _, born in _PEOPLE]
    for name, kind in wanted.items():
        days = (date(year, month, day) for year in range(2006, 2013) for month in range(1, 13) for day in range(1, 29))
        born = next(day for day in days if not any(_near(day, other) for other in taken))
        taken.append(born)
        yield name, kind, born


def _near(one: date, other: date) -> bool:
    same = (one.year == other.year, one.month == other.month, one.day == other.day)
    return sum(same) > 1 or (same[0] and (one.month, one.day) == (other.day, other.month))


_LINKS = (
    ("mother one", "child one", "1", "Y", "2014-03-07"),
    ("friend of both", "child one", "3", "", ""),
    ("adopter", "child one", "2", "Y", "2024-01-01"),
    ("mother two", "child two", "1", "Y", "2013-08-21"),
    ("friend of both", "child two", "3", "", ""),
    ("mother of shielded", "shielded", "1", "Y", "2015-09-17"),
    ("mother one", "shielded", "3", "", ""),
    ("adopter", "shielded", "2", "Y", "2014-01-01"),
    ("adopter", "placed", "2", "Y", "2024-01-01"),
    ("stranger's mother", "stranger", "1", "Y", "2012-10-29"),
    ("excluded", "child one", "3", "", ""),
)
"""(left, right, type, parental responsibility, start). The adopter's start comes first: a careless "first" meets it."""

_SPELLS = (
    ("child one", WORKER_ONE, "REL.ALLWORK", Secret.UNIT_ONE),
    ("child one", "90005", "REL.CAMHS", Secret.SENSITIVE),
    ("mother one", "90005", "REL.SUBUSE", Secret.SENSITIVE),
    ("friend of both", "90008", "REL.ASC", Secret.BRIDGE),
    ("child two", WORKER_TWO, "REL.ALLWORK", Secret.UNIT_TWO),
    ("shielded", WORKER_ONE, "REL.ALLWORK", Secret.SHIELDED),
    ("shielded", "90004", "REL.SCHOOL", Secret.SHIELDED),
    ("placed", "90004", "REL.ALLWORK", Secret.SHIELDED),
    ("mother of shielded", "90006", "REL.ASC", Secret.PARENT_OF_SHIELDED),
    ("adopter", "90007", "REL.ASC", Secret.ADOPTER),
    ("stranger", "90003", "REL.ALLWORK", Secret.OUTSIDE),
)
