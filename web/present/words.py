"""The word for what one person is to another, read from the child's side, and its place in a list.

Words come from the vocabulary; the few that do not read well from the other person's side are mended here, as data.
"""

from graph.vocabulary import Code, code, inverse

_BETTER = {
    "PARTNER": "Partner",
    "EX_PARTNER": "Former partner",
    "CONNECTED_CARER": "Kinship carer (connected person)",
    "CHILD_OF_CONNECTED_CARER": "Child in their kinship care",
    "RESIDENT_OF_CARER": "Resident in their care",
    "SUPPORTED_FOSTER_CARER": "Foster carer they support",
    "PUTATIVE_PARENT": "Alleged parent",
    "TWIN": "Twin",
    "CARED_FOR_PERSON": "Person they care for",
    "CHILDMINDER": "Childminder or babysitter",
    "MINDED_CHILD": "Child they mind",
    "IN_CONTACT_WITH": "In contact with each other",
    "HOUSEMATE": "Housemate or lodger",
    "CO_RESIDENT": "Lives at the same address",
    "FAMILY_GROUP_MEMBER": "In the same recorded family group",
    "ALLEGED_PERPETRATOR": "Alleged or convicted perpetrator",
    "ALLEGED_VICTIM": "Alleged or known victim",
    "NO_CONTACT_ORDER": "Contact between them is prohibited or restricted",
    "EMERGENCY_CONTACT_FOR": "Names them as emergency contact",
    "NEXT_OF_KIN_FOR": "Names them as next of kin",
    "OTHER": "Other link, kind not stated",
    "UNKNOWN": "Link of a kind not recorded",
}
"""Codes whose vocabulary label claims too much or does not read as "(member) is the … of the child"."""

NOT_NOUNS = frozenset({
    "IN_CONTACT_WITH", "CO_RESIDENT", "FAMILY_GROUP_MEMBER", "NO_CONTACT_ORDER", "EMERGENCY_CONTACT_FOR",
    "NEXT_OF_KIN_FOR", "OTHER", "UNKNOWN", "ALLEGED_PERPETRATOR", "ALLEGED_VICTIM",
})  # fmt: skip
"""Codes a sentence cannot put after "his" or "her"."""

SAYS_LITTLE = frozenset({
    "IN_CONTACT_WITH", "CO_RESIDENT", "FAMILY_GROUP_MEMBER", "EMERGENCY_CONTACT_FOR", "NEXT_OF_KIN_FOR",
    "OTHER", "UNKNOWN",
})  # fmt: skip
"""Codes that hold beside any kinship: a source that says no more does not disagree with one that does."""

FORMER = frozenset({"EX_PARTNER", "EX_SPOUSE"})
"""Codes that say themselves that something is over."""

_SAID_AS = {"SIBLING_OF_UNBORN": "SIBLING"}
"""Codes said with the words of another: an unborn child's brother is a brother."""

_ORDER = ("parent-child", "care", "partner", "sibling", "extended", "in-law", "household", "social", "contact", "risk",
          "other")  # fmt: skip

SAME_AS = {
    "BIRTH_PARENT": "PARENT", "PARENT_OF_UNBORN": "PARENT", "BIRTH_CHILD": "CHILD", "UNBORN_CHILD": "CHILD",
    "FULL_SIBLING": "SIBLING", "HALF_SIBLING": "SIBLING", "TWIN": "SIBLING", "SIBLING_OF_UNBORN": "SIBLING",
    "UNBORN_SIBLING": "SIBLING", "CIVIL_PARTNER": "PARTNER",
}  # fmt: skip
"""Codes that only say more than a plainer one: sources that use the one and the other do not disagree."""


def seen_from(name: str, forwards: bool) -> str:
    """The code of what the member is to the person, from an edge stored in either direction."""
    return name if forwards else inverse(name)


def word(name: str, sex: str | None) -> str:
    """The word for a person of that sex who is `name` of somebody: Mother, Friend, Partner."""
    return _BETTER.get(name) or code(_SAID_AS.get(name, name)).label_for(sex)


def rank(name: str) -> tuple[int, int]:
    """Where a relationship stands in a list: those above the child first, then carers, partners, siblings and so on."""
    entry: Code = code(name)
    return (_ORDER.index(entry.category) if entry.category in _ORDER else len(_ORDER), -(entry.generation_offset or 0))
