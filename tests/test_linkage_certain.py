"""Two people whom most of their records would make one: what is certain and what middle names say outvotes likeness."""

from datetime import date
from typing import Any

from loaders.linkage import link
from loaders.linkage.model import shipped
from loaders.linkage.settings import COMPARISONS, MODEL_VERSION
from loaders.linkage.trained import Trained
from tests.test_linkage import Key, partition, strangers, tables

HOME = "54 Cherry Crescent, Oldmere; AB6 4PX"


def child(source: str, forename: str, **more: Any) -> dict[str, Any]:
    """A record of one of two sisters born on one day."""
    own = {"surname": "Birchall", "dob": date(2024, 10, 9), "sex": "F", "address": HOME}
    return {"source": source, "record_id": f"{source}-{forename.lower()}", "forename": forename, **own, **more}


# Summer's middle name is her sister's forename: a child who goes by her middle name looks the same.
SUMMER = [
    child("nhs", "Summer", middle_names="Emily", nhs_number="9991899960"),
    child("mosaic", "Summer", middle_names="Emily", nhs_number="9991899960"),
    child("lcs", "Summer", middle_names="Emily", nhs_number="9991899960"),
    child("ssd", "Summer", middle_names="Emily"),
    child("estart", "Summer"),
]
EMILY = [
    child("nhs", "Emily", middle_names="Olivia", nhs_number="9995757370"),
    child("mosaic", "Emily"),
    child("mca", "Emily"),
    child("ssd", "Emily"),
    child("estart", "Emily"),
]


def linked(rows: list[dict[str, Any]], **more: Any) -> set[frozenset[Key]]:
    """The persons among these records and a crowd, by the parameters that are shipped."""
    names: dict[str, dict[str, float]] = {"forename": {}, "surname": {}}
    trained = Trained(MODEL_VERSION, date(2026, 11, 24), 2_000, 0.0005, shipped(COMPARISONS).parameters, names)
    return partition(link(*tables([*strangers(), *rows]), trained=trained, **more))


def keys(rows: list[dict[str, Any]]) -> frozenset[Key]:
    """The records' keys."""
    return frozenset((row["source"], row["record_id"]) for row in rows)


def test_twins_of_whom_numbers_tell_are_two_however_alike_their_other_records() -> None:
    found = linked(SUMMER + EMILY)
    assert {keys(SUMMER), keys(EMILY)} <= found


def test_twins_of_one_name_are_told_apart_by_their_places_in_the_birth() -> None:
    spelt = [
        *(child(source, "Ayesha", **more) for source, more in (("nhs", {"birth_order": 1}), ("mosaic", {}))),
        *(child(source, "Aisha", **more) for source, more in (("nhs", {"birth_order": 2}), ("mosaic", {}))),
    ]
    found = linked(spelt)
    assert {keys(spelt[:2]), keys(spelt[2:])} <= found


def test_somebody_may_still_decide_that_the_two_are_one() -> None:
    decided = (("nhs", "nhs-summer"), ("nhs", "nhs-emily"))
    found = linked(SUMMER + EMILY, must_link=[decided])
    assert keys(SUMMER) | keys(EMILY) in found


def test_a_slip_in_one_record_and_a_wrong_number_in_another_do_not_make_two_of_a_child() -> None:
    own, other = {"upn": "V000200126021"}, {"upn": "M000200120016", "nhs_number": "9991899960"}
    one = [
        *(child(source, "Scarlett", **own) for source in ("mosaic", "capita", "cypd")),
        child("school_census", "Scarlet", **own),
        child("lcs", "Scarlett", **other),
        child("nhs", "Scarlett", nhs_number="9991899960"),
        child("ssd", "Scarlett", nhs_number="9991899960", **own),
        child("housing", "Scarlett"),
    ]
    assert keys(one) in linked(one)


def namesake(source: str, number: int, middle: str | None, home: str | None = HOME) -> dict[str, Any]:
    """A record of one of two boys of one name, born on one day."""
    own = {"forename": "Yusuf", "surname": "Qureshi", "dob": date(2015, 11, 14), "sex": "M", "address": home}
    return {"source": source, "record_id": f"{source}-{number}", "middle_names": middle, **own}


def test_a_record_of_another_middle_name_is_not_drawn_in_by_the_one_record_that_has_none() -> None:
    hamza = [
        namesake("lcs", 1, None, None),
        *(namesake(each, 1, "Hamza") for each in ("mosaic", "nhs", "police", "ssd", "housing")),
    ]
    tomasz = [namesake("mosaic", 2, "Tomasz Dariusz", None)]
    found = linked(hamza + tomasz)
    assert {keys(hamza), keys(tomasz)} <= found


def test_a_middle_name_that_is_spelt_otherwise_or_goes_first_is_no_other() -> None:
    one = [
        namesake("mosaic", 1, "Hamza"),
        namesake("lcs", 1, "Hamzah", None),
        {**namesake("ssd", 1, "Yusuf"), "forename": "Hamza"},
    ]
    assert keys(one) in linked(one)
