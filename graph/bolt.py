"""The one store: questions put to ArcadeDB or Neo4j over Bolt by the official driver, with limits and typed errors.

Nothing else may import the driver. No error or log line from here holds a parameter's value, a row or an engine's own
words, because those can hold a person's record. The text of a query always comes from us; what varies is a parameter.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import neo4j
from neo4j.exceptions import AuthError, ConfigurationError, DriverError, Neo4jError

from graph.bolt_watch import Call, Watch
from graph.errors import EngineDown, ExplorerError, QueryRefused, QueryTimedOut, UsageError

SILENCE = 1.0
"""Seconds past a query's own limit after which an engine that says nothing is given up."""

_DRIVER_SETTINGS: Mapping[str, Any] = {
    "connection_timeout": 2,
    "connection_acquisition_timeout": 3,
    "max_transaction_retry_time": 1,
    "notifications_min_severity": "OFF",
    "telemetry_disabled": True,
    "user_agent": "family-network-explorer",
}
"""The driver's own defaults let a page hang for 60 to 121 s (measured with a refusing and with a silent server)."""

# The driver logs every parameter at DEBUG: whatever the program's own logging is set to, nothing of it is passed on.
_driver_log = logging.getLogger("neo4j")
_driver_log.setLevel(logging.CRITICAL)
_driver_log.propagate = False

_TRIES, _AGAIN_AFTER, _AGAIN_WITHIN = 3, 0.1, 1.0
"""What failed at once (within 1 s) and may pass is tried again, after 0.1 s, three times in all."""

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user of the engine. The password is never printed."""

    user: str
    password: str = field(repr=False)


class Rows(list[dict[str, object]]):
    """Answer rows in order. `truncated` says that the engine held more than the cap allowed."""

    truncated: bool = False


class Store:
    """One engine, as one user. Safe to share between threads, and to carry through a fork."""

    def __init__(self, url: str, credentials: Credentials) -> None:
        self.url = url
        self._credentials = credentials
        self._guard = threading.Lock()
        self._line: _Line | None = None
        self._inherited: list[_Line] = []

    def verify(self) -> None:
        """Prove that the engine answers and knows the user. Raises EngineDown."""
        self._ask(lambda driver, _: driver.verify_connectivity(), seconds=5.0)

    def read(self, database: str, text: str, parameters: Mapping[str, object], *, seconds: float, rows: int) -> Rows:
        """The answer's first `rows` rows; dates come as `datetime.date`.

        Raises QueryTimedOut past `seconds`, QueryRefused for a mistake or a missing right, EngineDown otherwise. A
        connection that died while it was idle is replaced, without the caller noticing.
        """

        def ask(driver: neo4j.Driver, call: Call) -> Rows:
            with driver.session(
                database=database, default_access_mode=neo4j.READ_ACCESS, fetch_size=rows + 1
            ) as session:
                call.sever = partial(_sever, session)
                return _capped(session.run(neo4j.Query(text, timeout=seconds), dict(parameters)), rows)

        return self._ask(ask, seconds, again=True)

    def write(self, database: str, text: str, parameters: Mapping[str, object], *, seconds: float = 600.0) -> Rows:
        """Run a statement that changes the graph and return all its rows. Never tried twice. Raises as `read` does."""

        def change(driver: neo4j.Driver, call: Call) -> Rows:
            with driver.session(database=database) as session:
                call.sever = partial(_sever, session)
                return _capped(session.run(neo4j.Query(text, timeout=seconds), dict(parameters)), None)

        return self._ask(change, seconds)

    def rehearse(self, database: str, steps: Sequence[tuple[str, Mapping[str, object]]]) -> list[Rows]:
        """Run statements (text, parameters) in one transaction, undo all of it, and return each one's rows.

        Raises as `read` does, QueryRefused where the user may not do one of them.
        """

        def attempt(driver: neo4j.Driver, call: Call) -> list[Rows]:
            with driver.session(database=database) as session:
                call.sever = partial(_sever, session)
                with session.begin_transaction(timeout=10.0) as transaction:
                    answers = [_capped(transaction.run(text, dict(parameters)), None) for text, parameters in steps]
                    transaction.rollback()
                    return answers

        return self._ask(attempt, seconds=10.0)

    def close(self) -> None:
        """Close the connections of this process."""
        with self._guard:
            line, self._line = self._line, None
        if line is not None and line.process == os.getpid():
            line.close()

    def _ask(
        self, ask: Callable[[neo4j.Driver, Call], _Answer], seconds: float, again: bool = False, tries: int = _TRIES
    ) -> _Answer:
        line, began = self._connected(), time.monotonic()
        problem: ExplorerError
        with line.watch.limit(seconds + SILENCE) as call:
            try:
                return ask(line.driver, call)
            except (Neo4jError, DriverError, OSError) as error:
                unknown = _unknown_for_now(error)
                passing = unknown or (again and _lost(error))
                problem = _translated(error, call)
        if unknown:
            line.close()  # the engine has forgotten these connections, and the driver would go on using them
        if passing and not call.cut and tries > 1 and time.monotonic() - began < _AGAIN_WITHIN:
            time.sleep(_AGAIN_AFTER)
            return self._ask(ask, seconds, again, tries - 1)
        # Raised outside the handler, so that not even a traceback carries the engine's own words.
        raise problem

    def _connected(self) -> "_Line":
        with self._guard:
            line = self._line
            if line is not None and line.process != os.getpid():
                self._inherited.append(line)  # kept, so that nobody closes the parent's sockets in its name
                line = None
            if line is None:
                line = self._line = _Line(self.url, self._credentials, self._drop)
            return line

    def _drop(self, line: "_Line") -> None:
        with self._guard:
            if self._line is line:
                self._line = None


@dataclass(frozen=True, slots=True)
class Reader:
    """One graph of a store, for asking only."""

    store: Store
    database: str

    def rows(self, text: str, parameters: Mapping[str, object], *, seconds: float, rows: int) -> Rows:
        """The answer from this graph. Raises as `Store.read` does."""
        return self.store.read(self.database, text, parameters, seconds=seconds, rows=rows)


class _Line:
    """A driver and the watch over its calls. Sockets and threads do not survive a fork, so it knows its process."""

    def __init__(self, url: str, credentials: Credentials, drop: Callable[["_Line"], None]) -> None:
        self.process = os.getpid()
        self._drop = drop
        try:
            self.driver = neo4j.GraphDatabase.driver(
                url, auth=(credentials.user, credentials.password), **_DRIVER_SETTINGS
            )
        except (ConfigurationError, ValueError):
            raise UsageError(
                "The graph address cannot be used: FNX_GRAPH_URL takes `embedded`, or an address that "
                "begins with `neo4j://` or `bolt://`."
            ) from None
        self.watch = Watch()

    def close(self) -> None:
        """Let nobody else in, and close every connection as soon as whoever is using one has done."""
        self._drop(self)
        self.watch.end(self.driver.close)


def _sever(session: neo4j.Session) -> None:
    """Cut the connection a session is using, so that a thread waiting on it learns of it as of any lost connection.

    The driver offers no way to do this from another thread: closing the session or the driver there breaks its state.
    """
    connection = session._connection
    if connection is not None:
        with suppress(OSError):
            connection.socket._socket.shutdown(socket.SHUT_RDWR)


def _capped(result: neo4j.Result, cap: int | None) -> Rows:
    answer = Rows()
    keys = result.keys()
    for record in result:
        if len(answer) == cap:
            answer.truncated = True
            break
        answer.append({key: _plain(value) for key, value in zip(keys, record.values(), strict=True)})
    result.consume()
    return answer


def _plain(value: Any) -> object:
    """A driver value as the Python value it stands for; nodes and relationships as their properties."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, (dict, neo4j.graph.Entity)):
        return {key: _plain(item) for key, item in value.items()}
    to_native = getattr(value, "to_native", None)
    return value if to_native is None else to_native()


