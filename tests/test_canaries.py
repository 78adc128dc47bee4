"""The council of canaries in the graph and index of each class, before any page: every source plants tokens in every
column it brings, and a class holds those it may hold and no other.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from graph.classes import VisibilityClass
from loaders.refresh import classes
from loaders.refresh.exclusions import exclusions
from tests.canary_rows import Held, Rows, canary_rows
from tests.canary_sources import sources
from tests.canary_tokens import Secret
from tests.test_non_interference import LEAKS

STANDARD, SENSITIVE, SHIELD, RESEARCH = VisibilityClass
GOLDENS = Path(__file__).parent.parent / "fixtures" / "sources" / "expected" / "full"

_ANYBODY = {
    Secret.UNIT_ONE, Secret.UNIT_TWO, Secret.BRIDGE, Secret.OUTSIDE, Secret.PARENT_OF_SHIELDED, Secret.ADOPTER,
    Secret.EXCLUDED,
}  # fmt: skip
_FEW = {Secret.SENSITIVE, Secret.CLOSED, Secret.EXCLUDED_CLOSED, Secret.UNPLACED}
MAY_HOLD = {
    STANDARD: {*_ANYBODY, Secret.SHIELDED_NAME},
    SENSITIVE: {*_ANYBODY, Secret.SHIELDED_NAME, *_FEW},
    SHIELD: {*_ANYBODY, Secret.SHIELDED_NAME, *_FEW, Secret.SHIELDED, Secret.HIDDEN_ADDRESS},
    RESEARCH: _ANYBODY,
}
"""Kinds of fact in each class: some of each, and none of any other. Who is excluded is left out per reader."""

_CODED = {
    "source", "source_row", "extracted_on", "updated_on", "sex", "status", "type", "code", "tone", "service_id",
    "restriction_kind", "kind", "parental_responsibility", "dob", "dod", "row_id", "duplicate_of", "needs", "detail",
    "legal_status", "placement", "source_code", "source_label", "role", "viewer", "former_upn",
}  # fmt: skip
"""Columns of pick lists and of what is made here: days follow those facts. A former UPN is in no graph."""
_DAYS = {"start", "end", "on", "until"}
_ALWAYS_ONE = {
    ("camhs", "involvement", "team"), ("home_office", "involvement", "organisation"),
    ("home_office", "organisation", "name"), ("home_office", "organisation", "organisation_id"),
    ("home_office", "practitioner", "organisation"), ("mosaic", "involvement", "worker_id"),
    ("nhs", "practitioner", "organisation"), ("ons_births", "relationship", "from_record"),
}  # fmt: skip
"""A word or a number of the loader's own, or of the council's first story."""


@pytest.fixture(scope="module")
def rows() -> Rows:
    return canary_rows()


@pytest.fixture(scope="module")
def tables(rows: Rows) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = rows.tables()
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def held(rows: Rows, tables: duckdb.DuckDBPyConnection) -> dict[VisibilityClass, list[Held]]:
    return {cls: list(rows.held(tables, cls)) for cls in VisibilityClass}


def tokens_of(found: list[Held]) -> set[str]:
    return {token for one in found for tokens in one.tokens.values() for token in tokens}


# --- every source, every column --------------------------------------------------------------------------------------


def _columns() -> Iterator[tuple[str, str, str]]:
    """Every column of text or days that a source of the fixtures fills, by source and standard table."""
    for golden in sorted(GOLDENS.glob("*/*.jsonl")):
        names: dict[str, Any] = {}
        for line in golden.read_text("utf-8").splitlines():
            names |= {name: value for name, value in json.loads(line).items() if isinstance(value, str | list)}
        yield from ((golden.parent.name, golden.stem, name) for name in names if name not in _CODED)


def test_every_source_plants_canaries_in_every_column_it_brings(rows: Rows) -> None:
    found = rows.council.tokens.found
    planted = {
        (source, table, name) for source, table, row in rows.standard() for name, value in row.items()
        if found(str(value))
    }  # fmt: skip
    wanted = {one for one in _columns() if one[2] not in _DAYS}
    assert wanted - planted == _ALWAYS_ONE
    dated = {one[:2] for one in _columns() if one[2] in _DAYS and one[1] != "relationship"}
    dated -= {("mosaic", "involvement"), ("probation", "exclusion")}
    dated -= {("school_census", table) for table in ("address", "involvement")} | {("mosaic", "address")}
    assert dated <= {one[:2] for one in planted if one[2] in _DAYS}
    assert {source for source, *_ in planted} == set(sources())


def test_no_row_of_theirs_is_quarantined_but_those_that_are_meant_to(rows: Rows) -> None:
    assert rows.checked.problems == []
    assert sum(one.quarantined for one in rows.checked.files) == 4


def test_each_column_that_is_never_read_holds_a_canary_that_no_table_has(rows: Rows) -> None:
    planted = rows.council.tokens.kinds
    loaded = {token for _, _, row in rows.standard() for token in rows.council.tokens.found(str(row))}
    assert sum(kind is Secret.NEVER for kind in planted.values()) > 500
    assert {token for token in loaded if planted[token] in (Secret.NEVER, Secret.QUARANTINED)} == set()


# --- who may hold what -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("visibility", list(VisibilityClass))
def test_a_class_holds_its_kinds_of_fact_and_no_other(
    rows: Rows, held: dict[VisibilityClass, list[Held]], visibility: VisibilityClass
) -> None:
    assert beyond(rows, held[visibility], visibility) == {}
    seen = {rows.council.tokens.kinds[token] for token in tokens_of(held[visibility])}
    assert seen == MAY_HOLD[visibility], "a kind of fact no longer reaches this class"


def beyond(rows: Rows, found: list[Held], visibility: VisibilityClass) -> dict[str, set[str]]:
    """What a class holds and may not: by kind, where it stands."""
    kinds = rows.council.tokens.kinds
    wrong: dict[str, set[str]] = {}
    for one in found:
        if one.source and visibility not in sources()[one.source].classes:
            wrong.setdefault(f"told by {one.source}", set()).add(one.what)
        for name, tokens in one.tokens.items():
            for token in tokens:
                if kinds[token] not in MAY_HOLD[visibility]:
                    wrong.setdefault(kinds[token].name, set()).add(f"{one.what}.{name}")
    return wrong


@pytest.mark.parametrize("visibility", list(VisibilityClass))
def test_a_class_holds_something_of_each_of_its_sources_and_nothing_of_another(
    rows: Rows, held: dict[VisibilityClass, list[Held]], visibility: VisibilityClass
) -> None:
    told_by = {rows.council.tokens.owners[token][1] for token in tokens_of(held[visibility])} - {""}
    assert told_by == {name for name, one in sources().items() if visibility in one.classes}


def test_the_research_class_has_days_and_job_titles_only(rows: Rows, held: dict[VisibilityClass, list[Held]]) -> None:
    for one in held[RESEARCH]:
        for name, tokens in one.tokens.items():
            assert name == "role" or all(token[4:5] == token[7:8] == "-" for token in tokens), f"{one.what}.{name}"


def test_what_a_table_tells_reaches_the_shield_class(rows: Rows, held: dict[VisibilityClass, list[Held]]) -> None:
    """Else a canary would be looked for that nobody could ever find. Workers and organisations who lead nothing do not,
    nor does the number of a relationship's row.
    """
    reached = tokens_of(held[SHIELD])
    lost = {
        (table, name)
        for source, table, row in rows.standard() for name, value in row.items()
        for token in rows.council.tokens.found(str(value)) - reached
        if rows.council.tokens.kinds[token] is not Secret.UNUSED
    }  # fmt: skip
    assert {one for one in lost if one[0] not in ("practitioner", "organisation")} == {("relationship", "row_id")}


def test_nothing_that_a_class_holds_knows_of_both_lives_of_an_adopted_child(
    rows: Rows, held: dict[VisibilityClass, list[Held]]
) -> None:
    owners = rows.council.tokens.owners
    for visibility in VisibilityClass:
        lives = [{owners[token][0] for tokens in one.tokens.values() for token in tokens} for one in held[visibility]]
        assert [one for one in lives if {"before", "after"} <= one] == []
        assert {name for one in lives for name in one} >= {"before", "after"}


def test_an_exclusion_of_probation_is_of_the_whole_person(tables: duckdb.DuckDBPyConnection) -> None:
    assert [(one["viewer"], one["person_id"]) for one in exclusions(tables)] == [
        ("leeds.one", "excluded"), ("shield", "excluded"),
    ]  # fmt: skip


SEEDED = (
    "links of shielded people", "restricted links", "hidden addresses", "addresses of shielded people",
    "sensitive services", "services of shielded people", "plans of shielded people", "events of shielded people",
    "records of shielded people", "workers of hidden services", "records of other sources", "names of other sources",
    "links of other sources", "homes of other sources", "services of other sources", "events of other sources",
)  # fmt: skip


@pytest.mark.parametrize("leak", SEEDED)
def test_a_seeded_leak_is_found(
    rows: Rows, tables: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, leak: str
) -> None:
    """Negative control: with one filter taken out of the product's SQL the standard class holds what it may not."""
    found, replaced = LEAKS[leak]
    whole = classes._sql
    monkeypatch.setattr(classes, "_sql", lambda name: whole(name).replace(found, replaced))
    assert beyond(rows, list(rows.held(tables, STANDARD)), STANDARD)
