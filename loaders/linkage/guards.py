"""The rules that stop dangerous merges, each as plain SQL over a pair of records.

A guard never drops a pair: it lowers the weight, so that the pair goes to review. There are two exceptions: across an
adoption nothing joins, and two children of one birth are joined by somebody's decision only.
"""

from collections.abc import Iterable, Sequence

from loaders.linkage import agree
from loaders.linkage.model import Model
from loaders.linkage.settings import DIRTY, NAMESAKE_YEARS

_YEARS_APART = "abs(TRY_CAST(dob_year_l AS INTEGER) - TRY_CAST(dob_year_r AS INTEGER))"
_SHARED_HOME = f"({agree.POSTCODE_SAME} OR {agree.PLACE_SAME} OR {agree.STREET_SAME})"


_DOB_FAR = (
    f"(NOT {agree.DOB_MISSING} AND NOT coalesce({agree.DOB_SAME}, false) AND NOT coalesce({agree.DOB_NEAR}, false))"
)
_NOT_ONE_FORENAME = (
    f"(NOT coalesce({agree.FORENAME_SAME}, true) AND NOT {agree.FORENAME_KNOWN} AND NOT {agree.NAMES_SWAPPED})"
)
_ANOTHER_FORENAME = (
    f"({_NOT_ONE_FORENAME} AND NOT {agree.FORENAME_INITIAL}"
    f" AND NOT ({agree.GOES_BY_MIDDLE} AND coalesce({agree.DOB_SAME}, false)))"
)
_FORENAME_DIFFERS = (
    f"({_ANOTHER_FORENAME} AND (jaro_winkler_similarity(forename_l, forename_r) < {agree.NAME_NEAR}"
    f" OR coalesce(sex_l <> sex_r, false) OR {agree.ONSET_DIFFERS}))"
)
FORENAMES_DIFFER = f"({_FORENAME_DIFFERS} OR {agree.SECOND_DIFFERS})"
# The same for a list from elsewhere: nobody there reviews, and on one day of birth two slips are likelier than a twin
# whose name rhymes.
_MISTYPED = f"({agree.FORENAME_NEAR} OR ({agree.FORENAME_LOOSE} AND coalesce({agree.DOB_SAME}, false)))"
FORENAMES_FAR = (
    f"(({_ANOTHER_FORENAME} AND (coalesce(sex_l <> sex_r, false) OR NOT {_MISTYPED})) OR {agree.SECOND_DIFFERS})"
)


def other_child(own_ids: Sequence[str], differ: str = FORENAMES_DIFFER) -> str:
    """One surname, forenames that differ, no shared id: another child of the family, or a badly mistyped name.

    A forename that is near counts as different when the sex or the first sound differs, and a double one by its second
    half. A short form, an initial, swapped names or going by the middle name are no difference; but one child's middle
    name may be the forename of another who has a middle name of his own.
    """
    return f"({agree.SURNAME_AGREES} AND {differ} AND NOT {agree.id_same(tuple(own_ids))})"


def two_children(own_ids: Sequence[str]) -> str:
    """Born on one day, and two facts apart say that they are two: forenames and checked ids, or places in the order of
    one birth. No likeness of their other records outvotes it; only somebody's decision does. A forename that is near
    may be a slip, and a slip beside another's number happens: that is no proof.
    """
    apart = f"({_NOT_ONE_FORENAME} AND (NOT {agree.FORENAME_NEAR} OR {agree.SECOND_DIFFERS}))"
    numbered = f"({agree.SURNAME_AGREES} AND {apart} AND {agree.id_conflict(tuple(own_ids))})"
    return f"({agree.DOB_SAME} AND (coalesce(birth_order_l <> birth_order_r, false) OR {numbered}))"


def twins(own_ids: Sequence[str], differ: str = FORENAMES_DIFFER) -> str:
    """Another child, born on the same day. One shared id is no proof here: twins are given each other's numbers.

    It counts with a forename that could be a slip; so do two ids of different kinds, and a Liquidlogic id, which was
    looked up. Forenames that are merely near are two children's where their ids differ.
    """
    loose = f"({agree.FORENAME_LOOSE} AND NOT coalesce(sex_l <> sex_r, false) AND {agree.id_same(tuple(own_ids))})"
    both = f"(coalesce({agree.NHS_SAME}, false) AND {agree.UPN_SAME})"
    near = f"({_NOT_ONE_FORENAME} AND {agree.id_conflict(tuple(own_ids))})"
    return (
        f"({agree.SURNAME_AGREES} AND {agree.DOB_SAME} AND ({near} OR {differ}"
        f" AND NOT ({loose} OR {both} OR coalesce({agree.LLID_SAME}, false))))"
    )


