"""What a kind of answers is: all that the package does with answers of one kind, in one class."""

import math
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Protocol

import numpy as np
import pandas as pd
import xarray as xr

from toc_model.aliases import Floats
from toc_model.engine.laws import Quantity
from toc_model.survey.kinds.anchor import Anchor
from toc_model.survey.kinds.mood import split
from toc_model.survey.kinds.parameters import Parameter
from toc_model.survey.kinds.patterns import Collected
from toc_model.survey.kinds.planned import Planned

type Values = Mapping[str, Any]
"""Parameters or data by name."""
type Circumstances = Callable[[tuple[int, ...], np.random.Generator], dict[str, Floats]]
"""From the shape of some answers, and what to draw with, to their circumstances, by name."""

EMPTY = "empty"
"""Why a row without an answer does not count."""


class Form(Protocol):
    """What a kind needs to know of how a question is put; `toc_model.survey.documents.mapping.Question` has it."""

    @property
    def kind(self) -> str:
        """Kind of the answers."""

    @property
    def scale(self) -> str:
        """One of `toc_model.survey.kinds.natural.SCALES`."""

    @property
    def shift(self) -> float:
        """Number to add to stated times."""

    @property
    def sign(self) -> int:
        """1 if a higher category means a higher target, -1 if a lower one."""

    @property
    def width(self) -> float:
        """How far apart, on the scale, respondents typically are; priors of deviations are multiples of it."""

    @property
    def bias_sd(self) -> float:
        """Standard deviation of the bias that all respondents share, on the scale."""

    @property
    def lower(self) -> float | None:
        """Least possible quantity."""

    @property
    def upper(self) -> float | None:
        """Largest possible quantity."""

    @property
    def categories(self) -> Sequence[str]:
        """Ordered answers, the lowest first."""

    @property
    def anchors(self) -> Mapping[str, Anchor]:
        """Where categories begin, by category."""


class Row(Protocol):
    """What a kind may ask of an answer; `toc_model.survey.documents.answers.Answer` has it."""

    @property
    def level(self) -> float | None:
        """Level of a quantile, or threshold."""

    @property
    def value(self) -> float | None:
        """What was stated."""

    @property
    def lower(self) -> float | None:
        """Least possible quantity."""

    @property
    def upper(self) -> float | None:
        """Largest possible quantity."""


