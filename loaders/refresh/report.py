"""The report of one refresh: for machines as JSON (design, section 10), for people as a few lines. Counts only."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Report:
    """What one refresh did. `files` rows always reconcile: rows = loaded + quarantined. `notes` count what was loaded
    and is yet in no graph.
    """

    build: str
    status: str = "running"
    as_at: str | None = None
    invented: bool = False
    files: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    expired: dict[str, dict[str, int]] = field(default_factory=dict)
    notes: list[dict[str, Any]] = field(default_factory=list)
    people: int = 0
    links: int = 0
    shielded: int = 0
    restricted_records: dict[str, int] = field(default_factory=dict)
    linkage: dict[str, Any] = field(default_factory=dict)
    classes: dict[str, dict[str, int]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    memory_mb: int = 0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage, in seconds."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0) + time.monotonic() - began, 3)
            self.memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    def as_json(self) -> dict[str, Any]:
        """The machine's report."""
        return {name: getattr(self, name) for name in self.__slots__}

    def as_text(self) -> str:
        """The human's report."""
        lines = [f"Build {self.build}: {self.status}", ""]
        lines += [f"{'file':<44}{'rows':>10}{'loaded':>10}{'quarantined':>13}"]
        lines += [
            f"{one['source'] + '/' + one['file']:<44}{one['rows']:>10,}{one['loaded']:>10,}{one['quarantined']:>13,}"
            for one in self.files
        ]
        lines += ["", *(f"{one['source']}: {one['message']} ({one['count']:,})" for one in self.notes)]
        lines += [
            f"{source}: {sum(tables.values()):,} rows past their time, not kept"
            for source, tables in self.expired.items()
        ]
        if self.status == "published":
            lines += [
                "",
                f"{self.people:,} people, {self.links:,} links between them, {self.shielded:,} people shielded.",
                "Classes: "
                + ", ".join(f"{name} {counts.get('Person', 0):,} people" for name, counts in self.classes.items()),
            ]
        lines += ["", "Seconds: " + ", ".join(f"{name} {value:.1f}" for name, value in self.seconds.items())]
        return "\n".join(lines)