def near_named_siblings(own_ids: Sequence[str]) -> str:
    """Forenames merely near at one home, dates of birth not near at all, no shared id: Sophia and Sophie."""
    return (
        f"({agree.SURNAME_AGREES} AND {_SHARED_HOME} AND {_NOT_ONE_FORENAME} AND {_DOB_FAR}"
        f" AND NOT {agree.id_same(tuple(own_ids))})"
    )


def borrowed_id(own_ids: Sequence[str], differ: str = FORENAMES_DIFFER) -> str:
    """An id is shared, but neither forename nor date of birth is even near: a brother's number, or a clerk's slip.

    A forename that is missing is not near: a mother's number stands on a child not yet named, and a father's on a son
    of his name. Where the sex differs as well, a date of birth with a slip in it is another child's.
    """
    forename = f"({differ} OR forename_l IS NULL OR forename_r IS NULL)"
    other_sex = f"({differ} AND sex_l <> sex_r AND dob_l <> dob_r)"
    parent = f"({_YEARS_APART} >= {NAMESAKE_YEARS})"
    return (
        f"({agree.id_same(tuple(own_ids))}"
        f" AND (({forename} OR coalesce({parent}, false)) AND {_DOB_FAR} OR coalesce({other_sex}, false)))"
    )


def estimated(own_ids: Sequence[str]) -> str:
    """1 January in both, no shared id or home: a day given to many who know their year only says next to nothing."""
    return (
        f"({agree.DOB_SAME} AND right(dob_l, 4) = '0101' AND NOT {agree.ADDRESS_SHARED}"
        f" AND NOT {agree.id_same(tuple(own_ids))})"
    )


def strangers(own_ids: Sequence[str]) -> str:
    """One name and date of birth, but another id and another address: nothing else says that it is one person."""
    return f"({agree.id_conflict(tuple(own_ids))} AND NOT {agree.ADDRESS_SHARED})"


def other_middle_name(own_ids: Sequence[str]) -> str:
    """One forename, surname and date of birth, middle names that are wholly others, and no id or address in common."""
    return (
        f"({agree.NAME_AND_DOB} AND {agree.MIDDLES_DIFFER} AND NOT {agree.ADDRESS_SHARED}"
        f" AND NOT {agree.id_same(tuple(own_ids))})"
    )


def namesakes(own_ids: Sequence[str]) -> str:
    """One name at one home, births twelve years apart or more, no shared id: parent and child.

    Either name may be mistyped in one of them, or the two swapped. One slip in the year of the same birthday is a
    slip, not a generation; a list's own id counts with a slip in it.
    """
    forename = f"({agree.FORENAME_SAME} OR {agree.FORENAME_KNOWN} OR {agree.FORENAME_NEAR})"
    one_name = f"(({forename} AND {agree.SURNAME_AGREES}) OR {agree.NAMES_SWAPPED})"
    slip = f"({agree.DOB_ONE_SLIP} AND right(dob_l, 4) = right(dob_r, 4) AND right(dob_l, 4) <> '0101')"
    near = "".join(f" AND NOT coalesce({agree.own_id_near(column)}, false)" for column in own_ids)
    return (
        f"({one_name} AND {_SHARED_HOME} AND {_YEARS_APART} >= {NAMESAKE_YEARS}"
        f" AND NOT coalesce({slip}, false) AND NOT {agree.id_same(tuple(own_ids))}{near})"
    )


def unnamed(own_ids: Sequence[str]) -> str:
    """A forename is missing and no id is shared: a child not yet named, who may have a twin."""
    return f"((forename_l IS NULL OR forename_r IS NULL) AND NOT {agree.id_same(tuple(own_ids))})"


