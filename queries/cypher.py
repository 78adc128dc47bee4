"""Just enough reading of Cypher to check a query file against its header: parameters used, columns returned.

It is not a parser and decides nothing about what a query may do.
"""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
      '(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*"     # text
    | `[^`]+`                                   # quoted name
    | /\*.*?\*/ | //[^\n]*                      # comment
    | \$\w+ | \w+ | \S                          # parameter, word, anything else
    """,
    re.VERBOSE | re.DOTALL,
)
_OPEN, _CLOSE = "([{", ")]}"
_ENDS_RETURN = {"ORDER", "SKIP", "LIMIT", "UNION"}


def _tokens(text: str) -> Iterator[str]:
    return (token for token in _TOKEN.findall(text) if not token.startswith(("//", "/*")))


def parameters_used(text: str) -> set[str]:
    """Names after a `$`, outside texts and comments."""
    return {token[1:] for token in _tokens(text) if token.startswith("$") and len(token) > 1}


def columns_returned(text: str) -> list[tuple[str, ...]]:
    """The column names of each RETURN of the outermost query, those in subqueries aside; UNION makes several."""
    return [tuple(_names(items)) for items in _outer_returns(text)]


def _outer_returns(text: str) -> Iterator[list[str]]:
    """The tokens of each outermost RETURN, with everything in brackets left out."""
    depth = 0
    items: list[str] | None = None
    for token in _tokens(text):
        depth += (token in _OPEN) - (token in _CLOSE)
        if depth or token in _CLOSE:
            continue
        if token.upper() == "RETURN":
            items = []
        elif token.upper() in _ENDS_RETURN and items is not None:
            yield items
            items = None
        elif items is not None:
            items.append(token)
    if items is not None:
        yield items


def _names(items: list[str]) -> Iterator[str]:
    """Of each item between commas the last word: its alias, or the variable itself."""
    last = ""
    for word in [*items, ","]:
        if word == ",":
            yield last.strip("`")
        elif word.upper() != "DISTINCT":
            last = word
