"""How long a refresh takes, stage by stage, and how much memory it needs."""

import json
from collections.abc import Iterator

from tests.bench.council import Council
from tests.bench.table import Row

AIM_PEOPLE = 200_000
AIM_SECONDS = 600
AIM_MIB = 6 * 1024


def measure(council: Council) -> Iterator[Row]:
    """The refresh of a council, from its own report and from outside."""
    size = f"{council.people:,} people"
    large = council.people >= AIM_PEOPLE
    report = json.loads((council.data / "live" / "report.json").read_text(encoding="utf-8"))
    rows = sum(file["rows"] for file in report["files"])
    left_out = sum(file["quarantined"] for file in report["files"])
    yield Row(f"{size}: generate", f"{council.generated.seconds:.1f} s, {council.generated.peak_mib:,.0f} MiB")
    yield Row(f"{size}: rows read, left out", f"{rows:,}, {left_out:,}")
    for stage, seconds in report["seconds"].items():
        yield Row(f"{size}: refresh, {stage}", f"{seconds:.1f} s")
    yield Row(f"{size}: refresh, whole command", f"{council.refreshed.seconds:.1f} s", f"{AIM_SECONDS} s" * large)
    peak = f"{council.refreshed.peak_mib:,.0f} MiB"
    yield Row(f"{size}: refresh, most memory, engine included", peak, f"{AIM_MIB:,} MiB" * large)


def growth(small: Council, large: Council) -> Row:
    """How a refresh grows with the council: 1.0 is linear, less is better."""
    times = large.refreshed.seconds / small.refreshed.seconds
    return Row("refresh time, growth over linear", f"{times / (large.people / small.people):.2f}", "at most 1.00")
