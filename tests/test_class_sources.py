"""What a class holds of places and of a source it may hold nothing of; exclusions; what is in no graph.

One small council a test, without an engine.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph.classes import VisibilityClass
from loaders.refresh import left_out as left_out_module
from loaders.refresh.exclusions import exclusions
from loaders.refresh.left_out import left_out
from tests.leak_cases import GraphRows, class_rows
from tests.small_council import Facts, connection_of

STANDARD, SENSITIVE, SHIELD, RESEARCH = VisibilityClass
SERVICES = [{"service_id": "csc", "title": "Children's social care", "sensitive": False}]


def council(*records: tuple[str, str], **restricted: bool) -> Facts:
    """People by source and record id; a record is its person's only one unless the ids are alike."""
    facts = Facts()
    for number, (source, record) in enumerate(records):
        facts.add(
            "person", source=source, record_id=record, forename=f"{source} {record}", surname="Elm", sex="F",
            status="alive", dob=date(1950 + number, number + 1, number + 1), restricted=restricted.get(source, False),
        )  # fmt: skip
        facts.people[source, record] = record
    return facts


def of(rows: GraphRows, label: str) -> list[Mapping[str, Any]]:
    return [properties for one, properties in rows.nodes if one == label]


HOME = {"text": "1 Elm Row", "postcode": "AA1 1AA", "type": "home"}


@pytest.mark.parametrize(
    ("fact", "found"),
    [
        ({"uprn": "7"}, True),
        ({"text": "1 Elm Row", "postcode": "AA1 1AA"}, True),
        ({"uprn": "8", "text": "1 Elm Row", "postcode": "AA1 1AA"}, False),
        ({"text": "2 Elm Row", "postcode": "AA1 1AA"}, False),
    ],
)
def test_a_fact_about_a_place_stands_on_an_address_somebody_has_and_makes_none(
    tmp_path: Path, fact: dict[str, Any], found: bool
) -> None:
    facts = council(("mosaic", "a"))
    facts.add("address", record_id="a", uprn="7", hidden=False, **HOME)
    facts.add("place_fact", source="dwp", row_id="1", service_id="c0-csc", kind="benefit", **fact)
    rows = class_rows([facts], STANDARD, tmp_path)
    assert len(of(rows, "Address")) == 1
    assert bool(of(rows, "Event")) is bool(rows.linked("HAPPENED_AT")) is found


@pytest.mark.parametrize(("uprn", "found"), [("7", 1), (None, 1), ("9", 0)])
def test_a_fact_with_a_number_of_its_own_is_not_put_where_a_text_names_several_homes(
    tmp_path: Path, uprn: str | None, found: int
) -> None:
    facts = council(("mosaic", "a"), ("mosaic", "b"), ("mosaic", "c"))
    for record, number in (("a", "7"), ("b", "8"), ("c", None)):
        facts.add("address", record_id=record, uprn=number, hidden=False, **HOME)
    place = {"text": HOME["text"], "postcode": HOME["postcode"], "uprn": uprn}
    facts.add("place_fact", source="dwp", row_id="1", service_id="c0-csc", kind="benefit", **place)
    assert len(of(class_rows([facts], STANDARD, tmp_path), "Event")) == found


def test_a_fact_about_a_hidden_place_is_for_the_shield_desk(tmp_path: Path) -> None:
    facts = council(("mosaic", "a"))
    facts.add("address", record_id="a", uprn="7", hidden=True, **HOME)
    facts.add("place_fact", source="dwp", row_id="1", service_id="c0-csc", kind="benefit", uprn="7")
    held = {cls for cls in VisibilityClass if of(class_rows([facts], cls, tmp_path), "Event")}
    assert held == {SHIELD}


