"""The loaders' commands. Each turns an error of ours into one line on standard error and an exit code."""

import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from graph.errors import DataRefused, ExplorerError, StorageFailed
from graph.home import DataHome
from graph.settings import load_settings
from loaders.check import check
from loaders.compare import Previous, previous_counts
from loaders.report import as_json
from loaders.report_text import as_text


@click.command("check")
@click.argument("extracts", type=click.Path(path_type=Path))
@click.option("--full", is_flag=True, help="Print every reason and note, and how full each column is.")
@click.option("--json", "machine", is_flag=True, help="Print everything as JSON.")
@click.option("--quarantine", type=click.Path(path_type=Path), help="Write the list of quarantined rows to this file.")
def check_command(extracts: Path, full: bool, machine: bool, quarantine: Path | None) -> None:
    """Validate a folder of extracts and print the report. Changes nothing.

    Where FNX_DATA holds a live build, its files are put beside these: rows then and now.

    Exit codes: 0 fine, 2 usage, 65 the data may not be published, 74 a file cannot be read or written.
    """
    try:
        settings = load_settings()
        with tempfile.TemporaryDirectory(prefix="fnx-check-") as work:
            result = check(extracts, Path(work), gates=settings.open_gates, own_sources=settings.sources)
            if quarantine is not None:
                quarantine.write_bytes(result.quarantine.read_bytes())
        plain = as_json(result, _last_time(settings.data), datetime.now(UTC).date())
    except ExplorerError as error:
        click.echo(error.message, err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        click.echo(
            f"Reading or writing failed: {error.strerror}. Free some space or mend the disk, then check again.",
            err=True,
        )
        sys.exit(StorageFailed.exit_code)
    click.echo(json.dumps(plain, indent=2) if machine else as_text(plain, full=full), nl=machine)
    if result.problems:
        sys.exit(DataRefused.exit_code)


def _last_time(data: Path) -> Previous | None:
    """Rows of the live build. One that cannot be read is said, and no reason to keep the rest of the report back."""
    try:
        return previous_counts(DataHome(data).live())
    except StorageFailed as failed:
        click.echo(failed.message, err=True)
        return None


commands: tuple[click.Command, ...] = (check_command,)
