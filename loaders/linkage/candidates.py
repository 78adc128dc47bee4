"""Which pairs of records are scored: near enough to be met at all, and allowed by the matrix.

Works on the table `features` of an engine and leaves two tables there: `met` (every pair that meets its cell) and
`left_out` (keys on too many records to look at). Scores nothing.
"""

from collections.abc import Sequence

import pyarrow as pa

from loaders.linkage import agree
from loaders.linkage.engine import Engine
from loaders.linkage.matrix import Matrix
from loaders.linkage.once import once

MOST_PER_KEY = 1_500  # records under one key; beyond, the key says too little to be worth every pair of them

_DAY = "dob_year || least(dob_month, dob_day) || greatest(dob_month, dob_day)"
_INITIALS = "list_distinct(list_transform(list_concat(forenames, surnames), x -> left(x, 1)))"
# Where only the year is known it may be an age counted wrongly: the years beside it as well.
_YEAR = "TRY_CAST(dob_year AS INTEGER)"
_YEARS = f"(CASE WHEN dob IS NULL THEN [{_YEAR} - 1, {_YEAR}, {_YEAR} + 1] ELSE CAST([] AS INTEGER[]) END)"
# What brings two records together: kind, the expression, and the list columns unnested for it.
_KEYS: Sequence[tuple[str, str, Sequence[tuple[str, str]]]] = (
    ("day", f"{_DAY} || i", (("i", _INITIALS),)),
    ("names", "least(f, s) || '|' || greatest(f, s)", (("f", "forename_keys"), ("s", "surnames"))),
    ("year", "s || left(forename, 1) || dob_year", (("s", "surnames"),)),
    ("forename_year", "f || left(surname, 1) || dob_year", (("f", "forename_keys"),)),
    ("surname_years", "s || left(forename, 1) || y", (("s", "surnames"), ("y", _YEARS))),
    ("forename_years", "f || left(surname, 1) || y", (("f", "forename_keys"), ("y", _YEARS))),
    ("forename_month", "f || dob_year || dob_month", (("f", "forename_keys"),)),
    ("forename_day", "f || dob_month || '-' || dob_day", (("f", "forename_keys"),)),
    ("surname_month", "s || dob_year || dob_month", (("s", "surnames"),)),
    ("surname_day", "s || dob_month || '-' || dob_day", (("s", "surnames"),)),
    ("postcode_forename", "p || f", (("p", "postcodes"), ("f", "forename_keys"))),
    ("postcode_surname", "p || s", (("p", "postcodes"), ("s", "surnames"))),
    ("street_forename", "p || f", (("p", "street_keys"), ("f", "forename_keys"))),
    ("street_surname", "p || s", (("p", "street_keys"), ("s", "surnames"))),
    ("home", "p", (("p", "place_keys"),)),
    ("postcode_year", "p || dob_year", (("p", "postcodes"),)),
    ("postcode_day", "p || dob_month || dob_day", (("p", "postcodes"),)),
    ("street_year", "p || dob_year", (("p", "street_keys"),)),
    ("uprn", "p", (("p", "uprns"),)),
    ("nhs", "nhs", ()),
    ("uln", "uln", ()),
    ("llid", "llid", ()),
    ("pnc", "pnc", ()),
    ("upn", "p", (("p", "upns"),)),
    ("phone", "p", (("p", "phones"),)),
    ("email", "p", (("p", "emails"),)),
)


def find_candidates(engine: Engine, matrix: Matrix, own_ids: Sequence[str]) -> None:
    """Fill `met`: uid_l < uid_r, every pair that meets its cell, and whether it is sure enough for the prior."""
    _key_table(engine, own_ids)
    engine.make(
        "near",
        "SELECT DISTINCT l.uid AS uid_l, r.uid AS uid_r FROM keys l JOIN keys r ON l.key = r.key AND l.uid < r.uid",
    )
    engine.drop("keys")
    _allowed_table(engine, matrix)
    hopeful = " OR ".join(f"(a.{name} AND {sql})" for name, sql in _hopeful(own_ids).items())
    engine.make(
        "possible",
        f"SELECT uid_l, uid_r FROM ({pairs_sql(engine, 'near')}) JOIN allowed a USING (source_l, source_r)"
        f" WHERE {hopeful}",
    )
    engine.drop("near")
    pairs = pairs_sql(engine, "possible")
    engine.make("agreed", once(pairs, agreements(own_ids), "uid_l, uid_r, source_l, source_r"))
    engine.drop("possible")
    allowed = " OR ".join(f"(a.{name} AND {sql})" for name, sql in _WAYS.items())
    engine.make(
        "met",
        "SELECT uid_l, uid_r, sure FROM agreed g JOIN allowed a USING (source_l, source_r)"
        f" WHERE {allowed} ORDER BY uid_l, uid_r",
    )
    engine.drop("agreed")


