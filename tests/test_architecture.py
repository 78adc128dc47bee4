"""The shape of the house: sizes, names, who imports whom, and what no file may hold.

Each rule is a function from one file to the faults in it, and each is shown a planted fault as well as every file of
the project. The direction of imports between packages is import-linter's (pyproject.toml).
"""

import ast
import hashlib
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
THIS = Path(__file__).relative_to(ROOT).as_posix()

FILE_LINES = 300
TEST_FILE_LINES = 400  # a file of tests is read one test at a time
FUNCTION_LINES = 45
APP_LINES = 80
TOP = {
    ".ci", ".gitignore", "ARCHITECTURE.md", "CHANGELOG.md", "DEVELOPERS.md", "GLOSSARY.md", "LICENSE", "Makefile",
    "README.md", "app.py", "docs", "fixtures", "graph", "loaders", "pyproject.toml", "queries", "requirements-dev.lock",
    "requirements.lock", "tests", "web",
}  # fmt: skip
DRAWERS = {"utils", "util", "misc", "helpers", "helper", "common"}
ADAPTERS = {
    "neo4j": ("graph/bolt.py",),
    "arcadedb_embedded": ("graph/embedded.py",),
    "splink": ("loaders/linkage/",),
    "duckdb": ("loaders/",),
    "pyspark": ("loaders/linkage/on_spark.py",),
    "sqlglot": ("loaders/linkage/spark_words.py",),
    "flask": ("web/", "app.py"),
    "py2neo": ("notebooks/",),
}
ASKERS = ("web/viewer.py", "web/demo.py", "web/server.py")  # the last two ask for nobody in particular
CYPHER = re.compile(r"\b(MATCH|MERGE|CREATE)\s*\(\w*\s*(:\w+|\{|\))|\bUNWIND\s+\$|\bDETACH\s+DELETE\b", re.IGNORECASE)
MACHINE = re.compile(r"(?<![\w.~$}/-])/(?:home|root|Users|work)/\w")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|repo1?\.maven|maven\.org|deb\.debian|crates\.io|proxy\.golang", re.I
)
STEERING = re.compile(r"\.\./shared\b|\bshared/(?:reference|notes|design|hooks)\b")
AMERICAN = re.compile(
    r"behavior|(?<!\.)neighbor|organization|organize|recognize|analyze|catalog(?!ue)|favorite|labeled|labeling"
    r"|modeling|canceled|anonymize|summarize|prioritize",
    re.IGNORECASE,
)
SKIPS = re.compile(r"pytest\.skip\(|mark\.skip|importorskip|mark\.xfail|unittest\.mock|from mock\b")
WORDS = {".py", ".md", ".cypher", ".toml", ".html", ".sql", ""}


@dataclass(frozen=True)
class Source:
    """One file of the project, by its path from the root."""

    path: str
    text: str

    @property
    def python(self) -> bool:
        return self.path.endswith(".py")

    @property
    def test(self) -> bool:
        return self.path.startswith("tests/")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)


def listed() -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in sorted(set(names)) if (ROOT / name).is_file()]


def vendored(path: Path) -> bool:
    return any((folder / "SHA256SUMS").exists() for folder in path.parents if ROOT in folder.parents)


def sources() -> Iterator[Source]:
    """Every text file written here: not vendored ones, lock files or data."""
    for path in listed():
        name = path.relative_to(ROOT).as_posix()
        if vendored(path) or path.suffix in {".lock", ".csv", ".png", ".parquet"} or name == THIS:
            continue
        yield Source(name, path.read_text(encoding="utf-8"))


# --- The rules -------------------------------------------------------------------------------------------------------


def file_size(source: Source) -> Iterator[str]:
    lines = source.text.count("\n")
    limit = APP_LINES - 1 if source.path == "app.py" else TEST_FILE_LINES if source.test else FILE_LINES
    if source.python and lines > limit:
        yield f"{lines} lines; split by job at {limit}"


