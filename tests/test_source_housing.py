"""NEC Housing: the mistakes its extracts are known for, whose relationship a code states, and what is never told."""

from datetime import date
from pathlib import Path

import pytest

from loaders.codes import code_table
from loaders.source import HERE, discover
from tests.one_source import Loaded, load

HOUSING = HERE / "housing"
PLACE = {"LAUS_LEGACY_REF": "P1", "LADR_STREET_NUMBER": "3", "LAEL_STREET": "Sample Road", "LAEL_POSTCODE": "AA1 1AB"}
LET = {"ltcy_alt_ref": "T1", "ltcy_act_start_date": "01-MAR-2015", "ltcy_tho_propref1": "P1"}
MAIN = {
    "lpar_per_alt_ref": "1",
    "lpar_per_forename": "Chantelle",
    "lpar_per_surname": "Testford",
    "lpar_per_date_of_birth": "14-JUN-1993",
    "lpar_tcy_alt_ref": "T1",
    "lpar_hop_start_date": "01-MAR-2015",
    "lpar_tin_main_tenant_ind": "Y",
    "lpar_tin_start_date": "01-MAR-2015",
}
CHILD = {
    "lpar_per_alt_ref": "2",
    "lpar_per_forename": "Maisie",
    "lpar_per_surname": "Testford",
    "lpar_per_date_of_birth": "02-MAR-2019",
    "lpar_tcy_alt_ref": "T1",
    "lpar_hop_start_date": "02-MAR-2019",
    "lpar_hop_hrv_rel_code": "DAUGHTER",
}


def household(folder: Path, *people: dict[str, str], tenancy: dict[str, str] = LET) -> Loaded:
    return load(folder, "housing", addresses=[PLACE], tenancies=[tenancy], people=people)


def lived(found: Loaded, person: str) -> list[tuple[date | None, date | None]]:
    return [(row["start"], row["end"]) for row in found.table("address") if row["record_id"] == person]


@pytest.mark.parametrize("order", [(MAIN, CHILD), (CHILD, MAIN)], ids=["above", "below"])
def test_a_code_is_what_the_member_is_to_the_main_tenant_wherever_that_one_stands(
    tmp_path: Path, order: tuple[dict[str, str], ...]
) -> None:
    found = household(tmp_path, *order)
    assert found.kin() == [("1", "PARENT", "2")]
    (row,) = found.table("relationship")
    assert row["source_row"] == f"people.csv:{order.index(CHILD) + 2}", "told under the member's own line"
    assert row["lives_with"]


def test_a_code_that_is_no_word_is_unknown_with_the_text_of_the_source(tmp_path: Path) -> None:
    found = household(tmp_path, MAIN, CHILD | {"lpar_hop_hrv_rel_code": "REL07"})
    (row,) = found.table("relationship")
    assert (row["code"], row["source_code"], row["source_label"]) == ("UNKNOWN", "REL07", "REL07")
    assert "UNKNOWN" in found.notes()


def test_without_a_main_tenant_the_head_stands_in_and_without_a_head_nothing_is_told(tmp_path: Path) -> None:
    head = MAIN | {"lpar_tin_main_tenant_ind": "N", "lpar_hop_head_hhold_ind": "Y"}
    assert household(tmp_path / "a", CHILD, head).kin() == [("1", "PARENT", "2")]
    nobody = household(tmp_path / "b", CHILD, MAIN | {"lpar_tin_main_tenant_ind": "N"})
    assert nobody.kin() == []
    assert "no relationship is told" in nobody.notes()


def test_a_relationship_that_cannot_be_is_dropped_and_the_person_kept(tmp_path: Path) -> None:
    found = household(tmp_path, MAIN, CHILD | {"lpar_hop_hrv_rel_code": "MOTHER"})
    assert set(found.people()) == {"1", "2"}
    assert found.kin() == []
    assert ("lpar_hop_hrv_rel_code", "parent is not older than the other person") in found.dropped()


