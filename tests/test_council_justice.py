"""Police, probation, MARAC, MAPPA and SSD of the invented council: one truth, sealed adoptions, habits of a script."""

import json
import re
from collections import Counter

import pytest

from loaders.check import CheckResult, check
from loaders.clean.identifiers import pnc
from loaders.council.identifiers import police_number
from loaders.council.model import Person
from loaders.council.partners.incidents import incidents
from loaders.council.partners.ssd import PARTNER
from loaders.source import discover
from tests.councils import TODAY, council, day, extract

PEOPLE = 20_000
RARE = {"ssd_care_leavers"}
"""What a council of this size may have nothing of."""

MINE = ("police", "probation", "marac", "mappa", "ssd")


def person_of(source: str) -> dict[str, Person]:
    """record_id -> the human being."""
    people = {person.entity_id: person for person in council(PEOPLE).people}
    return {record: people[one] for (name, record), one in extract(PEOPLE).entities().items() if name == source}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, CheckResult]:
    """Each source by itself, every gate open."""
    made, found = extract(PEOPLE), {}
    for source in MINE:
        folder = tmp_path_factory.mktemp(source)
        (folder / "extracts").mkdir()
        for name in ("manifest.toml", source):
            (folder / "extracts" / name).symlink_to(made.folder / name)
        gates = {source} - {"ssd"}
        found[source] = check(folder / "extracts", folder / "work", gates=gates)
    return found


@pytest.mark.parametrize("source", MINE)
def test_what_is_written_loads_but_for_the_rows_made_to_be_put_aside(
    source: str, checked: dict[str, CheckResult]
) -> None:
    result = checked[source]
    assert not result.problems
    assert sum(report.rows for report in result.files) > 10
    assert sum(report.quarantined for report in result.files) <= 1 + sum(one.rows for one in result.files) * 0.001


@pytest.mark.parametrize("source", MINE)
def test_every_file_and_column_written_is_one_the_source_describes(source: str) -> None:
    made = extract(PEOPLE)
    specs = {spec.name: spec for spec in discover()[source].files}
    written = sorted(path.stem for path in (made.folder / source).glob("*.csv"))
    assert set(specs) - RARE <= set(written) <= set(specs), "at this size a council has something of everything"
    for file in written:
        spec = specs[file]
        columns = set(made(f"{source}/{file}")[0])
        assert set(spec.expected) <= columns <= set(spec.columns) | set(spec.never_read)


def test_police_numbers_are_valid_of_a_year_without_computers_and_one_persons_in_every_list() -> None:
    made = extract(PEOPLE)
    assert pnc(police_number(123_456)) == police_number(123_456)
    found: dict[str, set[int]] = {}
    for source, file, key, column in (
        ("police", "people", "nominal_id", "pnc_id"),
        ("probation", "offenders", "offenderId", "pncNumber"),
        ("mappa", "mappa_flag", "crn", "pnc_number"),
    ):
        who = person_of(source)
        for row in made(f"{source}/{file}"):
            if row[column].startswith("1900/"):
                assert pnc(row[column]) == row[column]
                found.setdefault(row[column], set()).add(who[row[key]].key)
    assert len(found) > 50
    assert all(len(holders) == 1 for holders in found.values())


def test_an_incident_is_one_for_everybody_in_it_and_has_its_true_day_and_grading() -> None:
    made, who = extract(PEOPLE), person_of("police")
    true = {f"PPN{one.number:07d}": one for one in incidents(council(PEOPLE).people, TODAY)}
    rows = [row for row in made("police/ppn_merlin") if day(row["incident_date"])]
    for row in rows:
        incident, person = true[row["ppn_ref"]], who[row["subject_person_id"]]
        assert person in incident.people
        assert day(row["incident_date"]) == incident.on
        assert (row["risk_grading"], row["incident_type"]) == (incident.grading, incident.kind)
    assert max(Counter(row["ppn_ref"] for row in rows).values()) > 3
    assert {row["subject_role"] for row in rows} == {"victim", "suspect", "child", "witness"}


def test_the_family_of_the_story_is_in_one_notification() -> None:
    rows = [row for row in extract(PEOPLE)("police/ppn_merlin") if row["ppn_ref"] == "PPN0900001"]
    who = person_of("police")
    roles = {who[row["subject_person_id"]].forename: row["subject_role"] for row in rows}
    assert roles == {"Tommy": "child", "Kate": "victim", "Dominic": "suspect"}


def test_offences_are_those_that_happened_and_probation_has_convicts_only() -> None:
    made, who = extract(PEOPLE), person_of("police")
    for row in made("police/police_contacts"):
        if row["offence_date"]:
            told = (day(row["offence_date"]), f"{row['offence_type']}, {row['nature']}")
            assert told in {(one.on, one.detail) for one in who[row["nominal_id"]].happenings if one.kind == "offence"}
    supervised = person_of("probation")
    for row in made("probation/offenders"):
        details = [one.detail for one in supervised[row["offenderId"]].happenings if one.kind == "offence"]
        story = row["firstName"] == "Dominic" and row["surname"] == "Pierce"
        assert story or any(detail.endswith("Convict") for detail in details)


def test_mappa_goes_by_the_case_reference_of_probation() -> None:
    made = extract(PEOPLE)
    probation = {row["crn"]: person_of("probation")[row["offenderId"]] for row in made("probation/offenders")}
    for crn, person in person_of("mappa").items():
        assert probation[crn] is person