def function_size(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree) if source.python else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            lines = node.end_lineno - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"line {node.lineno}: {node.name} has {lines} lines; split past {FUNCTION_LINES}"


def says_what_it_is_for(source: Source) -> Iterator[str]:
    if source.python and not ast.get_docstring(source.tree):
        yield "no docstring at the top: what is it for, and what must it not do?"


def no_drawers(source: Source) -> Iterator[str]:
    for part in Path(source.path).with_suffix("").parts:
        if part in DRAWERS:
            yield f"{part} is a drawer, not a job: name it after what it does"


def at_home(source: Source) -> Iterator[str]:
    top = source.path.split("/")[0]
    if top not in TOP:
        yield f"{top} is not one of the project's top-level names"


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.split(".")[0]


def one_adapter(source: Source) -> Iterator[str]:
    if not source.python or source.test:
        return
    for line, library in imported(source.tree):
        if library in ADAPTERS and not source.path.startswith(ADAPTERS[library]):
            yield f"line {line}: only {' and '.join(ADAPTERS[library])} imports {library}"


def asks_as_the_viewer(source: Source) -> Iterator[str]:
    """A page that asked the catalogue itself could forget whom its reader may not see."""
    if not source.path.startswith("web/") or source.path in ASKERS:
        return
    for node in ast.walk(source.tree) if source.python else ():
        if isinstance(node, ast.ImportFrom | ast.Import) and any(
            "queries.catalogue" in (getattr(node, "module", ""), alias.name) for alias in node.names
        ):
            yield f"line {node.lineno}: pages ask through `Viewer.ask`, never the catalogue itself"


def no_cypher(source: Source) -> Iterator[str]:
    if source.path.startswith(("queries/", "graph/", "tests/")):
        return
    if source.path.endswith(".cypher"):
        yield "a query file belongs in queries/"
    for node in ast.walk(source.tree) if source.python else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CYPHER.search(node.value):
            yield f"line {node.lineno}: Cypher belongs in queries/ or graph/"


def found(pattern: re.Pattern[str], message: str) -> Callable[[Source], Iterator[str]]:
    """The rule that no written line matches the pattern."""

    def rule(source: Source) -> Iterator[str]:
        for number, line in enumerate(source.text.splitlines(), 1):
            if match := pattern.search(line):
                yield f"line {number}: {match[0]}: {message}"

    return rule


def british(source: Source) -> Iterator[str]:
    if Path(source.path).suffix in WORDS:
        yield from found(AMERICAN, "British spelling, please")(source)


def no_skips(source: Source) -> Iterator[str]:
    if source.test:
        yield from found(SKIPS, "tests run the real thing or fail")(source)


no_machine = found(MACHINE, "a path of one machine")
no_registry = found(REGISTRY, "no file names a package registry")
no_steering = found(STEERING, "the project holds all that it reads")

