"""What is shared by the social care sources: codes in plain words, agencies as services, groups, legal statuses."""

from datetime import date

import pytest

from loaders.clean import agencies, care
from loaders.clean.care import BadCode
from loaders.clean.wordlists import BadTable, parse
from loaders.context import Context, Row, RowRejected
from loaders.groups import MOST_MEMBERS, join, members_together
from loaders.looked_after import add_placement, add_status, in_care, left_over
from loaders.plans import Made, needs, placement, plan

AS_AT = date(2026, 6, 1)


@pytest.fixture
def context() -> Context:
    found = Context(AS_AT, invented=True, people_file="people", file="groups.csv")
    for number in range(1, 30):
        found.add_person(str(number), "U", None)
    return found


@pytest.mark.parametrize(
    ("supplied", "shown", "court"),
    [
        ("C2", "Full care order", True),
        (" full CARE order, Section 31 ", "Full care order", True),
        ("V2", "Voluntary agreement, section 20", False),
        ("S20", "Voluntary agreement, section 20", False),
        ("0512", "Special guardianship order", True),
        ("Wardship", "Wardship", False),
        ("-1", None, False),
        ("NULL", None, False),
    ],
)
def test_legal_statuses_in_plain_words(supplied: str, shown: str | None, court: bool) -> None:
    assert care.legal_status(supplied) == shown
    assert care.made_by_court(shown or "") is court


@pytest.mark.parametrize(
    ("supplied", "shown"),
    [
        ("U1", "Foster placement with a relative or friend"),
        ("U5", "Foster placement"),
        ("K2 - Children's home", "Children's home"),
        ("A5", None),
        ("Placed for adoption with consent", None),
        ("", None),
    ],
)
def test_kinds_of_placement_never_tell_of_an_adoption(supplied: str, shown: str | None) -> None:
    assert care.placement(supplied) == shown


def test_a_placement_that_nobody_lists_is_dropped_and_reported(context: Context) -> None:
    assert placement(context, Row(PLACEMENT="With Mrs Testford, 4 Example Street"), "PLACEMENT") is None
    assert [(fault.column, "Testford" in fault.reason) for fault in context.dropped] == [("PLACEMENT", False)]


def test_adult_care_for_mental_health_is_of_the_sensitive_service() -> None:
    found = {
        service: plan(Made("p", "1", service, "adult care", None, None, care.needs("PSR2;PSR6")), AS_AT)["service_id"]
        for service in ("adult_social_care", "csc")
    }
    assert found == {"adult_social_care": "mental_health", "csc": "csc"}


def test_needs_are_codes_or_short_words_and_never_a_case_note(context: Context) -> None:
    assert care.needs("N4; N1|Abuse or neglect;N0;Own words;") == (
        "Family in acute stress",
        "Abuse, neglect and exploitation",
        "Own words",
    )
    assert needs(context, Row(ONE="N4", TWO="N4;SF9", NOTE="x" * 200), "ONE", "TWO", "NOTE") == (
        "Family in acute stress",
        "Secure housing",
    )
    assert [fault.column for fault in context.dropped] == ["NOTE"]
    with pytest.raises(BadCode):
        care.legal_status("He told the worker that " * 9)


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("Oldmere Primary School", "school"),
        ("School-based CAMHS team", "camhs"),
        ("Primary care network", "gp"),
        ("Children\u2019s centre, Oldmere", "children_centres"),
        ("Turning Tide Recovery Service", "substance_use"),
        ("Community Mental Health Team", "mental_health"),
        ("Example Community Health", None),
        ("Egpo Trust", None),
        ("", None),
    ],
)
def test_an_agency_is_a_service_or_nothing(name: str, service: str | None) -> None:
    assert agencies.service_of(name) == service


@pytest.mark.parametrize(
    ("build", "text"),
    [
        (care.build, "court_orders: {}"),
        (agencies.build, "services: {school: school}\nsensitive: []"),
        (agencies.build, "services: {school: [school]}"),
    ],
)
def test_a_broken_table_is_refused(build: object, text: str) -> None:
    assert callable(build)
    with pytest.raises(BadTable):
        build(parse(text, "x.yaml"))


