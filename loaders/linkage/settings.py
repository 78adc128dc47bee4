"""The model: what is compared, at which levels, and the numbers decisions turn on, each with its unit.

Readable data. The m and u here are what a list too small to learn from is scored with; training moves them.
m = how often records of one person stand at the level; u = how often records of two people do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from loaders.linkage import agree

MODEL_VERSION = "2026-11-5"

# Match weights are log2 odds that two records are one person.
JOIN_WEIGHT = 0.0  # mean weight between two clusters above which they are joined
REVIEW_FLOOR = -5.0  # pairs below are not kept; pairs between this and joining are doubtful and go to review
UNMET_WEIGHT = -5.0  # what a pair that was never met counts in a cluster's mean
WEIGHT_CAP = 20.0  # log2 odds: no pair counts for more in a cluster's mean ...
BEYOND_CAP = 0.001  # ... but for this share of what is above it, so that the surest are joined first
ID_DISAGREES = (
    -14.0
)  # log2 odds: two different unique ids; a strong weight, never a veto: ids are borrowed and mistyped

# What a pair weighs at most once a guard has stopped it. It goes to review; an adoption is never joined at all, and
# CERTAIN ones are joined by somebody's decision only.
GUARDED = {
    "adoption": -20.0,
    "two children": -20.0,
    "twins": -5.0,
    "siblings": -5.0,
    "namesakes": -5.0,
    "borrowed id": -5.0,
    "unnamed": -5.0,
    "estimated date": -5.0,
    "strangers": -20.0,
    "other middle name": -5.0,
}
CERTAIN = "two children"

# A list from elsewhere may be so dirty that a guard stops more records of one person than it keeps people apart. There
# it stands aside once that share of one person's records differs wholly in forename (the learnt m of the last level),
# unless its homes show that it holds families (guards.py). A council keeps every guard.
DIRTY = {
    "unnamed": 0.0,
    "estimated date": 0.0,
    "other middle name": 0.0,
    "two children": 0.08,
    "twins": 0.08,
    "siblings": 0.08,
    "namesakes": 0.08,
    "borrowed id": 0.08,
}

ALARM_SIZE = 20  # records of one person above which somebody should look
ALARM_LOOSE = 4.0  # log2 odds: people of three records or more whose mean weight is below deserve a look

NAMESAKE_YEARS = 12  # births this far apart at one address under one name: parent and child
U_MAX_PAIRS = 1.2e6  # random pairs looked at to learn u
EM_MAX_PAIRS = 2e6  # pairs one expectation-maximisation session looks at
TRUST_PAIRS = 100.0  # matches in the data at which learnt m and shipped m weigh the same
TRUST_RANDOM_PAIRS = 50_000.0  # random pairs at which learnt u and shipped u weigh the same
PRIOR_PAIRS = 20_000.0  # pairs of a notional list, one of them a match, that steadies the prior of a tiny list
RULES_RECALL = 0.7  # share of true matches the deterministic rules are taken to find at most
PRIOR_DRIFT = 4.0  # factor by which the prior may follow the predicted matches
PRIOR_DRIFT_BLIND = 1_000.0  # the same where hardly a pair was sure, so that the first prior was a guess
LEAST_MATCHES = 20  # sure pairs below which nothing is learnt and the prior is a guess
TF_SMALLEST = 0.0001  # rarest a name is taken to be
TF_TRUST_RECORDS = 2_000.0  # records at which name frequencies of the list count half


@dataclass(frozen=True, slots=True)
class Level:
    """One level: what it means, the SQL that holds there, m and u. `tf` names the column whose frequency adjusts it."""

    name: str
    words: str
    sql: str
    m: float
    u: float
    tf: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison: `missing` is where nothing can be said; `fixed` means that training leaves m and u alone."""

    name: str
    missing: str
    levels: Sequence[Level]
    fixed: bool = False


def _id(name: str, words: str, same: str, missing: str, agrees: float = 1e-6) -> Comparison:
    differs = 2.0**ID_DISAGREES
    return Comparison(
        name,
        missing,
        (Level("same", words, same, 1 - differs, agrees), Level("else", "", "ELSE", differs, 1 - agrees)),
        fixed=True,
    )


