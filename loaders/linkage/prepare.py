"""From the standard tables to one row of comparable features per record.

Pure: no scoring, no database. Extra columns of `people` are read where a list from elsewhere has them: `dob_text` (a
date as written, perhaps partial), `phones`, `emails`, and `id_<name>` for identifiers of its own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from graph.errors import DataRefused
from loaders.linkage import names, places
from loaders.linkage.dates import Birth, birth_of, read_birth

Row = dict[str, Any]
MOST_PEOPLE_PER_ID = 2  # people of one source: an id on more of them is no id
OWN_ID = "id_"  # prefix of identifiers a list brings under its own names

_TEXT, _TEXTS = pa.string(), pa.list_(pa.string())
_SCALARS = (
    "source",
    "record_id",
    "forename",
    "second",
    "surname",
    "dob",
    "dob_year",
    "dob_month",
    "dob_day",
    "sex",
    "nhs",
    "uln",
    "llid",
    "pnc",
)
_LISTS = (
    "forename_keys",
    "forenames",
    "surnames",
    "middles",
    "onsets",
    "upns",
    "phones",
    "emails",
    "uprns",
    "postcodes",
    "place_keys",
    "street_keys",
    "address_words",
)


def prepare(people: pa.Table, addresses: pa.Table) -> pa.Table:
    """One feature row per record, sorted by source and record id and numbered by `uid`: input order never matters.

    Raises DataRefused when a record has no source or id, or when two records of a source share one.
    """
    ordered = people.sort_by([("source", "ascending"), ("record_id", "ascending")])
    _refuse_unkeyed(ordered)
    own_ids = [name for name in ordered.column_names if name.startswith(OWN_ID)]
    living_at = _places_by_record(addresses)
    rows = [_features(row, living_at.get((row["source"], row["record_id"]), ()), own_ids) for row in _plain(ordered)]
    for column, kind in (
        ("nhs", "one"),
        ("uln", "one"),
        ("llid", "one"),
        ("pnc", "one"),
        ("upns", "many"),
        *((name, "one") for name in own_ids),
    ):
        _drop_shared_ids(rows, column, many=kind == "many")
    return pa.Table.from_pylist([{"uid": uid, **row} for uid, row in enumerate(rows)], schema=_schema(own_ids))


def _schema(own_ids: Sequence[str]) -> pa.Schema:
    texts = dict.fromkeys((*_SCALARS, *own_ids), _TEXT)
    columns: dict[str, pa.DataType] = {
        "uid": pa.int64(),
        **texts,
        **dict.fromkeys(_LISTS, _TEXTS),
        "adopted": pa.bool_(),
        "birth_order": pa.int16(),
    }
    return pa.schema(list(columns.items()))


def _refuse_unkeyed(people: pa.Table) -> None:
    if people["source"].null_count or people["record_id"].null_count:
        raise DataRefused("Linking needs a source and a record id for every person. Check the extract and run again.")
    keys = pa.table({"s": people["source"], "r": people["record_id"]})
    counts = keys.group_by(["s", "r"]).aggregate([([], "count_all")])
    repeated = sum(count > 1 for count in counts["count_all"].to_pylist() if count)
    if repeated:
        raise DataRefused(
            f"{repeated} record ids stand more than once in their source. Give each record one id and run again."
        )


def _plain(people: pa.Table) -> Iterable[Row]:
    for batch in people.to_batches(max_chunksize=50_000):
        yield from batch.to_pylist()


def _places_by_record(addresses: pa.Table) -> Mapping[tuple[str, str], list[Row]]:
    wanted = [name for name in ("source", "record_id", "text", "postcode", "uprn") if name in addresses.column_names]
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in _plain(addresses.select(wanted)):
        found[row["source"], row["record_id"]].append(row)
    return found


def _features(row: Row, addresses: Sequence[Row], own_ids: Sequence[str]) -> Row:
    return {
        "source": row["source"],
        "record_id": row["record_id"],
        **_name_features(row),
        **_birth_features(row),
        **_id_features(row, own_ids),
        **_place_features(addresses),
        "sex": row.get("sex") if row.get("sex") in ("M", "F") else None,
        "adopted": bool(row.get("adopted")),
        "birth_order": row.get("birth_order"),
    }


def _name_features(row: Row) -> Row:
    other_forenames, other_surnames = names.other_name_forms(tuple(row.get("other_names") or ()))
    forenames = _unique(
        names.forename_forms(row.get("forename") or ""),
        names.forename_forms(row.get("known_as") or ""),
        other_forenames,
    )
    surnames = _unique(names.surname_forms(row.get("surname") or ""), other_surnames)
    forename = next(iter(names.forename_forms(row.get("forename") or "")), None)
    return {
        "forename": forename,
        "second": names.second_forename(row.get("forename") or "", row.get("middle_names") or ""),
        "surname": next(iter(names.surname_forms(row.get("surname") or "")), None),
        "forenames": forenames,
        "forename_keys": sorted(frozenset().union(*map(names.forename_keys, forenames))),
        "surnames": surnames,
        "middles": _unique(names.middle_forms(row.get("forename") or "", row.get("middle_names") or "")),
        "onsets": sorted(names.onsets(forename or "")),
    }


def _birth_features(row: Row) -> Row:
    birth: Birth = read_birth(row["dob_text"]) if row.get("dob_text") else birth_of(row.get("dob"))
    return {"dob": birth.whole, "dob_year": birth.year, "dob_month": birth.month, "dob_day": birth.day}


def _id_features(row: Row, own_ids: Sequence[str]) -> Row:
    return {
        "nhs": row.get("nhs_number") or None,
        "uln": row.get("uln") or None,
        "llid": row.get("llid") or None,
        "pnc": row.get("pnc") or None,
        "upns": _unique([upn for upn in (row.get("upn"), row.get("former_upn")) if upn]),
        "phones": _unique(row.get("phones") or ()),
        "emails": _unique(row.get("emails") or ()),
        **{name: row.get(name) or None for name in own_ids},
    }


def _place_features(addresses: Sequence[Row]) -> Row:
    found = [places.place(address.get("text"), address.get("postcode")) for address in addresses]
    return {
        "uprns": _unique(address["uprn"] for address in addresses if address.get("uprn")),
        "postcodes": _unique(each.postcode for each in found if each.postcode),
        "place_keys": _unique(each.place_key for each in found if each.place_key),
        "street_keys": _unique(each.street_key for each in found if each.street_key),
        "address_words": _unique(*(each.words for each in found)),
    }


def _unique(*groups: Iterable[str]) -> list[str]:
    return sorted({value for group in groups for value in group})


def _drop_shared_ids(rows: Sequence[Row], column: str, *, many: bool) -> None:
    """Take away every id that stands on more than two people of one source: a placeholder, or one id lent to many.

    People are told apart by forename and by date of birth; both must differ, so that one person entered often keeps
    the id.
    """
    forenames, births = defaultdict(set), defaultdict(set)
    for row in rows:
        for value in row[column] if many else filter(None, (row[column],)):
            forenames[row["source"], value].add(row["forename"])
            births[row["source"], value].add(row["dob"])
    shared = Counter(key[1] for key in forenames if min(len(forenames[key]), len(births[key])) > MOST_PEOPLE_PER_ID)
    if not shared:
        return
    for row in rows:
        row[column] = (
            [value for value in row[column] if value not in shared]
            if many
            else None
            if row[column] in shared
            else row[column]
        )
