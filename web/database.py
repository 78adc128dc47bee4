"""The small database beside the graph: accounts and sessions, in `FNX_DATA/web.sqlite`.

It never holds a fact about a child; a session may hold what its user last searched for, and ends with the session.
"""

import os
from contextlib import suppress
from functools import cache
from pathlib import Path

from sqlalchemy import (
    Column,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    inspect,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateColumn

from graph.sqlite import owner_only_database

metadata = MetaData()

users = Table(
    "users",
    metadata,
    Column("username", String(64), primary_key=True),
    Column("display_name", String(100), nullable=False),
    Column("role", String(32), nullable=False),
    Column("worker_ids", String, nullable=False, default="[]"),
    Column("password_hash", String(200), nullable=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("locked_until", Float, nullable=False, default=0.0),
    Column("email", String(254), nullable=False, server_default=""),
)

sessions = Table(
    "sessions",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("expires", Float, nullable=False, index=True),
)


def database(data: Path) -> Engine:
    """The database of a data folder, one per process (a connection must not cross a fork)."""
    return _opened(data, os.getpid())


@cache
def _opened(data: Path, process: int) -> Engine:
    engine = owner_only_database(data, "web.sqlite", synchronous="NORMAL")
    metadata.create_all(engine)
    _complete(engine)
    return engine


def _complete(engine: Engine) -> None:
    """Add the columns that a database made by an earlier version lacks. Another process may be adding them too."""
    known = {str(column["name"]) for column in inspect(engine).get_columns(users.name)}
    for column in users.columns:
        if column.name not in known:
            with suppress(OperationalError), engine.begin() as connection:
                connection.execute(text(f"ALTER TABLE {users.name} ADD COLUMN {CreateColumn(column).compile(engine)}"))
