"""The seam between the SQL of linkage and its engines, as far as it can be seen without Spark."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pytest
import sqlglot
import yaml
from click.testing import CliRunner
from sqlglot import exp

from loaders.linkage import agree, candidates, guards, settings
from loaders.linkage.commands import link_command
from loaders.linkage.on_duckdb import on_duckdb
from loaders.linkage.once import once
from loaders.linkage.spark_words import WORDS, in_spark

GOLDEN = yaml.safe_load(Path("fixtures/golden/jaro_winkler.yaml").read_text(encoding="utf-8"))["pairs"]
OWN = ("id_card",)
OF_SPARK = {"jaro_winkler", "damerau_levenshtein", "xxhash64", "arrays_overlap"}
"""What sqlglot does not know and Spark does: functions of its own, and of Splink's Java archive."""


def written(module: ModuleType) -> Iterator[tuple[str, str]]:
    """The SQL that stands as text in a module."""
    for name, text in vars(module).items():
        if isinstance(text, str) and name.isupper():
            yield name, text


def every_condition() -> dict[str, str]:
    """Each text of SQL that the rules of linkage are made of, by a name."""
    found = {f"agree.{name}": text for name, text in written(agree)}
    found |= {f"guards.{name}": text for name, text in written(guards)}
    found |= {f"key {kind}": text for kind, text, _ in candidates._KEYS}
    found |= {f"key {kind} from {name}": text for kind, _, lists in candidates._KEYS for name, text in lists}
    found |= {f"could meet {name}": text for name, text in candidates.could_meet(OWN).items()}
    found |= {f"agrees {name}": text for name, text in candidates.agreements(OWN).items()}
    found |= {f"way {name}": text for name, text in candidates._WAYS.items()}
    for each in settings.comparisons(["id_card"]):
        found |= {f"{each.name} {level.name}": level.sql for level in each.levels if level.sql != "ELSE"}
        found |= {f"{each.name} missing": each.missing}
    found |= {"compared once": once("SELECT * FROM met", candidates.agreements(OWN), "uid_l, uid_r")}
    asked = {"guard": guards.guard_sql(OWN)}
    found |= {"guards compared once": once("SELECT * FROM met", asked, "uid_l, uid_r", guards.shared_rules(OWN))}
    return found | {"guards": guards.guard_sql(OWN)}


def unknown(sql: str) -> set[str]:
    """Functions in the translation that neither sqlglot nor the table of words answers for."""
    called = sqlglot.parse_one(in_spark(sql), dialect="spark").find_all(exp.Anonymous)
    return {str(each.this).lower() for each in called} - OF_SPARK


def test_all_that_linkage_asks_can_be_said_in_spark() -> None:
    every = every_condition()
    assert len(every) > 100
    assert {name: unknown(sql) for name, sql in every.items() if unknown(sql)} == {}


def test_a_function_that_spark_lacks_is_seen() -> None:
    assert unknown("mismatches(forename_l, forename_r) < 2") == {"mismatches"}


def test_every_word_of_the_table_is_needed() -> None:
    """A word that nothing asks for any more, or that sqlglot has learnt, is taken out."""
    package = Path(agree.__file__).parent
    written_down = " ".join(
        path.read_text(encoding="utf-8") for path in package.glob("*.py") if "spark" not in path.name
    )
    assert [name for name in WORDS if not re.search(rf"\b{name}\(", written_down)] == []
    plain = {name: sqlglot.transpile(f"{name}(a, b)", read="duckdb", write="spark")[0] for name in WORDS}
    assert [name for name, said in plain.items() if said == in_spark(f"{name}(a, b)")] == []


def test_a_number_stands_for_nothing_where_a_text_is_missing() -> None:
    said = in_spark("jaro_winkler_similarity(a, b) >= 0.9")
    assert said == "CASE WHEN NOT a IS NULL AND NOT b IS NULL THEN JARO_WINKLER(a, b) END >= 0.9"


def test_golden_similarities_are_those_of_duckdb() -> None:
    with on_duckdb() as engine, engine.rows("pairs", pa.Table.from_pylist(GOLDEN)):
        found = engine.read('SELECT jaro_winkler_similarity("left", "right") AS similarity FROM pairs')
    assert found["similarity"].to_pylist() == pytest.approx([pair["duckdb"] for pair in GOLDEN], abs=1e-6)


def test_without_pyspark_the_command_says_what_to_install(tmp_path: Path) -> None:
    people, out = tmp_path / "people.csv", tmp_path / "out.csv"
    people.write_text("record_id,forename,surname,dob\n1,Ann,Farrow,1990-04-04\n", encoding="utf-8")
    result = CliRunner().invoke(link_command, [str(people), "--out", str(out), "--engine", "spark"])
    assert result.exit_code == 2
    assert "PySpark is not here" in result.stderr
    assert ".ci/setup spark" in result.stderr
    assert not out.exists()
