"""The Standard Safeguarding Dataset: exactly its field names, one family in three shapes, and who may be published."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.check import check
from loaders.clean.addresses import one_line
from loaders.context import Context, Row, RowRejected, StandardRow
from loaders.source import discover
from loaders.sources.ssd.address_json import KEYS, read_address
from loaders.sources.ssd.addresses import ssd_address
from loaders.sources.ssd.plans import read_factors
from tests.ssd_extracts import Loaded, Rows, client, everybody, load, write, written
from tests.test_sources import BARE, FULL, rows

WRITTEN = ("ROOM", "FLOOR", "FLAT", "BUILDING", "HOUSE", "STREET", "TOWN")
"""The parts that make the line of an address."""


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("ssd")
    shutil.copytree(FULL / "ssd", folder / "extracts" / "ssd")
    shutil.copy(FULL / "manifest.toml", folder / "extracts")
    return Loaded(check(folder / "extracts", folder / "work"))


def test_without_people_all_nothing_may_be_published_and_the_message_says_why(tmp_path: Path) -> None:
    result = check(write(tmp_path, ssd_person=[client("1")]), tmp_path / "work")
    assert [str(problem) for problem in result.problems] == [
        "ssd/people_all.csv: the file is missing. Add it to the extract: the Standard Safeguarding Dataset says of "
        "nobody whether they are restricted, so nothing may be published without this list."
    ]


def test_people_all_without_its_restriction_column_filled_is_refused(tmp_path: Path) -> None:
    extracts = write(tmp_path, ssd_person=[client("1")], people_all=everybody("1", restricted=""))
    assert "says of nobody whether they are restricted" in str(check(extracts, tmp_path / "work").problems[0])


@pytest.mark.parametrize(
    ("said", "restricted", "kind"),
    [
        ("N", False, None),
        ("no", False, None),
        ("Y", True, "restricted"),
        ("Secure", True, "Secure"),
        ("Secure; HideAllAddresses", True, "Secure, HideAllAddresses"),
        ("", True, "no restriction data"),
        ("perhaps", True, "no restriction data"),
    ],
)
def test_a_restriction_is_a_flag_or_the_name_of_one_and_silence_restricts(
    tmp_path: Path, said: str, restricted: bool, kind: str | None
) -> None:
    people = [*everybody("1", restricted=said), *everybody("2")]
    person = load(tmp_path, ssd_person=[client("1")], people_all=people).by_id()["1"]
    assert (person["restricted"], person["restriction_kind"]) == (restricted, kind)


def test_a_client_whom_people_all_does_not_list_is_kept_and_restricted(full: Loaded) -> None:
    person = full.by_id()["404"]
    assert (person["restricted"], person["restriction_kind"]) == (True, "no restriction data")
    assert person["source_row"] == "ssd_person.csv:11"


def test_a_restriction_on_a_second_line_counts(full: Loaded) -> None:
    assert full.by_id()["301"]["restriction_kind"] == "restricted"


def test_a_client_whose_date_of_birth_cannot_be_is_still_told_by_people_all(full: Loaded) -> None:
    assert full.by_id()["403"]["dob"].isoformat() == "2014-02-03"
    assert "ssd,ssd_person.csv,10,pers_dob,no such day in the calendar" in full.quarantine()


def test_a_restricted_person_is_never_lost_to_a_bad_date(full: Loaded) -> None:
    person = full.by_id()["411"]
    assert (person["restricted"], person["dob"]) == (True, None)
    assert "410" not in full.by_id()


def test_everybody_is_told_once(full: Loaded) -> None:
    ids = [row["record_id"] for row in full.rows("person")]
    assert len(ids) == len(set(ids))


def test_an_identifier_that_has_ended_is_a_former_one_or_none(full: Loaded) -> None:
    """A previous NHS number may be from the life before an adoption."""
    people = full.by_id()
    assert people["102"]["former_upn"] == "F000200119002"
    assert people["201"]["nhs_number"] == "9992714824"


def test_what_is_never_read_is_nowhere(full: Loaded) -> None:
    """Outcomes, placements' postcodes, legacy ids, sources in a council's own words, immigration: all have a canary."""
    lines = [path.read_text("utf-8") for path in sorted((FULL / "ssd").glob("*.csv"))]
    assert sum(line.count("CANARY") for line in lines) >= 10
    for table in full.result.tables:
        assert "CANARY" not in str(full.rows(table)), table
    for path in (path for path in full.result.quarantine.parent.rglob("*") if path.is_file()):
        assert b"CANARY" not in path.read_bytes(), path


def test_every_column_of_the_layout_is_read_or_never_read(full: Loaded) -> None:
    """So that "columns ignored" means that the council sends something new."""
    assert "columns ignored" not in full.notes()


def test_one_family_in_three_shapes_has_the_same_edges(tmp_path: Path) -> None:
    """Mosaic and LCS state direction in opposite ways; the SSD extract here states half of its rows each way."""
    shutil.copytree(BARE, tmp_path / "extracts")
    result = check(tmp_path / "extracts", tmp_path / "work", restrictions_required=False)

    def edges(source: str, file: str = "") -> set[tuple[str, str, str]]:
        found = [row for row in rows(result, "relationship", source) if row["source_row"].startswith(file)]
        return {(row["from_record"], row["code"], row["to_record"]) for row in found}

    assert edges("ssd", "relationships") == edges("mosaic") == edges("lcs")
    assert len(edges("mosaic")) == 12
    assert edges("ssd", "ssd_mother") < edges("mosaic")
    assert {code for _, code, _ in edges("ssd") - edges("lcs")} == {"FAMILY_GROUP_MEMBER"}


def test_a_row_that_cannot_stand_leaves_no_nameless_person_behind(tmp_path: Path) -> None:
    said = {"relationship_label": "Aunt", "direction": "FIRST_IS_LABEL_OF_SECOND"}
    bad: list[dict[str, object]] = [
        {"person_id": "77", "related_person_id": ""},
        {"person_id": "77", "related_person_id": "77"},
        {"person_id": "77", "related_person_id": "1", "start_date": "2020-02-31"},
        {"person_id": "77", "related_person_id": "1", "deleted_at": "2020-02-01"},
    ]
    good: list[dict[str, object]] = [{"person_id": "78", "related_person_id": "1"}]
    loaded = load(
        tmp_path,
        ssd_person=[client("1")],
        people_all=everybody("1"),
        relationships=[said | row | {"relationship_id": n} for n, row in enumerate(bad + good, 1)],
    )
    assert loaded.edges() == {("78", "AUNT_UNCLE", "1")}
    assert set(loaded.by_id()) == {"1", "78"}


def test_relationships_upside_down_are_refused(tmp_path: Path) -> None:
    children = [str(n) for n in range(1, 8)]
    turned = [
        {"relationship_id": one, "person_id": one, "related_person_id": "90", "relationship_label": "Mother"}
        | {"direction": "FIRST_IS_LABEL_OF_SECOND"}
        for one in children
    ]
    people = [*(client(one) for one in children), client("90", "1985-01-01")]
    extracts = write(tmp_path, ssd_person=people, people_all=everybody(*children, "90"), relationships=turned)
    assert "the wrong way round" in str(check(extracts, tmp_path / "work").problems[0])


def test_a_placement_for_adoption_is_not_shown_and_hides_where_the_child_is(full: Loaded) -> None:
    assert [row["hidden"] for row in full.rows("address") if row["record_id"] == "405"] == [True]
    plan = full.by_id("plan", "row_id")["episode-E3"]
    assert (plan["placement"], plan["legal_status"]) == (None, "Placement order")


def test_an_order_that_no_period_of_care_shows_stands_by_itself(full: Loaded) -> None:
    plans = full.by_id("plan", "row_id")
    assert plans["legal-LS4"]["kind"] == "court order"
    assert plans["legal-LS4"]["source_row"] == "ssd_legal_status.csv:5"
    assert "legal-LS2" not in plans


def test_a_role_nobody_can_place_is_put_aside(full: Loaded) -> None:
    assert full.quarantine().count("no service is known for it") == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('["1A", "2B"]', ("Alcohol misuse: the child", "Drug misuse: a parent or carer")),
        ('{"1A": "No", "2B": "Yes"}', ("Drug misuse: a parent or carer",)),
        ('["16A", "99Z', ("Neglect",)),
        ('{"16A": "Yes", "17A": "No", ', ("Neglect",)),
        ("16A,17A", ("Neglect", "Emotional abuse")),
        ("21", ()),
        ("", ()),
        ("NULL", ()),
    ],
)
def test_assessment_factors_are_read_in_either_form_and_broken(text: str, words: tuple[str, ...]) -> None:
    assert read_factors(text)[0] == words


VALUES = st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"], blacklist_characters="\\"), max_size=30)


LOOKS_LIKE_A_KEY = re.compile(r"""(^|,)\s*["'][A-Za-z_]{3,}["']\s*:""")


def plain(value: str) -> bool:
    """Whether a value can be told from the text around it: it holds no key of its own, and no space at its edges."""
    return not LOOKS_LIKE_A_KEY.search(value) and value == value.strip()


@given(st.fixed_dictionaries({key: VALUES.filter(plain) for key in KEYS}))
def test_every_part_of_an_address_comes_back_whatever_quotes_it_holds(parts: dict[str, str]) -> None:
    kept = {key: value for key, value in parts.items() if value not in ("", "null", "NULL", "None")}
    for text in (written(**parts), json.dumps(parts), json.dumps(parts, ensure_ascii=False, indent=1)):
        assert read_address(text) == kept


def mapped(text: str) -> StandardRow | None:
    """The standard row of an address; None where the row is put aside because it names no place."""
    context = Context(date(2026, 6, 1), invented=True)
    context.add_person("1", "F", None)
    try:
        [(_, address)] = list(ssd_address(Row(addr_person_id="1", addr_address_json=text), context))
    except RowRejected:
        return None
    return address


@given(st.text(max_size=200) | st.text("{}[]\",:' FLATHOUSE\\n0", max_size=60))
def test_no_address_row_is_lost_whatever_its_json_is(text: str) -> None:
    """Read whole, read in part, or kept as it is written; put aside only where there is no word of any place in it."""
    address = mapped(text)
    if address is not None:
        assert address["text"] or address["uprn"]
        return
    parts = read_address(text)
    said = text if parts is None else "".join(parts.get(key, "") for key in WRITTEN)
    assert one_line(said) is None or said.strip() == "NULL"


def test_keys_that_the_layout_lacks_end_a_value_and_are_left_out() -> None:
    text = '{"HOUSE":"4","STREET":"The "Long" Row","LOCALITY":"Nowhere","TOWN":"Testbury"}'
    assert read_address(text) == {"HOUSE": "4", "STREET": 'The "Long" Row', "TOWN": "Testbury"}
    assert read_address("{HOUSE:4, STREET:Long Row, TOWN:Testbury}") == {
        "HOUSE": "4",
        "STREET": "Long Row",
        "TOWN": "Testbury",
    }


def test_tables_without_a_row_do_not_stop_the_publish(tmp_path: Path) -> None:
    """The script exports every table, and a council may have nothing to put into some of them."""
    empty: dict[str, Rows] = {spec.name: [] for spec in discover()["ssd"].files if spec.name.startswith("ssd_")}
    loaded = load(tmp_path, **{**empty, "ssd_person": [client("1")], "people_all": everybody("1")})
    assert [row["record_id"] for row in loaded.rows("person")] == ["1"]


def test_addresses_that_nobody_quoted_are_read_as_the_databases_own_tool_writes_them(tmp_path: Path) -> None:
    """SQL Server's bcp and query window put no quotes round a cell: the JSON would fall into sixteen cells."""
    extracts = write(tmp_path, ssd_person=[client("1")], people_all=everybody("1"))
    whole = written(FLAT="2", HOUSE="14", STREET="Example Street", TOWN="Testbury")
    broken = written(BUILDING='The "Old" Mill, rear', STREET="Mill Lane")
    lines = [
        "addr_table_id,addr_person_id,addr_address_type,addr_address_start_date,addr_address_end_date,"
        "addr_address_postcode,addr_address_json",
        f"A1,1,HOME,2019-03-02,,AA1 1AA,{whole}",
        f"A2,1,HOME,2018-03-02,,AA1 1AB,{broken}",
        'A3,1,HOME,2017-03-02,,AA1 1AC,{"ROOM":"","STREET":"Cut Sho',
        'A4,1,HOME,2016-03-02,,AA1 1AD,"{""STREET"":""Long Row"",""TOWN"":""Testbury""}"',
        'A5,1,"HOME",2016-03-02,,AA1 1AD,{"STREET":"Long Row","TOWN":"Testbury"}',
    ]
    (extracts / "ssd" / "ssd_address.csv").write_text("\n".join(lines) + "\n")
    loaded = Loaded(check(extracts, tmp_path / "work"))
    assert [row["text"] for row in loaded.rows("address")] == [
        "Flat 2, 14 Example Street, Testbury",
        'The "Old" Mill, rear, Mill Lane',
        "Cut Sho",
        "Long Row, Testbury",
    ]
    assert "ssd_address.csv,6,,quote marks inside the value are not doubled" in loaded.quarantine()
