"""``toc survey validate``: whether the observation model describes the answers, and whether it finds the truth."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toc_model.aliases import Progress
from toc_model.beliefs.priors import Priors
from toc_model.engine.case import Case
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.present.terminal import progress_bar
from toc_model.questions.survey import validation_words as words
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.settings import Settings
from toc_model.survey.validation import fit as fits
from toc_model.survey.validation import whole
from toc_model.survey.validation.heaping import Heap
from toc_model.survey.validation.predictions import Pit
from toc_model.survey.validation.recovery import Recovery, Setup, calibration, first_probability
from toc_model.survey.validation.scores import Score

if TYPE_CHECKING:
    import pandas as pd

EPSILON = 1e-9
"""By how much a share may miss an interval through rounding."""


@dataclass(frozen=True, slots=True, repr=False)
class Validated(Result):
    """A fit beside its own answers.

    Attributes
    ----------
    found : Validation
        Scores, where answers fall in their predictions, and heaping.
    problems : tuple of str
        Why the fits can't be trusted; empty for good ones.
    """

    found: whole.Validation
    problems: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc survey validate --json`` prints them; log scores in nats."""
        found = self.found
        return {
            "problems": list(self.problems),
            "refitted": found.refitted,
            "experts": [_score(score) | _without_camps(found, score.question) for score in found.experts],
            "camps": [{"camp": score.camp} | _score(score) for score in found.camps],
            "pit": [_pit(pit) for pit in found.pits],
            "without_pit": list(found.without_pit),
            "heaping": [_heap(heap) for heap in found.heaps],
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each question: scores of answers that were predicted from all other respondents'."""
        import pandas as pd

        return pd.json_normalize(self.to_dict()["experts"]).set_index("question")

    def section(self) -> Section:
        """Scores, ranks and heaping."""
        return words.section(self)

    def about(self) -> str:
        """How many questions."""
        return f"{len(self.found.experts)} scores of answers left out, {len(self.found.pits)} questions ranked"


def _score(score: Score) -> dict[str, Any]:
    return {
        "question": score.question,
        "answers": score.answers,
        "log_score": score.total,
        "per_answer": score.total / score.answers,
        "crps": None if math.isnan(score.crps) else score.crps,
        "worst_k": score.worst_k if math.isfinite(score.worst_k) else None,
        "above": score.above,
        "refits": score.refits,
    }


def _without_camps(found: whole.Validation, question: str) -> dict[str, Any]:
    if question not in found.pooled:
        return {}
    pooled, better, error = found.pooled[question]
    figures = {"log_score": pooled.total, "better_by": better, "error": error, "crps": pooled.crps}
    return {"without_camps": figures}


def _pit(pit: Pit) -> dict[str, Any]:
    distance, p = pit.distance
    return {"question": pit.question, "shares": [float(share) for share in pit.bins], "distance": distance, "p": p}


def _heap(heap: Heap) -> dict[str, Any]:
    low, middle, high = heap.predicted
    inside = low - EPSILON <= heap.observed <= high + EPSILON
    predicted = {"q05": low, "q50": middle, "q95": high}
    return {
        "question": heap.question,
        "what": heap.what,
        "observed": heap.observed,
        "predicted": predicted,
        "inside": inside,
    }


def validate(
    fit: Fitted,
    *,
    pooled: bool = True,
    refit: bool = False,
    settings: Settings | None = None,
) -> Validated:
    """Compare a fit with its own answers.

    Parameters
    ----------
    fit : Fitted
        By `toc_model.survey.validation.fit.fitted`.
    pooled : bool
        Whether to fit once more without camps, where there are any, to compare.
    refit : bool
        Whether to fit anew without each expert and camp whose weights can't be trusted, wherever it is done.
    settings : Settings, optional
        Of these fits; their seed is that of simulated answers, too.
    """
    settings = settings or Settings()
    baseline = fits.without_camps(fit, settings) if pooled and fits.has_camps(fit) else None
    found = whole.validate(fit, baseline, seed=settings.seed, refit=settings if refit else None, bar=progress_bar)
    return Validated(found, (*fit.problems, *(baseline.problems if baseline else ()), *found.problems))


@dataclass(frozen=True, slots=True, repr=False)
class Recovered(Result):
    """How often simulated surveys gave the truth away.

    Attributes
    ----------
    runs : tuple of Recovery
        With the common bias modelled, and with it switched off.
    """

    runs: tuple[Recovery, ...]

    @property
    def setup(self) -> Setup:
        """What was simulated."""
        return self.runs[0].setup

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc survey validate --json`` prints them."""
        setup = self.setup
        return {
            "parameter": setup.parameter,
            "questions": setup.questions,
            "respondents": setup.respondents,
            "bias_sd": setup.bias_sd,
            "fits": [_recovery(run) for run in self.runs],
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each way to fit."""
        import pandas as pd

        return pd.json_normalize(self.to_dict()["fits"]).set_index("common_bias")

    def section(self) -> Section:
        """The table of coverage."""
        return words.recovery_section(self)

    def about(self) -> str:
        """How many surveys, about what."""
        return f"{len(self.runs[0].covered)} simulated surveys about {self.setup.parameter}"


def _recovery(run: Recovery) -> dict[str, Any]:
    low, high = run.coverage_interval
    statistic, p = run.chi_square
    return {
        "common_bias": run.common_bias,
        "surveys": len(run.covered),
        "coverage": run.coverage,
        "coverage_interval": [low, high],
        "ranks": run.shares,
        "chi_square": statistic,
        "p": p,
    }


def recover(
    case: Case,
    priors: Priors,
    replications: int,
    *,
    parameter: str = "",
    seed: int = 1,
    progress: Progress | None = None,
) -> Recovered:
    """Simulate surveys about a parameter, and see how often an update finds the truth.

    Parameters
    ----------
    case : Case
    priors : Priors
        That the truth is drawn from.
    replications : int
        How many surveys.
    parameter : str, optional
        An uncertain probability; that of the case, or the first that there is, by default.
    seed : int
    progress : callable, optional
        Called with the surveys done and in all.

    Raises
    ------
    InputError
        If the parameter is no uncertain probability, or there is none.
    """
    setup = Setup(parameter or case.recovery or first_probability(priors))
    return Recovered(calibration(replications, setup, priors, seed=seed, progress=progress))