def _translated(error: Exception, call: Call) -> ExplorerError:
    if call.cut:
        return QueryTimedOut(
            "The graph engine did not answer in time and was given up. Try again; if it happens "
            "again, restart the engine."
        )
    code = str(getattr(error, "code", None) or "")
    for part, build in _BY_CODE:
        if part in code:
            return build(code)
    return EngineDown(
        "The graph engine cannot be reached. It may be starting: try again in a minute, and check that it runs."
    )


def _unknown_for_now(error: Exception) -> bool:
    """Whether the engine did not know the user, so that nothing was run and even a change may be tried again.

    The embedded engine knows nobody for about 20 ms after users were added, and refuses for ever what comes over a
    connection whose user's password changed, without closing it.
    """
    return isinstance(error, AuthError) or getattr(error, "code", None) == "Neo.ClientError.Request.Invalid"


def _lost(error: Exception) -> bool:
    """Whether the connection failed, as one does that died while it was idle."""
    return isinstance(error, (DriverError, OSError)) and not isinstance(error, ConfigurationError)


def _timed_out(code: str) -> ExplorerError:
    return QueryTimedOut("The question took longer than it may and was stopped. Ask a narrower one.")


def _refused(code: str) -> ExplorerError:
    return QueryRefused(f"The graph engine refused the query ({code}). The query or its user's rights need mending.")


def _unknown_user(code: str) -> ExplorerError:
    return EngineDown(
        "The graph engine refused the program's own user name or password. Check FNX_GRAPH_USER and "
        "FNX_GRAPH_PASSWORD, or restart the embedded engine."
    )


def _unknown_graph(code: str) -> ExplorerError:
    return EngineDown("The graph engine does not hold the published graph. Run `flask refresh` again.")


def _faulty(code: str) -> ExplorerError:
    return EngineDown(f"The graph engine failed on a query ({code}). Try again; if it lasts, look at the engine's log.")


_BY_CODE: tuple[tuple[str, Callable[[str], ExplorerError]], ...] = (
    ("TimedOut", _timed_out),
    ("Timeout", _timed_out),
    ("Transaction.Terminated", _timed_out),
    ("Security.Unauthorized", _unknown_user),
    ("Security.AuthenticationRateLimit", _unknown_user),
    ("Database.DatabaseNotFound", _unknown_graph),
    ("ClientError", _refused),
    ("Neo.", _faulty),
)
"""Status codes of both engines, first match wins (the more particular stand first)."""
