"""What a check has to say: of each file, each source, and of what is wrong. Plain values, none of them from a row."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from loaders.source import Service, Source
from loaders.watch import NOTHING_SEEN, FileFacts


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file's rows: `rows` is `loaded` + `quarantined`, always. `file` is its name with `.csv`."""

    source: str
    file: str
    rows: int
    loaded: int
    quarantined: int
    facts: FileFacts = NOTHING_SEEN


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Why nothing may be published from these extracts. `file` is empty where the source as a whole is at fault."""

    source: str
    file: str
    message: str

    def __str__(self) -> str:
        where = "/".join(filter(None, (self.source, self.file)))
        return f"{where}: {self.message}" if where else self.message


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth telling that stops nothing, and how often it was met."""

    source: str
    file: str
    message: str
    count: int

    def __str__(self) -> str:
        return f"{'/'.join(filter(None, (self.source, self.file)))}: {self.message} ({self.count:,})"


@dataclass(frozen=True, slots=True)
class SourceState:
    """What readers are told of a source. `extracted_on` is None where it is not connected; `switched_off` says that its
    gate is closed. `classes` may hold facts of it. `about` is people, or places where the source lists nobody.
    """

    source: str
    title: str
    owner: str
    service: str
    frequency: str
    frequency_days: int
    connected: bool
    extracted_on: date | None
    coverage: str
    services: tuple[Service, ...]
    makes_units: bool
    lawful_basis: str
    onward_sharing: str
    classes: tuple[str, ...]
    switched_off: bool
    about: str

    def as_json(self) -> dict[str, Any]:
        """The state as `sources.json` of a build holds it."""
        plain = asdict(self)
        plain["extracted_on"] = self.extracted_on.isoformat() if self.extracted_on else None
        plain["services"], plain["classes"] = list(plain["services"]), list(plain["classes"])
        return plain


def state_of(source: Source, as_at: date, connected: bool, switched_off: bool = False) -> SourceState:
    """The state of a source on the day of the extracts."""
    return SourceState(
        source=source.name,
        title=source.title,
        owner=source.owner,
        service=source.service,
        frequency=source.frequency,
        frequency_days=source.frequency_days,
        connected=connected,
        extracted_on=as_at if connected else None,
        coverage=source.coverage,
        services=source.services,
        makes_units=source.makes_units,
        lawful_basis=source.lawful_basis,
        onward_sharing=source.legal.onward_sharing,
        classes=tuple(sorted(source.classes)),
        switched_off=switched_off,
        about="people" if source.people_file else "places",
    )
