"""Comparisons that stand in many rules, made once for each pair of records.

The words of agreement (agree.py) are whole conditions, so that each can be read by itself; a query of several of them
would make the same comparison again for every place it stands in. Says nothing new: the answers are the same.
"""

from collections.abc import Mapping

from loaders.linkage import agree

_COSTLY: Mapping[str, str] = {
    "crossed_likeness": "jaro_winkler_similarity(forename_l, surname_r)",
    "other_crossed_likeness": "jaro_winkler_similarity(surname_l, forename_r)",
    "forename_known": agree.FORENAME_KNOWN,
    "surname_known": agree.SURNAME_KNOWN,
    "forename_near": agree.FORENAME_NEAR,
    "surname_near": agree.SURNAME_NEAR,
    "forename_likeness": "jaro_winkler_similarity(forename_l, forename_r)",
    "surname_likeness": "jaro_winkler_similarity(surname_l, surname_r)",
    "middle_name": agree.FORENAME_MIDDLE,
    "one_date": agree.DOB_NEAR,
    "one_place": agree.PLACE_SAME,
    "one_postcode": agree.POSTCODE_SAME,
    "one_street": agree.STREET_SAME,
    "shared_words": agree.WORDS_SHARED,
    "one_upn": agree.UPN_SAME,
}


def once(pairs: str, conditions: Mapping[str, str], keep: str, rules: Mapping[str, str] | None = None) -> str:
    """A query of `keep` and each condition under its name, over a query of pairs of records.

    `rules` are larger parts of the conditions, by name: each is made once as well, from the comparisons it holds.
    """
    said, shorter = dict(conditions), dict[str, str]()
    for layer in (_COSTLY, rules or {}):
        made: dict[str, str] = {}
        for name, sql in layer.items():
            short = _shortened(sql, shorter)
            if any(short in condition for condition in said.values()):
                made[name] = short
                said = {each: condition.replace(short, name) for each, condition in said.items()}
        costly = "".join(f", {sql} AS {name}" for name, sql in made.items())
        pairs, shorter = f"SELECT *{costly} FROM ({pairs}) AS pairs", shorter | made
    asked = ", ".join(f"{condition} AS {name}" for name, condition in said.items())
    return f"SELECT {keep}, {asked} FROM ({pairs}) AS compared"


def _shortened(condition: str, made: Mapping[str, str]) -> str:
    for name, sql in made.items():
        condition = condition.replace(sql, name)
    return condition