def test_a_file_whose_members_are_all_turned_round_is_refused(tmp_path: Path) -> None:
    people = [MAIN] + [CHILD | {"lpar_per_alt_ref": str(n), "lpar_hop_hrv_rel_code": "FATHER"} for n in range(10, 16)]
    problems = household(tmp_path, *people).result.problems
    assert ["wrong way round" in str(problem) for problem in problems] == [True]


@pytest.mark.parametrize(
    ("changed", "expected", "reason"),
    [
        ({"lpar_hop_start_date": "01-MAR-2015"}, (None, None), "before the birth"),
        ({"lpar_hop_start_date": "01-JUL-2027"}, None, "in the future: not told until it has come"),
        (
            {"lpar_hop_start_date": "02-MAR-2020", "lpar_hop_end_date": "01-JAN-2020"},
            (None, date(2020, 1, 1)),
            "after the end of the spell or of the tenancy",
        ),
    ],
    ids=["moved in before birth", "still to come", "ends before it starts"],
)
def test_days_that_cannot_be_are_dropped_and_told(
    tmp_path: Path, changed: dict[str, str], expected: tuple[date | None, date | None] | None, reason: str
) -> None:
    found = household(tmp_path, MAIN, CHILD | changed)
    assert lived(found, "2") == ([expected] if expected else [])
    assert ("lpar_hop_start_date", reason) in found.dropped()
    assert "2" in found.people()


def test_nothing_outlives_its_tenancy_and_a_start_after_its_end_is_dropped(tmp_path: Path) -> None:
    ended = LET | {"ltcy_act_end_date": "30-JUN-2021"}
    late = CHILD | {"lpar_per_alt_ref": "3", "lpar_hop_start_date": "01-SEP-2021"}
    found = household(tmp_path, MAIN, CHILD, late, tenancy=ended)
    end = date(2021, 6, 30)
    assert [lived(found, person) for person in "123"] == [
        [(date(2015, 3, 1), end)],
        [(date(2019, 3, 2), end)],
        [(None, end)],
    ]
    assert [row["status"] for row in found.table("involvement")] == ["closed"]


def test_a_missing_birth_is_filled_from_a_later_row_of_the_person(tmp_path: Path) -> None:
    undated = MAIN | {"lpar_per_date_of_birth": ""}
    again = MAIN | {"lpar_hop_start_date": "01-APR-2016"}
    assert household(tmp_path / "a", undated, again).people()["1"]["dob"] == date(1993, 6, 14)
    (alone,) = household(tmp_path / "b", undated).table("person")
    assert alone["dob"] is None
    assert alone["source_row"] == "people.csv:2"


def test_an_eviction_comes_from_the_reason_a_tenancy_ended(tmp_path: Path) -> None:
    ended = LET | {"ltcy_act_end_date": "30-JUN-2021", "ltcy_hrv_ttr_code": "EVIC"}
    (event,) = household(tmp_path / "a", MAIN, CHILD, tenancy=ended).table("event")
    assert (event["record_id"], event["kind"], event["on"]) == ("1", "eviction", date(2021, 6, 30))
    transferred = household(tmp_path / "b", MAIN, CHILD, tenancy=ended | {"ltcy_hrv_ttr_code": "TRAN"})
    assert transferred.table("event") == []


def test_organisations_and_officers_in_the_people_file_are_no_people(tmp_path: Path) -> None:
    officer = {
        "lpar_per_alt_ref": "IP9",
        "lpar_per_forename": "Olive",
        "lpar_per_surname": "Ashworth",
        "lpar_tcy_alt_ref": "~NONE~",
        "lpar_ipp_shortname": "OASHWORTH",
        "lpar_ipp_staff_id": "90501",
    }
    firm = {"lpar_per_alt_ref": "O9", "lpar_type": "ORG", "lpar_org_name": "Example Supporters"}
    contacts = [
        {"LCDE_LEGACY_REF": "IP9", "LCDE_CONTACT_VALUE": "o.ashworth@housing.example"},
        {"LCDE_LEGACY_REF": "1", "LCDE_CONTACT_VALUE": "01632 960123"},
    ]
    found = load(tmp_path, "housing", contacts=contacts, people=[officer, firm, MAIN])
    assert set(found.people()) == {"1"}
    (worker,) = found.table("practitioner")
    assert (worker["worker_id"], worker["name"], worker["email"]) == (
        "90501",
        "Olive Ashworth",
        "o.ashworth@housing.example",
    )
    assert [row["name"] for row in found.table("organisation")] == ["Example Supporters"]
    assert b"960123" not in found.written(), "a tenant's own telephone number is kept nowhere"


