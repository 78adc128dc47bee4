"""The words of agreement between two records, as SQL over columns named `<feature>_l` and `<feature>_r`.

A costly comparison stands in a CASE behind the cheap one that mostly settles it: AND and OR make both for every pair.
One definition each, shared by the choice of pairs, the scoring and the guards. Data only: no query runs here.
"""

NAME_NEAR = 0.9  # Jaro-Winkler similarity: the same name, mistyped
NAME_SLIP = 0.75  # Jaro-Winkler similarity: below it two names of five letters are more than one slip apart
NAME_LOOSE = 0.8  # Jaro-Winkler similarity: perhaps the same name
YEARS_NEAR = 2  # years between two years of birth, where no more is known, that may be one age counted twice
WORDS_ALIKE = 0.6  # share of the shorter address's words that the other has


def _near(column: str) -> str:
    """One slip in a name of five letters never takes the similarity below NAME_SLIP, which is the cheaper test."""
    left, right = f"{column}_l", f"{column}_r"
    similar = f"jaro_winkler_similarity({left}, {right})"
    return (
        f"(CASE WHEN {similar} >= {NAME_NEAR} THEN true"
        f" WHEN {similar} >= {NAME_SLIP} AND length({left}) >= 5 AND length({right}) >= 5"
        f" THEN damerau_levenshtein({left}, {right}) <= 1 WHEN {similar} IS NULL THEN NULL ELSE false END)"
    )


FORENAME_KNOWN_OF_BOTH = "(forename_l IS NOT NULL AND forename_r IS NOT NULL)"
FORENAME_SAME = "forename_l = forename_r"
FORENAME_KNOWN = "list_has_any(forename_keys_l, forename_keys_r)"
FORENAME_NEAR = _near("forename")
FORENAME_INITIAL = "((length(forename_l) = 1 OR length(forename_r) = 1) AND left(forename_l, 1) = left(forename_r, 1))"
FORENAME_MIDDLE = "(list_contains(middles_l, forename_r) OR list_contains(middles_r, forename_l))"
# Called by the second forename: it stands among the other's forenames, and no forename of its own is left over.
_ALL_OF_RIGHT = "len(list_intersect(middles_r, list_concat(middles_l, forenames_l))) = len(middles_r)"
_ALL_OF_LEFT = "len(list_intersect(middles_l, list_concat(middles_r, forenames_r))) = len(middles_l)"
GOES_BY_MIDDLE = (
    f"((list_contains(middles_l, forename_r) AND {_ALL_OF_RIGHT})"
    f" OR (list_contains(middles_r, forename_l) AND {_ALL_OF_LEFT}))"
)
FORENAME_LOOSE = f"jaro_winkler_similarity(forename_l, forename_r) >= {NAME_LOOSE}"

# Double forenames of which the second, the one that names the child, is another: Lilly-Mae and Lilly-Rose.
SECOND_DIFFERS = (
    f"(second_l IS NOT NULL AND second_r IS NOT NULL AND jaro_winkler_similarity(second_l, second_r) < {NAME_LOOSE}"
    " AND NOT list_contains(middles_l, second_r) AND NOT list_contains(middles_r, second_l))"
)
# Both have middle names, and none of one could be one of the other, however it is spelt.
MIDDLES_DIFFER = (
    "(len(middle_initials_l) > 0 AND len(middle_initials_r) > 0"
    " AND NOT list_has_any(middle_initials_l, middle_initials_r)"
    " AND NOT list_has_any(middles_l, forenames_r) AND NOT list_has_any(middles_r, forenames_l))"
)
# Names that begin with another sound: a slip there is rare, and twins are given names that rhyme.
ONSET_DIFFERS = "NOT list_has_any(onsets_l, onsets_r)"

SURNAME_SAME = "surname_l = surname_r"
SURNAME_KNOWN = "list_has_any(surnames_l, surnames_r)"
SURNAME_NEAR = _near("surname")
SURNAME_LOOSE = f"jaro_winkler_similarity(surname_l, surname_r) >= {NAME_LOOSE}"

