"""Names made comparable: folded to plain letters, with every form one person may go by.

Pure functions over text, driven by names.yaml, nicknames.yaml and placeholders.yaml of loaders/clean. Nothing here
decides whether two people are the same.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from anyascii import anyascii
from doublemetaphone import doublemetaphone
from nicknames import NickNamer

from loaders.clean import placeholders, wordlists
from loaders.clean.names import names_of_honour, titles

_NOT_A_LETTER = re.compile(r"[^a-z]+")
_SEPARATORS = re.compile(r"[\s/,._]+")
_BRACKETED = re.compile(r"\(([^)]*)\)|\"([^\"]*)\"")
_PARTICLES = frozenset(
    ("de", "la", "le", "van", "von", "der", "den", "al", "el", "bin", "ibn", "di", "da", "dos", "du", "st", "and")
)
_SERVANT_OF = re.compile(r"^abd[aeiou]?l?(?=[a-z]{3})")  # Abd al-Rahman, Abdulrahman, Abdirahman
_DOUBLED = re.compile(r"([a-z])\1+")
SHORTEST_HALF = 3  # letters: half of a double-barrelled name that can stand for the whole


@cache
def _stands_for() -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = {}
    lines = wordlists.part(wordlists.read("nicknames"), "same_name", "nicknames")
    for names in wordlists.rows(lines, "loaders/clean/nicknames.yaml same_name"):
        for name in names:
            groups.setdefault(name, set()).add(f"={names[0]}")
    return {name: frozenset(heads) for name, heads in groups.items()}


@cache
def _nicknames() -> NickNamer:
    return NickNamer()


def letters(text: str) -> str:
    """The name as plain lower-case letters, other scripts transliterated: "Zoë" is "zoe", "Ольга" is "olga"."""
    return _NOT_A_LETTER.sub("", anyascii(text).lower())


@lru_cache(maxsize=1 << 18)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a name, hyphens kept together, without titles and without what stands for "not known"."""
    parts = [letters(part) for part in _SEPARATORS.split(text.replace("'", "").replace("’", ""))]
    nobody = placeholders.exact("names_not_compared")
    kept = [part for part in parts if part and part not in titles()]
    return () if not kept or "".join(kept) in nobody or kept[0] in nobody else tuple(kept)


@lru_cache(maxsize=1 << 18)
def forename_keys(name: str) -> frozenset[str]:
    """What a single forename may be known as: itself, the names it is short for, and its own family of forms."""
    if len(name) < 2:
        return frozenset((name,)) if name else frozenset()
    own = _stands_for().get(name, frozenset())
    formal = {other for other in _nicknames().canonicals_of(name) if len(other) > 2 and _may_stand(own, other)}
    servant = {f"=abd {_DOUBLED.sub(_once, rest)}"} if (rest := _SERVANT_OF.sub("", name)) != name else set()
    return frozenset({name} | formal | servant) | own


def _may_stand(own: frozenset[str], other: str) -> bool:
    """Whether our own table lets `other` be a form of a name of the families `own`: Bill is William, never Robert."""
    families = _stands_for().get(other, frozenset())
    return not (own and families) or bool(own & families)


def _once(letters: re.Match[str]) -> str:
    return letters[1]


@lru_cache(maxsize=1 << 18)
def onsets(name: str) -> frozenset[str]:
    """The sounds a name may begin with: C and K are one, J is two."""
    return frozenset(code[0] for code in doublemetaphone(name) if code) or frozenset(name[:1])


@lru_cache(maxsize=1 << 18)
def second_forename(forename: str, middle: str) -> str | None:
    """The second of two forenames of which the first alone does not name the child, else null.

    "Lilly-Mae" gives mae; after a name of honour the first middle name counts, so that "Mohammed" and "Yusuf" give
    yusuf.
    """
    words = [word for word in tokens(_BRACKETED.sub(" ", forename).replace("-", " ")) if word not in _PARTICLES]
    if len(words) == 1 and _of_honour(words[0]):
        words += tokens(middle)[:1]
    return words[1] if len(words) > 1 and len(words[1]) > 1 else None


def _of_honour(name: str) -> bool:
    return bool(forename_keys(name) & {f"={each}" for each in names_of_honour()} or name in names_of_honour())


@lru_cache(maxsize=1 << 18)
def middle_forms(forename: str, middle: str) -> tuple[str, ...]:
    """Every forename after the first, whichever field it stands in; two words also as one."""
    words = tokens(middle)
    return (*tokens(_BRACKETED.sub(" ", forename))[1:], *words, *(("".join(words),) if len(words) == 2 else ()))


@lru_cache(maxsize=1 << 18)
def forename_forms(text: str) -> tuple[str, ...]:
    """Forms of one forename field, the first being the name itself: "Mary-Ann" gives maryann, mary."""
    inside = tuple(form for pair in _BRACKETED.findall(text) for form in tokens(" ".join(pair))[:1])
    plain = _BRACKETED.sub(" ", text)
    words = tokens(plain)
    if not words:
        return inside
    halves = tokens(plain.replace("-", " "))
    joined = ("".join(words[:2]),) if len(words) > 1 else ()
    return tuple(dict.fromkeys((*_with_particle(words), words[0], *halves[:1], *joined, *inside)))


def _with_particle(words: tuple[str, ...]) -> tuple[str, ...]:
    """What begins with particles, up to the name they belong to: "De La Cruz" in a forename's place is delacruz."""
    last = next((place for place, word in enumerate(words) if word not in _PARTICLES), 0)
    return ("".join(words[: last + 1]),) if last else ()


@lru_cache(maxsize=1 << 18)
def surname_forms(text: str) -> tuple[str, ...]:
    """Forms of one surname field, the first being the whole name: "Hussain-Reed" gives hussainreed, hussain, reed."""
    whole = "".join(tokens(text))
    if not whole:
        return ()
    halves = [word for word in tokens(text.replace("-", " ")) if len(word) >= SHORTEST_HALF and word not in _PARTICLES]
    return tuple(dict.fromkeys((whole, *halves)))


def other_name_forms(texts: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Forenames and surnames of former names and aliases, each "Forename Surname" or a surname alone."""
    forenames: list[str] = []
    surnames: list[str] = []
    for text in texts:
        first, _, last = text.strip().rpartition(" ")
        surnames += surname_forms(last)
        forenames += forename_forms(first)[:1] if first else ()
    return tuple(dict.fromkeys(forenames)), tuple(dict.fromkeys(surnames))
