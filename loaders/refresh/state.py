"""What earlier refreshes left: builds and databases to sweep away."""

import shutil

from graph.classes import VisibilityClass
from graph.embedded import EngineAddress
from graph.home import DataHome
from graph.settings import Settings
from loaders.refresh.publish import database_name, drop_databases, kept_builds

KEPT_REFUSALS = 5
"""Reports of refused or failed refreshes kept for whoever mends the extracts."""


def sweep(home: DataHome, settings: Settings, address: EngineAddress) -> None:
    """Remove what no reader can need: parts of killed runs, and builds beyond `keep_builds`. Never the live build."""
    kept = set(kept_builds(home, settings.keep_builds))
    left = [folder for folder in sorted(home.builds.iterdir(), reverse=True) if folder.name not in kept]
    drop_databases(settings, address, [database_name(folder.name, v) for folder in left for v in VisibilityClass])
    reported = [folder for folder in left if (folder / "report.json").exists() and not (folder / "build.json").exists()]
    for folder in set(left) - set(reported[:KEPT_REFUSALS]):
        home.discard(folder.name)
    for stray in home.root.glob("refresh-*"):
        if stray.is_dir():
            shutil.rmtree(stray, ignore_errors=True)