_CROSSED = "jaro_winkler_similarity(forename_l, surname_r)", "jaro_winkler_similarity(surname_l, forename_r)"
# Each stands where the other should; one of them may be mistyped besides, or be no more than an initial.
NAMES_SWAPPED = (
    f"(({_CROSSED[0]} >= {NAME_NEAR} AND {_CROSSED[1]} >= {NAME_LOOSE})"
    f" OR ({_CROSSED[0]} >= {NAME_LOOSE} AND {_CROSSED[1]} >= {NAME_NEAR})"
    " OR (surname_l = forename_r AND length(forename_l) = 1 AND forename_l = left(surname_r, 1))"
    " OR (surname_r = forename_l AND length(forename_r) = 1 AND forename_r = left(surname_l, 1)))"
)

DOB_SAME = "dob_l = dob_r"
DOB_FIRST_OF_JANUARY = "(dob_year_l = dob_year_r AND (right(dob_l, 4) = '0101' OR right(dob_r, 4) = '0101'))"
DOB_SWAPPED = "(dob_year_l = dob_year_r AND dob_month_l = dob_day_r AND dob_day_l = dob_month_r)"
# A slip of one digit, two digits changed places, or the wrong century.
DOB_ONE_SLIP = (
    "((CASE WHEN hamming(dob_l, dob_r) <= 2 THEN damerau_levenshtein(dob_l, dob_r) <= 1 ELSE dob_l = dob_r END)"
    " OR (right(dob_l, 6) = right(dob_r, 6)"
    " AND abs(TRY_CAST(dob_year_l AS INTEGER) - TRY_CAST(dob_year_r AS INTEGER)) = 100))"
)
DOB_TWO_PARTS = (
    "((dob_year_l = dob_year_r AND dob_month_l = dob_month_r) OR (dob_year_l = dob_year_r AND dob_day_l = dob_day_r)"
    " OR (dob_month_l = dob_month_r AND dob_day_l = dob_day_r))"
)
# One date is not whole, and every part both know is the same.
DOB_PARTIAL = (
    "((dob_l IS NULL OR dob_r IS NULL)"
    " AND coalesce(dob_year_l = dob_year_r, true) AND coalesce(dob_month_l = dob_month_r, true)"
    " AND coalesce(dob_day_l = dob_day_r, true)"
    " AND (dob_year_l = dob_year_r OR (dob_month_l = dob_month_r AND dob_day_l = dob_day_r)))"
)
# One date is not whole, and the years are so near that an age was counted wrongly.
DOB_YEARS_NEAR = (
    "((dob_l IS NULL OR dob_r IS NULL) AND dob_year_l <> dob_year_r"
    f" AND abs(TRY_CAST(dob_year_l AS INTEGER) - TRY_CAST(dob_year_r AS INTEGER)) <= {YEARS_NEAR})"
)
DOB_YEAR = "dob_year_l = dob_year_r"
DOB_MISSING = (
    "((dob_year_l IS NULL OR dob_year_r IS NULL)"
    " AND (dob_month_l IS NULL OR dob_month_r IS NULL OR dob_day_l IS NULL OR dob_day_r IS NULL))"
)
DOB_NEAR = (
    f"({DOB_FIRST_OF_JANUARY} OR {DOB_SWAPPED} OR {DOB_ONE_SLIP} OR {DOB_TWO_PARTS} OR {DOB_PARTIAL}"
    f" OR {DOB_YEARS_NEAR})"
)

PLACE_SAME = "(list_has_any(uprns_l, uprns_r) OR list_has_any(place_keys_l, place_keys_r))"
POSTCODE_SAME = "list_has_any(postcodes_l, postcodes_r)"
STREET_SAME = "list_has_any(street_keys_l, street_keys_r)"
# Most of the shorter address; where a place is all that either gives, the place.
WORDS_SHARED = (
    "(CASE WHEN list_has_any(address_words_l, address_words_r)"
    " THEN len(list_intersect(address_words_l, address_words_r))"
    f" >= greatest(2, {WORDS_ALIKE} * least(len(address_words_l), len(address_words_r)))"
    " OR (len(address_words_l) = 1 AND len(address_words_r) = 1) ELSE false END)"
)
ADDRESS_MISSING = (
    "(len(postcodes_l) + len(address_words_l) + len(uprns_l) = 0"
    " OR len(postcodes_r) + len(address_words_r) + len(uprns_r) = 0)"
)
ADDRESS_SHARED = f"({PLACE_SAME} OR {POSTCODE_SAME} OR {STREET_SAME} OR {WORDS_SHARED})"

