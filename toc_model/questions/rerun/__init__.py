"""``toc rerun``: a saved answer or run made once more, and whether it is the same to the last digit."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toc_model.beliefs.seal import HDF5
from toc_model.engine.case import Case
from toc_model.files import TABLE, each_read_once, read
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.rerun import answers, runs, words
from toc_model.questions.rerun.differing import Compared, Differing

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, repr=False)
class Rerun(Result):
    """What was saved beside what comes out now.

    Attributes
    ----------
    path : Path
        The file.
    asked : str
        What it is an answer to, in words.
    found : Compared
        Figures, and what they rest on.
    """

    path: Path
    asked: str
    found: Compared

    @property
    def identical(self) -> bool:
        """Whether all figures are the same to the last digit."""
        return not self.found.figures

    def to_dict(self) -> dict[str, Any]:
        """The verdict and all that differs, as ``toc rerun --json`` prints it; figures in their own units."""
        return {
            "file": str(self.path),
            "asked": self.asked,
            "identical": self.identical,
            "compared": self.found.compared,
            "differing": self.found.apart,
            "taken_from_the_file": list(self.found.taken),
            **{name: [asdict(one) for one in getattr(self.found, name)] for name in ("figures", "inputs", "versions")},
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each figure that differs."""
        import pandas as pd

        columns = list(Differing.__dataclass_fields__)
        return pd.DataFrame(self.to_dict()["figures"], columns=columns).set_index("name")

    def section(self) -> Section:
        """The verdict, and tables of what differs."""
        return words.section(self)

    def about(self) -> str:
        """The file and the verdict."""
        return f"{self.path}, {'identical' if self.identical else f'{self.found.apart} figures differ'}"


def rerun(path: Path | str, case: Case) -> Rerun:
    """Make a saved answer or run once more, and compare all its figures exactly.

    Nothing is written. On another machine, or with other versions of packages, last digits may differ.

    Parameters
    ----------
    path : path
        A file of ``--save`` (``.json``), of ``toc run --out`` or of `Run.save` (``.nc``).
    case : Case
        That it is about; a file does not choose which code is run.

    Raises
    ------
    InputError
        If it is no such file, is damaged, is about another case, or can't be made again.
    """
    place = Path(path)
    with each_read_once():
        if read(place, TABLE).data.startswith(HDF5):
            return Rerun(place, "a run", runs.again(place, case))
        asked, found = answers.again(place, case)
        return Rerun(place, asked, found)
