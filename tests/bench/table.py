"""What a benchmark says: rows of measure, figure and aim, printed as a Markdown table."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """One figure. `aim` is empty where there is none."""

    measure: str
    figure: str
    aim: str = ""


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is at least as large as that share of them."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def milliseconds(seconds: Sequence[float]) -> str:
    """Median and 95th percentile of durations in seconds, shown in milliseconds."""
    return f"p50 {percentile(seconds, 0.5) * 1000:.1f} ms, p95 {percentile(seconds, 0.95) * 1000:.1f} ms"


def printed(rows: Iterable[Row]) -> str:
    """The rows as a table."""
    lines = [Row("measure", "figure", "aim"), Row("---", "---", "---"), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
