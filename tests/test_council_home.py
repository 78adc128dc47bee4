"""The invented council's housing, health, benefits, births and lists: one truth, sealed adoptions, known mistakes."""

from collections import Counter, defaultdict
from datetime import date

import pytest

from loaders.birth import parent_record
from loaders.source import discover
from tests.councils import Extract, council, day, extract

PEOPLE = 20_000
MINE = "housing nhs camhs voluntary connexions ons_births home_office council_csv".split()


def records(made: Extract) -> dict[str, set[str]]:
    """By entity, the sources that hold a record of it."""
    found = defaultdict(set)
    for (source, _), entity in made.entities().items():
        found[entity].add(source)
    return found


def test_no_partner_holds_the_life_before_an_adoption_beside_the_one_after() -> None:
    made = extract(PEOPLE)
    held = records(made)
    adopted = [person for person in council(PEOPLE).people if person.before_adoption]
    assert len(adopted) > 5
    for person in adopted:
        assert person.before_adoption is not None
        assert not held[person.before_adoption.entity_id] & set(MINE)
    assert any("nhs" in held[person.entity_id] for person in adopted)
    assert any("ons_births" in held[person.entity_id] for person in adopted)


def test_an_entry_after_an_adoption_names_the_adoptive_parents() -> None:
    made = extract(PEOPLE)
    who = made.entities()
    people = {person.entity_id: person for person in council(PEOPLE).people}
    adopted = [row for row in made("ons_births/births") if row["entry_type"] == "Adopted"]
    assert adopted
    for row in adopted:
        child = people[who["ons_births", row["entry_number"]]]
        assert child.mother
        assert child.before_adoption
        assert child.before_adoption.mother
        assert who["ons_births", parent_record(row["entry_number"], "mother")] == child.mother.entity_id
        assert child.before_adoption.mother.surname not in (row["mother_surname"], row["child_surname"])
        assert row["child_nhs_number"] != child.before_adoption.nhs


def test_a_contact_of_a_patient_is_kin_in_truth() -> None:
    """Of an adopted child never anybody but the new family."""
    made = extract(PEOPLE)
    people = {person.nhs: person for person in council(PEOPLE).people if person.nhs}
    rows = [row for row in made("nhs/related_persons") if row["relationship"] in ("Mother", "Father")]
    pairs = [
        (people[row["nhs_number"]], people[row["related_nhs_number"]]) for row in rows if row["related_nhs_number"]
    ]
    right = sum(parent in (child.mother, child.father) for child, parent in pairs)
    assert len(pairs) > 300
    assert right / len(pairs) > 0.95
    assert not any(child.before_adoption for child, _ in pairs), "an adopted child's are adoptive mother and father"


def test_the_register_of_nhs_numbers_is_right_about_them() -> None:
    made = extract(PEOPLE)
    people = {person.entity_id: person for person in council(PEOPLE).people}
    who = made.entities()
    rows = [row for row in made("nhs/pds_demographics") if row["nhs_number"]]
    assert all(people[who["nhs", row["patient_id"]]].nhs == row["nhs_number"] for row in rows)
    assert len(rows) / len(made("nhs/pds_demographics")) > 0.97


def test_an_s_flag_stands_on_protected_people_only_and_hides_where_they_are() -> None:
    made = extract(PEOPLE)
    who = made.entities()
    protected = {row["entity_id"] for row in made("truth/restrictions")}
    flagged = [row for row in made("nhs/pds_demographics") if row["s_flag"] == "R"]
    assert flagged
    for row in flagged:
        assert who["nhs", row["patient_id"]] in protected
        assert not row["main_address"] + row["main_postcode"] + row["gp_practice_name"]
    held = {who["nhs", row["patient_id"]] for row in made("nhs/pds_demographics")} & protected
    assert len({who["nhs", row["patient_id"]] for row in flagged}) < len(held), "no system remembers everybody"


