"""Today's extracts against those the live build was made from: nothing may quietly go missing."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from graph.errors import StorageFailed, UsageError
from loaders.findings import FileProblem, FileReport

SHARE_LOST = 0.8
"""A file with this share of last time's rows, or fewer, has lost a fifth: it stops the publish."""

Previous = Mapping[str, Mapping[str, int]]
"""Rows last time, by source and file name."""


def previous_counts(live: Path | None) -> Previous | None:
    """Rows of every source's files in the live build, or None before the first publish. Raises StorageFailed."""
    if live is None:
        return None
    counts: dict[str, dict[str, int]] = {}
    try:
        files = json.loads((live / "report.json").read_text(encoding="utf-8"))["files"]
        for file in files:
            counts.setdefault(file["source"], {})[file["file"]] = file["rows"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageFailed(
            f"The report of the live build cannot be read ({type(error).__name__}). "
            "Restore its report.json from a backup, or publish again with the folder put aside."
        ) from error
    return counts


def refuse_unknown_names(known: Collection[str], retire: Collection[str], accept: Collection[str]) -> None:
    """Raise UsageError where a source to retire or accept is none that exists or was loaded before."""
    for option, names in (("--retire", retire), ("--accept", accept)):
        for name in names:
            if name not in known:
                raise UsageError(f"{option}: there is no source of that name. Known: {', '.join(sorted(known))}.")


def compare(
    files: Iterable[FileReport], previous: Previous, retire: Collection[str], accept: Collection[str]
) -> Iterator[FileProblem]:
    """Every file that was there last time and is missing, or has lost a fifth of its rows."""
    today = {(report.source, report.file): report.rows for report in files}
    connected = {source for source, _ in today}
    for source, counts in previous.items():
        if source in retire:
            continue
        if source not in connected:
            yield FileProblem(
                source,
                "",
                f"loaded last time and missing today. Supply it, or give --retire {source} to let it go.",
            )
            continue
        for file, rows in counts.items():
            problem = _file_problem(source, file, rows, today.get((source, file)), source in accept)
            if problem is not None:
                yield problem


def _file_problem(source: str, file: str, before: int, now: int | None, accepted: bool) -> FileProblem | None:
    if now is None:
        return FileProblem(source, file, "loaded last time and missing today. Supply it.")
    if before and now <= before * SHARE_LOST and not accepted:
        return FileProblem(
            source,
            file,
            f"{now} rows where last time there were {before}, a fifth fewer or worse. "
            f"Ask for the whole extract, or give --accept {source} if it is right.",
        )
    return None
