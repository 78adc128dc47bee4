"""MAPPA: a few of those whom probation supervises, under the same case reference. Days as 12/05/2012."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.identifiers import telephone
from loaders.council.model import Person
from loaders.council.partner import Extract, Partner
from loaders.council.partners.police import police_id
from loaders.council.partners.probation import crn, supervised
from loaders.council.plain_rows import home_line, spoil_days
from loaders.council.population import Council
from loaders.council.records import Record
from loaders.council.tables import uk, write_some

FLAGS = """
    crn category level lead_agency lead_contact lead_phone review_date start_date pnc_number forename middle_names
    surname alias_names dob dob_estimated sex address_line postcode uprn
"""
_LEADS = (("Example Police", "Lee Warden"), ("Example Probation", "Mo Keeper"), ("Example Probation", "Ann Ward"))
_FIRST_PHONE = 32_000
_SEXUAL = ("Rape", "Other sexual offences")


def _holds(council: Council, dice: Dice) -> Iterable[Person]:
    """A share of the supervised, and whoever was convicted of a sexual offence."""
    share = council.settings.sources["mappa"]["of_probation"]
    for person in supervised(council):
        if dice.chance(share) or _sexual(person):
            yield person


def _sexual(person: Person) -> bool:
    found = [one.detail for one in person.happenings if one.kind == "offence"]
    return any(detail.endswith("Convict") and detail.startswith(_SEXUAL) for detail in found)


def _write(folder: Path, extract: Extract) -> list[Record]:
    """Records go by the case reference of probation: it is the only number MAPPA has."""
    supervised_as = extract.registries["probation"].first
    for record in extract.records:
        record.record_id = crn(supervised_as[record.person.key])
    rows = [_flag(record, extract) for record in extract.records]
    spoil_days(extract.dice, extract.council.settings.errors["malformed"], rows, 13)
    write_some(folder / "mappa_flag.csv", FLAGS, rows)
    return []


def _flag(record: Record, extract: Extract) -> list[object]:
    dice, today = extract.dice, extract.today
    lead = dice.whole(0, len(_LEADS) - 1)
    agency, name = _LEADS[lead]
    convicted = [one.on for one in record.person.happenings if one.kind == "offence" and one.detail.endswith("Convict")]
    review = today + timedelta(days=dice.whole(-120, 120))
    aliases = "; ".join(name for _, name in record.others)
    return [
        record.record_id, 1 if _sexual(record.person) else dice.pick((2, 2, 3)), dice.pick((1, 1, 1, 2, 3)), agency,
        name, telephone(_FIRST_PHONE + lead), uk(review), uk(max(convicted, default=None)), police_id(record.person),
        record.forename, record.middle, record.surname, aliases, uk(record.born), "", record.sex,
        *home_line(record, dice, uprn_missing=0.7, postcode_missing=0.03),
    ]  # fmt: skip


PARTNER = Partner("mappa", 8_000_000, _holds, _write)
