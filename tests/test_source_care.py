"""Mosaic, LCS, EHM, eTAF and LAS: what they hide stays hidden, who helps is told under the right service, and another
layout of Mosaic gives the same links.
"""

from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from loaders.clean.agencies import is_sensitive, listed_services
from loaders.source import discover
from tests.care_extracts import laid_out, lcs, load, load_lcs, load_mosaic, mosaic, unflagged
from tests.ssd_extracts import Loaded

ADULT = "1985-01-01"


def everything(loaded: Loaded) -> str:
    """Every value of every standard row, and of the lists of what was wrong."""
    paths = [path for found in loaded.result.tables.values() for path in found]
    rows = "".join(str(pq.read_table(path).to_pylist()) for path in paths)
    return rows + loaded.quarantine() + loaded.dropped() + loaded.notes()


# --- Placements ------------------------------------------------------------------------------------------------------


def placed(**flags: str) -> dict[str, object]:
    """A foster placement of child 2."""
    ids = {"FACT_CLA_PLACEMENT_ID": "1", "DIM_PERSON_ID": "2", "DIM_LOOKUP_PLACEMENT_TYPE_CODE": "U6"}
    return {**ids, "START_DTTM": "2024-01-01", **flags}


def in_care(folder: Path, placement: dict[str, object], **flags: str) -> Loaded:
    """Child 2 with a care plan and the placement, foster carer 1, and the address of the placement."""
    two, fosters = {"DIM_PERSON_ID": "2"}, {"DIM_RELATED_PERSON_ID": "1", "DIM_LOOKUP_RELTN_TYPE_CODE": "FOC"}
    plan = {"DIM_LOOKUP_PLAN_TYPE_CODE": "CLA", "START_DTTM": "2024-01-01"}
    home = {"ADDRESS_TYPE": "PLACEMENT", "STREET": "Example Street"}
    family = {"DIM_LOOKUP_FAMILYOFRESIDENCE_ID": "5"}
    codes = {"DIM_LOOKUP_RELTN_TYPE_CODE": "FOC", "canonical_code_of_RELATED_person": "foster carer"}
    return load_lcs(
        folder,
        isperson=[*unflagged("1"), *unflagged("2", **flags)],
        DIM_PERSON=[lcs("1", ADULT), lcs("2")],
        site_relationship_codes=[codes],
        FACT_CLA_PLACEMENT=[placement],
        FACT_CARE_PLANS=[{"FACT_CARE_PLAN_ID": "1", **two, **plan}],
        DIM_PERSON_ADDRESS=[{"DIM_PERSON_ADDRESS_ID": "1", **two, **home}],
        FACT_PERSON_RELATION=[{"FACT_PERSON_RELATION_ID": "1", **two, **fosters}],
        FACT_CONTACTS=[{"FACT_CONTACT_ID": one, "DIM_PERSON_ID": one, **family} for one in "12"],
    )


NOTHING_HIDDEN = {"HideInfo": "N", "HideName": "N", "HideAddress": "N", "HideRelChild": "N"}


def hides(loaded: Loaded) -> tuple[object, object, list[object]]:
    """What the plan shows of the placement, whether its address is hidden, which links are restricted."""
    (plan,) = loaded.rows("plan")
    (address,) = loaded.rows("address")
    links = [row["code"] for row in loaded.rows("relationship") if row["restricted"]]
    return plan["placement"], address["hidden"], links


def test_a_placement_that_nothing_hides_is_shown(tmp_path: Path) -> None:
    assert hides(in_care(tmp_path, placed(**NOTHING_HIDDEN))) == ("Foster placement", False, [])


@pytest.mark.parametrize("flag", NOTHING_HIDDEN)
@pytest.mark.parametrize("said", ["Y", "", "perhaps"])
def test_a_hidden_placement_is_hidden_everywhere(tmp_path: Path, flag: str, said: str) -> None:
    """A flag that does not say no hides: the plan, the address, who fosters, and the group that holds the two."""
    loaded = in_care(tmp_path, placed(**{**NOTHING_HIDDEN, flag: said}))
    assert hides(loaded) == (None, True, ["FOSTER_CARER", "FAMILY_GROUP_MEMBER"])
    assert "Foster placement" not in everything(loaded)


