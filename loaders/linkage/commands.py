"""`flask link`: links any list of people. Command line only; the work is in linking.py and lists.py."""

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pyarrow as pa

from graph.errors import ExplorerError, StorageFailed, UsageError
from loaders.linkage.linking import Linked, link
from loaders.linkage.lists import read_list
from loaders.linkage.matrix import read_matrix

_PAIRS = ("source_l", "record_id_l", "source_r", "record_id_r", "match_weight", "match_probability", "joined")


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
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the random sampling.")
def link_command(
    people: Path,
    out: Path,
    explain: Path | None,
    previous: Path | None,
    mapped: Sequence[str],
    unique_in: Sequence[str],
    matrix: bool,
    seed: int,
) -> None:
    """Link the people in a CSV file and write who is who."""
    try:
        found = read_list(people, _mapping(mapped))
        rules = read_matrix() if matrix else read_matrix().for_lists(unique_in)
        linked = link(found.people, found.addresses, previous=previous, seed=seed, matrix=rules, progress=_stage)
        _write(out, with_sizes(linked.clusters, found.people))
        if explain:
            _write(explain, linked.pairs.select(list(_PAIRS)))
    except ExplorerError as error:
        click.echo(error.message, err=True)
        raise SystemExit(error.exit_code) from None
    _say(linked, found.ignored)


def _stage(name: str, _: float) -> None:
    click.echo(f"{name} ...", err=True)


def with_sizes(clusters: pa.Table, people: pa.Table) -> pa.Table:
    """source, record_id, person_id, cluster_size, in the order of the list."""
    ids = {(row["source"], row["record_id"]): row["person_id"] for row in clusters.to_pylist()}
    sizes = Counter(ids.values())
    keys = list(zip(people["source"].to_pylist(), people["record_id"].to_pylist(), strict=True))
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
    for note in report["notes"]:
        click.echo(f"Note: {note}.", err=True)


commands = (link_command,)
