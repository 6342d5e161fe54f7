"""A probabilistic causal model of a theory of change: one name for each question, and what they are asked with.

>>> import toc_model as toc
>>> result = toc.run("essay", draws=500)
>>> print(result)  # doctest: +SKIP

Every question takes beliefs and allocations first, each as itself, a name or a file, and gives a result that can say
itself (``print``), give figures (``to_dict``, ``to_dataframe``) and, where there is one, a picture (``plot``). Without
a case of one's own (``case=``) the theory is that of the essay. All is imported when it is first asked for.
"""

import importlib
from typing import TYPE_CHECKING, Any

from toc_model.errors import InputError

if TYPE_CHECKING:
    from toc_model.beliefs.beliefs import Beliefs
    from toc_model.beliefs.changed import quantiles
    from toc_model.engine.case import Case, load_case
    from toc_model.engine.evaluate import evaluate
    from toc_model.engine.interventions import cut, do, pin
    from toc_model.engine.story import Story
    from toc_model.essay.case import ESSAY
    from toc_model.essay.story import STORY
    from toc_model.facade import elicit
    from toc_model.facade.deciding import compare, curve, marginal, optimise, run, sampling, voi, worldviews
    from toc_model.facade.doubting import check_claims, grant, harm, rerun, structure
    from toc_model.facade.explaining import (
        channels,
        claims,
        disagree,
        explore,
        import_survey,
        report,
        sensitivity,
        update,
    )
    from toc_model.facade.given import allocations, beliefs, draws_of_your_own, move
    from toc_model.facade.sweeping import sweep
    from toc_model.questions.run import Run
    from toc_model.questions.saved import load
    from toc_model.statistics.sampling import Study
    from toc_model.survey.learning.settings import Settings
    from toc_model.work.crew import workers
    from toc_model.work.pieces import keeping

LATER = {
    **dict.fromkeys(
        ("compare", "curve", "marginal", "optimise", "run", "sampling", "voi", "worldviews"), "facade.deciding"
    ),
    **dict.fromkeys(("channels", "claims", "disagree", "explore", "import_survey"), "facade.explaining"),
    **dict.fromkeys(("report", "sensitivity", "update"), "facade.explaining"),
    **dict.fromkeys(("check_claims", "grant", "harm", "rerun", "structure"), "facade.doubting"),
    **dict.fromkeys(("allocations", "beliefs", "draws_of_your_own", "move"), "facade.given"),
    **dict.fromkeys(("Case", "load_case"), "engine.case"),
    **dict.fromkeys(("cut", "do", "pin"), "engine.interventions"),
    "Beliefs": "beliefs.beliefs",
    "ESSAY": "essay.case",
    "Run": "questions.run",
    "STORY": "essay.story",
    "Settings": "survey.learning.settings",
    "Story": "engine.story",
    "Study": "statistics.sampling",
    "evaluate": "engine.evaluate",
    "keeping": "work.pieces",
    "load": "questions.saved",
    "quantiles": "beliefs.changed",
    "sweep": "facade.sweeping",
    "workers": "work.crew",
}
"""Modules of the names that are imported when they are first used."""
MODULES = {"elicit": "facade.elicit"}
"""Modules that are names themselves."""

importlib.import_module("toc_model.beliefs")
del globals()["beliefs"]  # the folder, which imports find without it: the function of this name is found below


def __getattr__(name: str) -> Any:
    if name in MODULES:
        return importlib.import_module(f"toc_model.{MODULES[name]}")
    if name not in LATER:
        raise AttributeError(f"module 'toc_model' has no attribute {name!r}")
    found = globals()[name] = getattr(importlib.import_module(f"toc_model.{LATER[name]}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *LATER, *MODULES})


__all__ = [
    "ESSAY",
    "STORY",
    "Beliefs",
    "Case",
    "InputError",
    "Run",
    "Settings",
    "Story",
    "Study",
    "allocations",
    "beliefs",
    "channels",
    "check_claims",
    "claims",
    "compare",
    "curve",
    "cut",
    "disagree",
    "do",
    "draws_of_your_own",
    "elicit",
    "evaluate",
    "explore",
    "grant",
    "harm",
    "import_survey",
    "keeping",
    "load",
    "load_case",
    "marginal",
    "move",
    "optimise",
    "pin",
    "quantiles",
    "report",
    "rerun",
    "run",
    "sampling",
    "sensitivity",
    "structure",
    "sweep",
    "update",
    "voi",
    "workers",
    "worldviews",
]
