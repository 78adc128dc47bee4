"""The nightly refresh from end to end: read, check, link, build, verify, publish.

All or nothing: until the pointer moves readers have the old graphs, and a run that fails or is killed leaves them so.
"""

import secrets
import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv

from graph.classes import VisibilityClass
from graph.embedded import EngineAddress, attached_or_started
from graph.errors import DataRefused, ExplorerError, StorageFailed, UsageError
from graph.home import DataHome, new_build_id, owner_only_files, write_json
from graph.settings import Settings
from loaders.check import CheckResult, check
from loaders.compare import previous_counts
from loaders.linkage import Linked
from loaders.refresh import classes, inputs, publish, restrictions
from loaders.refresh.exclusions import write_exclusions
from loaders.refresh.left_out import left_out
from loaders.refresh.linked import PEOPLE_FILE, keep_for_later, link_tonight
from loaders.refresh.progress import Progress
from loaders.refresh.report import Report
from loaders.refresh.state import sweep


def refresh(
    extracts: Path,
    settings: Settings,
    *,
    retire: Collection[str] = (),
    accept: Collection[str] = (),
    progress: Progress | None = None,
) -> Report:
    """Publish a new build of the graphs from a folder of extracts, and report it.

    Raises DataRefused (extracts that must not be published), AlreadyRunning, EngineDown, StorageFailed or UsageError;
    after any of them the live build is the one it was.
    """
    if not settings.embedded:
        raise UsageError("Publishing to a Neo4j server is not offered yet. Unset FNX_GRAPH_URL and refresh again.")
    home = DataHome(settings.data)
    home.prepare()
    with owner_only_files(), home.refreshing(), attached_or_started(settings.data, settings.engine_heap_mb) as address:
        sweep(home, settings, address)
        report = Report(build=new_build_id())
        run = _Run(home, settings, address, report, progress or Progress())
        try:
            return run.publish(extracts, retire=frozenset(retire), accept=frozenset(accept))
        except OSError as error:
            raise StorageFailed(
                f"Writing the build failed: {error.strerror or 'input or output error'}. The live graph is as it was; "
                "free some space or mend the disk, then refresh again."
            ) from error


