"""Person ids that stay: random, carried over from the last build by largest overlap, and what became of the others."""

import csv
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from graph.history import Became, Change

Key = tuple[str, str]
_ID_BYTES = 14  # 28 characters, 112 random bits: nobody can guess one or read anything from it


def new_id() -> str:
    """A fresh opaque id, lower-case letters and digits."""
    return secrets.token_hex(_ID_BYTES)


def read_previous(path: Path | None) -> dict[Key, str]:
    """person_id by (source, record_id) of the live build's people.csv; empty on the first night."""
    if path is None or not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["source"], row["record_id"]): row["person_id"] for row in csv.DictReader(file)}


def by_record(clusters: pa.Table) -> dict[Key, str]:
    """person_id by (source, record_id) of a table of clusters."""
    columns = clusters.select(["source", "record_id", "person_id"]).to_pydict().values()
    return {(source, record): person for source, record, person in zip(*columns, strict=True)}


def changes(previous: Mapping[Key, str], tonight: Mapping[Key, str], build: str) -> list[Change]:
    """What became of last night's ids: merged into another, split, or gone with their last record."""
    became: dict[str, Counter[str]] = {old: Counter() for old in previous.values()}
    for key, old in previous.items():
        if key in tonight:
            became[old][tonight[key]] += 1
    used = set(tonight.values())
    found = []
    for old in sorted(became):
        heirs = [new for new, _ in sorted(became[old].items(), key=lambda item: (-item[1], item[0]))]
        if old in used:
            heirs = [new for new in heirs if new != old]
        elif heirs:
            found.append(Change(old, heirs.pop(0), Became.MERGED, build))
        else:
            found.append(Change(old, "", Became.GONE, build))
        found.extend(Change(old, new, Became.SPLIT, build) for new in heirs)
    return found


def person_ids(clusters: Sequence[int], keys: Sequence[Key], previous: Mapping[Key, str]) -> dict[int, str]:
    """The id of each cluster. `clusters[i]` is the cluster of the record `keys[i]`.

    An old id goes to the cluster that holds most of its records; ties go to the smaller old id, then the smaller
    cluster number. A cluster and an old id are paired once; every other cluster gets a fresh id.
    """
    shared = Counter((cluster, previous[key]) for cluster, key in zip(clusters, keys, strict=True) if key in previous)
    found: dict[int, str] = {}
    taken: set[str] = set()
    for (cluster, old), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0][1], item[0][0])):
        if cluster not in found and old not in taken:
            found[cluster] = old
            taken.add(old)
    return {cluster: found.get(cluster) or new_id() for cluster in dict.fromkeys(clusters)}