def adoption() -> str:
    """A record of an adopted child against one that may be from before: same source, another surname, or another id."""
    ids = "coalesce(nhs_l <> nhs_r, false) OR (NOT " + agree.UPN_MISSING + f" AND NOT {agree.UPN_SAME})"
    return (
        f"((adopted_l OR adopted_r) AND (source_l = source_r OR {ids}"
        f" OR NOT coalesce({agree.SURNAME_SAME} OR {agree.SURNAME_NEAR}, false)))"
    )


# A generation between the two, or one day that is given to many: what a forename in common does not settle.
_OTHER_BIRTH = (
    f"(coalesce({_YEARS_APART} >= {NAMESAKE_YEARS}, false)"
    f" OR coalesce({agree.DOB_SAME} AND right(dob_l, 4) = '0101', false))"
)
ABOVE_SUSPICION = (
    f"coalesce((CASE WHEN {agree.FORENAME_SAME} THEN true ELSE {agree.FORENAME_KNOWN} END) AND NOT {_OTHER_BIRTH}"
    " AND coalesce(second_l = second_r, true) AND coalesce(birth_order_l = birth_order_r, true)"
    f" AND NOT adopted_l AND NOT adopted_r AND NOT {agree.ID_DIFFERS} AND NOT {agree.MIDDLES_DIFFER}, false)"
)
"""What no guard ever stops, told from a few cheap comparisons: most pairs, and they need not be asked about further."""


def shared_rules(own_ids: Sequence[str], differ: str = FORENAMES_DIFFER) -> dict[str, str]:
    """What several guards ask, by name: each is asked once of a pair. One that holds another comes before it."""
    return {
        "forenames_differ": differ,
        "not_one_forename": _NOT_ONE_FORENAME,
        "surname_agrees": agree.SURNAME_AGREES,
        "names_swapped": agree.NAMES_SWAPPED,
        "address_shared": agree.ADDRESS_SHARED,
        "shared_home": _SHARED_HOME,
        "dob_far": _DOB_FAR,
        "id_same": agree.id_same(tuple(own_ids)),
        "id_differs": agree.ID_DIFFERS,
    }


def guard_sql(own_ids: Sequence[str], aside: Iterable[str] = (), differ: str = FORENAMES_DIFFER) -> str:
    """The name of the first guard a pair falls under, or ""; those `aside` are not asked. `differ` is when two
    forenames are two children's.
    """
    other = other_child(own_ids, differ)
    guards = {
        "adoption": adoption(),
        "two children": two_children(own_ids),
        "twins": twins(own_ids, differ),
        "siblings": f"({other} OR {near_named_siblings(own_ids)})",
        "namesakes": namesakes(own_ids),
        "borrowed id": borrowed_id(own_ids, differ),
        "strangers": strangers(own_ids),
        "other middle name": other_middle_name(own_ids),
        "unnamed": unnamed(own_ids),
        "estimated date": estimated(own_ids),
    }
    left_out = frozenset(aside)
    whens = " ".join(
        f"WHEN coalesce({sql}, false) THEN '{name}'" for name, sql in guards.items() if name not in left_out
    )
    return f"CASE {whens} ELSE '' END"


# Records of one surname at one home (where no home is known, under one postcode) whose forenames are far apart: how
# many pairs were born on one day, how many not. In a list of families most were not; where most were, they are one
# person under a name gone wrong.
FAMILIES = (
    "WITH homes AS (SELECT uid, forename, surname, dob,"
    " unnest(CASE WHEN len(place_keys) > 0 THEN place_keys ELSE postcodes END) AS home FROM features)"
    " SELECT count(*) FILTER (l.dob = r.dob), count(*) FILTER (l.dob <> r.dob)"
    " FROM homes l JOIN homes r ON l.home = r.home AND l.surname = r.surname AND l.uid < r.uid"
    f" WHERE jaro_winkler_similarity(l.forename, r.forename) < {agree.NAME_LOOSE}"
)


def stand_aside(model: Model, born_together: int, born_apart: int) -> list[str]:
    """The guards that would stop mostly records of one person, going by what the list itself taught and by its homes
    (FAMILIES).
    """
    differs = model.parameters["forename"][-1][0]
    families = born_apart >= born_together  # nothing known of homes: there may be families
    return [name for name, share in DIRTY.items() if differs >= share and not (share and families)]
