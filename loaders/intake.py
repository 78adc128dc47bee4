"""Loading one source: its files in declared order, each row to quarantine or to the standard tables, none lost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from loaders.context import NO_KEY, Context, Row, RowRejected
from loaders.direction import Direction
from loaders.findings import FileProblem, FileReport, Note
from loaders.header import Header, read_header
from loaders.meter import EVERY_ROWS, Meter
from loaders.quarantine import FaultList
from loaders.reading import Fault, FileRefused, records, survey
from loaders.source import FileSpec, MapRow, Source
from loaders.standard import TableWriter

FEWEST_TO_JUDGE = 20
"""Rows from which on a file of which more than half is quarantined is refused."""


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

    def load_folder(self, folder: Path, restrictions_required: bool) -> None:
        """Load every file of the source that is in its folder. A required file that is missing becomes a problem."""
        present = {path.name for path in folder.iterdir()}
        specs = [spec if restrictions_required else spec.without_restrictions() for spec in self.source.files]
        self.context.people_file_present = f"{self.context.people_file}.csv" in present
        for spec in specs:
            if spec.filename in present:
                self.load(spec, folder / spec.filename)
            elif spec.required:
                self.refuse(spec.filename, f"the file is missing. Add it to the extract{_because(spec)}")
        self._finish()
        unknown = len(present - {spec.filename for spec in specs})
        if unknown:
            self.notes.append(Note(self.source.name, "", "files ignored: no source.toml names them", unknown))

    def _finish(self) -> None:
        """Add the rows that could be made only now, each under the line it says it comes from."""
        self.context.file = ""
        for table, standard in self.source.finish(self.context) if self.source.finish else ():
            self.writer.add(table, standard, str(standard["source_row"]))
        self._tell_notes()

    def load(self, spec: FileSpec, path: Path) -> None:
        """Load one file. A file that cannot be read becomes a problem, with as many rows as could be counted."""
        rows = 0
        tally = _Tally()
        self.context.file = spec.filename
        try:
            if not path.is_file():
                raise FileRefused("it is not a file. Replace it with the extract")
            self.meter.begin(f"{self.source.name}/{spec.filename}", path)
            rows = survey(path)
            self._rows(spec, path, rows, tally)
            if tally.loaded + tally.quarantined != rows:
                raise FileRefused(
                    "two ways of counting its rows disagree: quote marks are broken. Ask for the extract again"
                )
            self._judge(spec, rows, tally)
        except FileRefused as refusal:
            self.refuse(spec.filename, str(refusal))
            self.context.people_file_present &= not spec.people
            tally.quarantined = rows - tally.loaded
        self._close(spec, rows, tally)

    def refuse(self, file: str, message: str) -> None:
        """Record a problem that stops the publish."""
        self.problems.append(FileProblem(self.source.name, file, f"{message}."))

    def _rows(self, spec: FileSpec, path: Path, rows: int, tally: "_Tally") -> None:
        stream = records(path)
        first = next(stream, None)
        if first is None:
            raise FileRefused("the file is empty. Ask for the extract again")
        header = read_header(first, spec)
        if header.ignored:
            self.notes.append(
                Note(self.source.name, spec.filename, "columns ignored: nobody asked for them", header.ignored)
            )
        load = self._loader(spec, header)
        for record in stream:
            if isinstance(record, Fault):
                self._quarantine(spec, record.line, "", record.reason, tally)
            else:
                self.context.line = record.line
                try:
                    load(header.row(record.cells))
                    tally.loaded += 1
                except RowRejected as fault:
                    self._quarantine(spec, record.line, fault.column, fault.reason, tally)
            if (tally.loaded + tally.quarantined) % EVERY_ROWS == 0:
                self.meter.at(tally.loaded + tally.quarantined, rows)

    def _loader(self, spec: FileSpec, header: Header) -> Callable[[Row], None]:
        """The steps for one row of this file: its key is new, it maps, its standard rows are kept."""
        mapping: MapRow = self.source.mapping[spec.name]
        context, add, filename, key = self.context, self.writer.add, spec.filename, spec.key or ""
        keyed = key in header.found
        seen: set[str] = set()

        def load(row: Row) -> None:
            if keyed:
                _refuse_used_key(spec, row, seen, context)
            made = list(mapping(row, context))
            if keyed:
                seen.add(row[key])
            where = f"{filename}:{context.line}"
            for table, standard in made:
                add(table, standard, where)

        return load

    def _quarantine(self, spec: FileSpec, line: int, column: str, reason: str, tally: "_Tally") -> None:
        tally.quarantined += 1
        self.quarantine.add(self.source.name, spec.filename, line, column, reason)

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
        if tally.loaded == 0 or (rows >= FEWEST_TO_JUDGE and tally.quarantined * 2 > rows):
            raise FileRefused(f"{tally.quarantined} of its {rows} rows could not be loaded. See the quarantine list")
        if spec.restriction_columns and self.context.unsaid == tally.loaded:
            raise FileRefused(
                "it says of nobody whether they are restricted. Ask for the restriction columns to be filled"
            )

    def _close(self, spec: FileSpec, rows: int, tally: "_Tally") -> None:
        context = self.context
        self.meter.at(1, 1)
        self.files.append(FileReport(self.source.name, spec.filename, rows, tally.loaded, tally.quarantined))
        if context.direction.too_young:
            context.notes[spec.filename, "a parent or grandparent is younger than their code allows"] += (
                context.direction.too_young
            )
        if context.unsaid:
            context.notes[spec.filename, "restriction not said: treated as restricted"] += context.unsaid
        context.direction, context.unsaid = Direction(), 0
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


def _because(spec: FileSpec) -> str:
    return f": {spec.why_required}" if spec.why_required else ""


def _refuse_used_key(spec: FileSpec, row: Row, seen: set[str], context: Context) -> None:
    """Raise RowRejected for a row without an id, or with one met before. A restriction on such a row still counts."""
    value = row[spec.key or ""]
    if value in NO_KEY:
        raise RowRejected(spec.key or "", "no id")
    if value not in seen:
        return
    if spec.people and spec.restriction_columns:
        restricted, kind = context.restriction(row, spec.restriction_columns)
        if restricted and kind:
            context.restrict_later[value] = kind
    raise RowRejected(spec.key or "", "the same id stands on an earlier line")