def test_all_addresses_hidden_hides_the_placement_too(tmp_path: Path) -> None:
    loaded = in_care(tmp_path, placed(), HideAllAddresses="Y")
    assert hides(loaded) == (None, True, ["FOSTER_CARER", "FAMILY_GROUP_MEMBER"])


def test_a_placement_for_adoption_is_never_named(tmp_path: Path) -> None:
    loaded = in_care(tmp_path, {**placed(**NOTHING_HIDDEN), "DIM_LOOKUP_PLACEMENT_TYPE_CODE": "A5"})
    assert hides(loaded)[0] is None
    assert "A5" not in everything(loaded)


def test_mosaic_hides_a_placement_by_its_address(tmp_path: Path) -> None:
    ids = {"PLACEMENT_ID": "1", "PERSON_ID": "2", "PLACEMENT_TYPE": "U6", "START_DATE": "2024-01-01"}
    plan = {"PLAN_ID": "1", "PERSON_ID": "2", "PLAN_TYPE_CODE": "CARE", "START_DATE": "2024-01-01"}
    home = {"PERSON_ID": "2", "ADDRESS_ID": "1", "ADDRESS_TYPE": "Foster placement", "PLACEMENT": "Y"}
    shown = {}
    for hidden in "YN":
        loaded = load_mosaic(
            tmp_path / hidden,
            dm_persons=[mosaic("2")],
            dm_addresses=[{"ADDRESS_ID": "1", "ADDRESS": "9 Example Street"}],
            addresses_people=[{**home, "HIDDEN": hidden}],
            dm_placements=[ids],
            dm_plans=[plan],
        )
        shown[hidden] = [row["placement"] for row in loaded.rows("plan")]
    assert shown == {"Y": [None], "N": ["Foster placement"]}


# --- Protection flags of LCS -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ({}, None),
        ({"Secure": "1"}, "Secure"),
        ({"Secure": "Y", "IsHidden": "T", "HideAllAddresses": "yes"}, "Secure, IsHidden, HideAllAddresses"),
        ({"Secure": ""}, "no restriction data"),
        ({"InSearch": "N"}, "InSearch"),
        ({"InSearch": ""}, None),
        ({"InSearch": "Y", "PreAdoptionSecure": "N"}, None),
        ({"PreAdoptionSecure": "Y", "Secure": "Y"}, "Secure, PreAdoptionSecure"),
        ({"Secure": "Y", "SecureReviewDate": "2020-01-01"}, "Secure"),
    ],
)
def test_every_flag_of_protection_counts_and_a_review_that_is_late_lifts_none(
    tmp_path: Path, flags: dict[str, str], kind: str | None
) -> None:
    found = load_lcs(tmp_path, isperson=unflagged("1", **flags), DIM_PERSON=[lcs("1")]).by_id()["1"]
    assert (found["restricted"], found["restriction_kind"]) == (kind is not None, kind)


def test_why_somebody_is_protected_and_counts_of_allegations_are_never_read(tmp_path: Path) -> None:
    never = ("AdoptedLinkedPersonID", "ReasonSecure", "SecureInfo", "HazardCount", "RiskCount", "AllegationCount")
    flags = unflagged("1", Secure="Y", **dict.fromkeys(never, "CANARY"))
    loaded = load_lcs(tmp_path, isperson=flags, DIM_PERSON=[lcs("1")])
    assert "CANARY" in (tmp_path / "extracts" / "lcs" / "isperson.csv").read_text("utf-8")
    assert "CANARY" not in everything(loaded)


# --- Who helps, under which service ----------------------------------------------------------------------------------


def helped(folder: Path, agency: str) -> Loaded:
    """Family E1, helped and led by one worker of that agency, who is in the team as well."""
    worker = {"worker_id": "W1", "worker_name": "Dana Listener", "worker_role": "Nurse", "agency": agency}
    led = {"earl_person_id": "E1", "earl_episode_start_date": "2025-01-01", "earl_episode_worker_id": "W1"}
    member = {"person_id": "E1", "worker_name": "Pat Helper", "start_date": "2025-01-01"}
    author = {"author_name": "DANA Listener", "author_email": "dana@health.example"}
    return load(
        folder,
        "ehm",
        people=[{"person_id": "E1", "forename": "Ana", "surname": "Testford", "dob": "2015-05-05"}],
        workers=[worker],
        early_help_episodes=[{"earl_episode_id": "1", **led}],
        team_around_family=[{"member_id": at, "worker_id": one, **member} for at, one in enumerate(("W1", ""), 1)],
        plans=[{"plan_id": "1", "person_id": "E1", "start_date": "2025-01-01", **author}],
    )