def test_marac_hears_of_incidents_of_domestic_abuse_whose_people_are_known() -> None:
    made, who = extract(PEOPLE), person_of("marac")
    cases: dict[str, dict[str, list[Person]]] = {}
    for row in made("marac/marac_subjects"):
        cases.setdefault(row["case_ref"], {}).setdefault(row["role"], []).append(who[row["person_id"]])
    assert len(cases) == len(made("marac/marac_cases")) > 5
    for roles in cases.values():
        [victim], [perpetrator] = roles["Victim"], roles["Perpetrator"]
        shared = {one.incident for one in victim.happenings if one.incident}
        assert shared & {one.incident for one in perpetrator.happenings if one.incident}
        assert all(child.age(TODAY) < 18 for child in roles.get("Child", []))


def test_exclusions_are_of_people_listed_and_never_of_the_two_first_workers() -> None:
    made = extract(PEOPLE)
    excluded = {row["crn"] for row in made("probation/offenders") if row["currentExclusion"] == "true"}
    rows = made("probation/exclusions")
    assert rows
    assert {row["crn"] for row in rows} <= excluded
    assert not {row["user"] for row in rows} & {"90001", "90002"}


# --- The Standard Safeguarding Dataset -------------------------------------------------------------------------------


def test_ssd_holds_clients_in_its_own_tables_and_everybody_beside_them() -> None:
    made, who = extract(PEOPLE), person_of("ssd")
    clients = {row["pers_person_id"] for row in made("ssd/ssd_person")}
    everybody = {row["person_id"] for row in made("ssd/people_all")}
    assert clients < everybody
    adults = [who[one] for one in everybody - clients if who[one].age(TODAY) >= 18]
    assert len(adults) > 1_000
    for spec in (spec for spec in discover()["ssd"].files if spec.name not in RARE):
        column = next((name for name in spec.columns if name.endswith("person_id")), "")
        if spec.name.startswith("ssd_") and column and spec.name not in ("ssd_mother", "ssd_send"):
            assert {row[column] for row in made(f"ssd/{spec.name}")} <= clients, spec.name


def test_ssd_has_the_habits_of_its_script() -> None:
    made = extract(PEOPLE)
    former = [row for row in made("ssd/ssd_linked_identifiers") if row["link_identifier_type"].startswith("Former")]
    assert {row["link_identifier_value"] for row in former} == {"SSD_PH"}
    rows = made("ssd/ssd_person")
    assert not any(row["pers_dob"] and row["pers_expected_dob"] for row in rows)
    assert any(day(row["pers_expected_dob"][:10]) for row in rows)
    broken = [text for row in made("ssd/ssd_address") if not is_json(text := row["addr_address_json"])]
    assert 0.01 < len(broken) / len(made("ssd/ssd_address")) < 0.1
    assert all('"' in re.sub(r'"[A-Z]+":"|","|\{"|"\}', "", text) for text in broken)
    mothers = made("ssd/ssd_mother")
    assert any(not row["moth_childs_person_id"] for row in mothers)
    sexes = Counter(person_of("ssd")[row["moth_person_id"]].sex for row in mothers)
    assert 0 < sexes["M"] < sexes["F"] * 0.1
    assert {"-1", ""} < {row["fami_family_id"] for row in made("ssd/ssd_family")}


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def test_ssd_restricts_whom_the_truth_restricts() -> None:
    made, who = extract(PEOPLE), person_of("ssd")
    told = {row["entity_id"] for row in made("truth/restrictions")}
    flagged = {who[row["person_id"]].entity_id for row in made("ssd/people_all") if row["restricted"] == "Y"}
    assert flagged
    assert flagged <= told


def test_no_list_ties_an_adopted_childs_two_lives() -> None:
    adopted = [person for person in council(PEOPLE).people if person.before_adoption]
    lives = {frozenset((one.key, one.before_adoption.key)) for one in adopted if one.before_adoption}
    who, made = person_of("ssd"), extract(PEOPLE)
    kept = [row for row in made("ssd/relationships") if row["person_id"] in who and row["related_person_id"] in who]
    for row in kept:
        assert frozenset((who[row["person_id"]].key, who[row["related_person_id"]].key)) not in lives
    assert not any(row["pers_legacy_id"] for row in made("ssd/ssd_person"))
    before = {one.before_adoption.key for one in adopted if one.before_adoption}
    closed = {
        who[row["cine_person_id"]].key for row in made("ssd/ssd_cin_episodes") if row["cine_close_reason"] == "RC1"
    }
    assert closed <= before


def test_what_ssd_says_of_parents_is_true_with_few_exceptions(checked: dict[str, CheckResult]) -> None:
    made, who = extract(PEOPLE), person_of("ssd")
    true = {(row["entity_a"], row["entity_b"]) for row in made("truth/relationships") if row["code"] == "PARENT"}
    stated = [
        (who[row["moth_person_id"]].entity_id, who[row["moth_childs_person_id"]].entity_id)
        for row in made("ssd/ssd_mother")
        if row["moth_childs_person_id"] and not who[row["moth_childs_person_id"]].unborn
    ]
    right = sum(pair in true for pair in stated)
    assert len(stated) > 300
    assert right / len(stated) > 0.93
    assert PARTNER.source == "ssd"
