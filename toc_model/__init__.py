"""A probabilistic causal model of a theory of change.

>>> import toc_model as toc
>>> result = toc.run("essay", draws=500)
>>> print(result)  # doctest: +SKIP
"""

from toc_model.beliefs.allocations import load_allocations
from toc_model.beliefs.priors import load_priors, worldview_names
from toc_model.engine.evaluate import evaluate
from toc_model.engine.interventions import cut, do, pin
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.essay import STORY
from toc_model.questions.run.result import Run, run

__all__ = [
    "STORY",
    "InputError",
    "Run",
    "Story",
    "cut",
    "do",
    "evaluate",
    "load_allocations",
    "load_priors",
    "pin",
    "run",
    "worldview_names",
]