NHS_SAME, ULN_SAME, LLID_SAME, PNC_SAME = "nhs_l = nhs_r", "uln_l = uln_r", "llid_l = llid_r", "pnc_l = pnc_r"
UPN_SAME = "list_has_any(upns_l, upns_r)"
# Two records of one Liquidlogic installation never share an id, so there it says nothing.
LLID_SILENT = "(llid_l IS NULL OR llid_r IS NULL OR source_l = source_r)"
UPN_MISSING = "(len(upns_l) = 0 OR len(upns_r) = 0)"
PHONE_SAME, PHONE_MISSING = "list_has_any(phones_l, phones_r)", "(len(phones_l) = 0 OR len(phones_r) = 0)"
EMAIL_SAME, EMAIL_MISSING = "list_has_any(emails_l, emails_r)", "(len(emails_l) = 0 OR len(emails_r) = 0)"

FORENAME_ALIKE = (
    f"({FORENAME_SAME} OR {FORENAME_KNOWN} OR {FORENAME_NEAR} OR {FORENAME_INITIAL} OR {FORENAME_MIDDLE}"
    f" OR {FORENAME_LOOSE})"
)
SURNAME_ALIKE = f"({SURNAME_SAME} OR {SURNAME_KNOWN} OR {SURNAME_NEAR} OR {SURNAME_LOOSE})"
FORENAME_AGREES = f"({FORENAME_SAME} OR {FORENAME_KNOWN} OR {FORENAME_NEAR} OR {FORENAME_MIDDLE})"
SURNAME_AGREES = f"({SURNAME_SAME} OR {SURNAME_KNOWN} OR {SURNAME_NEAR})"
# A person with one name only is compared by that name.
NAMES_BOTH = (
    f"((coalesce({FORENAME_ALIKE}, forename_l IS NULL AND forename_r IS NULL)"
    f" AND coalesce({SURNAME_ALIKE}, surname_l IS NULL AND surname_r IS NULL)"
    f" AND coalesce(forename_l, surname_l) IS NOT NULL) OR {NAMES_SWAPPED})"
)
# A child without a forename yet, against one who has a name, of one surname.
ONE_UNNAMED = f"((forename_l IS NULL) <> (forename_r IS NULL) AND {SURNAME_SAME})"
_ONE_CROSSED = (
    "(list_contains(surnames_l, forename_r) OR list_contains(surnames_r, forename_l)"
    f" OR {_CROSSED[0]} >= {NAME_NEAR} OR {_CROSSED[1]} >= {NAME_NEAR})"
)
NAMES_ANY = f"({FORENAME_AGREES} OR {SURNAME_AGREES} OR {NAMES_SWAPPED} OR {_ONE_CROSSED})"

# Both names and the date of birth agree: only an address or an id could tell the two apart, or say that they are one.
NAME_AND_DOB = f"({DOB_SAME} AND (({FORENAME_AGREES} AND {SURNAME_AGREES}) OR {NAMES_SWAPPED}))"


def own_id_near(column: str) -> str:
    """The identifier a list brought is the same but for a slip or two; nobody checks its digits."""
    left, right = f"{column}_l", f"{column}_r"
    return f"(length({left}) >= 6 AND length({right}) >= 6 AND damerau_levenshtein({left}, {right}) <= 2)"


ID_DIFFERS = (
    "(coalesce(nhs_l <> nhs_r, false) OR coalesce(uln_l <> uln_r, false) OR coalesce(pnc_l <> pnc_r, false)"
    f" OR (NOT {UPN_MISSING} AND NOT {UPN_SAME}))"
)


def id_conflict(own_ids: tuple[str, ...]) -> str:
    """Both hold a checked unique id of one kind, the two differ, and no other id is the same."""
    return f"({ID_DIFFERS} AND NOT {id_same(own_ids)})"


def own_id_same(column: str) -> str:
    """The identifier a list brought under its own name is the same."""
    return f"{column}_l = {column}_r"


def id_same(own_ids: tuple[str, ...]) -> str:
    """Any unique identifier is the same."""
    return (
        "("
        + " OR ".join(
            f"coalesce({each}, false)"
            for each in (NHS_SAME, UPN_SAME, ULN_SAME, LLID_SAME, PNC_SAME, *map(own_id_same, own_ids))
        )
        + ")"
    )
