"""The guards of linking as rules over pairs: what is not asked of them is what they would have said nothing of; and
what is compared once for many rules gives each the same answer.
"""

from datetime import date
from itertools import cycle, product
from typing import Any

import pyarrow as pa
import pytest

from loaders.linkage.candidates import agreements, pairs_sql
from loaders.linkage.engine import Engine, hold
from loaders.linkage.guards import (
    ABOVE_SUSPICION,
    FAMILIES,
    FORENAMES_DIFFER,
    FORENAMES_FAR,
    guard_sql,
    shared_rules,
    stand_aside,
)
from loaders.linkage.model import Model
from loaders.linkage.on_duckdb import on_duckdb
from loaders.linkage.once import once
from loaders.linkage.prepare import prepare
from loaders.linkage.settings import GUARDED
from loaders.tables import ADDRESS, PERSON

# Every value a guard looks at, in every combination: each two records are a pair.
FIELDS: dict[str, tuple[object, ...]] = {
    "forename": ("Mohammed", "Muhammad", "Tom", None),
    "middle_names": ("Yusuf", "Ali"),
    "dob": (date(2012, 4, 3), date(2012, 1, 1), date(2003, 9, 20), date(1984, 4, 3), None),
    "nhs_number": ("9990001235", "9990001243", None),
    "birth_order": (1, 2),
    "adopted": (True, False),
    "home": ("A", None),
}


def every_pair(engine: Engine, made: pa.Table) -> str:
    """A query of every two of these records."""
    hold(engine, made)
    engine.make("asked", "SELECT l.uid AS uid_l, r.uid AS uid_r FROM features l JOIN features r ON l.uid < r.uid")
    return pairs_sql(engine, "asked")


def features() -> pa.Table:
    """A record for each combination, all of one surname; an id on so many people would else be taken for none."""
    rows: list[dict[str, Any]] = [
        dict(zip(FIELDS, values, strict=True)) | {"source": "mosaic", "record_id": f"{number:04}", "surname": "Reed"}
        for number, values in enumerate(product(*FIELDS.values()))
    ]
    people = pa.Table.from_pylist(rows, schema=PERSON.schema)
    homes = [{**row, "text": "2 Mill Lane", "postcode": "AA1 1AA"} for row in rows if row["home"]]
    made = prepare(people, pa.Table.from_pylist(homes, schema=ADDRESS.schema))
    return made.set_column(made.column_names.index("nhs"), "nhs", people["nhs_number"])


def test_no_guard_stops_a_pair_that_is_not_asked_of_them() -> None:
    with on_duckdb() as engine:
        pairs = every_pair(engine, features())
        rows = engine.read(
            f"SELECT {ABOVE_SUSPICION} AS above, {guard_sql(())} AS guard,"
            f" {guard_sql((), (), FORENAMES_FAR)} AS elsewhere, count(*) AS pairs FROM ({pairs}) GROUP BY ALL"
        ).to_pylist()
    found = [(row["above"], row["guard"], row["pairs"]) for row in rows]
    stopped = {guard for row in rows for guard in (row["guard"], row["elsewhere"]) if row["above"] and guard}
    assert not stopped
    assert {guard for _, guard, _ in found} == {"", *GUARDED}
    assert sum(pairs for above, _, pairs in found if above) > 100


@pytest.mark.parametrize("differ", [FORENAMES_DIFFER, FORENAMES_FAR])
def test_comparing_once_gives_every_rule_the_same_answer(differ: str) -> None:
    names = ("Joseph", "Oseph", "Joe", "Reed", "Lilly-Mae", "J", None)
    days = (date(2012, 4, 3), date(2012, 3, 4), date(2012, 4, 30), date(1912, 4, 3), date(2012, 1, 1), None)
    homes = ("2 Mill Lane", "Flat 2, 14 Quarry Road", "Quarry Road, Fallow", "Fallow", "Nowhere at all")
    more = zip(
        cycle(homes),
        cycle(("AA1 1AA", "AA2 2BB")),
        cycle(("9990001235", "9990001243", None)),
        cycle("FFM"),
        strict=False,
    )
    rows = [
        {
            "forename": name,
            "surname": last,
            "dob": day,
            "home": home,
            "postcode": code,
            "nhs_number": number,
            "sex": sex,
        }
        for (name, last, day), (home, code, number, sex) in zip(
            product(names, ("Reed", "Reid", "Joseph", None), days), more, strict=False
        )
    ]
    rules = agreements(()) | {"guard": guard_sql((), (), differ)}
    separately = ", ".join(f"{sql} AS {name}" for name, sql in rules.items())
    together = once("SELECT * FROM every_two", rules, "uid_l, uid_r", shared_rules((), differ))
    with on_duckdb() as engine:
        engine.make("every_two", every_pair(engine, with_numbers(table(rows), rows)))
        found = [
            engine.read(f"{query} ORDER BY uid_l, uid_r")
            for query in (together, f"SELECT uid_l, uid_r, {separately} FROM every_two")
        ]
    assert found[0].equals(found[1])
    assert all(any(found[0][name].to_pylist()) for name in ("same_dob", "near_dob", "one_name", "both_names", "sure"))
    assert len(set(found[0]["guard"].to_pylist())) > 3


