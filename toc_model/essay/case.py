"""The essay as a case: its story, and all that questions need to know of it."""

from pathlib import Path
from typing import Any

from toc_model.engine.case import Case, Reader
from toc_model.engine.facets import Delay, Objective, Rate, Stage
from toc_model.engine.measures import PER_CENT, Small
from toc_model.essay.channels import CHANNELS, GROUPS
from toc_model.essay.home import HOME
from toc_model.essay.limits import LEAVES_OUT, LIMITS, REMARKS
from toc_model.essay.moving import PEOPLE
from toc_model.essay.report import HEADLINE, INTRODUCTION
from toc_model.essay.rivals import (
    engagement_teaches,
    false_reassurance,
    inflamed_race,
    overhang,
    regulation,
    spillover,
)
from toc_model.essay.steps import FTE_YEAR, STEPS
from toc_model.essay.story import STORY
from toc_model.essay.targets import TARGETS

PACKAGE = Path(__file__).parents[1]


def shipped_folder() -> Path:
    """The folder of documents that comes with the package, installed or in a checkout."""
    installed = PACKAGE / "documents"
    return installed if installed.is_dir() else PACKAGE.parent / "priors"


def external(*asked: Any, **how: Any) -> Any:
    """`toc_model.essay.external.external`, imported when it is called: it is asked for by few."""
    from toc_model.essay.external import external as asks

    return asks(*asked, **how)


def checks() -> Any:
    """`toc_model.essay.checks.CHECKS`, imported when it is called: it is asked for by few."""
    from toc_model.essay.checks import CHECKS

    return CHECKS


def _spared(p_doom: Any) -> Any:
    """The share of the value that is left to be delayed."""
    return 1 - p_doom


P_DOOM = Objective(
    "p_doom",
    "P(doom)",
    lower_is_better=True,
    measure=PER_CENT,
    small=Small("micro-dooms", 1e-6, "millionths of P(doom)", "averted"),
    parts={"no_solution": "doom_no_solution", "not_adopted": "doom_not_adopted", "overtaken": "doom_overtaken"},
)

READERS = {
    "espai": Reader(
        "toc_model.essay.readers.espai:read_espai",
        "espai2023",
        "The individual responses to AI Impacts' survey of 2023.",
    ),
    "fri": Reader(
        "toc_model.essay.readers.fri:read_fri",
        "fri_adversarial",
        "The forecasts of FRI's adversarial collaboration.",
    ),
}

STAGES = (
    Stage("pause_probability", "P(pause | dangerous)"),
    Stage("solved", "P(solved)", "branch_probability"),
    Stage("adopted", "P(adopted)", "branch_probability"),
    Stage("eventual_deployment", "P(deployed)", "branch_probability"),
    Stage("overtaken", "P(overtaken)", "branch_probability"),
    Stage("laggard_adoption", "laggard's adoption"),
)

HOURS = Rate(
    "hours_bought_per_hour",
    "hours bought per hour",
    "hours per hour",
    "researchers",
    0.02,
    1.0,
    "the essay says 1.5 to 5",
)

ESSAY = Case(
    name="essay",
    home=HOME.home,
    story=STORY,
    objective=P_DOOM,
    documents=shipped_folder(),
    theory="the essay",
    question=HOME.question,
    headline=HEADLINE,
    introduction=INTRODUCTION,
    status_quo="status_quo",
    proposal="recommended",
    worldviews=("base", "essay", "critic", "ml_authors", "safety_leaders", "superforecasters", "panel"),
    default="panel",
    successors={"neutral": "base or panel", "outside": "panel"},
    date="late_2022",
    delay=Delay(
        "expected_arrival",
        _spared,
        "0.78 % a year, 170,000 deaths a day among some 8 billion lives",
    ),
    stages=STAGES,
    rates=(HOURS,),
    lever="researchers",
    describe="{researchers} of researchers and {builders} of field builders buy time",
    channels=CHANNELS,
    groups=GROUPS,
    targets=TARGETS,
    steps=STEPS,
    cost=FTE_YEAR,
    moving=PEOPLE,
    titles={"curve": ("How many", "How many people should buy time?")},
    places={"no_pause": "if there is no pause", "pause": "if there is a pause"},
    recovery="detection_now",
    leaves_out=LEAVES_OUT,
    limits=LIMITS,
    remarks=REMARKS,
    readers=READERS,
    external=external,
    checks=checks,
    rivals=(false_reassurance, regulation, overhang, spillover, engagement_teaches, inflamed_race),
)
