"""`flask train`: learns the linkage model from a council's extracts and keeps it for the nights to come.

Command line only. Publishes nothing and changes nobody's records.
"""

import tempfile
from pathlib import Path

import click

from graph.errors import DataRefused, ExplorerError
from graph.settings import load_settings
from loaders.check import check
from loaders.linkage.linking import link
from loaders.linkage.settings import COMPARISONS
from loaders.linkage.trained import FILE, Trained, write_trained
from loaders.standard import read_standard
from loaders.tables import ADDRESS, PERSON


@click.command("train")
@click.argument("extracts", type=click.Path(path_type=Path))
def train_command(extracts: Path) -> None:
    """Learn the linkage model from a folder of extracts, print it and keep it in the data folder.

    Every refresh from then on uses it as it is. A model that cannot be believed is refused and the one before it stays.
    Exit codes: 0 kept, 2 usage, 65 the data or what was learnt is refused, 74 a file cannot be read or written.
    """
    try:
        settings = load_settings()
        with tempfile.TemporaryDirectory(prefix="fnx-train-") as work:
            checked = check(extracts, Path(work), gates=settings.open_gates, own_sources=settings.sources)
            if checked.problems:
                raise DataRefused("Nothing was learnt: " + "; ".join(map(str, checked.problems)))
            people, addresses = (read_standard(checked.tables.get(one.name, ()), one) for one in (PERSON, ADDRESS))
            linked = link(people, addresses)
        trained = linked.trained
        if trained is None or trained.notes:
            raise DataRefused(
                "Nothing was kept: " + "; ".join(trained.notes if trained else ["nothing was learnt"]) + "."
            )
        settings.data.mkdir(parents=True, exist_ok=True)
        write_trained(settings.data / FILE, trained)
    except ExplorerError as error:
        click.echo(error.message, err=True)
        raise SystemExit(error.exit_code) from None
    click.echo(as_text(trained))


def as_text(trained: Trained) -> str:
    """The model as a table: m is how often records of one person stand at a level, u those of two people."""
    lines = [
        f"Learnt from {trained.records:,} records on {trained.trained_on:%-d %B %Y}; version {trained.version}.",
        f"Two records drawn at random are one person once in {1 / trained.prior:,.0f}.",
        "",
        f"{'comparison':<12}{'level':<16}{'m':>10}{'u':>12}",
    ]
    for each in COMPARISONS:
        for level, (m, u) in zip(each.levels, trained.parameters[each.name], strict=True):
            lines.append(f"{each.name:<12}{level.name:<16}{m:>10.5f}{u:>12.7f}")
    return "\n".join(lines)


commands = (train_command,)