# How a pair may meet a cell of the matrix, over the agreements below. A near date of birth asks for both names, or
# for the home where a child has no forename yet (due dates are near) or one forename has two surnames (people marry);
# an address asks for a forename, or it would find the family.
_WAYS = {
    "llid": "g.same_llid",
    "upn": "g.same_upn",
    "nhs": "g.same_nhs",
    "id": "(g.same_id OR g.same_contact AND g.one_name)",
    "name_dob": (
        "(g.same_dob AND (g.one_name OR g.forename_alike AND g.shared_address)"
        " OR g.near_dob AND (g.both_names OR (g.one_unnamed OR g.one_forename) AND g.shared_address))"
    ),
    "name_address": "(g.both_names AND g.forenames AND g.shared_address)",
    "name_dob_address": (
        "((g.same_dob AND (g.one_name OR g.forename_alike)"
        " OR g.near_dob AND (g.both_names OR g.one_unnamed OR g.one_forename)) AND g.shared_address)"
    ),
    "address": "false",
}


def _hopeful(own_ids: Sequence[str]) -> dict[str, str]:
    """What a way asks that costs little to look at: most pairs fail it, and their names are never compared."""
    a_date = f"coalesce({agree.DOB_SAME} OR {agree.DOB_NEAR}, false)"
    return {
        "llid": f"coalesce({agree.LLID_SAME}, false)",
        "upn": f"coalesce({agree.UPN_SAME}, false)",
        "nhs": f"coalesce({agree.NHS_SAME}, false)",
        "id": f"(coalesce({agree.id_same(tuple(own_ids))}, false) OR {agree.PHONE_SAME} OR {agree.EMAIL_SAME})",
        "name_dob": a_date,
        "name_address": f"coalesce({agree.ADDRESS_SHARED}, false)",
        "name_dob_address": f"({a_date} AND coalesce({agree.ADDRESS_SHARED}, false))",
        "address": "false",
    }


def agreements(own_ids: Sequence[str]) -> dict[str, str]:
    """What is asked of every pair once: the costly comparisons, each written and run a single time."""
    asked = {
        "same_llid": agree.LLID_SAME,
        "same_upn": agree.UPN_SAME,
        "same_nhs": agree.NHS_SAME,
        "same_id": agree.id_same(tuple(own_ids)),
        "same_contact": f"({agree.PHONE_SAME} OR {agree.EMAIL_SAME})",
        "same_dob": agree.DOB_SAME,
        "near_dob": agree.DOB_NEAR,
        "one_name": agree.NAMES_ANY,
        "both_names": agree.NAMES_BOTH,
        "one_forename": agree.FORENAME_AGREES,
        "forename_alike": agree.FORENAME_ALIKE,
        "one_unnamed": agree.ONE_UNNAMED,
        "forenames": agree.FORENAME_KNOWN_OF_BOTH,
        "shared_address": agree.ADDRESS_SHARED,
        "sure": _sure(own_ids),
    }
    return {name: f"coalesce({sql}, false)" for name, sql in asked.items()}


