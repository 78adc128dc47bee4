"""Reading, checking and mapping a folder of extracts to standard tables. Publishes nothing and links nobody."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from loaders.column_map import read_map
from loaders.compare import Previous, compare, refuse_unknown_names
from loaders.context import Context
from loaders.corrections import correct_people
from loaders.findings import FileProblem, FileReport, Note, SourceState, state_of
from loaders.folder import Extracts, SourceFolder
from loaders.gates import SWITCHED_OFF, closed_gates
from loaders.intake import Intake
from loaders.manifest import Manifest, read_manifest
from loaders.meter import Meter, Progress
from loaders.quarantine import FaultList, Faults
from loaders.reading import FileRefused
from loaders.source import HERE, Source, every_source
from loaders.standard import TableWriter


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
    reasons: Faults = field(default_factory=dict)
    reasons_dropped: Faults = field(default_factory=dict)


def check(  # noqa: PLR0913 - every choice of a load, by name
    extracts: Path,
    work: Path,
    *,
    previous: Previous | None = None,
    retire: Collection[str] = frozenset(),
    accept: Collection[str] = frozenset(),
    progress: Progress | None = None,
    restrictions_required: bool = True,
    gates: Collection[str] = frozenset(),
    own_sources: Path | None = None,
    registry: Path = HERE,
) -> CheckResult:
    """Read every source found under `extracts` into standard tables under `work/tables`.

    `own_sources` holds the council's own sources and column maps. `previous` is what the live build was made from: a
    source or file it names must be there again, unless its source is in `retire`, and may not have lost a fifth of its
    rows, unless its source is in `accept`. A gated source is read only where its gate is in `gates`; one whose gate has
    been closed since counts as retired. Raises UsageError, DataRefused (manifest, a source's description) and
    StorageFailed; everything else wrong with the data is in the result.
    """
    manifest = read_manifest(extracts)
    known = every_source(registry, own_sources)
    refuse_unknown_names({*known, *(previous or {})}, retire, accept)
    closed = closed_gates(known.values(), gates)
    work.mkdir(parents=True, exist_ok=True)
    result = CheckResult(manifest, work / "quarantine.csv", work / "dropped.csv")
    retire = {*retire, *closed}
    supplied = Extracts(extracts)
    present = {name: path for name in known if name not in retire and (path := supplied.find(name))}
    result.sources = [state_of(one, manifest.as_at, one.name in present, one.name in closed) for one in known.values()]
    result.notes += [Note(name, "", SWITCHED_OFF, 1) for name in sorted(closed) if supplied.find(name)]
    result.notes += [Note(name, "", "folder ignored: no source has that name", 1) for name in supplied.others(known)]
    folders = list(_folders([(known[name], path) for name, path in present.items()], own_sources, result))
    meter = Meter(progress, sum(folder.size(source.files) for source, folder in folders))
    with FaultList(result.quarantine) as quarantine, FaultList(result.dropped) as dropped:
        for source, folder in folders:
            context = Context(manifest.as_at, manifest.invented, people_file=source.people_file)
            with TableWriter(work / "tables", source.name, manifest.as_at) as writer:
                intake = Intake(source, context, writer, quarantine, dropped, meter)
                intake.load_folder(folder, restrictions_required)
            _finish(intake, result)
    result.reasons, result.reasons_dropped = quarantine.counts, dropped.counts
    refused = {(problem.source, problem.file) for problem in result.problems}
    lost = compare(result.files, previous or {}, retire, accept)
    result.problems.extend(problem for problem in lost if (problem.source, problem.file) not in refused)
    if not present:
        result.problems.append(
            FileProblem("", "", f"{extracts} holds no source. Expected folders: {', '.join(known)}.")
        )
    return result


def _folders(
    present: Iterable[tuple[Source, Path]], own: Path | None, result: CheckResult
) -> Iterator[tuple[Source, SourceFolder]]:
    """Every source with its folder and its column map; one that cannot be looked into becomes a problem."""
    for source, path in present:
        try:
            mapped = read_map([path, own / source.name] if own else [path], source)
            yield source, SourceFolder(path, mapped)
        except FileRefused as refusal:
            result.problems.append(FileProblem(source.name, "", f"{refusal}."))


def _finish(intake: Intake, result: CheckResult) -> None:
    """Correct a source's people and take over what its load found."""
    if "person" in intake.writer.written():
        correct_people(intake.writer.path("person"), intake.context, partial(intake.dropped.add, intake.source.name))
    for table in intake.writer.written():
        result.tables.setdefault(table, []).append(intake.writer.path(table))
    result.files.extend(intake.files)
    result.problems.extend(intake.problems)
    result.notes.extend(intake.notes)
