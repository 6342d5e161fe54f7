"""One table of all that was measured."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.benchmarks.speed.measure import Ratio, Taken, seconds

HEAD = ("job", "toc_model", "beside", "CPU, times as long", "wall, times as long", "remarks")


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of one job.

    Attributes
    ----------
    cells : tuple of str
        As `HEAD` says.
    """

    cells: tuple[str, ...]

    @classmethod
    def of(cls, job: str, beside: str, ours: Sequence[Taken], theirs: Sequence[Taken], remark: str = "") -> "Row":
        """One way beside another, from times that were taken in turn."""
        cpu = Ratio.of([one.cpu for one in theirs], [one.cpu for one in ours])
        wall = Ratio.of([one.wall for one in theirs], [one.wall for one in ours])
        return cls((job, seconds(ours), beside, str(cpu), str(wall), remark))

    @classmethod
    def alone(cls, job: str, ours: Sequence[Taken], remark: str) -> "Row":
        """What has nothing beside it."""
        return cls((job, seconds(ours), "", "", "", remark))

    @classmethod
    def left_out(cls, job: str, beside: str, why: str) -> "Row":
        """What could not be measured."""
        return cls((job, "", beside, "", "", f"left out: {why}"))


def line(cells: Iterable[str]) -> str:
    """A line of the table, for a page."""
    return f"| {' | '.join(cells)} |"
