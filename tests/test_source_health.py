"""NHS and CAMHS extracts: certain who somebody is, careful where they live, silent about why they are seen."""

from datetime import date
from pathlib import Path

import pytest

from graph.classes import VisibilityClass
from loaders.source import discover
from tests.one_source import Loaded, load

CHILD = {
    "patient_id": "1",
    "nhs_number": "9990000018",
    "given_name": "Maisie",
    "family_name": "Testford",
    "date_of_birth": "2019-03-02",
    "gender": "2",
    "s_flag": "U",
    "main_address": "14 Example Street, Testbury",
    "main_postcode": "AA1 1AA",
}
MOTHER = CHILD | {
    "patient_id": "2",
    "nhs_number": "9993857416",
    "given_name": "Chantelle",
    "date_of_birth": "1993-06-14",
}
REFERRAL = {
    "ServiceRequestID": "SR1",
    "LocalPatientId": "LP1",
    "ReferralRequestReceivedDate": "2025-09-01",
    "ServTeamTypeRefToMH": "A06",
}
PATIENT = {"LocalPatientId": "LP1", "NHSNumber": "9990000018", "PersonBirthDate": "2019-03-02"}


def patients(folder: Path, *rows: dict[str, str]) -> Loaded:
    return load(folder, "nhs", pds_demographics=rows)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("U", None),
        ("N", None),
        (" unrestricted ", None),
        ("R", "S-flag"),
        ("V", "S-flag"),
        ("Y", "S-flag"),
        ("very  restricted", "S-flag"),
        ("", "no restriction data"),
        ("perhaps", "no restriction data"),
    ],
)
def test_the_s_flag_restricts_and_hides_every_address_and_silence_restricts_too(
    tmp_path: Path, said: str, kind: str | None
) -> None:
    flagged = CHILD | {
        "s_flag": said,
        "temporary_address": "2 Hidden Close",
        "correspondence_postcode": "AA1 1AC",
    }
    found = patients(tmp_path, flagged, MOTHER)
    person = found.people()["1"]
    assert (person["restricted"], person["restriction_kind"]) == (kind is not None, kind)
    mine = [row for row in found.table("address") if row["record_id"] == "1"]
    assert [row["type"] for row in mine] == ["home", "other", "correspondence"]
    assert {row["hidden"] for row in mine} == {kind is not None}


def test_a_file_that_says_of_nobody_whether_they_are_restricted_is_refused(tmp_path: Path) -> None:
    found = patients(tmp_path, CHILD | {"s_flag": ""}, MOTHER | {"s_flag": ""})
    assert any("restricted" in str(problem) for problem in found.result.problems)


def test_a_number_that_leads_to_the_life_before_an_adoption_is_never_read(tmp_path: Path) -> None:
    found = patients(tmp_path, CHILD | {"previous_nhs_number": "CANARY", "superseded_nhs_number": "CANARY"})
    assert set(found.people()) == {"1"}
    assert b"CANARY" not in found.written()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Baby", None),
        ("baby girl", None),
        ("Twin One", None),
        ("Twin 2", None),
        ("Infant of", None),
        ("Male Infant", None),
        ("Babs", "Babs"),
        ("Girl", "Girl"),
        ("Baby Rose", "Baby Rose"),
    ],
)
def test_a_first_name_that_only_says_the_child_is_not_named_is_left_out(
    tmp_path: Path, given: str, kept: str | None
) -> None:
    assert patients(tmp_path, CHILD | {"given_name": given}).people()["1"]["forename"] == kept


def test_the_first_of_january_is_an_estimate_and_twins_keep_their_order(tmp_path: Path) -> None:
    found = patients(
        tmp_path,
        CHILD | {"date_of_birth": "2019-01-01", "birth_order": "2"},
        MOTHER | {"birth_order": "0"},
        MOTHER | {"patient_id": "3", "nhs_number": "", "birth_order": "second"},
    ).people()
    assert [found[one]["dob_estimated"] for one in "123"] == [True, None, None]
    assert [found[one]["birth_order"] for one in "123"] == [2, None, None]


def test_the_names_somebody_had_are_kept_beside_the_usual_one(tmp_path: Path) -> None:
    named = MOTHER | {"previous_names": "Sample; TESTFORD", "alias_names": "C. Beispiel", "preferred_name": "Channy"}
    person = patients(tmp_path, named).people()["2"]
    assert person["other_names"] == ["Sample", "C. Beispiel"]
    assert person["known_as"] == "Channy"


def test_the_dead_leave_their_practice(tmp_path: Path) -> None:
    gone = CHILD | {"date_of_death": "2026-01-05", "gp_practice_name": "Example Lane Surgery"}
    found = patients(tmp_path, gone, MOTHER | {"death_notification_status": "1", "gp_practice_code": "ZZ9"})
    spells = found.table("involvement")
    assert [(row["status"], row["end"]) for row in spells] == [("closed", date(2026, 1, 5)), ("closed", None)]
    assert [row["status"] for row in found.table("person")] == ["deceased", "deceased"]
    assert [row["kind"] for row in found.table("organisation")] == ["GP practice", "GP practice"]


