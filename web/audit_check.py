"""Checks the audit log end to end: every segment's lines, numbers and chain. Reads only."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from web.audit_log import FIRST, SUFFIX, line_of


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: how much was read, and the first bad record as `file:line: what`, if any."""

    segments: int
    records: int
    fault: str = ""


def verify(folder: Path) -> Checked:
    """Check every segment of the folder, oldest first, up to the first bad record.

    It finds an edit, a deletion, an insertion and a swap. A tail cut off at the end of a line, a whole segment taken
    away and a log written anew from the start need a copy kept elsewhere to be found.
    """
    segments = sorted(folder.glob(f"*{SUFFIX}"))
    records = 0
    for segment in segments:
        for fault in _faults(segment):
            if fault:
                return Checked(len(segments), records, fault)
            records += 1
    return Checked(len(segments), records)


def _faults(segment: Path) -> Iterator[str]:
    """For each record, what is wrong with it: empty where nothing is."""
    previous = FIRST
    with segment.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            what, previous = _examined(line, number, previous)
            yield f"{segment.name}:{number}: {what}" if what else ""


def _examined(line: bytes, number: int, previous: str) -> tuple[str, str]:
    if not line.endswith(b"\n"):
        return "the record is cut off", previous
    try:
        content = json.loads(line)
        before = content.pop("previous")
        content.pop("digest")
    except (ValueError, KeyError, AttributeError, TypeError):
        return "the line is not a record", previous
    expected, digest = line_of(content, previous)
    if content.get("seq") != number or before != previous:
        return "the record does not follow the one before", digest
    return ("", digest) if expected == line else ("the record was changed", digest)
