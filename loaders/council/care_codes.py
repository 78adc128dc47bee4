"""The codes that case systems write for what was truly planned: needs, legal statuses, placements, kinds of abuse."""

from loaders.council.happenings import CARE_NEEDS, CHILD_NEEDS, FAMILY_NEEDS
from loaders.council.model import Person, PlanMade, Residence

_NEEDS = {
    **{words: f"N{number}" for number, words in enumerate(CHILD_NEEDS, start=1)},
    **{words: f"SF{number}" for number, words in enumerate(FAMILY_NEEDS, start=1)},
    **dict(zip(CARE_NEEDS, ("PSR2", "PSR1", "PSR4", "PSR7", "PSR5"), strict=True)),
}
_LEGAL = {
    "Interim care order": "C1",
    "Full care order": "C2",
    "Voluntary agreement, section 20": "V2",
    "Placement order": "E1",
}
_ABUSE = ("NEG", "EMO", "NEG", "EMO", "NEG", "PHY", "EMO", "MUL", "NEG", "SAB")
"""Categories of abuse in about the proportions of the children in need census."""

ABUSE_WORDS = {
    "NEG": "Neglect",
    "EMO": "Emotional abuse",
    "PHY": "Physical abuse",
    "SAB": "Sexual abuse",
    "MUL": "Multiple",
}


def need_codes(needs: tuple[str, ...]) -> str:
    """The needs as codes with ; between. One that has none is written in words."""
    return ";".join(_NEEDS.get(need, need) for need in needs)


def legal_code(plan: PlanMade) -> str:
    """The SSDA903 code of a plan's legal status."""
    return _LEGAL[plan.legal_status]


def placement_code(plan: PlanMade) -> str:
    """The SSDA903 code of the placement a plan names: foster care with no relative or friend."""
    return "U6" if plan.placement else ""


def placements(person: Person) -> list[tuple[Residence, str]]:
    """Where a child was placed, first to last, each with its code: a children's home, else foster care as above."""
    homes = [home for home in person.residences if home.kind == "placement"]
    return [(home, "K2" if home.dwelling.kind == "childrens_home" else "U6") for home in homes]


def abuse(person: Person) -> str:
    """The category of abuse of a person's child protection plans, the same in every system."""
    return _ABUSE[person.key % len(_ABUSE)]
