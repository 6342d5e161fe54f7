"""Sums of draws that share a label."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from toc_model.aliases import Floats

type Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Rows that share a label, labels from 0 on without a gap."""

    order: Labels
    starts: Labels
    sizes: Labels

    @classmethod
    def of(cls, labels: Labels) -> Self:
        """Those of some labels, shape (rows,)."""
        order, sizes = np.argsort(labels, kind="stable"), np.bincount(labels)
        return cls(order, np.cumsum(sizes) - sizes, sizes)

    def totals(self, values: Floats) -> Floats:
        """Sums of rows by label, shape (labels, ...)."""
        return np.asarray(np.add.reduceat(values[self.order], self.starts, axis=0))
