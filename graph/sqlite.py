"""Small SQLite databases beside the graph, each in a file only its owner can read. Knows no table."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event

from graph.errors import StorageFailed
from graph.home import DataHome


def owner_only_database(data: Path, name: str, *, synchronous: str) -> Engine:
    """The database of that file name in a data folder, made where there is none.

    A connection must not cross a fork: keep one engine per process. `synchronous` is SQLite's: FULL has every change on
    disk before anybody is told of it, NORMAL may lose the last ones with the power. Raises StorageFailed.
    """
    DataHome(data).prepare()
    path = data / name
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StorageFailed(f"{path} cannot be used ({error.strerror}).") from error

    def settle(connection: Any, record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.close()

    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 5})
    event.listen(engine, "connect", settle)
    return engine
