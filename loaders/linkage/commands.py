"""`flask link`: links any list of people. Command line only; the work is in linking.py and lists.py."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pyarrow as pa

from graph.errors import ExplorerError, StorageFailed, UsageError
from loaders.linkage.engine import Opened
from loaders.linkage.identity import by_record
from loaders.linkage.linking import Linked, link
from loaders.linkage.lists import read_list
from loaders.linkage.matrix import Matrix, read_matrix
from loaders.linkage.on_duckdb import on_duckdb

_PAIRS = ("source_l", "record_id_l", "source_r", "record_id_r", "match_weight", "match_probability", "joined")

USUAL_THRESHOLD = 0.95  # probability; what other programs join at, and people filter the explained pairs by


@click.command("link")
@click.argument("people", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="CSV of clusters to write.")
@click.option("--explain", type=click.Path(path_type=Path, dir_okay=False), help="CSV of scored pairs to write.")
@click.option(
    "--previous",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Clusters of last time, to keep their ids.",
)
@click.option("--map", "mapped", multiple=True, metavar="THEIRS=OURS", help="A column under another name.")
@click.option("--unique-in", multiple=True, metavar="SOURCE", help="A source that holds each person at most once.")
@click.option("--matrix", is_flag=True, help="Obey the council's matching matrix (matrix.toml).")
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="What finds and scores the pairs: DuckDB in this process, or Spark (FNX_SPARK).",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the random sampling.")
def link_command(
    people: Path,
    out: Path,
    explain: Path | None,
    previous: Path | None,
    mapped: Sequence[str],
    unique_in: Sequence[str],
    matrix: bool,
    engine: str,
    seed: int,
) -> None:
    """Link the people in a list (CSV, zipped or .xlsx) and write who is who."""
    try:
        found = read_list(people, _mapping(mapped))
        rules = _rules(matrix, unique_in)
        linked = link(
            found.people,
            found.addresses,
            previous=previous,
            seed=seed,
            matrix=rules,
            progress=_stage,
            opened=_opened(engine),
        )
        _write(out, with_sizes(linked.clusters, found.people))
        if explain:
            _write(explain, linked.pairs.select(list(_PAIRS)))
    except ExplorerError as error:
        click.echo(error.message, err=True)
        raise SystemExit(error.exit_code) from None
    _say(linked, found.ignored)


def _opened(engine: str) -> Opened:
    if engine == "spark":
        from loaders.linkage.on_spark import on_spark

        return on_spark
    return on_duckdb


def _rules(matrix: bool, unique_in: Sequence[str]) -> Matrix:
    council = read_matrix()
    if not matrix:
        return council.for_lists(unique_in)
    return replace(council, duplicate_free=council.duplicate_free | frozenset(unique_in))


def _stage(name: str, _: float) -> None:
    click.echo(f"{name} ...", err=True)


def with_sizes(clusters: pa.Table, people: pa.Table) -> pa.Table:
    """source, record_id, person_id, cluster_size, in the order of the list."""
    ids = by_record(clusters)
    sizes = Counter(ids.values())
    keys = list(zip(*(map(str, people[name].to_pylist()) for name in ("source", "record_id")), strict=True))
    return pa.table(
        {
            "source": [source for source, _ in keys],
            "record_id": [record for _, record in keys],
            "person_id": [ids[key] for key in keys],
            "cluster_size": [sizes[ids[key]] for key in keys],
        }
    )


def _mapping(mapped: Sequence[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in mapped]
    if bad := [theirs for theirs, sign, ours in pairs if not sign or not ours]:
        raise UsageError(f"--map is written THEIRS=OURS, for example --map birth=dob. Look at: {', '.join(bad)}.")
    return {theirs.strip(): ours.strip() for theirs, _, ours in pairs}


def _write(path: Path, table: pa.Table) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.column_names)
            writer.writerows(zip(*(_plain(column) for column in table.columns), strict=True))
    except OSError as error:
        raise StorageFailed(
            f"{path} cannot be written: {error.strerror}. Choose another place and run again."
        ) from None


def _plain(column: "pa.ChunkedArray[Any]") -> list[object]:
    values = column.to_pylist()
    if pa.types.is_boolean(column.type):
        return ["true" if value else "false" for value in values]
    return [round(value, 6) if isinstance(value, float) else value for value in values]


def _say(linked: Linked, ignored: Sequence[str]) -> None:
    report = linked.report
    click.echo(
        f"{report['records']:,} records are {report['persons']:,} people. {report['pairs_scored']:,} pairs scored,"
        f" {report['pairs_joined']:,} joined, {report['pairs_for_review']:,} for review.",
        err=True,
    )
    if ignored:
        click.echo(f"Columns not read: {', '.join(ignored)}.", err=True)
    for note in (*report["notes"], *_nothing(linked.pairs)):
        click.echo(f"Note: {note}.", err=True)


def _nothing(pairs: pa.Table) -> list[str]:
    """What to know where a usual threshold returns nothing: the list has too little to tell people apart by."""
    chances: list[float] = [float(chance or 0) for chance in pairs["match_probability"].to_pylist()]
    if not chances:
        return ["no two records are near enough to be doubtful: nothing is joined at any threshold"]
    best = max(chances)
    if best >= USUAL_THRESHOLD:
        return []
    joined = pairs["joined"].to_pylist().count(True)
    return [
        f"a threshold of {USUAL_THRESHOLD} would return nothing, for the likeliest pair has {best:.2f};"
        f" {joined} of {len(chances)} pairs are joined here, above 0.5. More columns (date of birth, address, an id)"
        " tell more"
    ]


commands = (link_command,)
