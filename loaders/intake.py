"""Loading one source: its files in declared order, each row to quarantine or to the standard tables, none lost."""

import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graph.errors import ExplorerError
from loaders.clean.dates import MONTH_FIRST
from loaders.column_map import FileMap, folded
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow
from loaders.direction import Direction
from loaders.findings import FileProblem, FileReport, Note
from loaders.folder import SourceFolder
from loaders.header import Header, names_of, read_header
from loaders.meter import EVERY_ROWS, Meter
from loaders.opening import Table, open_table
from loaders.quarantine import FaultList
from loaders.reading import Fault, FileRefused, Record
from loaders.shortened import SHORTENED, refuse_shortened
from loaders.source import FileSpec, MapRow, Source
from loaders.standard import NotStandard, TableWriter
from loaders.unread import HIDDEN, NOBODY, Unread, in_doubt, unread
from loaders.watch import FileWatch

FEWEST_TO_JUDGE = 20
"""Rows from which on a file of which more than half is quarantined is refused."""
FEWEST_AMERICAN = 5
"""Dates with the month first from which on a file is refused, where they are also more than one to ten rows: fewer are
slips of the pen.
"""


@dataclass(slots=True)
class Intake:
    """The load of one source and what is known of it so far."""

    source: Source
    context: Context
    writer: TableWriter
    quarantine: FaultList
    dropped: FaultList
    meter: Meter
    files: list[FileReport] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    unread: dict[str, list[Unread]] = field(default_factory=dict)
    """Rows by file that could not be loaded and may restrict somebody."""

    def load_folder(self, folder: SourceFolder, restrictions_required: bool) -> None:
        """Load every file of the source that is in its folder. A required file that is missing becomes a problem."""
        specs = [spec if restrictions_required else spec.without_restrictions() for spec in self.source.files]
        self.context.people_file_present = any(spec.people and folder.find(spec) for spec in specs)
        for spec in specs:
            path, mapped = folder.find(spec), folder.map_of(spec)
            if path is not None:
                self.load(spec, path, mapped)
            elif spec.required or mapped.file:
                named = f" as {mapped.file!r}, or mend the column map" if mapped.file else ""
                self.refuse(spec.filename, f"the file is missing. Add it to the extract{named}{_because(spec)}")
        self._finish()
        if not self.files and not self.problems:
            names = ", ".join(spec.name for spec in specs)
            self.refuse("", f"its folder holds no file of this source. Expected: {names}. Add one or remove the folder")
        unread = folder.unread(specs)
        if unread:
            self.notes.append(Note(self.source.name, "", "files ignored: no source.toml names them", unread))

    def _finish(self) -> None:
        """Add the rows that could be made only now, each under the line it says it comes from."""
        self.context.file = ""
        try:
            for table, standard in _made(self.source.finish, self.context) if self.source.finish else ():
                self.writer.add(table, standard, str(standard["source_row"]))
            self.writer.flush()
        except (FileRefused, NotStandard) as refusal:
            self.refuse("", str(refusal))
        self._tell_notes()
        self.flush_dropped()

    def load(self, spec: FileSpec, path: Path, mapped: FileMap) -> None:
        """Load one file. A file that cannot be read becomes a problem, with as many rows as could be counted."""
        rows = 0
        tally = _Tally()
        self.context.file = spec.filename
        try:
            table = open_table(path, names_of(spec, mapped), spec.name, folded(mapped.theirs(spec.tail)))
            self.meter.begin(f"{self.source.name}/{spec.filename}", path)
            self.notes.extend(Note(self.source.name, spec.filename, note, 1) for note in table.notes)
            rows = table.survey()
            self._rows(spec, table, mapped, rows, tally)
            if tally.loaded + tally.quarantined != rows:
                raise FileRefused(
                    "two ways of counting its rows disagree: quote marks are broken. Ask for the extract again"
                )
            self._judge(spec, rows, tally)
            self.writer.flush()
        except (FileRefused, NotStandard) as refusal:
            self.refuse(spec.filename, str(refusal))
            self.context.people_file_present &= not spec.people
            tally.quarantined = rows - tally.loaded
        self._close(spec, rows, tally)

    def refuse(self, file: str, message: str) -> None:
        """Record a problem that stops the publish."""
        self.problems.append(FileProblem(self.source.name, file, f"{message}."))

    def _rows(self, spec: FileSpec, table: Table, mapped: FileMap, rows: int, tally: "_Tally") -> None:
        stream = table.records()
        first = next(stream, None)
        if first is None:
            raise FileRefused("the file is empty. Ask for the extract again")
        header = read_header(first, spec, mapped)
        if header.ignored:
            self.notes.append(
                Note(self.source.name, spec.filename, "columns ignored: nobody asked for them", header.ignored)
            )
        tally.watch = FileWatch(header.found)
        load = self._loader(spec, header, tally.watch)
        for record in stream:
            if isinstance(record, Fault):
                self._quarantine(spec, record.line, "", record.reason, tally)
                self._suspect(spec, header, record.line, record.cells)
            elif reason := header.no_row(record.cells):
                self._quarantine(spec, record.line, "", reason, tally)
                tally.nobody += 1
            else:
                self._row(spec, header, record, load, tally)
            if (tally.loaded + tally.quarantined) % EVERY_ROWS == 0:
                self.meter.at(tally.loaded + tally.quarantined, rows)

    def _row(
        self, spec: FileSpec, header: Header, record: Record, load: Callable[[Row], None], tally: "_Tally"
    ) -> None:
        self.context.line = record.line
        try:
            row = header.row(record.cells)
            if record.exponent:
                refuse_shortened(row, spec, self.context)
            load(row)
            tally.loaded += 1
        except RowRejected as fault:
            if fault.column in spec.codes:
                self.context.unknown_code(fault.column, row[fault.column])
            self._quarantine(spec, record.line, fault.column, fault.reason, tally)
            if spec.people and row[spec.key or ""] not in self.context.restrict_later:
                self._suspect(spec, header, record.line, record.cells)

    def _loader(self, spec: FileSpec, header: Header, watch: FileWatch) -> Callable[[Row], None]:
        """The steps for one row of this file: its key is new, it maps, its standard rows are kept."""
        mapping: MapRow = self.source.mapping[spec.name]
        context, add, filename, key = self.context, self.writer.add, spec.filename, spec.key or ""
        keyed = key in header.found
        seen: set[str] = set()

        def load(row: Row) -> None:
            watch.row(row)
            if keyed:
                _refuse_used_key(spec, row, seen, context)
            made = _made(mapping, row, context)
            if keyed:
                seen.add(row[key])
            where = f"{filename}:{context.line}"
            try:
                for table, standard in made:
                    add(table, standard, where)
                    watch.made(standard)
            except (TypeError, ValueError, AttributeError) as failure:
                raise FileRefused(_told(failure, context)) from failure

        return load

    def _quarantine(self, spec: FileSpec, line: int, column: str, reason: str, tally: "_Tally") -> None:
        tally.quarantined += 1
        self.context.month_first += reason == MONTH_FIRST
        self.quarantine.add(self.source.name, spec.filename, line, column, reason)

    def _suspect(self, spec: FileSpec, header: Header, line: int, cells: Sequence[str]) -> None:
        """Keep a lost row that may restrict somebody."""
        if in_doubt(spec, header.places, header.width, cells):
            self.unread.setdefault(spec.filename, []).append(unread(line, cells))

    def _judge(self, spec: FileSpec, rows: int, tally: "_Tally") -> None:
        if rows < spec.min_rows:
            raise FileRefused(
                f"it holds {rows} rows, and at least {spec.min_rows} are expected. Ask for the extract again"
            )
        if rows > spec.max_rows:
            raise FileRefused(f"it holds {rows} rows, more than the {spec.max_rows} expected. See source.toml")
        if self.context.direction.reversed:
            wrong, pairs = self.context.direction.wrong, self.context.direction.pairs
            raise FileRefused(
                f"its relationships are the wrong way round: "
                f"in {wrong} of {pairs} dated parent pairs the parent is younger. "
                "Nothing was published; ask the supplier how direction is stated"
            )
        shortened = self.context.notes[spec.filename, SHORTENED]
        if shortened * 2 > rows:
            raise FileRefused(f"{SHORTENED}, in {shortened} of its {rows} rows")
        american = self.context.month_first
        if american >= FEWEST_AMERICAN and american * 10 > rows:
            raise FileRefused(
                f"{american} of its dates can only be right with the month before the day, so the others may be wrong "
                "unseen. Export dates as year-month-day"
            )
        meant, lost = rows - tally.nobody, tally.quarantined - tally.nobody
        if meant == 0:
            return
        if tally.loaded == 0 or (meant >= FEWEST_TO_JUDGE and lost * 2 > meant):
            raise FileRefused(f"{lost} of its {meant} rows could not be loaded. See the quarantine list")
        if spec.restriction_columns and self.context.unsaid == tally.loaded:
            raise FileRefused(
                "it says of nobody whether they are restricted. Ask for the restriction columns to be filled"
            )

    def _close(self, spec: FileSpec, rows: int, tally: "_Tally") -> None:
        context = self.context
        self.meter.at(1, 1)
        facts = tally.watch.facts(spec.codes, context.unknown, context.checked())
        self.files.append(FileReport(self.source.name, spec.filename, rows, tally.loaded, tally.quarantined, facts))
        if context.direction.too_young:
            context.notes[spec.filename, "a parent or grandparent is younger than their code allows"] += (
                context.direction.too_young
            )
        if found := self.unread.get(spec.filename):
            known = sum(row.tells_of_somebody for row in found)
            counts = Counter({(spec.filename, HIDDEN): known, (spec.filename, NOBODY): len(found) - known})
            context.notes += counts  # only what is there
        if context.unsaid:
            context.notes[spec.filename, "restriction not said: treated as restricted"] += context.unsaid
        context.direction, context.unsaid, context.month_first = Direction(), 0, 0
        context.unknown.clear()
        context.checks.clear()
        self._tell_notes()
        self.flush_dropped()

    def _tell_notes(self) -> None:
        """Take over what was counted since the last time."""
        notes = self.context.notes
        self.notes.extend(Note(self.source.name, file, message, n) for (file, message), n in notes.items())
        notes.clear()

    def flush_dropped(self) -> None:
        """Write out the values dropped so far."""
        for fault in self.context.dropped:
            self.dropped.add(self.source.name, fault.file, fault.line, fault.column, fault.reason)
        self.context.dropped.clear()


