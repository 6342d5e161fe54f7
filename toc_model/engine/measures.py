"""In what quantities are told: units, digits, and a small amount by which changes at the margin are counted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """In what a quantity is told: the factor that a figure is multiplied by, the word behind it, and its digits.

    Attributes
    ----------
    factor : float
        100 for a probability that is told in per cent.
    unit, change_unit : str
        Of a value and of a change, as running text has them, such as "per cent" and "percentage points".
    digits, end_digits : int
        Decimals of the mean of a value, and of the ends of its interval.
    change_digits, change_end_digits : int
        The same of a change.
    mark : str
        What stands behind a value in a sentence or cell, such as "%"; empty for none.
    """

    factor: float
    unit: str
    change_unit: str
    digits: int = 1
    end_digits: int = 0
    change_digits: int = 2
    change_end_digits: int = 1
    mark: str = ""

    @property
    def sign(self) -> str:
        """What stands behind a value: its mark, or else its unit."""
        return self.mark or self.unit


PER_CENT = Measure(100.0, "per cent", "percentage points", mark="%")


@dataclass(frozen=True, slots=True)
class Small:
    """A small amount of the outcome, by which values at the margin are told.

    Attributes
    ----------
    name : str
        In the plural, such as "sacks".
    size : float
        In the unit of the outcome.
    explained : str
        What one is, in words, such as "twentieths of a tonne".
    gained : str
        What is done with them for the better, such as "brought in".
    """

    name: str
    size: float
    explained: str
    gained: str

    @property
    def one(self) -> str:
        """A single one, such as "sack"."""
        return self.name.removesuffix("s")
