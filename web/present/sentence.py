"""A person and their family in a sentence or two: only what is recorded, and who recorded it."""

from collections.abc import Container, Sequence

from web.present.freshness import DERIVED
from web.present.people import Person
from web.present.places import MOST_NAMED, Home, current_homes, distinct
from web.present.relationship import Relative
from web.present.rows import listed, unique
from web.present.words import FORMER, NOT_NOUNS

NAMED = 6
"""How many linked people the sentence names before it counts the rest."""

_SAYS_RESPONSIBILITY = frozenset({
    "PARENT", "BIRTH_PARENT", "ADOPTIVE_PARENT", "PROSPECTIVE_ADOPTER", "STEP_PARENT", "PARENT_OF_UNBORN",
    "SPECIAL_GUARDIAN", "LEGAL_GUARDIAN", "CONNECTED_CARER", "FOSTER_CARER", "PUTATIVE_PARENT",
})  # fmt: skip
"""Relationships whose reader must be told when nobody recorded who holds parental responsibility."""


def family_sentence(
    centre: Person, places: Sequence[Home], family: Sequence[Relative], linkers: Sequence[str], within: str = ""
) -> str:
    """The family in words. `linkers` are the titles of the systems whose links make the unit; none means any source.

    `within` says what the people named are taken from, where that is not everybody: nobody else is so much as counted.
    """
    said = _family(centre, family, linkers)
    if within:
        first = said if said.startswith(tuple(linkers)) else f"{said[:1].lower()}{said[1:]}"
        said = f"{within} {first}"
    return f"{_who(centre, places)}. {said}"


def restricted_sentence(centre: Person) -> str:
    """What may be said of a person whose record is restricted for this reader."""
    return f"{centre.possessive} record is restricted. Ask the shield desk before you do anything with it."


def _who(centre: Person, places: Sequence[Home]) -> str:
    if not centre.alive and centre.status != "deceased" and not any(home.lived_in for home in places):
        stands = f"is unborn, {centre.born}" if centre.status == "unborn" else _lower(centre.status_words)
        return f"{centre.name} {stands}" if centre.status == "unborn" else f"{centre.name}: {stands}"
    return f"{centre.name}, {_age(centre)}, {_where(centre, places)}"


def _age(centre: Person) -> str:
    if centre.status == "deceased":
        return f"who {centre.status_words.replace('died ', 'died on ', 1)}"
    if not centre.alive:
        return f"unborn, {centre.born}" if centre.status == "unborn" else _lower(centre.status_words)
    if not centre.age_words:
        return "age not recorded" if centre.dob is None else centre.born
    return centre.age_words if centre.age_words.isdigit() else f"{centre.age_words} old"


def _where(centre: Person, places: Sequence[Home]) -> str:
    lived = [home for home in places if home.lived_in]
    if not lived:
        return "has no address recorded"
    current = current_homes(places) if centre.alive else []
    if not current:
        return f"was last recorded at {_at(lived[0])}"
    first, *others = distinct(current)
    verb = "is placed at" if first[0].residences[0].type == "placement" else "lives at"
    alike = {home.short.casefold() for home in first}
    told = [f"another address given is {_places(same, alike)}" for same in others]
    return "; ".join([f"{verb} {_places(first)}", *told])


def _places(same: Sequence[Home], taken: Container[str] = ()) -> str:
    """One place and who gives it; with its postcode where another stands beside it that reads the same without."""
    words = same[0].line if same[0].short.casefold() in taken else same[0].short
    return f"{words} ({'; '.join(home.since for home in same)})"


def _at(home: Home) -> str:
    return _places([home])


def _family(centre: Person, family: Sequence[Relative], linkers: Sequence[str]) -> str:
    who = list(linkers) or sorted(
        unique(title for relative in family for title in relative.sources if title != DERIVED)
    )
    told = listed(who) if len(who) <= MOST_NAMED else f"{len(who)} sources"
    says = f"{told} {'links' if len(who) == 1 else 'link'}" if who else "No source links"
    if family and not who:
        says = "Links worked out by us join"
    if not family:
        return f"{says} {'nobody' if who else 'anybody'} to {centre.him}."
    current = [relative for relative in family if not relative.ended]
    ended = len(family) - len(current)
    have = "has" if ended == 1 else "have"
    if not current:
        return f"{says} nobody to {centre.him} now; {_counted(ended, 'link')} {have} ended."
    named = [_described(relative, centre) for relative in current[:NAMED]]
    if len(current) > NAMED:
        named.append(f"{len(current) - NAMED} more")
    tail = f" {_counted(ended, 'further link')} {have} ended." if ended else ""
    return f"{says} {_counted(len(current), 'person', 'people')} to {centre.him}: {_series(named)}.{tail}"


def _described(relative: Relative, centre: Person) -> str:
    main, name = relative.main, relative.person.name
    kin = _lower(main.word)
    words = f"{name} ({kin})" if main.code in NOT_NOUNS else f"{centre.his} {kin} {name}"
    if relative.kinship_disputed:
        words = _disputed(relative, centre)
    if relative.person.status == "deceased":
        words += f" ({relative.person.status_words})"
    if all(link.derived for link in relative.links):
        words += " (a link worked out by us)"
    return words + _responsibility(relative, centre)


def _disputed(relative: Relative, centre: Person) -> str:
    """What each source says of the two, side by side."""
    if NOT_NOUNS & {link.code for link in relative.links}:
        return f"{relative.person.name}, about whose relationship the sources disagree"
    said: dict[str, list[str]] = {}
    for link in relative.links:
        word = _lower(link.word) + (" (ended)" if link.ended and link.code not in FORMER else "")
        said[word] = sorted(unique([*said.get(word, []), link.provenance.title]))
    told = [f"{word} in {listed(titles)}" for word, titles in said.items()]
    return f"{relative.person.name}, {centre.his} {' but '.join(told)}"


def _responsibility(relative: Relative, centre: Person) -> str:
    """Said of those who hold it now; that nobody recorded it is said of a living parent or carer of a born child."""
    holds = {item.holds for item in relative.responsibilities if item.holds is not None and item.of_member}
    if holds == {True, False}:
        return " (sources disagree about parental responsibility)"
    if holds:
        return f", who {'holds' if True in holds else 'does not hold'} parental responsibility"
    apart = relative.person.status == "deceased" or not centre.alive or centre.grown_up
    recorded = apart or relative.responsibilities or relative.main.code not in _SAYS_RESPONSIBILITY
    return "" if recorded else " (parental responsibility not recorded)"


def _series(items: Sequence[str]) -> str:
    """A list whose items hold commas of their own: "a; b; and c"."""
    return "; and ".join(["; ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one}" if number == 1 else f"{number} {many or one + 's'}"
