"""Reading, checking and mapping a folder of extracts to standard tables. Publishes nothing and links nobody."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from loaders import source as sources_module
from loaders.compare import Previous, compare, refuse_unknown_names
from loaders.context import Context
from loaders.corrections import correct_people
from loaders.intake import FileProblem, FileReport, Intake, Note, Progress
from loaders.manifest import Manifest, read_manifest
from loaders.quarantine import FaultList
from loaders.source import Service, Source, discover
from loaders.standard import TableWriter


@dataclass(frozen=True, slots=True)
class SourceState:
    """What readers are told of a source. `extracted_on` is None where it is not connected."""

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


@dataclass(slots=True)
class CheckResult:
    """All that is known of a set of extracts. Any problem means that nothing may be published from them."""

    manifest: Manifest
    quarantine: Path
    dropped: Path
    files: list[FileReport] = field(default_factory=list)
    sources: list[SourceState] = field(default_factory=list)
    tables: dict[str, list[Path]] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def check(  # noqa: PLR0913 - every choice of a load, by name
    extracts: Path,
    work: Path,
    *,
    previous: Previous | None = None,
    retire: Collection[str] = frozenset(),
    accept: Collection[str] = frozenset(),
    progress: Progress | None = None,
    restrictions_required: bool = True,
    registry: Path = sources_module.HERE,
) -> CheckResult:
    """Read every source found under `extracts` into standard tables under `work/tables`.

    `previous` is what the live build was made from: a source or file it names must be there again, unless its source is
    in `retire`, and may not have lost a fifth of its rows, unless its source is in `accept`. Raises UsageError,
    DataRefused (manifest) and StorageFailed; everything else wrong with the data is in the result.
    """
    manifest = read_manifest(extracts)
    known = discover(registry)
    before = previous or {}
    refuse_unknown_names({*known, *before}, retire, accept)
    work.mkdir(parents=True, exist_ok=True)
    result = CheckResult(manifest, work / "quarantine.csv", work / "dropped.csv")
    with FaultList(result.quarantine) as quarantine, FaultList(result.dropped) as dropped:
        for source in known.values():
            connected = (extracts / source.name).is_dir() and source.name not in retire
            result.sources.append(_state(source, manifest, connected))
            if not connected:
                continue
            context = Context(manifest.as_at, manifest.invented, people_file=source.people_file)
            with TableWriter(work / "tables", source.name, manifest.as_at) as writer:
                intake = Intake(source, context, writer, quarantine, dropped, progress)
                intake.load_folder(extracts / source.name, restrictions_required)
            _finish(intake, result)
    result.problems.extend(compare(result.files, before, retire, accept))
    if not any(state.connected for state in result.sources):
        result.problems.append(
            FileProblem("", "", f"{extracts} holds no source. Expected a folder named {', '.join(known)}.")
        )
    return result


def _finish(intake: Intake, result: CheckResult) -> None:
    """Correct a source's people and take over what its load found."""
    if "person" in intake.writer.written():
        correct_people(intake.writer.path("person"), intake.context, partial(intake.dropped.add, intake.source.name))
    for table in intake.writer.written():
        result.tables.setdefault(table, []).append(intake.writer.path(table))
    result.files.extend(intake.files)
    result.problems.extend(intake.problems)
    result.notes.extend(intake.notes)


def _state(source: Source, manifest: Manifest, connected: bool) -> SourceState:
    return SourceState(
        source=source.name,
        title=source.title,
        owner=source.owner,
        service=source.service,
        frequency=source.frequency,
        frequency_days=source.frequency_days,
        connected=connected,
        extracted_on=manifest.as_at if connected else None,
        coverage=source.coverage,
        services=source.services,
        makes_units=source.makes_units,
    )
