"""Average-link clustering of many components of one size at once, a join in each at a time.

Pure, and knows no more of the rule than cluster.py says; one_by_one.py does the same for one component of any kind.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from loaders.linkage.settings import JOIN_WEIGHT, UNMET_WEIGHT


@dataclass(slots=True)
class Between:
    """What there is between every two records of k components of n records, each an array of shape (k, n, n) that is
    the same both ways: sum of weights, how many pairs are scored, how many are silent, whether a constraint forbids.
    """

    total: npt.NDArray[np.float64]
    scored: npt.NDArray[np.float64]
    silent: npt.NDArray[np.float64]
    apart: npt.NDArray[np.bool_]

    def join(self, one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> None:
        """In each component make one cluster of two, which stands where the first stood."""
        each = np.arange(len(one))
        for sums in (self.total, self.scored, self.silent):
            sums[each, one] += sums[each, other]
            sums[each, :, one] = sums[each, one]
        self.apart[each, one] |= self.apart[each, other]
        self.apart[each, :, one] = self.apart[each, one]
        self.apart[each, other] = self.apart[each, :, other] = True

    def only(self, chosen: npt.NDArray[np.bool_]) -> "Between":
        """Some of the components."""
        return Between(self.total[chosen], self.scored[chosen], self.silent[chosen], self.apart[chosen])


def agglomerate(between: Between) -> npt.NDArray[np.int64]:
    """For each record the place in its component of the first record of its cluster: an array of shape (k, n)."""
    count, size, _ = between.total.shape
    places = np.tile(np.arange(size), (count, 1))
    records, open_ = np.ones((count, size)), np.arange(count)
    below = np.tril(np.ones((size, size), dtype=np.bool_))
    while len(open_):
        means = _means(between, records)
        means[:, below] = -np.inf
        best = means.reshape(len(open_), -1).argmax(axis=1)
        goes_on = means.reshape(len(open_), -1)[np.arange(len(open_)), best] > JOIN_WEIGHT
        between, records, open_ = between.only(goes_on), records[goes_on], open_[goes_on]
        one, other = np.divmod(best[goes_on], size)
        between.join(one, other)
        each = np.arange(len(open_))
        records[each, one] += records[each, other]
        places[open_] = np.where(places[open_] == other[:, None], one[:, None], places[open_])
    return places


def _means(between: Between, records: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Mean weight of the pairs between every two clusters that may be joined; minus infinity between others."""
    may = (between.scored > 0) & ~between.apart
    unmet = records[:, :, None] * records[:, None, :] - between.scored - between.silent
    count = np.where(may, between.scored + unmet, 1)
    return np.where(may, np.round((between.total + UNMET_WEIGHT * unmet) / count, 9), -np.inf)