def test_whoever_only_a_closed_source_knows_is_in_no_other_graph_and_its_restriction_holds_in_all(
    tmp_path: Path,
) -> None:
    facts = council(("mosaic", "a"), ("marac", "a"), ("marac", "b"), marac=True)
    people = {cls: of(class_rows([facts], cls, tmp_path), "Person") for cls in VisibilityClass}
    assert {cls: len(found) for cls, found in people.items()} == {STANDARD: 1, SENSITIVE: 2, SHIELD: 2, RESEARCH: 0}
    (one,) = people[STANDARD]
    assert one["shielded"]
    assert one["forename"] == "mosaic a"


def test_a_person_left_with_one_record_is_said_to_have_no_other(tmp_path: Path) -> None:
    facts = council(("mosaic", "a"), ("marac", "a"))
    facts.joined.append((("mosaic", "a"), ("marac", "a"), 9.0, "NHS number"))
    why = {cls: class_rows([facts], cls, tmp_path).linked("RECORDED_AS")[0][2] for cls in (STANDARD, SENSITIVE)}
    assert (why[STANDARD]["match_basis"], why[STANDARD]["probability"]) == ("only record", 1.0)
    assert why[SENSITIVE]["match_basis"] == "NHS number"


def test_a_decision_is_told_to_who_has_both_records(tmp_path: Path) -> None:
    """Also of a person with a further record that is not here; never one about a record that is not."""
    facts = council(("mosaic", "a"), ("lcs", "a"), ("marac", "a"))
    facts.decided = [(("mosaic", "a"), ("lcs", "a"))]
    assert {row[2]["match_basis"] for row in linked(facts, tmp_path)} == {"decided by a person"}
    facts.decided = [(("mosaic", "a"), ("marac", "a"))]
    assert "decided by a person" not in {row[2]["match_basis"] for row in linked(facts, tmp_path)}


def linked(facts: Facts, spill: Path) -> list[Any]:
    """The records of a person in the standard graph."""
    return list(class_rows([facts], STANDARD, spill).linked("RECORDED_AS"))


def test_the_words_of_a_link_nobody_could_place_are_for_few(tmp_path: Path) -> None:
    facts = council(("mosaic", "a"), ("mosaic", "b"))
    for code in ("UNKNOWN", "FRIEND"):
        facts.add("relationship", row_id=code, from_record="a", code=code, to_record="b", source_label=code)
    for cls in VisibilityClass:
        labels = {one.get("source_label") for *_, one in class_rows([facts], cls, tmp_path).linked("RELATED_TO")}
        assert labels == ({"UNKNOWN", "FRIEND"} if cls in (SENSITIVE, SHIELD) else {None, "FRIEND"}), cls


def test_exclusions_are_of_the_person_the_longest_holds_and_near_records_count(tmp_path: Path) -> None:
    facts = council(("mosaic", "a"), ("mosaic", "b"), ("mosaic", "c"))
    facts.people["marac", "a"] = "a"
    facts.add("person", source="marac", record_id="a", sex="F", status="alive", restricted=False)
    facts.pairs.append(("mosaic", "b", "mosaic", "c"))
    for number, (source, record, viewer, until) in enumerate((
        ("mosaic", "a", " Leeds.One ", date(2027, 1, 1)), ("marac", "a", "leeds.one", date(2028, 1, 1)),
        ("mosaic", "b", "90001", None), ("mosaic", "b", "90001", date(2027, 1, 1)), ("mosaic", "b", "", None),
    )):  # fmt: skip
        facts.add("exclusion", source=source, record_id=record, row_id=str(number), viewer=viewer, until=until)
    connection = connection_of(facts, tmp_path)
    assert exclusions(connection) == [
        {"viewer": "90001", "person_id": "b", "until": None},
        {"viewer": "90001", "person_id": "c", "until": None},
        {"viewer": "leeds.one", "person_id": "a", "until": "2028-01-01"},
    ]
    assert [(one.message, one.count) for one in left_out(connection)] == [
        ("exclusions that name no viewer: in no graph", 1)
    ]