def test_a_lead_of_early_help_is_shown_with_the_episode(tmp_path: Path) -> None:
    loaded = helped(tmp_path, "Oldmere Primary School")
    told = [(row["service_id"], row["worker_id"], row["lead_professional"]) for row in loaded.rows("involvement")]
    assert told == [("early_help", "W1", True), ("school", "W1", False), ("early_help", "pat-helper", False)]
    assert [(row["author"], row["author_email"]) for row in loaded.rows("plan")] == [
        ("DANA Listener", "dana@health.example")
    ]


@pytest.mark.parametrize("agency", ["CAMHS Oldmere", "Turning Tide Recovery Service", "Sexual Health Clinic"])
def test_a_lead_from_a_sensitive_service_is_told_by_that_service_alone(tmp_path: Path, agency: str) -> None:
    loaded = helped(tmp_path, agency)
    plain = [row for row in loaded.rows("involvement") if not is_sensitive(row["service_id"])]
    sensitive = [row for row in loaded.rows("involvement") if is_sensitive(row["service_id"])]
    assert [(row["kind"], row["worker_id"], row["organisation"], row["role"]) for row in plain] == [
        ("Early help", None, None, None),
        ("Team around the family", "pat-helper", None, None),
    ]
    assert [row["worker_id"] for row in sensitive] == ["W1", "W1"]
    assert [(row["author"], row["author_email"]) for row in loaded.rows("plan")] == [(None, None)]


def test_an_agency_that_nobody_can_place_is_shown_nowhere(tmp_path: Path) -> None:
    loaded = helped(tmp_path, "Women's Refuge Example")
    assert [row["kind"] for row in loaded.rows("involvement")] == ["Early help", "Team around the family"]
    assert "Refuge" not in everything(loaded)
    assert "dana" not in everything(loaded).casefold()
    assert "agencies.yaml" in loaded.quarantine()


def test_members_of_an_etaf_team_whose_agency_nobody_can_place_are_left_out_alone(tmp_path: Path) -> None:
    person = {"person_id": "T1", "forename": "Ana", "surname": "Testford", "dob": "2015-05-05"}
    episode = {"family_ref": "F1", "person_id": "T1", "role_in_family": "child", "episode_start": "2025-01-01"}
    team = "Jo Visitor (Health Visiting West); Max Mystery (Mystery Agency); Sam Head (Oldmere Primary School)"
    loaded = load(tmp_path, "etaf", people=[person], etaf_episodes=[{**episode, "tac_members": team}])
    assert [row["service_id"] for row in loaded.rows("involvement")] == ["early_help", "health_visiting", "school"]
    assert "Mystery" not in everything(loaded)
    assert "agencies.yaml" in loaded.dropped()


@pytest.mark.parametrize("source", ["ehm", "etaf"])
def test_every_service_that_an_agency_can_be_is_declared_with_its_sensitivity(source: str) -> None:
    declared = {service.service_id: service.sensitive for service in discover()[source].services}
    assert {service: is_sensitive(service) for service in listed_services()} == declared


def test_whoever_made_a_contact_with_early_help_is_never_read(tmp_path: Path) -> None:
    person = {"person_id": "E1", "forename": "Ana", "surname": "Testford", "dob": "2015-05-05"}
    never = next(spec for spec in discover()["ehm"].files if spec.name == "ecafcontact").never_read
    contact = {
        "ECAFContactID": "1",
        "PersonID": "E1",
        "EpisodeID": "1",
        "PrimNeed": "SF1",
        **dict.fromkeys(never, "CANARY"),
    }
    loaded = load(tmp_path, "ehm", people=[person], ecafcontact=[contact])
    assert {"PersonMakingContact", "ContactDetails"} <= set(never)
    assert "CANARY" not in everything(loaded)


