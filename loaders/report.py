"""What a check found, as plain data for programs; `report_text.py` prints the same. Holds no value of a row but codes.

Rows, reasons and shares of each file; the files of the live build beside them; how fresh each source is.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from loaders.check import CheckResult
from loaders.compare import Previous, compare
from loaders.findings import FileReport, SourceState
from loaders.quarantine import Faults
from loaders.watch import UnknownCodes

Plain = dict[str, Any]

QUIET_TIMES = 2
"""A source whose newest row is older than this many of its rhythms may have been extracted from a copy."""
QUIET_AT_LEAST = 7
"""Days: what arrives every night need not change over a holiday."""


def as_json(result: CheckResult, last_time: Previous | None = None, today: date | None = None) -> Plain:
    """The check as plain data. `last_time` holds the rows of the live build's files; `today` ages the extracts."""
    today = today or result.manifest.as_at
    refused = list(_refused_by_last_time(result, last_time or {}))
    return {
        "as_at": result.manifest.as_at.isoformat(),
        "age_days": (today - result.manifest.as_at).days,
        "invented": result.manifest.invented,
        "can_be_published": not result.problems,
        "compared_with_last_time": last_time is not None,
        "files": [_file(report, result, last_time) for report in result.files],
        "problems": [{"source": p.source, "file": p.file, "message": p.message} for p in result.problems],
        "refused_by_last_time": refused,
        "sources": [_source(state, result, today) for state in result.sources],
        "expired": [
            {"source": source, "table": table, "rows": rows}
            for source, tables in result.expired.items()
            for table, rows in sorted(tables.items())
        ],
        "notes": [{"source": n.source, "file": n.file, "message": n.message, "count": n.count} for n in result.notes],
    }


def _refused_by_last_time(result: CheckResult, last_time: Previous) -> Iterator[Plain]:
    """What a refresh will refuse because of what the live build holds, unless it is told to accept it."""
    off = {state.source for state in result.sources if state.switched_off}
    known = {(problem.source, problem.file) for problem in result.problems}
    for problem in compare(result.files, last_time, off, frozenset()):
        if (problem.source, problem.file) not in known:
            yield {"source": problem.source, "file": problem.file, "message": problem.message}


def _file(report: FileReport, result: CheckResult, last_time: Previous | None) -> Plain:
    facts = report.facts
    before = (last_time or {}).get(report.source, {}).get(report.file)
    newest = facts.newest
    return {
        "source": report.source,
        "file": report.file,
        "rows": report.rows,
        "loaded": report.loaded,
        "quarantined": report.quarantined,
        "rows_last_time": before,
        "newest": newest.isoformat() if newest else None,
        "newest_age_days": (result.manifest.as_at - newest).days if newest else None,
        "reasons": list(_reasons(result.reasons, report, "rows")),
        "dropped": list(_reasons(result.reasons_dropped, report, "values")),
        "unknown_codes": [_codes(each) for each in facts.unknown],
        "identifiers": [
            {
                "column": each.column,
                "kind": each.kind,
                "filled": each.filled,
                "valid": each.valid,
                "placeholders": each.placeholders,
                "dropped": [{"reason": reason, "values": values} for reason, values in each.refused],
            }
            for each in facts.identifiers
        ],
        "filled": [
            {"column": column, "rows": rows, "share": round(rows / facts.seen, 4) if facts.seen else None}
            for column, rows in facts.filled.items()
        ],
    }


def _reasons(counts: Faults, report: FileReport, unit: str) -> Iterator[Plain]:
    """The reasons of one file, the commonest first."""
    found = [
        (-count, column, reason)
        for (source, file, column, reason), count in counts.items()
        if (source, file) == (report.source, report.file)
    ]
    for count, column, reason in sorted(found):
        yield {"column": column, "reason": reason, unit: -count}


def _codes(each: UnknownCodes) -> Plain:
    return {
        "column": each.column,
        "rows": each.rows,
        "codes": each.different,
        "shown": [{"code": code, "rows": rows} for code, rows in each.shown],
    }


def _source(state: SourceState, result: CheckResult, today: date) -> Plain:
    """The state of a source, with its newest row and whether it is late: `late` where its extract is older than its
    rhythm, `quiet` where nothing in it has changed for two rhythms.
    """
    days = [report.facts.newest for report in result.files if report.source == state.source and report.facts.newest]
    newest = max(days, default=None)
    as_at = result.manifest.as_at
    silence = (as_at - newest).days if newest else 0
    return {
        **state.as_json(),
        "newest": newest.isoformat() if newest else None,
        "late": state.connected and (today - as_at).days > state.frequency_days,
        "quiet": silence > max(QUIET_TIMES * state.frequency_days, QUIET_AT_LEAST),
    }