def test_what_no_graph_can_hold_is_counted_by_source(tmp_path: Path) -> None:
    facts = council(("mosaic", "a"))
    for table in ("involvement", "plan", "event"):
        facts.add(table, row_id="1", record_id="a", service_id="nobody's", kind="x")
        facts.add(table, row_id="2", record_id="gone", service_id="csc", kind="x")
    facts.add("place_fact", source="dwp", row_id="1", service_id="nobody's", kind="x", uprn="7")
    facts.add("place_fact", source="dwp", row_id="2", service_id="csc", kind="x", uprn="8")
    facts.add("address", record_id="gone", uprn="9", hidden=False, **HOME)
    facts.add("exclusion", record_id="gone", row_id="1", viewer="one")
    facts.add("relationship", row_id="1", from_record="a", code="PARENT", to_record="gone")
    notes = left_out(connection_of(facts, tmp_path, services=SERVICES))
    assert len(notes) == len(left_out_module._ABOUT) - 1, "exclusions without a viewer have a test of their own"
    assert {one.count for one in notes} == {1}
    assert {one.source for one in notes} == {"mosaic", "dwp"}
    assert left_out(connection_of(council(("mosaic", "a")), tmp_path)) == []


ADOPTION = (
    "Placement order", "Placement Order granted (s.21 ACA)", "E1", "D1", "Freeing order", "Adoption order applied for",
    "Consent to adoption, section 19", "section 19", "Freed for adoption", "Relinquished", "S51A",
)  # fmt: skip
PLAIN_STATUSES = ("Full care order", "Special guardianship order", "Voluntary agreement, section 20", "E12", "C1")


@pytest.mark.parametrize("cls", list(VisibilityClass))
def test_words_that_tell_of_an_adoption_are_for_who_may_see_its_links(tmp_path: Path, cls: VisibilityClass) -> None:
    facts = council(("mosaic", "a"))
    for number, status in enumerate((*ADOPTION, *PLAIN_STATUSES)):
        of_care = {"record_id": "a", "service_id": "c0-csc", "status": "open", "legal_status": status}
        facts.add("plan", row_id=f"care-{number}", kind="care", needs=["Neglect", "Adoption support"], **of_care)
        facts.add("plan", row_id=f"legal-{number}", kind="care", **of_care)
        facts.add("plan", row_id=f"order-{number}", kind="court order", **of_care)
    said = {"team": "Adoption Team", "role": "Adoption worker", "organisation": "Adopt North", "worker_id": "1"}
    spell = {"record_id": "a", "service_id": "c0-csc", "status": "closed", "end_reason": "RC1 Child adopted"}
    facts.add("involvement", row_id="1", kind="Post-adoption support", **said, **spell)
    facts.add("practitioner", worker_id="1", name="Ada", email="adoption@x.example", role="Adoption worker",
              team="Adoption Team", organisation="Adopt North")  # fmt: skip
    facts.add("organisation", organisation_id="1", name="Adopt North", kind="other")
    for kind, detail in (("Adoption panel", "Met"), ("missing episode", "From the adoptive home"), ("suspension", "1")):
        facts.add("event", row_id=str(len(facts.event)), record_id="a", service_id="c0-csc", kind=kind, detail=detail)
    rows = class_rows([facts], cls, tmp_path)
    told = cls in (SENSITIVE, SHIELD)
    assert ("adopt" in repr(rows).lower()) is told
    assert ("placement order" in repr(rows).lower()) is told
    assert len(of(rows, "Involvement")) == len(of(rows, "Practitioner")) == 1, "who works with the child is still told"
    assert {one["kind"] for one in of(rows, "Event")} >= {"missing episode", "suspension"}
    every = len(ADOPTION) + len(PLAIN_STATUSES)
    assert len(of(rows, "Plan")) == (3 * every if told else every + 2 * len(PLAIN_STATUSES))
    if cls is not RESEARCH:
        assert {one["legal_status"] for one in of(rows, "Plan") if "legal_status" in one} == {
            *PLAIN_STATUSES, *(ADOPTION if told else ())
        }  # fmt: skip
        assert [one["name"] for one in of(rows, "Practitioner")] == ["Ada"]