def test_one_code_under_two_headings_is_refused() -> None:
    empty = ("other_legal_statuses", "placements", "needs", "missing", "sensitive_needs")
    lists = "".join(f"{name}: {{}}\n" for name in empty) + "adoption_placements: []\nno_need: []"
    with pytest.raises(BadTable, match="c1"):
        care.build(parse(f"court_orders: {{One: [C1], Two: [c1]}}\n{lists}", "care.yaml"))


def group_rows(context: Context) -> list[tuple[object, ...]]:
    wanted = ("from_record", "code", "to_record", "start", "end", "source_row")
    return [tuple(row[name] for name in wanted) for _, row in members_together(context)]


def test_a_group_is_membership_and_ids_that_are_none_are_ignored(context: Context) -> None:
    for line, (group, person) in enumerate([("F1", "2"), ("F1", "1"), ("-1", "3"), ("", "4"), ("null", "5")], 2):
        context.line = line
        join(context, group, person, "PERSON")
    assert group_rows(context) == [("1", "FAMILY_GROUP_MEMBER", "2", None, None, "groups.csv:2")]
    assert context.notes == {("groups.csv", "rows without a family group: nothing to read"): 3}


def test_a_list_of_people_is_no_family(context: Context) -> None:
    for number in range(1, MOST_MEMBERS + 2):
        join(context, "everybody", str(number), "PERSON")
    assert group_rows(context) == []
    assert sum(context.notes.values()) == 1
    with pytest.raises(RowRejected):
        join(context, "F", "999", "PERSON")


def test_members_are_together_while_both_are_and_one_pair_is_told_once(context: Context) -> None:
    days = {"1": (date(2020, 1, 1), None), "2": (date(2021, 1, 1), date(2022, 1, 1)), "3": (date(2023, 1, 1), None)}
    for person, (start, end) in days.items():
        join(context, "F", person, "PERSON", start, end)
        join(context, "F copy", person, "PERSON", start, end)
    join(context, "F", "2", "PERSON", date(2019, 1, 1), date(2019, 5, 1))
    assert [row[:5] for row in group_rows(context)] == [
        ("1", "FAMILY_GROUP_MEMBER", "2", date(2021, 1, 1), date(2022, 1, 1)),
        ("1", "FAMILY_GROUP_MEMBER", "3", date(2023, 1, 1), None),
    ]


def test_a_plan_shows_the_status_and_placement_that_held_last(context: Context) -> None:
    add_status(context, "1", "a", "Interim care order", (date(2024, 1, 1), date(2024, 9, 1)))
    add_status(context, "1", "b", "Full care order", (date(2024, 9, 1), None))
    add_placement(context, "1", "c", "Children's home", (date(2024, 1, 1), date(2025, 1, 1)))
    add_placement(context, "1", "d", None, (date(2025, 1, 1), None))
    add_placement(context, "2", "e", "Foster placement", (date(2025, 1, 1), None))
    closed = Made("p1", "1", "csc", "care", date(2024, 1, 1), date(2024, 6, 1))
    current = Made("p2", "1", "csc", "pathway", date(2024, 6, 1), None)
    assert in_care(context, closed) == {"legal_status": "Interim care order", "placement": "Children's home"}
    assert in_care(context, current) == {"legal_status": "Full care order", "placement": None}
    assert in_care(context, Made("p3", "1", "csc", "child in need", None, None)) == {}
    assert [(row["row_id"], row["kind"], row.get("placement")) for _, row in left_over(context, "csc")] == [
        ("placement-e", "care", "Foster placement")
    ]


def test_what_no_plan_shows_becomes_a_row_of_its_own(context: Context) -> None:
    add_status(context, "1", "a", "Emergency protection order", (date(2020, 1, 1), date(2020, 1, 9)))
    add_status(context, "1", "b", "Voluntary agreement, section 20", (date(2020, 1, 9), None))
    add_status(context, "1", "c", None, (date(2020, 1, 9), None))
    add_placement(context, "1", "d", None, (date(2020, 1, 9), None))
    told = [(row["row_id"], row["kind"], row["status"], row["legal_status"]) for _, row in left_over(context, "csc")]
    assert told == [
        ("legal-a", "court order", "closed", "Emergency protection order"),
        ("legal-b", "care", "open", "Voluntary agreement, section 20"),
    ]
