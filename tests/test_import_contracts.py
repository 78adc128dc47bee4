"""The import contracts of pyproject.toml hold, and each of them can fail."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("graph", "queries", "loaders", "web")
PLANTED = {
    "web/views/health.py": "import loaders\nimport graph.embedded\nimport web.views.search\nimport duckdb\n",
    "loaders/tables.py": "import queries\nimport flask\nimport splink\nimport py2neo\nimport pyspark\n",
    "loaders/sources/lcs/mapping.py": "import loaders.sources.mosaic.mapping\n",
    "graph/classes.py": "import neo4j\nimport arcadedb_embedded\n",
}
"""Imports that break every contract between them."""


def verdicts(folder: Path) -> dict[str, str]:
    """KEPT or BROKEN for each contract, by its name."""
    linter = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    command = [str(linter), "--no-cache"]
    done = subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True, text=True)
    return dict(re.findall(r"^(\w.*?) (KEPT|BROKEN)\b", done.stdout, re.MULTILINE))


def contracts() -> set[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}


def test_every_contract_is_kept() -> None:
    assert verdicts(ROOT) == dict.fromkeys(contracts(), "KEPT")


def test_every_contract_can_be_broken(tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, imports in PLANTED.items():
        with (tmp_path / file).open("a", encoding="utf-8") as module:
            module.write(f"\n{imports}")
    assert verdicts(tmp_path) == dict.fromkeys(contracts(), "BROKEN")
