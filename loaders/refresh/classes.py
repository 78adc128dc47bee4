"""One visibility class's graph, as rows: what it holds is decided here and nowhere else (design, section 6).

Reads the tables of `sql/full.sql` and `sql/class.sql` on one DuckDB connection. A restricted fact is never loaded and
hidden: it is not among the rows.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import duckdb

from graph.classes import VisibilityClass
from graph.schema import (
    NODES,
    SHIELDED_PERSON,
    EdgeKind,
    NodeKind,
    Property,
    Sensitivity,
    all_properties,
    edge_kind,
)
from loaders.linkage.explain import ALONE, DECIDED, RECORDED

NodeRow = tuple[str, dict[str, Any]]
EdgeRow = tuple[str, str, str, str, str, dict[str, Any]]

HUB_WORDS = (
    r"\b(hostel|refuge|hospital|school|academy|college|prison|hotel|b&b|bed and breakfast|children'?s home|care home)\b"
)
ADOPTION_WORDS = r"adopt|placement order|freeing order|freed for|\brelinquish"
ADOPTION_STATUSES = r"^(d1|e1)\b|\b(s|section) ?\.? ?(19|21|51a|84)\b"
"""Words that tell of an adoption wherever they stand, and what tells of one as a legal status: whoever may not see the
links of an adoption may not see them either (docs/adr/0013).
"""
HUB_RESIDENTS_NOW = 12
"""More people than this at one address today make it a place that links nobody (notes: the hub guard)."""
HUB_RESIDENTS_EVER = 40
_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class ClassRules:
    """What one class holds. `shielded_people`: whole, minimal (SHIELDED_PERSON only) or absent."""

    shielded_people: str
    sensitive_services: bool
    restricted_links: bool
    hidden_addresses: bool
    left_out: frozenset[Sensitivity] = frozenset()
    random_ids: bool = False


RULES = {
    VisibilityClass.STANDARD: ClassRules("minimal", False, False, False),
    VisibilityClass.SENSITIVE: ClassRules("minimal", True, True, False),
    VisibilityClass.SHIELD: ClassRules("whole", True, True, True),
    VisibilityClass.RESEARCH: ClassRules(
        "absent", False, False, False, frozenset(Sensitivity) - {Sensitivity.OPEN}, random_ids=True
    ),
}

# Where each kind's rows are: table, and for an edge its two ends (label, column).
_NODE_TABLES = {
    "Person": "person",
    "Record": "record",
    "Address": "address",
    "Service": "service",
    "Involvement": "involvement",
    "Plan": "plan",
    "Event": "event",
    "Practitioner": "practitioner",
    "Organisation": "organisation",
}
_EDGE_TABLES = (
    ("RELATED_TO", "link", ("Person", "from_id"), ("Person", "to_id")),
    ("LIVED_AT", "residence", ("Person", "person_id"), ("Address", "address_id")),
    ("HAD", "involvement", ("Person", "person_id"), ("Involvement", "involvement_id")),
    ("OF", "involvement", ("Involvement", "involvement_id"), ("Service", "service_id")),
    ("HAD", "plan", ("Person", "person_id"), ("Plan", "plan_id")),
    ("OF", "plan", ("Plan", "plan_id"), ("Service", "service_id")),
    ("HAPPENED_TO", "event", ("Event", "event_id"), ("Person", "person_id")),
    ("HAPPENED_AT", "event", ("Event", "event_id"), ("Address", "address_id")),
    ("OF", "event", ("Event", "event_id"), ("Service", "service_id")),
    ("LED_BY", "involvement", ("Involvement", "involvement_id"), ("Practitioner", "practitioner_id")),
    ("WORKS_FOR", "practitioner", ("Practitioner", "practitioner_id"), ("Organisation", "organisation_id")),
    ("RECORDED_AS", "record", ("Person", "person_id"), ("Record", "record_key")),
)


class ClassGraph:
    """The rows of one class's graph. Make one at a time: it owns the connection's `seen` schema."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, visibility: VisibilityClass, *, salt: str | None = None
    ) -> None:
        """`salt` makes the random ids of a research graph; a new one is drawn where none is given."""
        self.visibility = visibility
        self.rules = RULES[visibility]
        self._connection = connection
        self._build(salt or secrets.token_hex(16))

    def nodes(self) -> Iterator[NodeRow]:
        """Every node: label and properties, empty ones left out."""
        for kind in self._kinds():
            table = _NODE_TABLES[kind.label]
            columns = ", ".join(self._column(kind, prop) for prop in self._properties(kind, table))
            query = f"SELECT {columns} FROM seen.{table}"
            for row in self._rows(query):
                yield kind.label, _minimal(row) if kind.label == "Person" and self._is_minimal(row) else row

    def edges(self) -> Iterator[EdgeRow]:
        """Every edge: type, label and key of both ends, properties."""
        labels = {kind.label for kind in self._kinds()}
        for type_, table, (from_label, from_column), (to_label, to_column) in _EDGE_TABLES:
            if not {from_label, to_label} <= labels:
                continue
            columns = [
                self._key(from_label, from_column) + " AS from_key",
                self._key(to_label, to_column) + " AS to_key",
            ]
            columns += [self._column(edge_kind(type_), prop) for prop in self._properties(edge_kind(type_), table)]
            for row in self._rows(f"SELECT {', '.join(columns)} FROM {_both_ends(table, from_column, to_column)}"):
                yield type_, from_label, row.pop("from_key"), to_label, row.pop("to_key"), row

    def counts(self) -> dict[str, int]:
        """How many nodes of each label and edges of each type there should be once loaded."""
        labels = {kind.label for kind in self._kinds()}
        wanted = {label: self._count(f"seen.{table}") for label, table in _NODE_TABLES.items() if label in labels}
        for type_, table, (from_label, from_column), (to_label, to_column) in _EDGE_TABLES:
            if {from_label, to_label} <= labels:
                both = self._count(_both_ends(table, from_column, to_column))
                wanted[type_] = wanted.get(type_, 0) + both
        return wanted

    def close(self) -> None:
        """Give the connection's `seen` schema back."""
        self._connection.execute(
            "DROP SCHEMA IF EXISTS seen CASCADE; DROP TABLE IF EXISTS rules; DROP TABLE IF EXISTS alias"
        )

    def _build(self, salt: str) -> None:
        self.close()
        rules = self.rules
        self._connection.execute(
            "CREATE TABLE rules AS SELECT ? AS visibility, ? AS shielded_people, ? AS sensitive_services, "
            "? AS restricted_links, ? AS hidden_addresses",
            [
                self.visibility,
                rules.shielded_people,
                rules.sensitive_services,
                rules.restricted_links,
                rules.hidden_addresses,
            ],
        )
        self._connection.execute(_sql("class.sql"))
        if rules.random_ids:
            self._connection.execute("CREATE TABLE alias AS SELECT ? AS salt", [salt])

    def _kinds(self) -> list[NodeKind]:
        return [
            kind
            for kind in NODES
            if kind.label in _NODE_TABLES and not (self.rules.random_ids and kind.label == "Record")
        ]

    def _properties(self, kind: NodeKind | EdgeKind, table: str) -> list[Property]:
        key = kind.key if isinstance(kind, NodeKind) else None
        names = self._names(table)
        return [
            prop
            for prop in all_properties(kind)
            if prop.name in names and (prop.name == key or prop.sensitivity not in self.rules.left_out)
        ]

    def _names(self, table: str) -> set[str]:
        return {
            row[0] for row in self._connection.execute(f"SELECT column_name FROM (DESCRIBE seen.{table})").fetchall()
        }

    def _column(self, kind: NodeKind | EdgeKind, prop: Property) -> str:
        if isinstance(kind, NodeKind) and prop.name == kind.key:
            return f"{self._key(kind.label, prop.name)} AS {prop.name}"
        return f'"{prop.name}"'

    def _key(self, label: str, column: str) -> str:
        """A research graph names every node but services by a random id of its own, new in each build."""
        if self.rules.random_ids and label != "Service":
            return f"left(sha256((SELECT salt FROM alias) || '{label}' || {column}), 24)"
        return column

    def _is_minimal(self, row: dict[str, Any]) -> bool:
        return self.rules.shielded_people == "minimal" and bool(row.get("shielded"))

    def _rows(self, query: str) -> Iterator[dict[str, Any]]:
        cursor = self._connection.cursor()
        cursor.execute(query)
        names = [column[0] for column in cursor.description or ()]
        while batch := cursor.fetchmany(_BATCH):
            for values in batch:
                yield {
                    name: value for name, value in zip(names, values, strict=True) if value is not None and value != []
                }

    def _count(self, what: str) -> int:
        (number,) = self._connection.execute(f"SELECT count(*) FROM {what}").fetchone() or (0,)
        return int(number)


