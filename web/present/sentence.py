"""A person and their family in a sentence or two: only what is recorded, and who recorded it."""

from collections.abc import Sequence

from web.present.people import Person
from web.present.places import Home, current_homes
from web.present.relationship import Relative
from web.present.rows import listed, unique
from web.present.words import NOT_NOUNS

NAMED = 6
"""How many linked people the sentence names before it counts the rest."""

_SAYS_RESPONSIBILITY = frozenset({
    "PARENT", "BIRTH_PARENT", "ADOPTIVE_PARENT", "PROSPECTIVE_ADOPTER", "STEP_PARENT", "PARENT_OF_UNBORN",
    "SPECIAL_GUARDIAN", "LEGAL_GUARDIAN", "CONNECTED_CARER", "FOSTER_CARER", "PUTATIVE_PARENT",
})  # fmt: skip
"""Relationships whose reader must be told when nobody recorded who holds parental responsibility."""


def family_sentence(centre: Person, places: Sequence[Home], family: Sequence[Relative], linkers: Sequence[str]) -> str:
    """The family in words. `linkers` are the titles of the systems whose links make the unit; none means any source."""
    return f"{centre.name}, {_age(centre)}, {_where(centre, places)}. {_family(centre, family, linkers)}"


def restricted_sentence(centre: Person) -> str:
    """What may be said of a person whose record is restricted for this reader."""
    return f"{centre.possessive} record is restricted. Ask the shield desk before you do anything with it."


def _age(centre: Person) -> str:
    if not centre.alive:
        words = centre.status_words[:1].lower() + centre.status_words[1:]
        return f"{words}, {centre.born}" if centre.status == "unborn" else f"who {words}" if "died" in words else words
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
    verb = "is placed at" if current[0].residences[0].type == "placement" else "lives at"
    others = [f"another address given is {_at(home)}" for home in current[1:]]
    return "; ".join([f"{verb} {_at(current[0])}", *others])


def _at(home: Home) -> str:
    return f"{home.short} ({home.since})"


def _family(centre: Person, family: Sequence[Relative], linkers: Sequence[str]) -> str:
    who = list(linkers) or unique(title for relative in family for title in relative.sources)
    says = f"{listed(who)} {'links' if len(who) == 1 else 'link'}" if who else "No source links"
    if not family:
        return f"{says} {'nobody' if who else 'anybody'} to {centre.him}."
    current = [relative for relative in family if not relative.ended]
    ended = len(family) - len(current)
    gone = f"{_counted(ended, 'link')} {'has' if ended == 1 else 'have'} ended"
    if not current:
        return f"{says} nobody to {centre.him} now; {gone}."
    named = [_described(relative, centre) for relative in current[:NAMED]]
    if len(current) > NAMED:
        named.append(f"{len(current) - NAMED} more")
    tail = f" A further {gone}." if ended else ""
    return f"{says} {_counted(len(current), 'person', 'people')} to {centre.him}: {_series(named)}.{tail}"


def _described(relative: Relative, centre: Person) -> str:
    main, name = relative.main, relative.person.name
    kin = main.word[:1].lower() + main.word[1:]
    words = f"{name} ({kin})" if main.code in NOT_NOUNS else f"{centre.his} {kin} {name}"
    if relative.kinship_disputed:
        words = f"{name}, about whose relationship the sources disagree"
    if relative.person.status == "deceased":
        words += f" ({relative.person.status_words})"
    return words + _responsibility(relative)


def _responsibility(relative: Relative) -> str:
    holds = {item.holds for item in relative.responsibilities if item.holds is not None and item.of_member}
    if holds == {True, False}:
        return " (sources disagree about parental responsibility)"
    if holds:
        return f", who {'holds' if True in holds else 'does not hold'} parental responsibility"
    recorded = relative.responsibilities or relative.main.code not in _SAYS_RESPONSIBILITY
    return "" if recorded else " (parental responsibility not recorded)"


def _series(items: Sequence[str]) -> str:
    """A list whose items hold commas of their own: "a; b; and c"."""
    return "; and ".join(["; ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one}" if number == 1 else f"{number} {many or one + 's'}"
