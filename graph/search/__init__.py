"""People search: a tantivy index finds candidates, our own scorer ranks them and says why (docs/adr/0004).

It only knows the records it is given: one index per visibility class, filled from that class's graph.
"""

from graph.search.index import PeopleIndex, build_index, verify_index
from graph.search.query import Query
from graph.search.record import Identifier, Name, SearchRecord, names_of
from graph.search.scoring import LIMIT, Hit, Results, rank

__all__ = [
    "LIMIT",
    "Hit",
    "Identifier",
    "Name",
    "PeopleIndex",
    "Query",
    "Results",
    "SearchRecord",
    "build_index",
    "names_of",
    "rank",
    "verify_index",
]
