"""Reading, checking and mapping a folder of extracts to standard tables. Publishes nothing and links nobody."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pyarrow as pa

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
from loaders.retention import retain
from loaders.source import HERE, Keep, Source, every_source
from loaders.standard import TableWriter
from loaders.unread import TRACES, refusal, traces


@dataclass(slots=True)
class CheckResult:
    """All that is known of a set of extracts. Any problem means that nothing may be published from them.

    `expired` counts the rows that are past their time, by source and standard table; `expired_restricted` are the
    person rows of those among them who are restricted. `unread` is by what people may be known whose restriction may
    stand on a row that could not be loaded.
    """

    manifest: Manifest
    quarantine: Path
    dropped: Path
    files: list[FileReport] = field(default_factory=list)
    sources: list[SourceState] = field(default_factory=list)
    tables: dict[str, list[Path]] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    expired: dict[str, dict[str, int]] = field(default_factory=dict)
    expired_restricted: list[pa.Table] = field(default_factory=list)
    unread: pa.Table = field(default_factory=TRACES.empty_table)
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
    keep_everything: bool = False,
    gates: Collection[str] = frozenset(),
    own_sources: Path | None = None,
    registry: Path = HERE,
) -> CheckResult:
    """Read every source found under `extracts` into standard tables under `work/tables`.

    `own_sources` holds the council's own sources and column maps. `previous` is what the live build was made from: a
    source or file it names must be there again, unless its source is in `retire`, and may not have lost a fifth of its
    rows, unless its source is in `accept`. A gated source is read only where its gate is in `gates`; one whose gate has
    been closed since counts as retired. `keep_everything` also keeps rows past their time: to look at what a mapping
    makes, never to publish. Raises UsageError, DataRefused (manifest, a source's description) and
    StorageFailed; everything else wrong with the data is in the result.
    """
    manifest = read_manifest(extracts)
    known = every_source(registry, own_sources)
    refuse_unknown_names({*known, *(previous or {})}, retire, accept)
    closed = closed_gates(known.values(), gates)
    work.mkdir(parents=True, exist_ok=True)
    result = CheckResult(manifest, work / "quarantine.csv", work / "dropped.csv")
    present = _supplied(extracts, known, {*retire, *closed}, closed, result)
    folders = list(_folders([(known[name], path) for name, path in present.items()], own_sources, result))
    meter = Meter(progress, sum(folder.size(source.files) for source, folder in folders))
    with FaultList(result.quarantine) as quarantine, FaultList(result.dropped) as dropped:
        for source, folder in folders:
            context = Context(manifest.as_at, manifest.invented, people_file=source.people_file)
            with TableWriter(work / "tables", source.name, manifest.as_at) as writer:
                intake = Intake(source, context, writer, quarantine, dropped, meter)
                intake.load_folder(folder, restrictions_required)
            _finish(intake, result, keep_everything)
            _doubt(intake, source.name in accept, result)
    result.reasons, result.reasons_dropped = quarantine.counts, dropped.counts
    refused = {(problem.source, problem.file) for problem in result.problems}
    lost = compare(result.files, previous or {}, {*retire, *closed}, accept)
    result.problems.extend(problem for problem in lost if (problem.source, problem.file) not in refused)
    return result


def _supplied(
    extracts: Path, known: Mapping[str, Source], retire: Collection[str], closed: Collection[str], result: CheckResult
) -> dict[str, Path]:
    """What is supplied of each source that is to be read. Tells of every source whether it is, and of what else lies
    there.
    """
    supplied = Extracts(extracts)
    present = {name: path for name in known if name not in retire and (path := supplied.find(name))}
    as_at = result.manifest.as_at
    result.sources = [state_of(one, as_at, one.name in present, one.name in closed) for one in known.values()]
    result.notes += [Note(name, "", SWITCHED_OFF, 1) for name in sorted(closed) if supplied.find(name)]
    result.notes += [Note(name, "", "folder ignored: no source has that name", 1) for name in supplied.others(known)]
    if not present:
        message = f"{extracts} holds no source. Expected folders: {', '.join(known)}."
        result.problems.append(FileProblem("", "", message))
    return present


def _folders(
    present: Iterable[tuple[Source, Path]], own: Path | None, result: CheckResult
) -> Iterator[tuple[Source, SourceFolder]]:
    """Every source with its folder and its column map; one that cannot be looked into becomes a problem."""
    for source, path in present:
        try:
            folder = SourceFolder(path)
            folder.mapped = read_map([path, own / source.name] if own else [path], source)
            yield source, folder
        except FileRefused as refusal:
            result.problems.append(FileProblem(source.name, "", f"{refusal}."))


def _doubt(intake: Intake, accepted: bool, result: CheckResult) -> None:
    """What a refresh hides people by whose restriction may be on a lost row; a problem for lost exclusions."""
    lists = {spec.filename for spec in intake.source.files if spec.people}
    for file, rows in intake.unread.items():
        if file in lists:
            result.unread = pa.concat_tables([result.unread, traces(rows)])
        elif not accepted:
            result.problems.append(FileProblem(intake.source.name, file, f"{refusal(rows, intake.source.name)}."))


def _finish(intake: Intake, result: CheckResult, keep_everything: bool) -> None:
    """Correct a source's people, let go what is past its time, and take over what its load found."""
    if "person" in intake.writer.written():
        correct_people(intake.writer.path("person"), intake.context, partial(intake.dropped.add, intake.source.name))
    source, written = intake.source, intake.writer.written()
    keep = Keep() if keep_everything else source.keep
    expired = retain({table: intake.writer.path(table) for table in written}, keep, intake.context.as_at)
    if expired.rows:
        result.expired[source.name] = expired.rows
        result.expired_restricted.append(expired.restricted)
    for table in written:
        result.tables.setdefault(table, []).append(intake.writer.path(table))
    result.files.extend(intake.files)
    result.problems.extend(intake.problems)
    result.notes.extend(intake.notes)
