"""Writes an invented council to a folder: the extracts of every source system, manifest and truth."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

from loaders.council.duplicates import add_duplicates
from loaders.council.links import recorded, true_facts
from loaders.council.mistakes import Mistakes
from loaders.council.partner import Extract, register
from loaders.council.population import Council, populate
from loaders.council.records import Record, Registry, forget_addresses, give_identifiers, number_records, plain_record
from loaders.council.relations import Fact
from loaders.council.settings import council_settings
from loaders.council.truth import write_truth
from loaders.council.write_census import write_census
from loaders.council.write_lcs import LcsExtract, write_lcs
from loaders.council.write_mosaic import MosaicExtract, write_mosaic
from loaders.council.writers import PARTNERS

_FIRST_NUMBERS = {"mosaic": 300_000, "lcs": 400_000, "school_census": 5_000_010}


def generate(folder: Path, people: int, seed: int, today: date, reverse: Collection[str] = ()) -> dict[str, int]:
    """Writes the council and says how many records of people each source has.

    The bytes depend on `people`, `seed` and `today` alone. `reverse` names sources (mosaic, lcs) whose relationships
    are written the wrong way round: extracts that a loader must refuse.
    """
    council = populate(council_settings(), people, seed, today)
    registries = {source: _register(council, source) for source in _FIRST_NUMBERS}
    registries |= {partner.source: register(council, partner) for partner in PARTNERS}
    truth = true_facts(council.people, today)
    extra = _write_sources(folder, council, registries, truth, reverse)
    for partner in PARTNERS:
        extract = Extract(council, partner.source, registries, truth, council.dice(f"{partner.source}/write"))
        extra += partner.write(folder / partner.source, extract)
    records = [record for registry in registries.values() for record in registry.records]
    write_truth(folder / "truth", records + extra, truth, council.people)
    manifest = f"# An invented council: nobody in it exists.\nas_at = {today.isoformat()}\ninvented = true\n"
    (folder / "manifest.toml").write_text(manifest, encoding="utf-8", newline="\n")
    return {source: len(registry.records) for source, registry in registries.items()}


def _register(council: Council, source: str) -> Registry:
    """Every record of a source, with what it does not know and what it has wrong."""
    registry, rates, today = (
        Registry(source, council.settings.errors["duplicate_links"]),
        council.settings.errors,
        council.today,
    )
    records = _story_records(council, source)
    told = {record.person.key for record in records}
    ordinary = number_records(
        source,
        council.dice(f"{source}/numbers"),
        [p for p in council.people if p.key not in told],
        _FIRST_NUMBERS[source],
        today,
    )
    mistakes = Mistakes(rates, council.dice(f"{source}/mistakes"), council.names, today)
    if source == "school_census":
        _census_knows(ordinary)
    else:
        give_identifiers(rates, council.dice(f"{source}/identifiers"), today, council.shared_number, ordinary)
    forget_addresses(rates, council.dice(f"{source}/addresses"), ordinary)
    mistakes.spoil_all(ordinary)
    for record in records + ordinary:
        registry.add(record)
    if source == "school_census":
        _register_twice(council, registry)
    else:
        add_duplicates(rates, council.dice(f"{source}/duplicates"), today, registry, mistakes)
    return registry


def _story_records(council: Council, source: str) -> list[Record]:
    """The stories' records, as told: their ids, spellings, numbers and the address that only the census knows."""
    found = []
    for person in council.stories.people:
        record_id = council.stories.record_ids.get((source, person.key))
        if record_id is None or (source == "school_census" and person.school is None):
            continue
        record = plain_record(source, record_id, person, council.today)
        record.nhs = person.nhs if source != "school_census" else ""
        record.upn = person.upn
        record.forename, record.surname = council.stories.spelt.get(
            (source, person.key), (record.forename, record.surname)
        )
        if source == "school_census" and person.key in council.stories.unknown_there:
            record.homes = [council.stories.unknown_there[person.key]]
        found.append(record)
    return found


def _census_knows(records: list[Record]) -> None:
    for record in records:
        record.upn, record.former_upn = record.person.upn, record.person.former_upn
        record.learner = record.person.learner
        record.restricted = ()


def _register_twice(council: Council, registry: Registry) -> None:
    """One pupil in five hundred is on the roll of two schools: two records with one pupil number."""
    dice = council.dice("school_census/twice")
    number = max((int(record.record_id) for record in registry.records), default=0)
    for first in list(registry.records):
        if first.person.school and first.person.key > len(council.stories.people) and dice.chance(0.002):
            number += 1
            second = plain_record("school_census", str(number), first.person, first.updated)
            second.upn, second.homes, second.duplicate_of = first.upn, list(first.homes), first.record_id
            second.restricted = ()
            registry.add(second)


def _write_sources(
    folder: Path, council: Council, registries: dict[str, Registry], truth: list[Fact], reverse: Collection[str]
) -> list[Record]:
    """The three extracts; returns the records that only malformed rows hold."""
    settings, today = council.settings, council.today
    workers = council.workforce.workers if council.workforce else []
    links = {
        source: list(recorded(settings.recorded, council.dice(f"{source}/links"), registries[source], truth))
        for source in ("mosaic", "lcs")
    }
    llids = {key: record.record_id for key, record in registries["lcs"].first.items()}
    mosaic = MosaicExtract(
        registries["mosaic"],
        links["mosaic"],
        workers,
        llids,
        settings,
        council.dice("mosaic/write"),
        today,
        "mosaic" in reverse,
    )
    lcs = LcsExtract(
        registries["lcs"], links["lcs"], workers, settings, council.dice("lcs/write"), today, "lcs" in reverse
    )
    census, dice = registries["school_census"].records, council.dice("school_census/write")
    extra = write_mosaic(folder / "mosaic", mosaic) + write_lcs(folder / "lcs", lcs)
    return extra + write_census(folder / "school_census", census, settings.errors, dice, today)