def test_arrears_are_told_of_the_tenants_of_the_day_without_the_sum(tmp_path: Path) -> None:
    left = MAIN | {"lpar_per_alt_ref": "4", "lpar_tin_main_tenant_ind": "N", "lpar_tcy_ind": "Y"}
    left |= {"lpar_tin_end_date": "01-FEB-2019"}
    action = {"LACA_PAY_REF": "T1", "LACA_ARA_CODE": "NTQ", "LACA_EFFECTIVE_DATE": "12-JAN-2026"}
    actions = [
        action | {"LACA_BALANCE": "CANARY", "LACA_ARREARS_DISPUTE_IND": "Y"},
        action | {"LACA_STATUS": "CANC"},
        action | {"LACA_ARA_CODE": "NOTE"},
        action | {"LACA_ARA_CODE": "QQQQ"},
    ]
    found = load(
        tmp_path, "housing", addresses=[PLACE], tenancies=[LET], people=[MAIN, CHILD, left], arrears_actions=actions
    )
    (event,) = found.table("event")
    assert (event["record_id"], event["kind"]) == ("1", "notice seeking possession")
    assert event["detail"] == "Notice to quit served, disputed by the tenant"
    assert [column for _, column, _ in found.quarantined()] == ["LACA_ARA_CODE"]
    assert b"CANARY" not in found.written()


def test_only_those_held_responsible_for_behaviour_are_told_of(tmp_path: Path) -> None:
    case = {"person_ref": "1", "category": "NOISE", "opened_on": "2025-01-01"}
    cases = [
        case | {"asb_id": f"A{n}", "role": role} for n, role in enumerate(("Perpetrator", "Complainant", "Witness"))
    ]
    found = load(tmp_path, "housing", people=[MAIN], asb_cases=cases)
    assert [row["row_id"] for row in found.table("event")] == ["A0"]


def test_support_that_is_sensitive_is_of_the_sensitive_service_and_unknown_support_is_put_aside(tmp_path: Path) -> None:
    given = [
        {"person_ref": "1", "support_type": kind, "start": "01/02/2025"} for kind in ("substance", "Floating", "Magic")
    ]
    found = load(tmp_path, "housing", people=[MAIN], housing_support=given)
    assert [row["service_id"] for row in found.table("involvement")[1:]] == ["substance_use", "housing"]
    assert [reason for _, column, reason in found.quarantined() if column == "support_type"] != []


def test_national_insurance_numbers_and_what_the_council_may_not_use_are_never_read(tmp_path: Path) -> None:
    columns = ("lpar_per_ni_no", "lpar_per_hou_at_risk_ind", "lpar_per_hou_hrv_sexo_code", "lpar_per_hou_hrv_rlgn_code")
    (people,) = [spec for spec in discover()["housing"].files if spec.people]
    assert set(columns) <= set(people.never_read)
    found = household(tmp_path, MAIN | dict.fromkeys(columns, "CANARY"))
    assert b"CANARY" not in found.written()


def test_every_code_of_an_arrears_action_says_its_kind_and_tone_or_nothing() -> None:
    for code, row in code_table(HOUSING / "arrears_actions.csv").items():
        assert row["kind"] in ("", "rent arrears", "notice seeking possession", "eviction"), code
        assert (row["tone"] in ("concern", "neutral")) == bool(row["kind"]), code
        assert row["code_mark"] == "SEEN"
