"""Sources that are read only where the council has switched them on (`FNX_GATES`)."""

from collections.abc import Collection, Iterable

from graph.errors import UsageError
from loaders.source import Source

SWITCHED_OFF = "switched off: FNX_GATES does not name it"


def closed_gates(sources: Iterable[Source], open_gates: Collection[str]) -> frozenset[str]:
    """Names of the sources whose gate is closed. Raises UsageError for a gate that no source has."""
    gated = {source.name: source.gate for source in sources if source.gate}
    unknown = sorted(set(open_gates) - {"", *gated.values()})
    if unknown:
        known = ", ".join(sorted(set(gated.values()))) or "none"
        raise UsageError(f"FNX_GATES names {', '.join(unknown)}, which no source has as its gate. Gates: {known}.")
    return frozenset(name for name, gate in gated.items() if gate not in open_gates)