def prepare(connection: duckdb.DuckDBPyConnection, secret: str) -> None:
    """Build the class-free tables once. `secret` keys the ids of addresses, so that they cannot be guessed."""
    connection.execute("CREATE TABLE secret AS SELECT ? AS value", [secret])
    connection.execute(
        "CREATE TABLE hub AS SELECT ? AS residents_now, ? AS residents_ever", [HUB_RESIDENTS_NOW, HUB_RESIDENTS_EVER]
    )
    # A variable is a constant to the planner: from a table the words would be compiled again for every row.
    connection.execute("SET VARIABLE hub_words = ?", [HUB_WORDS])
    connection.execute("SET VARIABLE adoption_words = ?", [ADOPTION_WORDS])
    connection.execute("SET VARIABLE adoption_statuses = ?", [ADOPTION_STATUSES])
    connection.execute(
        "CREATE TABLE reason_word AS SELECT ? AS alone, ? AS recorded, ? AS decided", [ALONE, RECORDED, DECIDED]
    )
    connection.execute(_sql("full.sql"))


def _both_ends(table: str, from_column: str, to_column: str) -> str:
    return f"seen.{table} WHERE {from_column} IS NOT NULL AND {to_column} IS NOT NULL"


def _minimal(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in SHIELDED_PERSON}


def _sql(name: str) -> str:
    return files("loaders.refresh").joinpath("sql", name).read_text(encoding="utf-8")