def test_nobody_knows_the_address_that_only_the_school_was_told() -> None:
    """The Reeds have moved; health and housing still have them at Quarry Bank."""
    made = extract(PEOPLE)
    who, old = made.entities(), "AA6 5DR"
    reeds = {one.entity_id for one in council(PEOPLE).stories.people if one.surname == "Reed"}
    patients = [row for row in made("nhs/pds_demographics") if who["nhs", row["patient_id"]] in reeds]
    assert [row["main_postcode"] for row in patients] == [old] * 3
    postcode = {row["LAUS_LEGACY_REF"]: row["LAEL_POSTCODE"] for row in made("housing/addresses")}
    place = {row["ltcy_alt_ref"]: postcode[row["ltcy_tho_propref1"]] for row in made("housing/tenancies")}
    members = [row for row in made("housing/people") if who.get(("housing", row["lpar_per_alt_ref"])) in reeds]
    assert [place[row["lpar_tcy_alt_ref"]] for row in members] == [old] * 3


def test_housing_has_the_mistakes_its_extracts_are_known_for() -> None:
    made = extract(PEOPLE)
    tenancies = {row["ltcy_alt_ref"]: row for row in made("housing/tenancies")}
    rows = [row for row in made("housing/people") if row["lpar_tcy_alt_ref"] in tenancies]
    start = [(day_of(row["lpar_hop_start_date"]), day_of(row["lpar_per_date_of_birth"])) for row in rows]
    early = sum(bool(first and born and first < born) for first, born in start)
    tenants = [row for row in rows if row["lpar_tin_main_tenant_ind"] == "Y" and not row["lpar_hop_end_date"]]
    open_ = sum(bool(tenancies[row["lpar_tcy_alt_ref"]]["ltcy_act_end_date"]) for row in tenants)
    undated = sum(not row["lpar_per_date_of_birth"] for row in rows)
    odd = sum(row["lpar_hop_hrv_rel_code"][:1] == "R" and row["lpar_hop_hrv_rel_code"][1:].isdigit() for row in rows)
    assert all(0 < count < len(rows) * 0.2 for count in (early, open_, undated, odd)), (early, open_, undated, odd)
    assert max(Counter(row["lpar_per_alt_ref"] for row in rows).values()) > 1, "a person stands on several rows"


def day_of(text: str) -> date | None:
    """The day of 12-MAY-2012."""
    year, month, number = text[7:], text[3:6], text[:2]
    months = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
    return day(f"{year}-{months.index(month) + 1:02d}-{number}") if month in months else None


def test_every_reference_of_the_housing_extract_leads_somewhere() -> None:
    made = extract(PEOPLE)
    places = {row["LAUS_LEGACY_REF"] for row in made("housing/addresses")}
    tenancies = {row["ltcy_alt_ref"] for row in made("housing/tenancies")}
    people = {row["lpar_per_alt_ref"] for row in made("housing/people")}
    assert {row["ltcy_tho_propref1"] for row in made("housing/tenancies")} <= places
    assert {row["lpar_tcy_alt_ref"] for row in made("housing/people")} <= tenancies | {"~NONE~"}
    assert {row["LACA_PAY_REF"] for row in made("housing/arrears_actions")} <= tenancies
    for name in ("asb_cases", "housing_support", "housing_benefit", "homelessness"):
        assert {row["person_ref"] for row in made(f"housing/{name}")} <= people


def test_national_insurance_numbers_begin_with_letters_never_given() -> None:
    made = extract(PEOPLE)
    numbers = [row["nino"] for row in made("dwp/dwp_benefit_flag")]
    numbers += [row["lpar_per_ni_no"] for row in made("housing/people") if row["lpar_per_ni_no"]]
    assert len(numbers) > 1_000
    assert all(number.startswith("QQ") for number in numbers)


@pytest.mark.parametrize("name", [*MINE, "dwp"])
def test_every_file_and_column_written_is_one_the_source_describes(name: str) -> None:
    made = extract(PEOPLE)
    specs = {spec.name: spec for spec in discover()[name].files}
    written = sorted(path.stem for path in (made.folder / name).glob("*.csv"))
    assert set(written) == set(specs), "at this size a council has something of everything"
    for file in written:
        spec = specs[file]
        assert set(spec.expected) <= set(made(f"{name}/{file}")[0]) <= set(spec.columns) | set(spec.never_read)