def could_meet(own_ids: Sequence[str]) -> dict[str, str]:
    """Whether a pair that was never scored might have met a way of the matrix, had the records agreed.

    Where one record lacks what the way compares, or only their addresses keep them from meeting it, the matrix forbids
    the score, and the pair says nothing about whether they are one person. (People move, and a register that may be
    compared by address only knows one of their homes.)
    """
    names = "(coalesce(forename_l, surname_l) IS NOT NULL AND coalesce(forename_r, surname_r) IS NOT NULL)"
    name_dob = f"({names} AND NOT ({agree.DOB_MISSING}))"
    told_apart = f"NOT coalesce({agree.NAME_AND_DOB}, false)"
    own = [f"({column}_l IS NOT NULL AND {column}_r IS NOT NULL)" for column in ("nhs", "uln", "pnc", *own_ids)]
    llid, upn = f"(NOT {agree.LLID_SILENT})", f"(NOT {agree.UPN_MISSING})"
    return {
        "llid": llid,
        "upn": upn,
        "nhs": own[0],
        "id": f"({' OR '.join((*own, llid, upn))})",
        "name_dob": name_dob,
        "name_address": f"({names} AND NOT {agree.ADDRESS_MISSING})",
        "name_dob_address": f"({name_dob} AND NOT {agree.ADDRESS_MISSING} AND {told_apart})",
        "address": "false",
    }


def pairs_sql(engine: Engine, pairs: str) -> str:
    """A query of both records of each pair in the table `pairs`, their features as `<feature>_l` and `<feature>_r`."""
    both = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in engine.columns("features"))
    extra = "".join(f", p.{name}" for name in engine.columns(pairs) if name not in ("uid_l", "uid_r"))
    return f"SELECT {both}{extra} FROM {pairs} p JOIN features l ON l.uid = p.uid_l JOIN features r ON r.uid = p.uid_r"


def _sure(own_ids: Sequence[str]) -> str:
    """Sure enough to count for the prior: the names there are, the same, with date of birth, home or id beside them."""
    surname = f"coalesce({agree.SURNAME_SAME}, surname_l IS NULL AND surname_r IS NULL)"
    names = f"(coalesce({agree.FORENAME_SAME}, forename_l IS NULL AND forename_r IS NULL) AND {surname})"
    shared = f"({agree.PLACE_SAME} OR {agree.POSTCODE_SAME})"
    home = f"({agree.FORENAME_SAME} AND {shared} AND NOT coalesce(dob_l <> dob_r, false))"
    parts = f"({agree.DOB_PARTIAL} AND {agree.ADDRESS_SHARED})"
    ids = agree.id_same(tuple(own_ids))
    same = f"({agree.DOB_SAME} OR {home} OR coalesce({parts}, false))"
    return f"({names} AND {same} OR {ids} AND ({agree.FORENAME_AGREES} OR {agree.DOB_SAME}))"


def _key_table(engine: Engine, own_ids: Sequence[str]) -> None:
    kinds = (*_KEYS, *((column, column, ()) for column in own_ids))
    parts = []
    for kind, expression, lists in kinds:
        unnested = "".join(f", unnest({column}) AS {name}_t({name})" for name, column in lists)
        parts.append(
            f"SELECT uid, hash('{kind}', {expression}) AS key, '{kind}' AS kind"
            f" FROM features{unnested} WHERE ({expression}) IS NOT NULL"
        )
    engine.make("every_key", " UNION ".join(parts))
    engine.make(
        "crowded",
        "SELECT key, any_value(kind) AS kind, count(*) AS records FROM every_key"
        f" GROUP BY key HAVING count(*) > {MOST_PER_KEY}",
    )
    engine.make(
        "left_out",
        "SELECT kind, count(*) AS keys, sum(records) AS records FROM crowded GROUP BY kind ORDER BY kind",
    )
    engine.make("keys", "SELECT uid, key FROM every_key WHERE key NOT IN (SELECT key FROM crowded)")
    engine.drop("every_key")


def _allowed_table(engine: Engine, matrix: Matrix) -> None:
    sources = [str(source) for source in engine.read("SELECT DISTINCT source FROM features")["source"].to_pylist()]
    names = list(_WAYS)
    rows = [
        {"source_l": one, "source_r": other, **{name: name in met for name in names}}
        for (one, other), met in matrix.table(sources).items()
    ]
    columns: dict[str, pa.DataType] = {
        "source_l": pa.string(),
        "source_r": pa.string(),
        **dict.fromkeys(names, pa.bool_()),
    }
    schema = pa.schema(list(columns.items()))
    allowed = pa.Table.from_pylist(
        rows, schema=schema
    )  # features are sorted by source, so the left source is never the greater
    with engine.rows("allowed_rows", allowed):
        engine.make("allowed", "SELECT * FROM allowed_rows")