def test_the_needs_of_an_episode_are_told_with_or_without_a_plan(tmp_path: Path) -> None:
    """Councils that send the episodes and the contacts of EHM, and no plans, would else lose every need."""
    people = [{"person_id": "1", "forename": "Ana", "surname": "Testford", "secure": "N"}]
    spell = {"earl_person_id": "1", "earl_episode_start_date": "2025-01-01", "earl_episode_end_date": "2025-03-01"}
    loaded = load(
        tmp_path,
        "ehm",
        people=people,
        early_help_episodes=[spell | {"earl_episode_id": one} for one in ("5", "6", "7")],
        ecafcontact=[
            {
                "ECAFContactID": one,
                "PersonID": "1",
                "EpisodeID": one,
                "PrimNeed": "Debt",
                "EpisodeNeeds": "Debt;Housing",
            }
            for one in ("5", "6")
        ],
        plans=[{"plan_id": "1", "person_id": "1", "episode_id": "6", "start_date": "2025-01-02", "needs": "Housing"}],
    )
    found = {row["row_id"]: row for row in loaded.rows("plan")}
    assert found.keys() == {"plan-1", "needs-5"}
    assert found["needs-5"]["needs"] == ["Debt", "Housing"]
    assert (str(found["needs-5"]["start"]), found["needs-5"]["status"]) == ("2025-01-01", "closed")
    assert found["needs-5"]["source_row"] == "early_help_episodes.csv:2"


@pytest.mark.parametrize("source", ["ehm", "etaf", "las"])
def test_a_flag_of_early_help_or_adult_care_restricts_where_there_is_one(tmp_path: Path, source: str) -> None:
    person = {
        "person_id": "1",
        "forename": "Ana",
        "surname": "Testford",
        "dob": ADULT,
        "address_line": "4 Example Street",
    }
    told = {}
    for number, said in enumerate(("Y", "N", "", None)):
        flag = {} if said is None else {"secure": said}
        people = [{**person, **flag}, {**person, "person_id": "2", **({"secure": "N"} if flag else {})}]
        loaded = load(tmp_path / str(number), source, people=people)
        (home, _) = loaded.rows("address")
        told[said] = (loaded.by_id()["1"]["restriction_kind"], home["hidden"])
    assert told == {"Y": ("secure", True), "N": (None, False), "": ("no restriction data", True), None: (None, False)}


# --- Other layouts of Mosaic -----------------------------------------------------------------------------------------

PEOPLE = [
    ("1", "Kate", "Testford", "1985-01-01", "F", "N"),
    ("2", "Tom", "Testford", "2015-05-05", "M", "N"),
    ("3", "Kate", "Testford", "1985-01-01", "F", "N"),
]
NAMES = "PERSON_ID,FIRST_NAME,LAST_NAME,DATE_OF_BIRTH,GENDER,RESTRICTED"
KIN = {("1", "PARENT", "2"), ("1", "FAMILY_GROUP_MEMBER", "2")}
START = "2025-01-01"

