"""Which few hundred people are worth scoring: the index's fields, and a typed search as a tree of query objects.

Nothing typed is ever parsed as a query language (there, `*` returns everybody). Scores here only decide the cut; who
is shown, and why, is `scoring.py`.
"""

from collections.abc import Iterable, Iterator

import tantivy
from tantivy import Occur, Schema

from graph.search import dates, fold
from graph.search.nicknames import nicknames
from graph.search.query import Query
from graph.search.record import SearchRecord, pack

CANDIDATES = 200
TEXT_FIELDS = ("surname", "forename", "surname_sound", "forename_sound", "birth", "postcode", "address", "ids")
STORED = "record"

_EXACT, _NICKNAME, _ONE_EDIT, _ONE_EDIT_SHORT, _TWO_EDITS, _SOUND = 10.0, 8.6, 8.5, 6.6, 6.3, 6.0
_OTHER_FIELD, _FORENAME = 0.88, 0.9
_DATE, _NEAR_DATE, _PART_DATE = 14.0, 10.7, 10.0
_POSTCODE, _POSTCODE_NEAR, _ADDRESS, _ID = 7.0, 3.0, 6.0, 30.0


def schema() -> Schema:
    """The fields of the index. Tokens are made by `fold`, so the index only splits at spaces."""
    builder = tantivy.SchemaBuilder()
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_bytes_field(STORED, stored=True)
    return builder.build()


def document(record: SearchRecord) -> tantivy.Document:
    """One person as the index holds them."""
    last = {token for name in record.names for token in fold.surname_tokens(name.surname)}
    first = {token for name in record.names for token in fold.forename_tokens(name.forename)}
    fields: dict[str, Iterable[str]] = {
        "surname": last,
        "forename": first,
        "surname_sound": _sounds(last),
        "forename_sound": _sounds(first),
        "birth": dates.tokens(record.dob) if record.dob else (),
        "postcode": {token for one in record.postcodes for token in _postcode_tokens(fold.postcode(one))},
        "address": {token for line in record.address_lines for token in fold.address_tokens(line)},
        "ids": {fold.identifier(one.value) for one in record.ids},
    }
    made = tantivy.Document()
    for name, tokens in fields.items():
        made.add_text(name, " ".join(sorted(tokens)))
    made.add_bytes(STORED, pack(record))
    return made


def _sounds(tokens: Iterable[str]) -> set[str]:
    return {key for token in tokens for key in fold.sound_keys(token)}


def _postcode_tokens(folded: str) -> tuple[str, ...]:
    """A whole postcode, its sector and its district."""
    if not fold.is_whole_postcode(folded):
        return (folded,) if folded else ()
    return folded, folded[:-2], folded[:-3]


class QueryTree:
    """Turns a typed search into the index's query objects."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def build(self, query: Query) -> tantivy.Query:
        """Every typed thing as one clause that may match; the sum of their constant scores makes the cut."""
        clauses = [
            *self._name(query.surname, "surname", "forename", 1.0),
            *self._name(query.forename, "forename", "surname", _FORENAME),
            *self._birth(query),
            *self._place(query),
        ]
        if query.record_id:
            clauses.append(self._terms("ids", [query.record_id], _ID))
        return tantivy.Query.boolean_query([(Occur.Should, clause) for clause in clauses])

    def _terms(self, field: str, tokens: list[str], score: float) -> tantivy.Query:
        return tantivy.Query.const_score_query(tantivy.Query.term_set_query(self._schema, field, tokens), score)

    def _fuzzy(self, field: str, token: str, distance: int, score: float) -> tantivy.Query:
        fuzzy = tantivy.Query.fuzzy_term_query(self._schema, field, token, distance, transposition_cost_one=True)
        return tantivy.Query.const_score_query(fuzzy, score)

    def _name(self, tokens: tuple[str, ...], field: str, other: str, weight: float) -> Iterator[tantivy.Query]:
        joined = ("".join(tokens),) if len(tokens) > 1 else ()
        for token in tokens + joined:
            yield tantivy.Query.disjunction_max_query(
                [
                    *self._token(token, field, weight),
                    *self._token(token, other, weight * _OTHER_FIELD),
                ]
            )

    def _token(self, token: str, field: str, weight: float) -> Iterator[tantivy.Query]:
        yield self._terms(field, [token], _EXACT * weight)
        if others := sorted(nicknames(token)):
            yield self._terms(field, others, _NICKNAME * weight)
        if len(token) > 2:
            yield self._fuzzy(field, token, 1, (_ONE_EDIT if len(token) > 3 else _ONE_EDIT_SHORT) * weight)
        if len(token) > 4:
            yield self._fuzzy(field, token, 2, _TWO_EDITS * weight)
        if keys := sorted(fold.sound_keys(token)):
            yield self._terms(f"{field}_sound", keys, _SOUND * weight)

    def _birth(self, query: Query) -> Iterator[tantivy.Query]:
        if query.born and (whole := query.born.whole):
            near = dates.misread(whole) | {dates.swapped(whole) or whole}
            yield tantivy.Query.disjunction_max_query(
                [
                    self._terms("birth", [f"{whole:%Y%m%d}"], _DATE),
                    self._terms("birth", sorted(f"{day:%Y%m%d}" for day in near), _NEAR_DATE),
                ]
            )
        elif query.born:
            yield self._terms("birth", [dates.wanted_token(query.born)], _PART_DATE)
        if query.age is not None:
            latest = query.today.year - query.age
            yield self._terms("birth", [f"y{year:04}" for year in range(latest - 2, latest + 2)], _PART_DATE)

    def _place(self, query: Query) -> Iterator[tantivy.Query]:
        if query.postcode:
            yield tantivy.Query.disjunction_max_query(
                [
                    self._terms("postcode", [query.postcode], _POSTCODE),
                    self._fuzzy("postcode", query.postcode, 1, _POSTCODE_NEAR),
                ]
            )
        for token in query.address:
            yield tantivy.Query.disjunction_max_query(
                [
                    self._terms("address", [token], _ADDRESS / len(query.address)),
                    *self._near_word(token, _ADDRESS / len(query.address)),
                ]
            )

    def _near_word(self, token: str, score: float) -> Iterator[tantivy.Query]:
        if len(token) > 3 and token.isalpha():
            yield self._fuzzy("address", token, 1, score * 0.8)