def test_a_contact_is_the_word_of_the_patient_listed_or_not(tmp_path: Path) -> None:
    contact = {"nhs_number": "9990000018"}
    rows = [
        contact | {"relationship": "Mother", "related_nhs_number": "9993857416"},
        contact | {"relationship": "03", "related_nhs_number": "9997714822"},
        contact | {"relationship": "Grandmother", "related_family_name": "Beispiel", "related_given_name": "Ruth"},
        contact | {"relationship": "Health visitor", "related_family_name": "Visitor"},
        contact | {"relationship": "Friend"},
        {"nhs_number": "9991572236", "relationship": "Mother", "related_nhs_number": "9993857416"},
    ]
    found = load(tmp_path, "nhs", pds_demographics=[CHILD, MOTHER], related_persons=rows)
    assert found.kin() == [
        ("2", "PARENT", "1"),
        ("nhs-9997714822", "PARENT", "1"),
        ("contact-9990000018-ruth-beispiel", "GRANDPARENT", "1"),
    ]
    stub = found.people()["nhs-9997714822"]
    assert (stub["nhs_number"], stub["surname"]) == ("9997714822", None)
    assert [column for _, column, _ in found.quarantined()] == ["related_family_name", "nhs_number"]


def test_contacts_turned_round_are_refused(tmp_path: Path) -> None:
    adults = [MOTHER | {"patient_id": str(n), "nhs_number": number} for n, number in enumerate(NUMBERS, 10)]
    rows = [{"nhs_number": n, "relationship": "Mother", "related_nhs_number": "9990000018"} for n in NUMBERS]
    problems = load(tmp_path, "nhs", pds_demographics=[CHILD, *adults], related_persons=rows).result.problems
    assert any("wrong way round" in str(problem) for problem in problems)


NUMBERS = ("9997714822", "9991572236", "9995429640", "9999287050", "9993144460")


def test_health_is_told_as_involvement_only_and_an_unknown_service_is_put_aside(tmp_path: Path) -> None:
    row = {"nhs_number": "9990000018", "start": "2025-01-01"}
    services = ("GP", "Health Visitor", "school  nurse", "Midwifery", "Sexual health", "")
    found = load(
        tmp_path, "nhs", pds_demographics=[CHILD], health_involvement=[row | {"service": one} for one in services]
    )
    assert [row["service_id"] for row in found.table("involvement")] == [
        "gp",
        "health_visiting",
        "school_nursing",
        "maternity",
    ]
    assert [column for _, column, _ in found.quarantined()] == ["service", "service"]


def test_a_contact_for_a_service_is_a_name_a_telephone_or_an_address(tmp_path: Path) -> None:
    row = {"nhs_number": "9990000018", "service": "Health visitor", "practice_or_team": "West"}
    contacts = ("Asha Visitor", "01632 960404", "west@community.example")
    found = load(
        tmp_path, "nhs", pds_demographics=[CHILD], health_involvement=[row | {"contact": one} for one in contacts]
    )
    told = [(one["name"], one["phone"], one["email"]) for one in found.table("practitioner")]
    assert told[0] == ("Asha Visitor", None, None)
    assert ("West", "01632 960404", None) in told


def test_camhs_is_in_no_graph_but_those_of_the_broker_as_a_whole() -> None:
    source = discover()["camhs"]
    assert source.classes == {VisibilityClass.SENSITIVE, VisibilityClass.SHIELD}
    assert all(service.sensitive for service in source.services)


def test_why_a_child_is_seen_is_never_read(tmp_path: Path) -> None:
    reasons = ("PrimReasonReferralMH", "SourceOfReferralMH", "ClinRespPriorityType", "ReferClosReason")
    found = load(
        tmp_path,
        "camhs",
        patients=[PATIENT | {"EthnicCategory": "CANARY"}],
        referrals=[REFERRAL | dict.fromkeys((*reasons, "ReferRejectReason"), "CANARY")],
    )
    assert [row["team"] for row in found.table("involvement")] == ["Community mental health team"]
    assert b"CANARY" not in found.written()


def test_a_referral_is_an_involvement_unless_rejected_or_of_a_team_nobody_knows(tmp_path: Path) -> None:
    rows = [
        REFERRAL,
        REFERRAL | {"ServTeamTypeRefToMH": "D01", "ServDischDate": "2026-01-01"},
        REFERRAL | {"ServiceRequestID": "SR2", "ServTeamTypeRefToMH": ""},
        REFERRAL | {"ServiceRequestID": "SR3", "ReferRejectionDate": "2025-09-03"},
        REFERRAL | {"ServiceRequestID": "SR4", "ServTeamTypeRefToMH": "Q99"},
        REFERRAL,
    ]
    found = load(tmp_path, "camhs", patients=[PATIENT], referrals=rows)
    assert [(row["row_id"], row["service_id"], row["status"]) for row in found.table("involvement")] == [
        ("SR1-A06", "camhs", "open"),
        ("SR1-D01", "substance_use", "closed"),
        ("SR2", "camhs", "open"),
    ]
    assert [column for _, column, _ in found.quarantined()] == ["ServTeamTypeRefToMH", "ServiceRequestID"]


def test_a_referral_may_carry_the_id_that_the_national_data_set_makes_unique(tmp_path: Path) -> None:
    rows = [REFERRAL | {"ServiceRequestID": "", "UniqServReqID": "RXX1"}, REFERRAL | {"ServiceRequestID": ""}]
    found = load(tmp_path, "camhs", patients=[PATIENT], referrals=rows)
    assert [row["row_id"] for row in found.table("involvement")] == ["RXX1-A06"]
    assert found.quarantined() == [("referrals.csv", "ServiceRequestID", "no id")]
