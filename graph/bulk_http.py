"""Bulk load into the embedded engine by its HTTP batch: one streamed request, twenty times faster than Bolt there.

The body is made line by line while it is sent, so memory does not grow with the council. No error repeats what the
engine said: it can quote a row.
"""

import base64
import http.client
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

import orjson

from graph.bolt import Credentials
from graph.bulk_rows import Counts, EdgeRow, NodeRow, database_name, kept
from graph.errors import DataRefused, EngineDown
from graph.schema import EDGES, NODES, EdgeKind, Kind, NodeKind, Property, all_properties

_CHUNK = 256 * 1024  # bytes gathered before they are sent
_SECONDS = 3600.0  # silence allowed while the engine works on one request
_STEPS = "idMapping=false&batchSize=20000&commitEvery=10000"
"""Edges gathered, and records written, before the engine lets go of them. Left to itself it holds every page it touches
until the end: 20,000 people then needed more than 384 MiB of heap, and need less than 256 so."""
_DECLARED = {Kind.DATE: "DATE"}
"""Only dates need declaring: the engine then keeps a day, which Cypher compares and Bolt returns as one."""


def _date_names(kind: NodeKind | EdgeKind) -> tuple[str, ...]:
    return tuple(each.name for each in all_properties(kind) if each.kind is Kind.DATE)


_EPOCH = date(1970, 1, 1).toordinal()
_DATES = {kind.label: _date_names(kind) for kind in NODES} | {kind.type: _date_names(kind) for kind in EDGES}


@dataclass(slots=True)
class _Sent:
    nodes: int = 0
    edges: int = 0


class HttpBulkWriter:
    """See `graph.bulk.BulkWriter`."""

    def __init__(self, http_url: str, admin: Credentials, database: str) -> None:
        self._host = urlsplit(http_url).netloc
        self._headers = {
            "Authorization": "Basic " + base64.b64encode(f"{admin.user}:{admin.password}".encode()).decode()
        }
        self._database = database_name(database)

    def create_database(self) -> None:
        """Make an empty graph; refused if the name is taken."""
        if self._database in self._databases():
            raise DataRefused(f"There is a graph called {self._database} already. Drop it or choose another name.")
        self._server(f"create database {self._database}")

    def create_schema(self) -> None:
        """Declare every label, type, key and date in one script."""
        statements = [*_vertex_types(), *_edge_types()]
        self._command("sqlscript", ";\n".join(statements))

    def load(self, nodes: Iterable[NodeRow], edges: Iterable[EdgeRow]) -> Counts:
        """Stream everything in one request and compare what was created with what was sent."""
        sent = _Sent()
        headers = {"Content-Type": "application/x-ndjson"}
        answer = self._request(f"/api/v1/batch/{self._database}?{_STEPS}", _chunks(nodes, edges, sent), headers)
        made = Counts(_number(answer, "verticesCreated"), _number(answer, "edgesCreated"))
        if made != Counts(sent.nodes, sent.edges):
            raise DataRefused(
                f"The engine created {made.nodes} nodes and {made.edges} edges of {self._database}, but {sent.nodes} "
                f"and {sent.edges} were sent: a key stands twice, or an edge has no end. Drop the graph."
            )
        return made

    def create_indexes(self) -> None:
        """Unique index on every key, plain ones where the schema asks."""
        for statement in _indexes():
            self._command("sql", statement)

    def count(self) -> dict[str, int]:
        """Counts by label and type."""
        names = [kind.label for kind in NODES] + [kind.type for kind in EDGES]
        return {name: self._count(name) for name in names}

    def drop_database(self) -> None:
        """Drop the graph where it exists."""
        if self._database in self._databases():
            self._server(f"drop database {self._database}")

    def _count(self, name: str) -> int:
        rows = self._command("sql", f"SELECT count(*) AS n FROM `{name}`")["result"]  # noqa: S608 - from the schema
        return _number(rows[0], "n") if isinstance(rows, list) and rows else 0

    def _databases(self) -> list[str]:
        found = self._server("list databases")["result"]
        return [str(name) for name in found] if isinstance(found, list) else []

    def _server(self, command: str) -> dict[str, object]:
        return self._request("/api/v1/server", orjson.dumps({"command": command}), {})

    def _command(self, language: str, command: str) -> dict[str, object]:
        body = orjson.dumps({"language": language, "command": command})
        return self._request(f"/api/v1/command/{self._database}", body, {})

    def _request(self, path: str, body: bytes | Iterator[bytes], headers: Mapping[str, str]) -> dict[str, object]:
        status, answer = self._exchange(path, body, {**self._headers, **headers})
        if status in (http.client.OK, http.client.NO_CONTENT):
            held: dict[str, object] = orjson.loads(answer or b"{}")
            return held
        what = f"The embedded engine answered {status} to {path.partition('?')[0]}."
        if status < http.client.INTERNAL_SERVER_ERROR:
            raise DataRefused(f"{what} What was sent to it cannot be stored as it is; nothing was published.")
        raise DataRefused(f"{what} A key may stand twice, or an edge may have no end; nothing was published.")

    def _exchange(self, path: str, body: bytes | Iterator[bytes], headers: dict[str, str]) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self._host, timeout=_SECONDS)
        try:
            connection.request("POST", path, body=body, headers=headers, encode_chunked=not isinstance(body, bytes))
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            raise EngineDown(
                "The embedded engine ended the connection during a load. Nothing was published: run the "
                "refresh again, and give the engine more memory with FNX_ENGINE_HEAP_MB if it lasts."
            ) from None
        finally:
            connection.close()


