"""The catalogue's own rules: headers and parameters that do not fit, and `flask ask`."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.bolt import Rows
from graph.errors import UsageError
from graph.schema import Kind
from queries.catalogue import ask, catalogue, named
from queries.commands import commands
from queries.cypher import columns_returned, parameters_used
from queries.header import parse
from queries.values import checked, from_words
from tests.fixture_graph import people
from tests.published import application, published

SOUND = """// title: A question
// purpose: What it is for,
//   told in two lines.
// parameters:
//   person_id: text - the person
// columns: a, b
// rows: 10
// seconds: 1.5
MATCH (p:Person {person_id: $person_id})
RETURN p.a AS a, p.b AS b
"""


def test_a_sound_file_is_read() -> None:
    query = parse("people", "question", SOUND)
    assert (query.title, query.purpose) == ("A question", "What it is for, told in two lines.")
    assert [(one.name, one.kind, one.meaning) for one in query.parameters] == [("person_id", Kind.TEXT, "the person")]
    assert (query.columns, query.rows, query.seconds) == (("a", "b"), 10, 1.5)
    assert query.text.startswith("MATCH")
    assert query.text.endswith("AS b")


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("// title: A question\n", "", "no title"),
        ("// rows: 10\n", "", "no rows"),
        ("// rows: 10", "// rows: many", "rows is not a number above zero"),
        ("// seconds: 1.5", "// seconds: 0", "seconds is not a number above zero"),
        ("text - the person", "string - the person", "a parameter line is not"),
        ("text - the person", "text", "a parameter line is not"),
        ("{person_id: $person_id}", "{person_id: $other}", "parameter other is used but not in the header"),
        ("{person_id: $person_id}", "", "parameter person_id is in the header but not used"),
        ("// columns: a, b", "// columns: a", "column b is used but not in the header"),
        ("// columns: a, b", "// columns: a, b, c", "column c is in the header but not used"),
        ("// columns: a, b", "// columns: b, a", "another order"),
        ("RETURN p.a AS a, p.b AS b", "WITH p.a AS a, p.b AS b", "no RETURN"),
    ],
)
def test_a_fault_names_the_file_and_itself(before: str, after: str, fault: str) -> None:
    assert before in SOUND
    with pytest.raises(UsageError, match=r"queries/people/question\.cypher: ") as refused:
        parse("people", "question", SOUND.replace(before, after))
    assert fault in refused.value.message


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("MATCH (n) RETURN n.a AS a, count(DISTINCT n.b) AS n ORDER BY n", [("a", "n")]),
        ("MATCH (n) RETURN DISTINCT n, n.end AS `end` LIMIT 3", [("n", "end")]),
        ("CALL { MATCH (n) RETURN n.x AS hidden } RETURN hidden AS shown", [("shown",)]),
        ("RETURN 1 AS a UNION ALL RETURN 2 AS a", [("a",), ("a",)]),
        ("RETURN CASE WHEN true THEN 'RETURN' ELSE ', b' END AS a // , c", [("a",)]),
        ("RETURN [1, 2, 3] AS list, {x: 1, y: 2} AS map", [("list", "map")]),
    ],
)
def test_columns_are_those_of_the_outer_return(text: str, columns: list[tuple[str, ...]]) -> None:
    assert columns_returned(text) == columns


def test_parameters_stand_outside_texts_and_comments() -> None:
    assert parameters_used("WHERE a = $a AND b = '$b' // $c\n /* $d */ AND `$e` = $f.g") == {"a", "f"}


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    parameters_used(text)
    columns_returned(text)


def test_every_question_of_the_contract_is_there() -> None:
    assert set(catalogue()) >= {
        "person", "person_records", "record", "search", "family_unit", "links_between", "involvements", "addresses",
        "shared_address", "neighbour_counts", "neighbours", "caseload", "caseload_units", "caseload_sizes",
        "plans", "events", "place_facts",
    }  # fmt: skip


def test_every_question_orders_its_answer_and_starts_no_write() -> None:
    for name, query in catalogue().items():
        words = query.text.upper().split()
        assert "ORDER" in words, f"{name} has no stable order"
        assert not {"CREATE", "MERGE", "SET", "DELETE", "REMOVE", "DETACH"} & set(words), f"{name} writes"


def test_whoever_can_be_confined_is_confined_at_every_person() -> None:
    """A question that takes a scope must hold every person it names to it, before it goes on."""
    for name, query in catalogue().items():
        if {"scoped", "allowed"} & {one.name for one in query.parameters}:
            found = query.text.count(":Person")
            assert query.text.count("NOT $scoped OR") >= found, name


def ever_unguarded(text: str) -> bool:
    """Whether a question reaches for a person without asking whether they are excluded."""
    return text.count(":Person") > text.count(".person_id IN $excluded") + text.count("UNWIND $excluded")


def test_every_question_asks_of_every_person_whether_they_are_excluded() -> None:
    for name, query in catalogue().items():
        assert "excluded" in {one.name for one in query.parameters}, name
        assert not ever_unguarded(query.text), name
        assert ever_unguarded(query.text.replace("IN $excluded", "IN []", 1).replace("UNWIND $excluded", "UNWIND []"))


class Echo:
    """A reader that hands back what it was asked, to see it."""

    def rows(self, text: str, parameters: Mapping[str, object], *, seconds: float, rows: int) -> Rows:
        return Rows([{"text": text, "parameters": dict(parameters), "seconds": seconds, "rows": rows}])


def test_limits_are_passed_on() -> None:
    (told,) = ask(Echo(), "person", person_id="x")
    assert told["seconds"] == catalogue()["person"].seconds
    assert told["rows"] == catalogue()["person"].rows
    assert str(told["text"]).endswith(f"LIMIT {catalogue()['person'].rows + 1}")
    assert told["parameters"] == {"person_id": "x", "excluded": []}
    (told,) = ask(Echo(), "person", person_id="x", excluded=["y"])
    assert told["parameters"] == {"person_id": "x", "excluded": ["y"]}


@pytest.mark.parametrize(
    ("name", "parameters", "words"),
    [
        ("nothing_of_the_kind", {}, "no query of that name"),
        ("person", {}, "person_id missing"),
        ("person", {"person_id": "x", "Secretname": 1}, "1 given that it does not take"),
        ("person", {"person_id": 7}, "person_id must be a text"),
        ("person", {"person_id": ["x"]}, "person_id must be a text"),
        ("involvements", {"person_ids": "abc"}, "person_ids must be a list"),
        ("involvements", {"person_ids": ["a", None]}, "person_ids must be a list"),
        ("search", {"surname": "x", "dob": "2012-05-12"}, "dob must be a date"),
        ("search", {"surname": "x", "dob": datetime(2012, 5, 12)}, "dob must be a date"),
        ("shared_address", {"person_id": "x", "scoped": 1, "allowed": []}, "scoped must be true or false"),
        ("shared_address", {"person_id": "x", "allowed": []}, "scoped missing"),
        ("person", {"person_id": "x", "excluded": "y"}, "excluded must be a list"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(name: str, parameters: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as refused:
        ask(Echo(), name, **parameters)
    assert words in refused.value.message
    assert "Secretname" not in refused.value.message
    assert "2012" not in refused.value.message


@settings(deadline=None)
@given(kind=st.sampled_from(Kind), words=st.text())
def test_words_become_a_value_or_a_plain_refusal(kind: Kind, words: str) -> None:
    try:
        value = from_words("it", kind, words)
    except UsageError:
        return
    checked("it", kind, value)


def test_words_of_each_kind() -> None:
    assert from_words("it", Kind.TEXTS, "a, b,,c ") == ["a", "b", "c"]
    assert from_words("it", Kind.TEXTS, "") == []
    assert from_words("it", Kind.FLAG, "True") is True
    assert from_words("it", Kind.DATE, "2012-05-12") == date(2012, 5, 12)


# --- flask ask -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def explorer() -> Iterator[Flask]:
    app = application()
    for command in commands:
        app.cli.add_command(command)
    yield app
    app.extensions["fnx"].close()


def invoke(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["ask", *words])


def audited() -> list[dict[str, Any]]:
    lines = [line for file in (published() / "audit").glob("*.jsonl") for line in file.read_text().splitlines()]
    return sorted((json.loads(line) for line in lines), key=lambda record: str(record["at"]))


def test_ask_prints_json_lines_and_audits_who_was_shown(explorer: Flask) -> None:
    tommy, kate = people()["mosaic:249012"], people()["mosaic:249013"]
    words = (
        "--param",
        f"person_id={tommy}",
        "--param",
        "sources=mosaic",
        "--param",
        "scoped=false",
        "--param",
        "allowed=",
    )
    result = invoke(explorer, "family_unit", *words, "--class", "standard", "--as", "leeds.one")
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert kate in [row["person_id"] for row in rows]
    assert list(rows[0]) == list(named("family_unit").columns)
    record = audited()[-1]
    assert (record["who"], record["action"], record["class"]) == ("leeds.one", "ask family_unit", "standard")
    assert set(record["people"]) == {row["person_id"] for row in rows}


def test_ask_audits_people_reached_as_neighbours(explorer: Flask) -> None:
    tommy = people()["mosaic:249012"]
    words = (
        "--param",
        f"person_id={tommy}",
        "--param",
        "kind=people",
        "--param",
        "scoped=false",
        "--param",
        "allowed=",
    )
    assert invoke(explorer, "neighbours", *words, "--as", "steward").exit_code == 0
    assert people()["mosaic:249015"] in audited()[-1]["people"]


def test_ask_lists_every_question(explorer: Flask) -> None:
    result = invoke(explorer, "--list")
    assert result.exit_code == 0
    assert all(f"{name}(" in result.stdout for name in catalogue())


@pytest.mark.parametrize(
    "words",
    [
        ("no_such_question",),
        ("person",),
        ("person", "--param", "person_id"),
        ("person", "--param", "surname=Quillington"),
        ("search", "--param", "surname=Quillington", "--param", "dob=yesterday"),
        ("person", "--param", "person_id=x", "--class", "secret"),
    ],
)
def test_ask_refuses_in_plain_words_and_repeats_nothing(explorer: Flask, words: tuple[str, ...]) -> None:
    result = invoke(explorer, *words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Quillington" not in result.stderr
    assert "Traceback" not in result.stderr


def test_ask_shows_nothing_that_could_not_be_audited(explorer: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log's folder is a file: no record can be written, so no row is printed."""
    from web.audit_log import AuditLog

    log = AuditLog(published() / "build-of-no-folder" / "live")
    (published() / "build-of-no-folder").write_text("")
    monkeypatch.setitem(explorer.extensions, "fnx_audit", lambda: log)
    result = invoke(explorer, "person", "--param", f"person_id={people()['mosaic:249012']}")
    assert result.exit_code == 74
    assert result.stdout == ""
    assert "audit log" in result.stderr