FORENAME = Comparison(
    "forename",
    "forename_l IS NULL OR forename_r IS NULL",
    (
        Level("same", "forename", agree.FORENAME_SAME, 0.80, 0.008, "forename"),
        Level("known", "forename (short or other form)", agree.FORENAME_KNOWN, 0.07, 0.012),
        Level("near", "forename (spelling)", agree.FORENAME_NEAR, 0.05, 0.010),
        Level("swapped", "forename and surname swapped", agree.NAMES_SWAPPED, 0.01, 0.00002),
        Level("middle", "forename (middle name)", agree.FORENAME_MIDDLE, 0.01, 0.003),
        Level("initial", "forename (initial)", agree.FORENAME_INITIAL, 0.01, 0.01),
        Level("loose", "", agree.FORENAME_LOOSE, 0.015, 0.03),
        Level("else", "", "ELSE", 0.035, 0.927),
    ),
)
SURNAME = Comparison(
    "surname",
    "surname_l IS NULL OR surname_r IS NULL",
    (
        Level("same", "surname", agree.SURNAME_SAME, 0.84, 0.002, "surname"),
        Level("known", "surname (former or part)", agree.SURNAME_KNOWN, 0.03, 0.002),
        Level("near", "surname (spelling)", agree.SURNAME_NEAR, 0.05, 0.006),
        Level("swapped", "", agree.NAMES_SWAPPED, 0.01, 0.01),
        Level("loose", "", agree.SURNAME_LOOSE, 0.015, 0.02),
        Level("else", "", "ELSE", 0.055, 0.96),
    ),
)
DOB = Comparison(
    "dob",
    agree.DOB_MISSING,
    (
        Level("same", "date of birth", f"({agree.DOB_SAME} AND right(dob_l, 4) <> '0101')", 0.90, 0.00008),
        Level("january", "date of birth (1 January)", agree.DOB_SAME, 0.004, 0.00003),
        Level("swapped", "date of birth (day and month swapped)", agree.DOB_SWAPPED, 0.01, 0.00004),
        Level("slip", "date of birth (one slip)", agree.DOB_ONE_SLIP, 0.045, 0.0012),
        Level("year_january", "year of birth (1 January)", agree.DOB_FIRST_OF_JANUARY, 0.006, 0.0003),
        Level("two_parts", "date of birth (two parts)", agree.DOB_TWO_PARTS, 0.015, 0.005),
        Level("partial", "date of birth (known parts)", agree.DOB_PARTIAL, 0.018, 0.0004),
        Level("years", "", agree.DOB_YEARS_NEAR, 0.001, 0.0008),
        Level("year", "", agree.DOB_YEAR, 0.004, 0.015),
        Level("else", "", "ELSE", 0.008, 0.977),
    ),
)
SEX = Comparison(
    "sex",
    "sex_l IS NULL OR sex_r IS NULL",
    (
        Level("same", "sex", "sex_l = sex_r", 0.985, 0.5),
        Level("else", "", "ELSE", 0.015, 0.5),
    ),
)
ADDRESS = Comparison(
    "address",
    agree.ADDRESS_MISSING,
    (
        Level("same", "address", agree.PLACE_SAME, 0.55, 0.0002),
        Level(
            "street",
            "address",
            f"(({agree.POSTCODE_SAME} AND {agree.WORDS_SHARED}) OR {agree.STREET_SAME})",
            0.10,
            0.0004,
        ),
        Level("postcode", "postcode", agree.POSTCODE_SAME, 0.06, 0.0015),
        Level("words", "address (words)", agree.WORDS_SHARED, 0.06, 0.006),
        Level("else", "", "ELSE", 0.23, 0.992),
    ),
)
PHONE = Comparison(
    "phone",
    agree.PHONE_MISSING,
    (Level("same", "telephone", agree.PHONE_SAME, 0.6, 0.0005), Level("else", "", "ELSE", 0.4, 0.9995)),
    fixed=True,
)
EMAIL = Comparison(
    "email",
    agree.EMAIL_MISSING,
    (Level("same", "e-mail", agree.EMAIL_SAME, 0.6, 0.0002), Level("else", "", "ELSE", 0.4, 0.9998)),
    fixed=True,
)
NHS = _id("nhs", "NHS number", agree.NHS_SAME, "nhs_l IS NULL OR nhs_r IS NULL")
UPN = _id("upn", "unique pupil number", agree.UPN_SAME, agree.UPN_MISSING)
ULN = _id("uln", "unique learner number", agree.ULN_SAME, "uln_l IS NULL OR uln_r IS NULL")
LLID = _id("llid", "Liquidlogic id", agree.LLID_SAME, agree.LLID_SILENT)
PNC = _id("pnc", "Police National Computer id", agree.PNC_SAME, "pnc_l IS NULL OR pnc_r IS NULL")

COMPARISONS = (FORENAME, SURNAME, DOB, SEX, ADDRESS, PHONE, EMAIL, NHS, UPN, ULN, LLID, PNC)


def own_id(column: str) -> Comparison:
    """A list's own identifier: nobody checks its digits, so one or two slips still count for it."""
    left, right = f"{column}_l", f"{column}_r"
    return Comparison(
        column,
        f"{left} IS NULL OR {right} IS NULL",
        (
            Level("same", column.removeprefix("id_"), agree.own_id_same(column), 0.90, 1e-6),
            Level(
                "near",
                f"{column.removeprefix('id_')} (slip)",
                agree.own_id_near(column),
                0.09,
                0.0005,
            ),
            Level("else", "", "ELSE", 0.01, 0.9995),
        ),
        fixed=True,
    )


def comparisons(columns: Sequence[str]) -> tuple[Comparison, ...]:
    """Every comparison for a feature table with these columns."""
    return (*COMPARISONS, *(own_id(column) for column in columns if column.startswith("id_")))