@dataclass(slots=True)
class _Tally:
    loaded: int = 0
    quarantined: int = 0
    nobody: int = 0
    watch: FileWatch = field(default_factory=lambda: FileWatch(()))


def _made(mapping: Callable[..., Iterable[tuple[str, StandardRow]]], *given: object) -> list[tuple[str, StandardRow]]:
    """What a mapping makes. Raises FileRefused where it fails in any way but by rejecting the row: the kind of failure
    and its place, never its message, which may hold a value.
    """
    try:
        return list(mapping(*given))
    except (RowRejected, FileRefused, ExplorerError):
        raise
    except Exception as failure:
        raise FileRefused(_told(failure, given[-1])) from failure


def _told(failure: Exception, context: object) -> str:
    frames = traceback.extract_tb(failure.__traceback__)
    place = next((frame.lineno for frame in reversed(frames) if frame.filename.endswith("mapping.py")), None)
    said = f"line {place} of mapping.py" if place else "mapping.py"
    where = f" on line {context.line}" if isinstance(context, Context) and context.file else ""
    return f"{said} fails{where} with {type(failure).__name__}. Mend it; a row it cannot take is a RowRejected"


def _because(spec: FileSpec) -> str:
    return f": {spec.why_required}" if spec.why_required else ""


def _refuse_used_key(spec: FileSpec, row: Row, seen: set[str], context: Context) -> None:
    """Raise RowRejected for a row without an id, or with one met before. A restriction on such a row still counts."""
    value = row[spec.key or ""]
    if value in NO_KEY:
        raise RowRejected(spec.key or "", "no id")
    if value not in seen:
        return
    said = tuple(column for column in spec.restriction_columns if column in row)
    if spec.people and said:
        restricted, kind = context.restriction(row, said)
        if restricted and kind:
            context.restrict_later[value] = kind
    raise RowRejected(spec.key or "", "the same id stands on an earlier line")
