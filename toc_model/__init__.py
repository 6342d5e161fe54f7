"""A probabilistic causal model of a theory of change.

>>> import toc_model as toc
>>> result = toc.run("essay", draws=500)
>>> print(result)  # doctest: +SKIP
"""

from toc_model.allocations import load_allocations
from toc_model.errors import InputError
from toc_model.evaluate import evaluate
from toc_model.graph import Story
from toc_model.interventions import cut, do, pin
from toc_model.priors import load_priors, worldview_names
from toc_model.runs import Run, run
from toc_model.story import STORY

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