class _Run:
    """One refresh under way: where it works and what it has counted."""

    def __init__(
        self, home: DataHome, settings: Settings, address: EngineAddress, report: Report, progress: Progress
    ) -> None:
        self.home, self.settings, self.address, self.report, self.progress = home, settings, address, report, progress
        self.folder = home.build(report.build)
        self.live = home.live()

    def publish(self, extracts: Path, *, retire: frozenset[str], accept: frozenset[str]) -> Report:
        self.folder.mkdir()
        work = Path(tempfile.mkdtemp(prefix="refresh-", dir=self.home.root))
        try:
            checked = self._check(extracts, work, retire, accept)
            linked = self._link(checked)
            connection = self._tables(checked, linked, work)
            with connection:
                self._classes(connection, checked)
                self._point(connection, checked, linked)
        except ExplorerError:
            self._leave_report()
            raise
        finally:
            shutil.rmtree(work, ignore_errors=True)
        sweep(self.home, self.settings, self.address)
        return self.report

    def _check(self, extracts: Path, work: Path, retire: frozenset[str], accept: frozenset[str]) -> CheckResult:
        with self.report.stage("read"), self.progress.stage("Reading and checking the extracts"):
            checked = check(
                extracts,
                work,
                previous=previous_counts(self.live),
                retire=retire,
                accept=accept,
                gates=self.settings.open_gates,
                own_sources=self.settings.sources,
                progress=self.progress.advance,
            )
        self.report.as_at, self.report.invented = checked.manifest.as_at.isoformat(), checked.manifest.invented
        self.report.files = [
            {"source": f.source, "file": f.file, "rows": f.rows, "loaded": f.loaded, "quarantined": f.quarantined}
            for f in checked.files
        ]
        self.report.expired = checked.expired
        self.report.problems = [{"source": p.source, "file": p.file, "message": p.message} for p in checked.problems]
        shutil.copy(checked.quarantine, self.folder / "quarantine.csv")
        shutil.copy(checked.dropped, self.folder / "dropped.csv")
        if checked.problems:
            self.report.status = "refused"
            raise DataRefused(
                "These extracts cannot be published; the live graph is as it was:\n"
                + "\n".join(f"  {p.source}/{p.file}: {p.message}" for p in checked.problems)
            )
        return checked

    def _link(self, checked: CheckResult) -> Linked:
        with self.report.stage("link"), self.progress.stage("Linking records to people"):
            linked = link_tonight(checked, self.home, self.live, self.progress.advance)
        self.report.linkage = linked.report
        return linked

    def _tables(self, checked: CheckResult, linked: Linked, work: Path) -> duckdb.DuckDBPyConnection:
        with self.report.stage("tables"), self.progress.stage("Building the family tables"):
            connection = inputs.open_tables(checked.tables, work)
            inputs.add_clusters(connection, linked.clusters, linked.pairs, linked.decided)
            inputs.add_reference(connection, [state.as_json() for state in checked.sources], self.settings.cms)
            inputs.add_place_keys(connection)
            memory = restrictions.with_expired(restrictions.recall(self.live), checked.expired_restricted)
            restrictions.mark_shielded(connection, memory, checked.unread)
            classes.prepare(connection, self._address_secret())
            self.report.restricted_records = dict(restrictions.kinds(connection))
            self.report.notes = [
                {"source": one.source, "message": one.message, "count": one.count} for one in left_out(connection)
            ]
            for name, query in _TOTALS.items():
                setattr(self.report, name, connection.execute(query).fetchone()[0])  # type: ignore[index]
        return connection

    def _classes(self, connection: duckdb.DuckDBPyConnection, checked: CheckResult) -> None:
        titles = {state.source: state.title for state in checked.sources}
        target = publish.Target(self.settings, self.address, self.report.build, self.folder)
        for visibility in VisibilityClass:
            with self.report.stage(f"build {visibility}"), self.progress.stage(f"Building the {visibility} graph"):
                self.report.classes[visibility] = publish.load_class(connection, visibility, target, titles)

    def _point(self, connection: duckdb.DuckDBPyConnection, checked: CheckResult, linked: Linked) -> None:
        with self.report.stage("publish"), self.progress.stage("Verifying and publishing"):
            build, folder = self.report.build, self.folder
            kept = [build, *publish.kept_builds(self.home, self.settings.keep_builds)]
            databases = {v: [publish.database_name(one, v) for one in kept] for v in VisibilityClass}
            publish.open_to_readers(self.settings, self.address, databases)
            restrictions.write_memory(folder, restrictions.remembered(connection))
            write_exclusions(folder, connection)
            _write_people(folder / PEOPLE_FILE, linked.clusters)
            keep_for_later(linked, self.home, folder)
            write_json(folder / "sources.json", [state.as_json() for state in checked.sources])
            write_json(
                folder / "build.json",
                {
                    "build": build,
                    "as_at": self.report.as_at,
                    "databases": {v: names[0] for v, names in databases.items()},
                },
            )
        self.report.status = "published"
        write_json(folder / "report.json", self.report.as_json())
        self.home.point_live_at(build)

    def _leave_report(self) -> None:
        """A build that was not published keeps its report, for whoever must mend the extracts."""
        self.report.status = "refused" if self.report.status == "refused" else "failed"
        (self.folder / "build.json").unlink(missing_ok=True)
        write_json(self.folder / "report.json", self.report.as_json())

    def _address_secret(self) -> str:
        file = self.home.root / "address.key"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_hex(32), encoding="ascii")
        return file.read_text(encoding="ascii")


_TOTALS = {
    "people": 'SELECT count(DISTINCT person_id) FROM "full".record',
    "links": 'SELECT count(*) FROM "full".link',
    "shielded": "SELECT count(*) FROM shielded",
}


def _write_people(file: Path, clusters: pa.Table) -> None:
    table = clusters.select(["source", "record_id", "person_id"]).sort_by(
        [("source", "ascending"), ("record_id", "ascending")]
    )
    pa_csv.write_csv(table, file)
    file.chmod(0o600)
