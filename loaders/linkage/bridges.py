"""Records that only a record for few joins stay apart. Pure: numbers in, numbers out.

Whoever may not see a probation record must not learn from two other records being one person that there is one. So what
joins the records that everybody may see must itself be among them, or be somebody's decision (docs/adr/0009).
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from loaders.linkage.cluster import Numbers, Weights, connected
from loaders.linkage.settings import JOIN_WEIGHT

Flags = npt.NDArray[np.bool_]


def without_bridges(labels: Numbers, pairs: Numbers, weights: Weights, closed: Flags, together: Numbers) -> Numbers:
    """For each record the smallest record number of its cluster, once no closed record holds open ones together.

    `pairs` and `weights` are the scored pairs, `closed` says which records are for few, `together` are the pairs that
    a source or a person says are one. A closed record stays with the part it agrees with most; nobody new is joined.
    """
    if not closed.any() or closed.all():
        return labels
    inside = labels[pairs[:, 0]] == labels[pairs[:, 1]]
    good = inside & (weights > JOIN_WEIGHT)
    seen = pairs[good & ~closed[pairs].any(axis=1)]
    obeyed = together[labels[together[:, 0]] == labels[together[:, 1]]]
    parts = connected(len(labels), np.concatenate((seen, obeyed)))
    torn = _torn(labels, parts, closed)
    if not torn.any():
        return labels
    chosen = np.flatnonzero(good & torn[labels[pairs[:, 0]]])
    best_first = pairs[chosen[np.argsort(-weights[chosen], kind="stable")]]
    records = np.flatnonzero(torn[labels])
    result = labels.copy()
    for part in _followed(dict(zip(records.tolist(), parts[records].tolist(), strict=True)), best_first, closed):
        result[part] = min(part)
    return result


def _torn(labels: Numbers, parts: Numbers, closed: Flags) -> Flags:
    """Per cluster label, whether its open records are in more than one part."""
    keys = np.unique(np.stack((labels[~closed], parts[~closed]), axis=1), axis=0)
    return np.asarray(np.bincount(keys[:, 0], minlength=len(labels)) > 1)


def _followed(parts: dict[int, int], best_first: Numbers, closed: Flags) -> Iterable[list[int]]:
    """The records by part, once each part of closed records alone has gone to the part it agrees with most."""
    of: dict[int, list[int]] = {}
    for record, part in parts.items():
        of.setdefault(part, []).append(record)
    for pair in best_first.tolist():
        one, other = (parts[record] for record in pair)
        alone = next((mine for mine in (one, other) if one != other and closed[of[mine]].all()), None)
        if alone is not None:
            home = other if alone == one else one
            of[home] += of[alone]
            parts.update(dict.fromkeys(of.pop(alone), home))
    return of.values()
