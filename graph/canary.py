"""Proofs that a graph is safe to open: its reader can read and not write, and the engine hides what a query excludes.

Nothing here leaves a trace: whatever is planted is undone in the same transaction.
"""

import secrets
from collections.abc import Mapping

from graph.bolt import Rows, Store
from graph.errors import EngineDown, QueryRefused

WARM_SECONDS = 30.0
"""Time one warming question may take: a fresh engine on a busy machine."""

_PLANT = """
CREATE (a:Person {person_id: $mark + 'a'}), (hidden:Person {person_id: $mark + 'hidden'}),
       (b:Person {person_id: $mark + 'b'}), (c:Person {person_id: $mark + 'c'}), (d:Person {person_id: $mark + 'd'})
CREATE (a)-[:RELATED_TO]->(hidden), (hidden)-[:RELATED_TO]->(d), (hidden)-[:RELATED_TO]->(a),
       (a)-[:RELATED_TO]->(b), (b)-[:RELATED_TO]->(c), (c)-[:RELATED_TO]->(d)
RETURN count(*) AS planted
"""

_QUESTIONS: Mapping[str, tuple[str, list[object]]] = {
    "the shortest path goes round": (
        "MATCH p = (a:Person {person_id: $mark + 'a'})-[:RELATED_TO*1..5]-(d:Person {person_id: $mark + 'd'}) "
        "WHERE all(n IN nodes(p) WHERE n.person_id IN $allowed) RETURN length(p) AS answer ORDER BY answer LIMIT 1",
        [3],
    ),
    "a network leaves the hidden person out": (
        "MATCH p = (a:Person {person_id: $mark + 'a'})-[:RELATED_TO*1..3]-(n:Person) "
        "WHERE all(m IN nodes(p) WHERE m.person_id IN $allowed) "
        "RETURN DISTINCT substring(n.person_id, size($mark)) AS answer ORDER BY answer",
        ["b", "c", "d"],
    ),
    "no path ends at the hidden person": (
        "MATCH p = (a:Person {person_id: $mark + 'a'})-[:RELATED_TO*1..5]-(h:Person {person_id: $mark + 'hidden'}) "
        "WHERE all(n IN nodes(p) WHERE n.person_id IN $allowed) RETURN count(p) AS answer",
        [0],
    ),
    "no network begins at the hidden person": (
        "MATCH p = (h:Person {person_id: $mark + 'hidden'})-[:RELATED_TO*1..2]-(n:Person) "
        "WHERE all(m IN nodes(p) WHERE m.person_id IN $allowed) RETURN count(p) AS answer",
        [0],
    ),
    "a count of neighbours leaves the hidden person out": (
        "MATCH (a:Person {person_id: $mark + 'a'}) "
        "RETURN COUNT { (a)-[:RELATED_TO]-(n:Person) WHERE n.person_id IN $allowed } AS answer",
        [1],
    ),
    "nothing exists only through the hidden person": (
        "MATCH (d:Person {person_id: $mark + 'd'}) WHERE EXISTS { "
        "MATCH (d)-[:RELATED_TO]-(m:Person)-[:RELATED_TO]-(:Person {person_id: $mark + 'a'}) "
        "WHERE m.person_id IN $allowed } RETURN count(d) AS answer",
        [0],
    ),
}
"""What is asked of the planted graph, and the only right answer. The direct way from a to d leads through somebody who
is not among the allowed; the way round is longer. `shortestPath` is not among them: ArcadeDB 26.10.2 looks for the
shortest path first and applies the exclusion to it afterwards, so no query that excludes anybody may use it."""


def prove_reader(store: Store, database: str) -> None:
    """Prove that this store's user can read the graph and cannot write to it.

    Raises QueryRefused if it cannot read, EngineDown if it can write or nothing answers.
    """
    store.read(database, "MATCH (n:Service) RETURN n.service_id AS id LIMIT 1", {}, seconds=5, rows=1)
    try:
        store.rehearse(database, [("CREATE (n:Person {person_id: 'probe'}) RETURN n.person_id AS id", {})])
    except QueryRefused:
        return
    raise EngineDown(f"The reader of {database} can write to it, which it must never. Nothing was published.")


def prove_traversal(store: Store, database: str) -> None:
    """Prove, as a user who may write, that the engine applies exclusions along every step of a path.

    Some engines ignored them there and showed the hidden. Raises EngineDown naming what failed.
    """
    mark = f"canary-{secrets.token_hex(8)}-"
    parameters = {"mark": mark, "allowed": [mark + name for name in "abcd"]}
    asked = [(text, parameters) for text, _ in _QUESTIONS.values()]
    answers = store.rehearse(database, [(_PLANT, parameters), *asked])[1:]
    failed = _failed(answers)
    if failed:
        raise EngineDown(
            f"The graph engine does not keep hidden people out of its answers ({'; '.join(failed)} - not "
            "so). It must not be used: go back to the last version that passed."
        )


def warm(store: Store, database: str) -> None:
    """Ask the same questions of nobody, so that no page is the first to wait. Raises as `Store.read` does.

    A fresh engine took 3 s for its first query on a busy machine, and 0.02 s for the next.
    """
    for text, _ in _QUESTIONS.values():
        store.read(database, text, {"mark": "nobody-", "allowed": []}, seconds=WARM_SECONDS, rows=10)


def _failed(answers: list[Rows]) -> list[str]:
    pairs = zip(_QUESTIONS.items(), answers, strict=True)
    return [name for (name, (_, right)), rows in pairs if [row["answer"] for row in rows] != right]