def table(rows: list[dict[str, Any]]) -> pa.Table:
    """Features of these people, who live where they say."""
    named = [{"source": "list", "record_id": str(number), **row} for number, row in enumerate(rows)]
    homes = [{"postcode": "AA1 1AA", **row, "text": row["home"]} for row in named]
    return prepare(
        pa.Table.from_pylist(named, schema=PERSON.schema), pa.Table.from_pylist(homes, schema=ADDRESS.schema)
    )


def with_numbers(made: pa.Table, rows: list[dict[str, Any]]) -> pa.Table:
    """Features with the NHS numbers of those people: one that is on so many would else be taken for none."""
    numbers = [rows[int(str(record))]["nhs_number"] for record in made["record_id"].to_pylist()]
    return made.set_column(made.column_names.index("nhs"), "nhs", pa.array(numbers, pa.string()))


def said(one: dict[str, Any], other: dict[str, Any]) -> tuple[str, str]:
    """What the guards say of two people of one home: in a council, and in a list from elsewhere."""
    same = {"surname": "Reed", "dob": date(2012, 4, 3), "home": "2 Mill Lane"}
    with on_duckdb() as engine:
        pairs = every_pair(engine, table([same | one, same | other]))
        found = engine.read(
            f"SELECT {guard_sql(())} AS council, {guard_sql((), (), FORENAMES_FAR)} AS elsewhere FROM ({pairs})"
        ).to_pylist()
    return str(found[0]["council"]), str(found[0]["elsewhere"])


@pytest.mark.parametrize(
    ("one", "other", "council", "elsewhere"),
    [
        ({"forename": "Hayden"}, {"forename": "Jayden"}, "twins", ""),
        ({"forename": "Joseph"}, {"forename": "Oseph"}, "twins", ""),
        ({"forename": "Joseph"}, {"forename": "Lisa"}, "twins", "twins"),
        ({"forename": "Daniel", "sex": "M"}, {"forename": "Danielle", "sex": "F"}, "twins", "twins"),
        ({"forename": "Natalie"}, {"forename": "Nathan", "dob": None}, "siblings", "siblings"),
        ({"forename": "Tom"}, {"forename": "Tom", "surname": "Reeds", "dob": date(1980, 9, 9)}, *["namesakes"] * 2),
        ({"forename": "Callum"}, {"forename": "Calum", "dob": date(1980, 4, 3)}, *["namesakes"] * 2),
        ({"forename": "Tom"}, {"forename": "Reed", "surname": "Tom", "dob": date(1980, 9, 9)}, *["namesakes"] * 2),
    ],
)
def test_what_is_a_slip_in_a_list_from_elsewhere_may_be_a_twin_in_a_council(
    one: dict[str, Any], other: dict[str, Any], council: str, elsewhere: str
) -> None:
    assert said(one, other) == (council, elsewhere)


@pytest.mark.parametrize(
    ("born", "kept"),
    [
        ([date(2001, 2, 3), date(2003, 5, 6), date(2003, 5, 6)], True),
        ([date(2001, 2, 3), date(2001, 2, 3), date(2001, 2, 4)], True),
        ([date(2001, 2, 3)] * 3, False),
    ],
)
def test_guards_stand_aside_in_dirty_lists_but_not_where_families_live_together(born: list[date], kept: bool) -> None:
    names = ("Ann", "Joseph", "Wilfred")
    rows = [
        {"forename": name, "surname": "Reed", "dob": day, "home": "2 Mill Lane"}
        for name, day in zip(names, born, strict=True)
    ]
    dirty = Model({"forename": [(0.5, 0.01), (0.5, 0.99)]})
    with on_duckdb() as engine:
        hold(engine, table(rows))
        together, apart = (int(column[0].as_py()) for column in engine.read(FAMILIES).columns)
    assert ("twins" not in stand_aside(dirty, together, apart)) is kept
    assert "twins" not in stand_aside(dirty, 0, 0), "nothing is known of their homes"
    assert "twins" not in stand_aside(Model({"forename": [(0.99, 0.01), (0.01, 0.99)]}), 9, 0)
