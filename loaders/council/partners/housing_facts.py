"""What the NEC Housing extract says happened: rent arrears, behaviour, support, benefit, and who came as homeless."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from loaders.council.model import Residence
from loaders.council.partner import Extract, in_life
from loaders.council.partners.housing_people import HOUSING
from loaders.council.records import Record
from loaders.council.tables import Row, flag, iso, named, uk, write_some

ARREARS = """
    LACA_BALANCE LACA_PAY_REF LACA_CREATED_DATE LACA_ARREARS_DISPUTE_IND LACA_ARA_CODE LACA_STATUS
    LACA_EFFECTIVE_DATE LACA_EXPIRY_DATE
"""
BEHAVIOUR = "asb_id person_ref role category opened_on closed_on"
SUPPORT = "person_ref support_type start end officer"
BENEFIT = "claim_ref person_ref start end"
HOMELESS = "presentation_ref person_ref presented_on duty closed_on officer"
_STEPS = ("SRA1", "SRA2", "AGRL", "BAG1", "NOSP", "CORT", "POP")
_NOISE = ("NOTE", "VISN", "TELO", "HBN")
_CATEGORIES = ("NOISE", "NOISE", "GARDEN", "HARASS", "DAMAGE", "ANIMALS", "VEHICLES", "DRUGS")

Let = tuple[str, Residence, Record]
"""A tenancy's reference, the main tenant's spell in it, and the main tenant."""


def write_facts(folder: Path, extract: Extract, lets: list[Let]) -> None:
    """Writes the five files."""
    write_some(folder / "arrears_actions.csv", ARREARS, list(_arrears(extract, lets)))
    write_some(folder / "asb_cases.csv", BEHAVIOUR, list(_behaviour(extract, lets)))
    write_some(folder / "housing_support.csv", SUPPORT, list(_support(extract)))
    write_some(folder / "housing_benefit.csv", BENEFIT, list(_benefit(extract, lets)))
    write_some(folder / "homelessness.csv", HOMELESS, list(_homeless(extract, lets)))


def _arrears(extract: Extract, lets: list[Let]) -> Iterator[Row]:
    """One tenancy in six has had arrears, and the steps that follow each other."""
    dice, today = extract.dice, extract.today
    for reference, home, main in lets:
        if not in_life(main.person) or not dice.chance(0.16):
            continue
        on = max(home.start, today - timedelta(days=dice.whole(30, 1500)))
        for code in (*_STEPS[: dice.whole(1, len(_STEPS))], dice.pick(_NOISE)):
            on += timedelta(days=dice.whole(14, 60))
            if on > today or (home.end and on > home.end):
                break
            expiry = named(on + timedelta(days=28)) if code == "NOSP" else ""
            status = "CANC" if dice.chance(0.03) else "COMP"
            balance = f"{dice.whole(90, 2600)}.{dice.whole(0, 99):02d}"
            yield [balance, reference, named(on), flag(dice.chance(0.05)), code, status, named(on), expiry]


def _behaviour(extract: Extract, lets: list[Let]) -> Iterator[Row]:
    number, dice, today = 30_000, extract.dice, extract.today
    for _, home, main in lets:
        if not in_life(main.person) or not dice.chance(0.05):
            continue
        opened = max(home.start, today - timedelta(days=dice.whole(10, 2000)))
        closed = opened + timedelta(days=dice.whole(20, 200))
        number += 1
        role = "Perpetrator" if dice.chance(0.55) else dice.pick(("Complainant", "Witness"))
        ended = iso(closed) if closed < today else ""
        yield [f"A{number}", main.record_id, role, dice.pick(_CATEGORIES), iso(opened), ended]


def _support(extract: Extract) -> Iterator[Row]:
    """The truth's spells of housing support, each with its officer by name or staff number."""
    for record in extract.registry.first.values():
        for spell in record.person.spells:
            if spell.kind == HOUSING:
                kind = extract.dice.pick(("Floating", "Tenancy support", "Family", "Debt"))
                officer = spell.worker.name if extract.dice.chance(0.8) else spell.worker.key
                yield [record.record_id, kind, uk(spell.start), uk(spell.end), officer]


def _benefit(extract: Extract, lets: list[Let]) -> Iterator[Row]:
    number = 60_000
    for _, home, main in lets:
        if in_life(main.person) and extract.dice.chance(0.3):
            number += 1
            yield [f"HB{number}", main.record_id, iso(home.start), iso(home.end)]


def _homeless(extract: Extract, lets: list[Let]) -> Iterator[Row]:
    """Families in temporary accommodation came as homeless; a few others did and were helped to stay."""
    number, dice, today = 50_000, extract.dice, extract.today
    for _, home, main in lets:
        temporary = home.kind == "temporary"
        if not in_life(main.person) or not (temporary or dice.chance(0.01)):
            continue
        number += 1
        came = (
            home.start - timedelta(days=dice.whole(0, 5)) if temporary else today - timedelta(days=dice.whole(9, 900))
        )
        closed = home.end if temporary else came + timedelta(days=56)
        duty = dice.pick(("RELIEF", "MAIN")) if temporary else dice.pick(("PREVENTION", "NONE"))
        ended = iso(closed) if closed and closed <= today else ""
        yield [f"H{number}", main.record_id, iso(came), duty, ended, ""]
