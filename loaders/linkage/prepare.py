"""From the standard tables to one row of comparable features per record.

Pure: no scoring, no database. Extra columns of `people` are read where a list from elsewhere has them: `dob_text` (a
date as written, perhaps partial), `phones`, `emails`, and `id_<name>` for identifiers of its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

import pyarrow as pa

from graph.errors import DataRefused
from loaders.linkage import names, places
from loaders.linkage.dates import Birth, birth_of, read_birth
from loaders.linkage.identity import Key
from loaders.linkage.shared_ids import without_shared

Row = dict[str, Any]
_BATCH = 50_000  # records
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
    "middle_initials",
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
    schema = _schema(own_ids)
    living_at = _by_record(addresses)
    made, uid = [schema.empty_table()], 0
    for batch in ordered.to_batches(max_chunksize=_BATCH):
        rows = [_features(row, living_at, own_ids) for row in batch.to_pylist()]
        numbered = [{"uid": number, **row} for number, row in enumerate(rows, uid)]
        made.append(pa.Table.from_pylist(numbered, schema=schema))
        uid += len(rows)
    many = {"nhs": False, "uln": False, "llid": False, "pnc": False, "upns": True, **dict.fromkeys(own_ids, False)}
    return without_shared(pa.concat_tables(made), many)


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


class _Homes:
    """The addresses of records that are asked for in order, read alongside: a million are never held at once."""

    def __init__(self, addresses: Iterator[tuple[Key, list[Row]]]) -> None:
        self._addresses = addresses
        self._next = next(addresses, None)

    def of(self, key: Key) -> Sequence[Row]:
        """The addresses of a record, which comes after every record asked about before."""
        while self._next and self._next[0] < key:
            self._next = next(self._addresses, None)
        return self._next[1] if self._next and self._next[0] == key else ()


def _by_record(addresses: pa.Table) -> _Homes:
    wanted = [name for name in ("source", "record_id", "text", "postcode", "uprn") if name in addresses.column_names]
    ordered = addresses.select(wanted).sort_by([("source", "ascending"), ("record_id", "ascending")])
    rows = (row for batch in ordered.to_batches(max_chunksize=_BATCH) for row in batch.to_pylist())
    return _Homes((key, list(group)) for key, group in groupby(rows, lambda row: (row["source"], row["record_id"])))


def _features(row: Row, homes: _Homes, own_ids: Sequence[str]) -> Row:
    return {
        "source": row["source"],
        "record_id": row["record_id"],
        **_name_features(
            row.get("forename") or "",
            row.get("middle_names") or "",
            row.get("surname") or "",
            row.get("known_as") or "",
            tuple(row.get("other_names") or ()),
        ),
        **_birth_features(row),
        **_id_features(row, own_ids),
        **_place_features(homes.of((row["source"], row["record_id"]))),
        "sex": row.get("sex") if row.get("sex") in ("M", "F") else None,
        "adopted": bool(row.get("adopted")),
        "birth_order": row.get("birth_order"),
    }


@lru_cache(maxsize=1 << 16)
def _name_features(forename: str, middle: str, surname: str, known_as: str, others: tuple[str, ...]) -> Row:
    other_forenames, other_surnames = names.other_name_forms(others)
    forms, last = names.forename_forms(forename), names.surname_forms(surname)
    forenames = _unique(forms, names.forename_forms(known_as), other_forenames)
    first = next(iter(forms), None)
    return {
        "forename": first,
        "second": names.second_forename(forename, middle),
        "surname": next(iter(last), None),
        "forenames": forenames,
        "forename_keys": sorted(frozenset().union(*map(names.forename_keys, forenames))),
        "surnames": _unique(last, other_surnames),
        "middles": _unique(names.middle_forms(forename, middle)),
        "middle_initials": sorted({form[0] for form in names.middle_forms(forename, middle)}),
        "onsets": sorted(names.onsets(first or "")),
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
