"""Second records of one person in one source: some marked by the source, most not; and rows that no loader can take.

They stay in `truth/records.csv`, because both records are of that person.
"""

from datetime import date, timedelta

from loaders.council.dice import Dice
from loaders.council.mistakes import Mistakes
from loaders.council.records import Registry, plain_record
from loaders.council.settings import Rates


def add_duplicates(rates: Rates, dice: Dice, today: date, registry: Registry, mistakes: Mistakes) -> None:
    """Adds second records, worse kept than the first and with part of the identifiers and addresses."""
    number = int(max((record.record_id for record in registry.records), key=int, default="0"))
    for first in list(registry.records):
        person = first.person
        story = person.household is not None and person.household.kind == "story"
        if story or person.unborn or not dice.chance(rates[f"duplicate_{registry.source}"]):
            continue
        number += 1 + int(dice.random() * 3)
        second = plain_record(registry.source, str(number), person, today - timedelta(days=dice.whole(100, 2500)))
        mistakes.spoil(second, 1.5)
        second.nhs = first.nhs if dice.chance(0.5) else ""
        second.upn = first.upn if dice.chance(0.4) else ""
        second.homes = first.homes[: dice.whole(1, 2)] if first.homes else []
        if person.restricted and dice.chance(0.5):
            second.restricted = ()
        if dice.chance(rates["duplicate_flagged"]):
            second.duplicate_of = first.record_id
        registry.add(second)
