"""Parts of a mixture: by what they are read, and the worldview on the mixture whose patches lie over each of them."""

from dataclasses import dataclass
from typing import NamedTuple


class Part(NamedTuple):
    """By what a part of a mixture is read, or a worldview that is part of none.

    Attributes
    ----------
    named : str
        Its name or path.
    over : str
        The name or path of a worldview that is based on a mixture, whose patches lie over this part; empty for none.
    """

    named: str
    over: str = ""

    def __str__(self) -> str:
        """Both, as parts of several worldviews are told apart."""
        return f"{self.named} ({self.over})" if self.over else self.named


@dataclass(frozen=True, slots=True)
class Over:
    """A worldview that is based on a mixture, as each of the parts has it.

    Attributes
    ----------
    worldview : str
    named : str
        The name or path by which it is read.
    moved : frozenset of str
        Entries that its patches, and those of the worldviews between it and the mixture, move in every part.
    """

    worldview: str
    named: str
    moved: frozenset[str]