class Kind(Planned):
    """A kind of answers.

    A respondent's belief about a node, on the node's natural scale, is ``centre + deviation``: the centre is the node
    plus the biases of the question, its framing and the respondent's camp; deviations differ between respondents.
    `density` integrates them out, in closed form or by quadrature, and `draw` draws them: both are one law.

    Attributes
    ----------
    name : str
    is_probability : bool
        Whether the value is a stated probability.
    is_rounded : bool
        Whether answers are probabilities rounded as `toc_model.survey.kinds.rounding` says.
    has_unit : bool
        Whether the value, or the level, is a quantity in a unit, such as a time.
    in_unit : tuple of str
        Columns of an answer that hold quantities in its unit.
    is_counted : bool
        Whether a value can only be a whole number.
    has_levels : bool
        Whether an answer is several points of one distribution, each at its level, which must not fall.
    quantities : tuple of str
        Columns that hold the answer itself.
    is_range : bool
        Whether an answer is its bounds, and has no value.
    of_many : bool
        Whether a row stands for as many people as it says, and none of them is anybody who answered something else.
    own_flags : tuple of str
        Flags that no other kind may carry.
    asked_at : tuple
        Levels that a new survey asks at; None for a question that has none.
    circumstances : tuple of str
        Data that an answer is conditional on, and that simulated answers need.
    """

    name: ClassVar[str]
    is_probability: ClassVar[bool] = False
    is_rounded: ClassVar[bool] = False
    has_unit: ClassVar[bool] = False
    in_unit: ClassVar[tuple[str, ...]] = ("value", "lower", "upper")
    is_counted: ClassVar[bool] = False
    has_levels: ClassVar[bool] = False
    quantities: ClassVar[tuple[str, ...]] = ("value",)
    is_range: ClassVar[bool] = False
    of_many: ClassVar[bool] = False
    own_flags: ClassVar[tuple[str, ...]] = ()
    asked_at: ClassVar[tuple[float | None, ...]] = (None,)
    circumstances: ClassVar[tuple[str, ...]] = ()

    # Documents ----------------------------------------------------------------------------------------------------

    def check_answer(self, row: Row) -> None:
        """Fail if a row can't be an answer of this kind.

        Raises
        ------
        ValueError
            What was found and what is allowed.
        """
        if row.level is not None:
            raise ValueError(f"level: found {shown(row.level)}; allowed: nothing, for the kind {self.name!r}")

    def check_question(self, form: Form) -> None:
        """Fail if a question can't have answers of this kind.

        Raises
        ------
        ValueError
            What was found and what is allowed.
        """
        if form.categories:
            raise ValueError(
                f"categories: found {len(form.categories)}; allowed: for ordered answers only, all of them"
            )
        if form.anchors:
            raise ValueError(f"anchors: found {len(form.anchors)}; allowed: for ordered answers only")
        if form.shift and not self.has_unit:
            raise ValueError(f"shift: found {form.shift:g}; allowed: for answers that are times")

    def informs_level(self, form: Form) -> bool:
        """Whether answers tell the level of what is asked about, and not only how respondents or wordings differ."""
        del form
        return True

    def possible(self, lower: float, upper: float, flags: Sequence[str]) -> tuple[float, float]:
        """Least and largest possible value.

        Parameters
        ----------
        lower, upper : float
            Least and largest possible quantity, as the answer states them; NaN where it does not.
        flags : sequence of str
            That the answer carries.
        """
        del flags
        return -np.inf if np.isnan(lower) else lower, np.inf if np.isnan(upper) else upper

    # Reading ------------------------------------------------------------------------------------------------------

    def stated(self, answers: pd.DataFrame) -> "pd.Series[bool]":
        """Mark the rows that hold an answer, possible or not; the others are blank."""
        return answers["value"].notna()

    def blank(self, answers: pd.DataFrame, form: Form) -> "pd.Series[str]":
        """Say of rows that are not `stated` why they don't count."""
        del form
        return pd.Series(EMPTY, index=answers.index)

    def ruled_out(self, answers: pd.DataFrame, form: Form) -> "pd.Series[bool]":
        """Mark the answers that the question's own bounds, or its scale, make impossible."""
        lower, upper = (np.nan if bound is None else bound for bound in (form.lower, form.upper))
        least, largest = self.possible(lower, upper, ())
        return (answers["value"] < least) | (answers["value"] > largest)

    def faults(self, answers: pd.DataFrame, form: Form | None) -> "pd.Series[str]":
        """Say why answers can't be used, row by row; nothing of those that can.

        Parameters
        ----------
        answers : pandas.DataFrame
            Possible answers to one question in the long format, each respondent's last ones.
        form : Form, optional
            The question; without it, what follows from its scale is not seen.
        """
        del form
        return pd.Series("", index=answers.index)

    @abstractmethod
    def read(self, answers: pd.DataFrame, form: Form) -> Collected:
        """Make answers ready for the density.

        Parameters
        ----------
        answers : pandas.DataFrame
            Usable answers in the long format, without `faults`; ``framing`` and ``group`` as numbers.
        form : Form

        Returns
        -------
        Collected
            With data of the dims ``(pattern, ...)``: what the density takes, ``count``, ``framing`` and ``group``.
        """

    @abstractmethod
    def observed(self, data: xr.Dataset) -> Floats:
        """What is compared with simulated answers, in their units.

        Returns
        -------
        array of shape (pattern,), or (pattern, point) for points of a stated distribution
            NaN where nothing exact was stated.
        """

    def size(self, data: xr.Dataset) -> int:
        """How many numbers the largest array of the density has for one draw."""
        return math.prod(data.sizes.values())

    def people(self, answers: pd.DataFrame) -> int:
        """How many people gave some answers in the long format."""
        return len(answers[["source_id", "respondent_id"]].drop_duplicates())

    # The law ------------------------------------------------------------------------------------------------------

    @abstractmethod
    def parameters(self, form: Form) -> tuple[Parameter, ...]:
        """What is unknown of how answers come about; a spread between respondents is called ``deviation``."""

    @abstractmethod
    def density(self, form: Form, centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
        """Log density of one answer of each pattern.

        Parameters
        ----------
        form : Form
        centre : dims ``(pattern, ...)``
            Centre of beliefs on the natural scale.
        shift : scalar, or dims ``(mood,)``
            What is added to it.
        of : mapping of name to value
            The parameters, ``deviation`` (1 where it is the unit) and ``reference``, the centre of the first pattern.
        data : mapping of name to array
            As `read` has them.
        """

    @abstractmethod
    def draw(self, form: Form, centre: Floats, of: Values, data: Values, rng: np.random.Generator) -> Floats:
        """Draw answers from the law that `density` has; as `simulated`, but the deviation is a respondent's own."""

    def log_density(self, form: Form, centre: Any, of: Values, data: Values, mood: Any = None) -> Quantity:
        """Log density of one answer of each pattern.

        Parameters
        ----------
        form : Form
        centre : dims ``(pattern, ...)``
            Centre of beliefs on the natural scale.
        of : mapping of name to value
            The parameters, ``reference`` and, with a mood, ``loading``.
        data : mapping of name to array
            As `read` has them.
        mood : dims ``(mood,)``, optional
            What an expert's answers share, in standard deviations; the density is conditional on it.
        """
        shift, residual = (0.0, of.get("deviation", 1.0)) if mood is None else split(of, mood)
        return self.density(form, centre, shift, {**of, "deviation": residual}, data)

    def simulated(self, form: Form, centre: Floats, of: Values, data: Values, rng: np.random.Generator) -> Floats:
        """Draw answers.

        Parameters
        ----------
        form : Form
        centre : array
            Centres of beliefs on the natural scale, one a simulated answer.
        of : mapping of name to array
            The parameters, ``reference`` and, if an expert's answers share a mood, ``loading``; they broadcast against
            the centres, and those with labels have one more axis, the last.
        data : mapping of name to array
            The `circumstances` of each answer; they broadcast against the centres, points along one more axis.
        rng : numpy.random.Generator

        Returns
        -------
        array of the shape of the centres, and a last axis for the points of a stated distribution
            Stated probability, category, or natural scale of the middle or the duration.
        """
        shift, residual = 0.0, of.get("deviation", 1.0)
        if "loading" in of:
            shift, residual = split(of, rng.standard_normal(centre.shape))
        return self.draw(form, centre + shift, {**of, "deviation": residual}, data, rng)


def shown(number: float | None) -> str:
    """A number in an error."""
    return "nothing" if number is None else f"{number:g}"
