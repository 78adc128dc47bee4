"""`flask refresh`: the nightly command."""

import json
from pathlib import Path

import click

from graph.errors import ExplorerError
from graph.settings import load_settings
from loaders.refresh.pipeline import refresh
from loaders.refresh.progress import ProgressBars


@click.command("refresh")
@click.argument("extracts", type=click.Path(path_type=Path))
@click.option(
    "--retire", multiple=True, metavar="SOURCE", help="Publish though this source, loaded before, is missing."
)
@click.option(
    "--accept",
    multiple=True,
    metavar="SOURCE",
    help="Publish though this source has a fifth fewer rows, or rows that may restrict somebody and cannot be loaded.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def refresh_command(extracts: Path, retire: tuple[str, ...], accept: tuple[str, ...], as_json: bool) -> None:
    """Read, check, link, build, verify and publish the extracts in EXTRACTS.

    Exit codes: 0 published, 2 usage, 65 data refused, 69 engine down, 74 input or output, 75 already running.
    """
    try:
        with ProgressBars() as bars:
            report = refresh(extracts, load_settings(), retire=retire, accept=accept, progress=bars)
    except ExplorerError as error:
        click.echo(error.message, err=True)
        raise SystemExit(error.exit_code) from None
    click.echo(json.dumps(report.as_json(), indent=2) if as_json else report.as_text())


commands: tuple[click.Command, ...] = (refresh_command,)
"""What `app.py` offers on the command line."""
