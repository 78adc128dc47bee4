"""Names as supplied, tidied but never rewritten: matching does its own folding elsewhere. Words: `names.yaml`."""

import re
from functools import cache, lru_cache

from loaders.clean import placeholders, wordlists
from loaders.clean.wordlists import BadTable, Table

_WHERE = "loaders/clean/names.yaml"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u00b4`]")


@lru_cache(maxsize=131_072)
def clean_name(text: str) -> str | None:
    """A name with single spaces and plain apostrophes; None where it only says that nobody knows."""
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    name = " ".join(_APOSTROPHES.sub("'", text).split()).strip(",; ")
    if not name or name.upper() in placeholders.upper("names") or not any(map(str.isalpha, name)):
        return None
    return name


def split_aliases(text: str) -> list[str]:
    """The separate names of an alias field such as "Tom Smith; T. Jones"."""
    return [name for part in _separators().split(text) if (name := clean_name(part))]


def split_full_name(text: str) -> tuple[str | None, str | None]:
    """(forename, surname) of a whole name: "Ada Mary Byron" or "BYRON, Ada"; one word alone is a surname."""
    before, comma, after = text.partition(",")
    if comma:
        return clean_name(after), clean_name(before)
    words = text.split()
    if len(words) < 2:
        return None, clean_name(text)
    return clean_name(words[0]), clean_name(words[-1])


def unique_names(*groups: list[str], apart_from: str = "") -> list[str]:
    """Names once each, in order, regardless of case, without the one given."""
    seen = {apart_from.casefold()}
    kept = []
    for name in (name for group in groups for name in group):
        if name.casefold() not in seen:
            seen.add(name.casefold())
            kept.append(name)
    return kept


@cache
def names_of_honour() -> frozenset[str]:
    """Forenames, in small letters, that stand before the one a child is called by."""
    return frozenset(word.lower() for word in _texts(_table(), "names_of_honour"))


@lru_cache(maxsize=1024)
def sex_code(text: str) -> str:
    """M, F or U: unknown, indeterminate and empty are U."""
    said = " ".join(text.upper().split())
    sexes = _sexes()
    return sexes.get(said) or sexes.get(said[:1], "U")


@cache
def titles() -> frozenset[str]:
    """Words that are no part of a name: Mr, Dr. In small letters."""
    return frozenset(word.lower() for word in _texts(_table(), "titles"))


@cache
def _sexes() -> dict[str, str]:
    return sexes_of(_table())


def sexes_of(table: Table) -> dict[str, str]:
    """Word in capitals -> M, F or U. Raises BadTable: another sex, a word under two."""
    found: dict[str, str] = {}
    for sex, words in wordlists.named(wordlists.part(table, "sexes", "names"), f"{_WHERE} sexes"):
        if sex not in ("M", "F", "U"):
            raise BadTable(f"{_WHERE} sexes: '{sex}' is none of M, F, U.")
        for word in wordlists.texts(words, f"{_WHERE} sexes {sex}"):
            if found.setdefault(word.upper(), sex) != sex:
                raise BadTable(f"{_WHERE} sexes {sex}: '{word}' stands under {found[word.upper()]} already.")
    return found


@cache
def _separators() -> re.Pattern[str]:
    return separators_of(_table())


def separators_of(table: Table) -> re.Pattern[str]:
    """What stands between two aliases. Raises BadTable."""
    signs = [rf"\s*{re.escape(sign)}\s*" for sign in _texts(table, "alias_signs")]
    spaced = [rf"\s{re.escape(sign)}\s" for sign in _texts(table, "alias_spaced_signs")]
    words = [rf"\b{re.escape(word)}\b" for word in _texts(table, "alias_words")]
    return re.compile("|".join([*signs, *spaced, *words]), re.IGNORECASE)


def _texts(table: Table, key: str) -> tuple[str, ...]:
    return wordlists.texts(wordlists.part(table, key, "names"), f"{_WHERE} {key}")


@cache
def _table() -> Table:
    return wordlists.read("names")
