"""An estimated value of information."""

from dataclasses import dataclass, replace

from scipy import special

CONTENT = 0.9
"""Of intervals."""
REACH = float(special.ndtri((1 + CONTENT) / 2))
"""Standard errors from the middle of an interval to its end."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value of information and its standard error, in the unit of the loss.

    Attributes
    ----------
    value : float
    se : float
        Standard error; where choices were made from the draws, widened so that the interval holds what they gain on
        draws that they were made from and on others.
    lowest : float
        Least possible value: zero, for nothing is lost by knowing more, or less than zero where a cost is taken off.
    """

    value: float
    se: float
    lowest: float = 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Central 90 % interval, cut at the least possible value."""
        return max(self.lowest, self.value - REACH * self.se), max(self.lowest, self.value + REACH * self.se)

    def at_most(self, limit: "Estimate") -> "Estimate":
        """The value, or that of what tells more, if it is less; the standard error stays."""
        return replace(self, value=min(self.value, limit.value))

    def at_least(self, part: "Estimate") -> "Estimate":
        """The value, or that of what tells less, if it is more; the interval then still begins where it did.

        The largest of several values is flattered by chance, so it proves no more than the value itself does.
        """
        more = max(0.0, part.value - self.value)
        return replace(self, value=self.value + more, se=self.se + more / REACH)

    def times(self, factor: float) -> "Estimate":
        """The same in another unit."""
        return Estimate(factor * self.value, factor * self.se, factor * self.lowest)

    def less(self, cost: float) -> "Estimate":
        """What is left after a cost."""
        return replace(self, value=self.value - cost, lowest=self.lowest - cost)
