"""What a check found, for people (a table) and for programs (JSON). Holds no value from a row."""

import io
from typing import Any

from rich.console import Console
from rich.table import Table

from loaders.check import CheckResult


def as_json(result: CheckResult) -> dict[str, Any]:
    """The check as plain data: as_at, files, problems, sources, notes."""
    return {
        "as_at": result.manifest.as_at.isoformat(),
        "invented": result.manifest.invented,
        "files": [
            {"source": f.source, "file": f.file, "rows": f.rows, "loaded": f.loaded, "quarantined": f.quarantined}
            for f in result.files
        ],
        "problems": [{"source": p.source, "file": p.file, "message": p.message} for p in result.problems],
        "sources": [state.as_json() for state in result.sources],
        "notes": [{"source": n.source, "file": n.file, "message": n.message, "count": n.count} for n in result.notes],
    }


def as_text(result: CheckResult, width: int = 110) -> str:
    """The check as one readable table, then what to know and what stops the publish."""
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False)
    console.print(_table(result))
    for state in result.sources:
        if not state.connected:
            console.print(f"{state.title}: not connected.", markup=False)
    for note in result.notes:
        console.print(f"{note}.", markup=False)
    for problem in result.problems:
        console.print(f"PROBLEM {problem}", markup=False)
    quarantined = sum(report.quarantined for report in result.files)
    verdict = "may not be published" if result.problems else "can be published"
    console.print(
        f"Extracts as at {result.manifest.as_at:%-d %B %Y}: {verdict}; {quarantined:,} rows in quarantine.",
        markup=False,
    )
    return out.getvalue()


def _table(result: CheckResult) -> Table:
    table = Table("source", "file", title=None, box=None, pad_edge=False)
    for heading in ("rows", "loaded", "quarantined"):
        table.add_column(heading, justify="right")
    for report in result.files:
        table.add_row(report.source, report.file, f"{report.rows:,}", f"{report.loaded:,}", f"{report.quarantined:,}")
    return table