RULES: dict[Callable[[Source], Iterator[str]], Source] = {
    file_size: Source("graph/long.py", '"""."""\n' + "x = 1\n" * FILE_LINES),
    function_size: Source("graph/long.py", "def f():\n" + "    x = 1\n" * FUNCTION_LINES),
    says_what_it_is_for: Source("graph/new.py", "x = 1\n"),
    no_drawers: Source("web/helpers.py", ""),
    at_home: Source("scripts/run.py", ""),
    one_adapter: Source("web/views/person.py", "def f():\n    from neo4j import GraphDatabase\n"),
    asks_as_the_viewer: Source("web/caseload.py", "from queries.catalogue import ask\n"),
    no_cypher: Source("web/views/person.py", 'x = f"MATCH (p:Person) RETURN {y}"\n'),
    no_machine: Source("docs/notes.md", "see /home/ana/data"),
    no_registry: Source("docs/notes.md", "from https://" + "pypi.org/simple"),
    no_steering: Source("tests/test_x.py", 'Path("../shared/reference")'),
    british: Source("graph/new.py", "def neighbors() -> None: ..."),
    no_skips: Source("tests/test_x.py", '    pytest.skip("no server")'),
}
MORE_FAULTS = [
    (file_size, Source("app.py", "x = 1\n" * APP_LINES)),
    (file_size, Source("tests/test_x.py", "x = 1\n" * (TEST_FILE_LINES + 1))),
    (no_cypher, Source("loaders/questions.cypher", "RETURN 1")),
    (no_cypher, Source("loaders/x.py", "q = 'unwind $rows as row'")),
    (one_adapter, Source("app.py", "import neo4j\n")),
    (asks_as_the_viewer, Source("web/views/person.py", "def f():\n    import queries.catalogue\n")),
    (one_adapter, Source("loaders/refresh/x.py", "import splink.exploratory\n")),
    (one_adapter, Source("loaders/linkage/score.py", "from pyspark.sql import SparkSession\n")),
    (no_skips, Source("tests/test_x.py", "from unittest.mock import patch")),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.__name__}-{list(RULES).index(rule)}")
def test_every_file_keeps_the_rule(rule: Callable[[Source], Iterator[str]]) -> None:
    faults = [f"{source.path}: {fault}" for source in sources() for fault in rule(source)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("rule", "planted"), [*RULES.items(), *MORE_FAULTS])
def test_a_planted_fault_is_seen(rule: Callable[[Source], Iterator[str]], planted: Source) -> None:
    assert list(rule(planted)) != []


@pytest.mark.parametrize(
    ("rule", "innocent"),
    [
        (no_cypher, Source("web/words.py", 'x = "no match (or more than one) was found"')),
        (no_machine, Source("web/x.py", 'url = "/works/" if x else f"{base}/home/start"')),
        (british, Source("web/x.py", "graph.neighbors(node); catalogue()")),
        (one_adapter, Source("graph/bolt.py", "from neo4j import GraphDatabase")),
        (one_adapter, Source("loaders/linkage/model.py", "import splink")),
    ],
)
def test_what_is_allowed_is_let_through(rule: Callable[[Source], Iterator[str]], innocent: Source) -> None:
    assert list(rule(innocent)) == []


# --- Whole folders ---------------------------------------------------------------------------------------------------


def test_every_package_folder_is_a_package() -> None:
    folders = {path.parent for path in listed() if path.suffix == ".py"} - {ROOT}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def changed(sums: Path) -> list[str]:
    """Files that differ from a SHA256SUMS file, are missing, or stand beside it unlisted."""
    lines = (line.split(maxsplit=1) for line in sums.read_text(encoding="utf-8").splitlines())
    wanted = {file.lstrip("*"): digest for digest, file in lines}
    present = {path.relative_to(sums.parent).as_posix(): path for path in sums.parent.rglob("*") if path.is_file()}
    unlisted = {file for file in present if file not in wanted} - {"SHA256SUMS", "LICENCES.txt"}
    digests = {file: hashlib.sha256(path.read_bytes()).hexdigest() for file, path in present.items()}
    return sorted(unlisted) + sorted(file for file, digest in wanted.items() if digests.get(file) != digest)


def test_vendored_files_are_those_that_were_vendored() -> None:
    folders = [path for path in listed() if path.name == "SHA256SUMS"]
    assert folders
    assert [f"{sums.parent.name}/{file}" for sums in folders for file in changed(sums)] == []


def test_a_changed_vendored_file_is_seen(tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").write_text(f"{hashlib.sha256(b'one').hexdigest()}  a.js\n", encoding="utf-8")
    (tmp_path / "a.js").write_bytes(b"one")
    assert changed(tmp_path / "SHA256SUMS") == []
    (tmp_path / "a.js").write_bytes(b"two")
    (tmp_path / "b.js").write_bytes(b"new")
    assert changed(tmp_path / "SHA256SUMS") == ["b.js", "a.js"]