Lines = Sequence[Sequence[object]]
LIVE: dict[str, tuple[str, Lines]] = {
    "MO_PERSONS": (f"{NAMES},AGE_ESTIMATED", [[*one, "N"] for one in PEOPLE]),
    "MO_SUBJECT_REFERENCES": (
        "SUBJECT_REFERENCE_ID,PERSON_ID,REFERENCE_TYPE_CODE,REFERENCE", [["1", "2", "NHS", "9990000018"]]
    ),
    "MO_RELATIONSHIP_TYPES": ("RELATIONSHIP_TYPE_ID,RELATIONSHIP_CODE", [["7", "MOTHER"], ["8", "DUPLICATE"]]),
    "MO_PERSON_RELATIONSHIPS": (
        "PERSON_RELATIONSHIP_ID,PERSON_ID,PERSON_RELATED_TO_ID,RELATIONSHIP_TYPE_ID",
        [["1", "1", "2", "7"], ["2", "3", "1", "8"]],
    ),
    "MO_GROUPS": ("GROUP_ID,GROUP_NAME", [["5", "Testford"], ["6", "Duplicate Testford"]]),
    "MO_GROUP_SUBJECTS": (
        "GROUP_ID,SUBJECT_COMPOUND_ID,SUBJECT_TYPE_CODE",
        [["5", "1", "PER"], ["5", "2", "PER"], ["6", "3", "PER"], ["6", "1", "PER"]],
    ),
    "ORGANISATIONS": ("ID,NAME", [["90", "Testbury Team"]]),
    "WORKER_ROLES": ("WORKER_ID,ORG_ID,TYPE", [["70", "90", "Social worker"]]),
    "WORKERS": ("ID,FULL_NAME", [["70", "Sam Worker"]]),
    "PEOPLE_WORKERS": ("ID,PERSON_ID,WORKER_ID,TYPE,START_DATE,END_DATE", [["1", "2", "70", "ALLWKR", START, ""]]),
    "PERSON_LEGAL_STATUSES": ("ID,PERSON_ID,LEGAL_STATUS,START_DATE,END_DATE", [["1", "2", "C2", START, ""]]),
    "LOOKED_AFTER_PLACEMENTS": ("ID,PERSON_ID,PLACEMENT_CODE,START_DATE,END_DATE", [["1", "2", "U4", START, ""]]),
    "MO_PERSON_REGISTRATIONS": (
        "PERSON_REGISTRATION_ID,PERSON_ID,REGISTER_ID,START_DATE,END_DATE",
        [["1", "2", "1", START, ""], ["2", "2", "4", START, ""]],
    ),
}  # fmt: skip
BLACKPOOL: dict[str, tuple[str, Lines]] = {
    "PersonData": (
        "PersonID,FIRST_NAME,LAST_NAME,PDoB,Sex,RESTRICTED,PDoBEstimated,PDoD", [[*one, "", ""] for one in PEOPLE]
    ),
    "Relationships": (
        "RelSourcePerson,RelTargetPerson,RelRelationship,RelTo",
        [["1", "2", "is the mother of", ""], ["2", "1", "is the son of", ""]],
    ),
    "GroupNames": ("GroupID,GroupName", [["5", "Testford"]]),
    "Groups": ("GroupID,SubjectID", [["5", "1"], ["5", "2"]]),
}  # fmt: skip
ESSEX: dict[str, tuple[str, Lines]] = {
    "dm_persons": (NAMES, PEOPLE),
    "Personal_Relationships": (
        "PERSONAL_RELATIONSHIP_ID,PERSON_ID,OTHER_PERSON_ID,RELATIONSHIP_TYPE: PERSON_ID - OTHER_PERSON_ID",
        [["1", "1", "2", "Mother : Child"], ["2", "1", "2", "Parent : Child"]],
    ),
    "dm_subgroups": ("SUBGROUP_ID,GROUP_NAME", [["5", "Testford"]]),
    "dm_subgroup_subjects": ("SUBGROUP_ID,SUBJECT_COMPOUND_ID", [["5", "1"], ["5", "2"]]),
}
LAYOUTS = {"live": LIVE, "blackpool": BLACKPOOL, "essex": ESSEX}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_another_layout_of_mosaic_gives_the_same_links(tmp_path: Path, layout: str) -> None:
    assert laid_out(tmp_path, layout, LAYOUTS[layout]).edges() == KIN


def test_the_live_tables_of_mosaic_bring_their_workers_statuses_numbers_and_duplicates(tmp_path: Path) -> None:
    loaded = laid_out(tmp_path, "live", LIVE)
    people = loaded.by_id()
    assert (people["3"]["duplicate_of"], people["2"]["nhs_number"]) == ("1", "9990000018")
    told = [(row["worker_id"], row["role"], row["team"], row["allocated"]) for row in loaded.rows("involvement")]
    assert told == [("70", "Social worker", "Testbury Team", True)]
    plans = [(row["kind"], row["legal_status"], row["placement"]) for row in loaded.rows("plan")]
    assert plans == [
        ("child protection", None, None),
        ("court order", "Full care order", None),
        ("care", None, "Foster placement"),
    ]


def test_types_that_are_missing_refuse_the_relationships_rather_than_call_all_of_them_unknown(tmp_path: Path) -> None:
    row = {"PERSONAL_RELATIONSHIP_ID": "1", "PERSON_ID": "1", "OTHER_PERSON_ID": "2", "PERSONAL_REL_TYPE_ID": "7"}
    with pytest.raises(AssertionError, match=r"dm_personal_relationships\.csv"):
        load(tmp_path, "mosaic", dm_persons=[mosaic("1", ADULT), mosaic("2")], dm_personal_relationships=[row])


def test_a_file_that_may_be_empty_is_read_as_nothing(tmp_path: Path) -> None:
    """A small council has no registrations and no missing episodes; nobody without people, though."""
    assert load_lcs(tmp_path / "lcs", FACT_MISSING_PERSON=[]).rows("event") == []
    with pytest.raises(AssertionError, match="at least 1 are expected"):
        load(tmp_path / "las", "las", people=[])
