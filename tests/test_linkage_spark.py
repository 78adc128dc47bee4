"""Linking on Spark gives what linking on DuckDB gives; run by `make test-spark`, on this machine."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

from graph.errors import EngineDown, UsageError
from loaders.linkage import Linked, link
from loaders.linkage.commands import link_command
from loaders.linkage.engine import Opened
from loaders.linkage.on_duckdb import on_duckdb
from loaders.linkage.on_spark import on_spark
from tests.test_linkage import HARD, KNOWN_WRONG, as_loaded, partition, scored, strangers, tables
from tests.test_linkage_engine import GOLDEN

pytestmark = pytest.mark.spark

CLOSE = 0.0001  # log2 odds; weights are kept to four digits, and the two engines add up in another order
PEOPLE = 250
LISTED = ("forename", "surname", "dob", "sex", "nhs_number", "upn")


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small Spark that compiles nothing: on small lists that is most of what it would do."""
    plain = "--conf spark.sql.codegen.wholeStage=false --conf spark.sql.codegen.factoryMode=NO_CODEGEN"
    monkeypatch.setenv("FNX_SPARK", "local[2]")
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", f"--driver-memory 2g {plain} pyspark-shell")


def hard_records() -> list[dict[str, Any]]:
    """The two records of every hard pair, among some strangers."""
    pairs = [
        {**as_loaded(case[side]), "record_id": f"g{number}{side}"}
        for number, case in enumerate([*HARD, *KNOWN_WRONG])
        for side in ("left", "right")
    ]
    return [*strangers()[:PEOPLE], *pairs]


def linked_on(opened: Opened) -> Linked:
    """The hard records, linked as a council links them."""
    return link(*tables(hard_records()), opened=opened)


def test_the_same_people_by_the_same_pairs_with_the_same_weights_and_reasons() -> None:
    """As a council links: matrix, every guard, unscored pairs, decisions to explain."""
    ours, theirs = linked_on(on_duckdb), linked_on(on_spark)
    assert partition(theirs) == partition(ours)
    mine, other = scored(ours), scored(theirs)
    assert other.keys() == mine.keys()
    said = ("joined", "guard", "match_basis")
    assert [key for key in mine if any(mine[key][name] != other[key][name] for name in said)] == []
    far = {key for key in mine if abs(mine[key]["match_weight"] - other[key]["match_weight"]) > CLOSE}
    assert far == set()
    assert len(mine) > 100
    assert {row["guard"] for row in mine.values()} >= {"twins", "siblings", "namesakes", "borrowed id", None}
    assert ours.evidence is not None
    assert theirs.evidence is not None
    assert theirs.evidence.pairs["levels"].to_pylist() == ours.evidence.pairs["levels"].to_pylist()
    assert any("Jaro-Winkler" in note for note in theirs.report["notes"])
    assert not any("Jaro-Winkler" in note for note in ours.report["notes"])


def write_list(file: Path) -> None:
    """The same records as a list from elsewhere, with an identifier of its own."""
    rows = hard_records()
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("source", "record_id", *LISTED, "address", "postcode", "id_card"))
        for number, row in enumerate(rows):
            line, _, postcode = (row.get("address") or "").partition("; ")
            values = (row.get(name) for name in LISTED)
            writer.writerow((row["source"], row["record_id"], *values, line, postcode, f"C{number // 3:06}"))


def clusters(file: Path) -> set[frozenset[str]]:
    """The people of a file of clusters, as sets of records."""
    found: dict[str, set[str]] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["person_id"], set()).add(f"{row['source']}/{row['record_id']}")
    return {frozenset(records) for records in found.values()}


def pairs(file: Path) -> Iterator[tuple[tuple[str, ...], float]]:
    """Each explained pair and whether it is joined, with its weight."""
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            names = ("source_l", "record_id_l", "source_r", "record_id_r", "joined")
            yield tuple(row[name] for name in names), float(row["match_weight"])


def test_flask_link_writes_the_same_on_both(tmp_path: Path) -> None:
    """A list from elsewhere: an id of its own, a source that holds everybody once, every pair explained."""
    write_list(tmp_path / "people.csv")
    for engine in ("duckdb", "spark"):
        out, explained = tmp_path / f"{engine}.csv", tmp_path / f"{engine}_pairs.csv"
        options = ["--out", str(out), "--explain", str(explained), "--unique-in", "lcs", "--engine", engine]
        result = CliRunner().invoke(link_command, [str(tmp_path / "people.csv"), *options])
        assert result.exit_code == 0, result.stderr
        assert ("Jaro-Winkler" in result.stderr) is (engine == "spark")
    assert clusters(tmp_path / "spark.csv") == clusters(tmp_path / "duckdb.csv")
    ours, theirs = (dict(pairs(tmp_path / f"{engine}_pairs.csv")) for engine in ("duckdb", "spark"))
    assert len(ours) > 100
    assert theirs == pytest.approx(ours, abs=CLOSE)


def read(query: str) -> list[Any]:
    """What Spark finds in the golden pairs."""
    with on_spark() as engine, engine.rows("pairs", pa.Table.from_pylist(GOLDEN)):
        return list(engine.read(query)["found"].to_pylist())


def test_golden_similarities_are_those_of_spark() -> None:
    found = read("SELECT jaro_winkler_similarity(pairs.left, pairs.right) AS found FROM pairs")
    assert found == pytest.approx([pair["spark"] for pair in GOLDEN], abs=1e-6)


@pytest.mark.parametrize("name", ["damerau_levenshtein", "hamming", "jaro_winkler_similarity"])
def test_what_is_missing_is_like_nothing(name: str) -> None:
    nothing = "CAST(NULL AS VARCHAR)"
    found = read(
        f"SELECT {name}(pairs.left, {nothing}) IS NULL AND {name}({nothing}, pairs.left) IS NULL AS found FROM pairs"
    )
    assert found == [True] * len(GOLDEN)


def test_what_goes_wrong_is_told_without_what_stands_in_a_record() -> None:
    with pytest.raises(EngineDown, match="CAST_INVALID_INPUT") as raised:
        read("SELECT CAST(pairs.left AS INTEGER) AS found FROM pairs")
    assert not any(pair["left"] in raised.value.message for pair in GOLDEN)


def test_without_java_the_engine_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UsageError, match="Java is not here"), on_spark():
        pass
