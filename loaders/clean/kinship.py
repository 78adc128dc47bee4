"""Words for relationships, whoever wrote them, as codes of the vocabulary. Words and codes stand in `kinship.yaml`.

A word says what the first person is to the second. A word nobody knows is UNKNOWN; nothing here guesses.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from anyascii import anyascii

from graph.vocabulary import vocabulary
from loaders.clean import wordlists
from loaders.clean.wordlists import BadTable, Table

_WHERE = "loaders/clean/kinship.yaml"
_SEXES = {"any": "", "F": "F", "M": "M"}
_EITHER = re.compile(r"/|\||&|\bor\b|\band\b", re.IGNORECASE)
_QUALIFIED = re.compile(r"([^(),]+?)\s*(?:\(|,|\s-\s)\s*([^()]+?)\s*\)?")
_SIGNS = re.compile(r"[\s_\-\u2013\u2014]+")
_TOKEN = re.compile(r"[a-z0-9]+")


class Kin(NamedTuple):
    """What the first person is to the second, and the sex that the word implies ("" where it implies none)."""

    code: str
    sex: str


class Pair(NamedTuple):
    """As Kin, of a label that names both ends: "Mother : Son"."""

    code: str
    left_sex: str
    right_sex: str


UNKNOWN = Kin("UNKNOWN", "")


@dataclass(frozen=True, slots=True)
class Words:
    """`kinship.yaml`, by folded word."""

    words: dict[str, Kin]
    systems: dict[str, dict[str, Kin]]
    pairs: dict[tuple[str, str], str]
    leading: frozenset[str]
    trailing: frozenset[str]
    beside: frozenset[str]
    side_words: frozenset[str]
    side_codes: frozenset[str]
    no_link: frozenset[str]


@lru_cache(maxsize=16_384)
def read_kin(text: str, system: str = "") -> Kin:
    """The meaning of a word or code; UNKNOWN where there is none. `system` (nhs, fhir, pds, gedcom, pedi) says whose
    code it is, which matters where a code is also a word: "SON" is a son, and a birth child in HL7's list.
    """
    left, _, right = text.partition(":")
    found = _one_side(left, system)
    if right:
        code = _table().pairs.get((found.code, _one_side(right, system).code), found.code)
        return Kin(code, found.sex)
    return found


@lru_cache(maxsize=16_384)
def read_pair(text: str) -> Pair:
    """The meaning of a label for both ends ("Mother : Son"), of which the left one is what the code is about."""
    code, sex = read_kin(text)
    _, _, right = text.partition(":")
    return Pair(code, sex, _one_side(right, "").sex if code != "UNKNOWN" else "")


@lru_cache(maxsize=4096)
def no_link(text: str) -> bool:
    """Whether a word says that there is no relationship to record: a duplicate, oneself, a worker. Of a label for both
    ends ("Social Worker : Client") one side is enough, where the left is no relative.
    """
    sides = text.split(":") if read_kin(text).code == "UNKNOWN" else []
    return any(_folded(side) in _table().no_link for side in (text, *sides))


def _one_side(text: str, system: str) -> Kin:
    whole = _phrase(text, system)
    if whole is not UNKNOWN:
        return whole
    parts = [_phrase(part, system) for part in _EITHER.split(text)]
    if len(parts) > 1 and len({part.code for part in parts}) == 1:
        return Kin(parts[0].code, parts[0].sex if len({part.sex for part in parts}) == 1 else "")
    return UNKNOWN


def _phrase(text: str, system: str) -> Kin:
    table = _table()
    tokens = _tokens(text)
    found = _lookup(tokens, system)
    if found is None:
        while tokens and tokens[0] in table.leading:
            tokens = tokens[1:]
        while tokens and tokens[-1] in table.trailing and _lookup(tokens, system) is None:
            tokens = tokens[:-1]
        found = _lookup(tokens, system) or _without_side(tokens, table) or _qualified(text, system, table)
    return found or UNKNOWN


def _qualified(text: str, system: str, table: Words) -> Kin | None:
    """The meaning of a word with another after it: "Parent - Step" and "Brother (half)" are step parent and half
    brother, "Father (absent)" is a father. Any other word after it may change it, and is not passed over.
    """
    match = _QUALIFIED.fullmatch(_SIGNS.sub(_dash, text).strip(" -"))
    if match is None:
        return None
    word, more = _tokens(match[1]), _tokens(match[2])
    found = _lookup(more + word, system)
    return found or (_lookup(word, system) if table.beside.issuperset(more) else None)


def _dash(signs: re.Match[str]) -> str:
    """Signs between two words: a dash that parts them, a hyphen that joins them, or a space."""
    found = signs[0].replace("\u2013", " - ").replace("\u2014", " - ")
    if "-" not in found:
        return " "
    return "-" if found == "-" else " - "


def _without_side(tokens: list[str], table: Words) -> Kin | None:
    found = table.words.get("".join(token for token in tokens if token not in table.side_words))
    return found if found and found.code in table.side_codes else None


def _lookup(tokens: list[str], system: str) -> Kin | None:
    word = "".join(tokens)
    table = _table()
    return table.systems.get(system, {}).get(word) or table.words.get(word)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(anyascii(text).casefold().replace("'", "").replace("`", ""))


def _folded(text: str) -> str:
    return "".join(_tokens(text))


@cache
def _table() -> Words:
    return build(wordlists.read("kinship"))


def build(table: Table) -> Words:
    """The words of a table. Raises BadTable: a code the vocabulary lacks, a word under two codes."""
    words = dict(_listed(table))
    systems = {
        system: {
            _folded(code): _kin(meaning, f"{_WHERE} systems {system} {code}")
            for code, meaning in wordlists.named(codes, f"{_WHERE} systems {system}")
        }
        for system, codes in wordlists.named(_part(table, "systems"), f"{_WHERE} systems")
    }
    hidden = _texts(table, "only_when_named")
    for system, codes in systems.items():
        if system not in hidden:
            words = codes | words
    sides = dict(wordlists.named(_part(table, "sides"), f"{_WHERE} sides"))
    return Words(
        words=_vocabulary_words() | words,
        systems=systems,
        pairs=dict(_pairs(table)),
        leading=frozenset(_texts(table, "leading")),
        trailing=frozenset(_texts(table, "trailing")),
        beside=frozenset(_texts(table, "beside")),
        side_words=frozenset(_texts(sides, "words")),
        side_codes=frozenset(map(_code, _texts(sides, "codes"))),
        no_link=frozenset(map(_folded, _texts(table, "no_link"))),
    )


def _part(table: Table, key: str) -> object:
    return wordlists.part(table, key, "kinship")


def _texts(table: Table, key: str) -> tuple[str, ...]:
    return wordlists.texts(_part(table, key), f"{_WHERE} {key}")


def _listed(table: Table) -> Iterator[tuple[str, Kin]]:
    seen: dict[str, Kin] = {}
    for code, by_sex in wordlists.named(_part(table, "words"), f"{_WHERE} words"):
        for sex, listed in wordlists.named(by_sex, f"{_WHERE} words {code}"):
            if sex not in _SEXES:
                raise BadTable(f"{_WHERE} words {code}: '{sex}' is none of any, F, M.")
            for word in wordlists.texts(listed, f"{_WHERE} words {code} {sex}"):
                folded, kin = _folded(word), Kin(_code(code), _SEXES[sex])
                earlier = seen.setdefault(folded, kin)
                if earlier != kin or not folded:
                    raise BadTable(f"{_WHERE} words {code} {sex}: '{word}' stands under {earlier.code} already.")
                yield folded, kin


def _pairs(table: Table) -> Iterator[tuple[tuple[str, str], str]]:
    for row in wordlists.rows(_part(table, "pairs"), f"{_WHERE} pairs"):
        found = tuple(map(_code, row))
        if len(found) != 3:
            raise BadTable(f"{_WHERE} pairs: each is a left code, a right code and what they mean.")
        yield (found[0], found[1]), found[2]


def _kin(meaning: object, where: str) -> Kin:
    found = wordlists.texts(meaning, where)
    if len(found) not in (1, 2) or (len(found) == 2 and found[1] not in ("F", "M")):
        raise BadTable(f"{where} must be a code, and F or M where it implies a sex.")
    return Kin(_code(found[0]), found[1] if len(found) == 2 else "")


def _code(name: str) -> str:
    if name not in vocabulary():
        raise BadTable(f"{_WHERE}: '{name}' is no code of graph/vocabulary.csv.")
    return name


def _vocabulary_words() -> dict[str, Kin]:
    """The vocabulary's own codes and labels. A label that stands for two codes means the first."""
    words: dict[str, Kin] = {}
    for code in vocabulary().values():
        words.setdefault(_folded(code.code), Kin(code.code, ""))
        for label, sex in ((code.label, ""), (code.female_label, "F"), (code.male_label, "M")):
            for word in label.partition(" (")[0].split(" / "):
                if _folded(word):
                    words.setdefault(_folded(word), Kin(code.code, sex))
    return words
