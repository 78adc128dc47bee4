"""The SQL of linkage, which is written as DuckDB reads it, in the words of Spark.

sqlglot knows the grammar of both; the table below names what it does not know. Pure text: no query runs here.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.parsers.duckdb import DuckDBParser

_Args = list[Any]


def _called(name: str) -> Callable[[_Args], exp.Anonymous]:
    """The same function under another name."""
    return lambda args: exp.Anonymous(this=name, expressions=args)


def _where_both_are_known(name: str) -> Callable[[_Args], exp.Case]:
    """A function of Splink's Java archive, which gives a number where a text is missing, where DuckDB gives null."""
    call = _called(name)
    return lambda args: exp.Case().when(
        exp.and_(*(exp.Is(this=each.copy(), expression=exp.Null()).not_() for each in args)), call(args)
    )


WORDS: Mapping[str, Callable[[_Args], exp.Expression]] = {
    "damerau_levenshtein": _where_both_are_known("damerau_levenshtein"),
    "hamming": _called("levenshtein"),  # never more than hamming; what it lets through is judged by damerau_levenshtein
    "hash": _called("xxhash64"),  # `hash` of Spark has 32 bits: a million records would share keys by chance
    "jaro_winkler_similarity": _where_both_are_known("jaro_winkler"),
    "len": _called("size"),
    "list_has_any": _called("arrays_overlap"),
    "list_intersect": _called("array_intersect"),
    "row": _called("struct"),
}
"""What Spark calls each function that sqlglot would leave as it is, or say wrongly."""


class _Reading(DuckDBParser):
    FUNCTIONS: ClassVar = {**DuckDBParser.FUNCTIONS, **{name.upper(): said for name, said in WORDS.items()}}


class _Written(DuckDB):
    """DuckDB's dialect, the functions above read as what Spark calls them."""

    Parser = _Reading


def in_spark(sql: str) -> str:
    """A query, or a condition, as Spark reads it. Raises UnsupportedError for what cannot be said there."""
    return sqlglot.parse_one(sql, dialect=_Written).sql(dialect="spark", unsupported_level=ErrorLevel.RAISE)