def _chunks(nodes: Iterable[NodeRow], edges: Iterable[EdgeRow], sent: _Sent) -> Iterator[bytes]:
    gathered, size = list[bytes](), 0
    for line in _lines(nodes, edges, sent):
        gathered.append(line)
        size += len(line)
        if size >= _CHUNK:
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)


def _lines(nodes: Iterable[NodeRow], edges: Iterable[EdgeRow], sent: _Sent) -> Iterator[bytes]:
    keys = {kind.label: kind.key for kind in NODES}
    for label, properties in nodes:
        row = _with_days(label, properties)
        head = {"@type": "vertex", "@class": label, "@id": f"{label}:{row[keys[label]]}"}
        yield orjson.dumps(head | row, option=orjson.OPT_APPEND_NEWLINE)
        sent.nodes += 1
    for type_, from_label, from_key, to_label, to_key, properties in edges:
        head = {"@type": "edge", "@class": type_, "@from": f"{from_label}:{from_key}", "@to": f"{to_label}:{to_key}"}
        yield orjson.dumps(head | _with_days(type_, properties), option=orjson.OPT_APPEND_NEWLINE)
        sent.edges += 1


def _with_days(kind: str, properties: Mapping[str, object]) -> dict[str, object]:
    """The properties to write, a date as its days since 1970: reading ISO text took the engine most of a load."""
    row = kept(kind, properties)
    for name in _DATES[kind]:
        value = row.get(name)
        if isinstance(value, date):
            row[name] = value.toordinal() - _EPOCH
    return row


def _vertex_types() -> Iterator[str]:
    for kind in NODES:
        yield f"CREATE VERTEX TYPE `{kind.label}` IF NOT EXISTS"
        yield f"CREATE PROPERTY `{kind.label}`.`{kind.key}` IF NOT EXISTS STRING"
        for each in kind.properties:
            if each.indexed and each.name != kind.key:
                yield f"CREATE PROPERTY `{kind.label}`.`{each.name}` IF NOT EXISTS {_DECLARED.get(each.kind, 'STRING')}"
        yield from _dates(kind.label, all_properties(kind))


def _edge_types() -> Iterator[str]:
    for kind in EDGES:
        yield f"CREATE EDGE TYPE `{kind.type}` IF NOT EXISTS"
        yield from _dates(kind.type, all_properties(kind))


def _dates(owner: str, properties: Iterable[Property]) -> Iterator[str]:
    for each in properties:
        if each.kind in _DECLARED:
            yield f"CREATE PROPERTY `{owner}`.`{each.name}` IF NOT EXISTS {_DECLARED[each.kind]}"


def _indexes() -> Iterator[str]:
    for kind in NODES:
        yield f"CREATE INDEX IF NOT EXISTS ON `{kind.label}` (`{kind.key}`) UNIQUE"
        for each in kind.properties:
            if each.indexed and each.name != kind.key:
                yield f"CREATE INDEX IF NOT EXISTS ON `{kind.label}` (`{each.name}`) NOTUNIQUE"


def _number(answer: Mapping[str, object], name: str) -> int:
    value = answer.get(name)
    return value if isinstance(value, int) else 0
