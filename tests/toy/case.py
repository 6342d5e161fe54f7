"""The village as a case: its story, and all that questions need to know of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.toy import checks, clever, deer, grain
from tests.toy.more import COST, FENCED, day_of_building, night_watch, worth_of_the_fence
from tests.toy.units import DIMENSIONS
from toc_model.engine.case import Case, Reader
from toc_model.engine.declare import Channel, Lever
from toc_model.engine.facets import Delay, Group, Objective, Rate, Stage
from toc_model.engine.measures import Measure, Small
from toc_model.engine.story import Story
from toc_model.questions.claims.world import Check, collected

FENCE = Lever(
    "fence", "km", ("allocation",), ("T1", "T4"), "How long the fence is.", upper=12.0, label="length of the fence"
)
WATCH = Lever(
    "watch",
    unit="fraction",
    dims=("allocation", "field"),
    claims=("T3",),
    statement="How those who watch at night divide over the fields; sums to one.",
    sums_over="field",
    default={"hill": 0.5, "valley": 0.5},
    label="share of the watch in the {field}",
)
STORY = Story.of((deer, grain), levers=(FENCE, WATCH), indicators=(), dimensions=DIMENSIONS, reference="before")


def eaten_meanwhile(harvest: Any) -> Any:
    """What is left to be eaten while the harvest waits."""
    return harvest


def own_checks() -> Mapping[str, Check]:
    """Checks of two of the claims."""
    return collected([checks])


CASE = Case(
    name="village",
    home="tests.toy.case:CASE",
    story=STORY,
    objective=Objective(
        "harvest",
        "harvest",
        lower_is_better=False,
        measure=Measure(1.0, "tonnes", "tonnes", digits=2, end_digits=1, mark="t"),
        small=Small("sacks", 0.05, "twentieths of a tonne", "brought in"),
        parts={"sown_grain": "sown", "spared_grain": "spared"},
    ),
    documents=Path(__file__).parent / "documents",
    theory="the village",
    question="What happens to the harvest if the fence is longer or people watch elsewhere.",
    headline="A longer fence?",
    introduction="The village has fenced three kilometres against deer, and plans to fence six.",
    status_quo="today",
    proposal="plan",
    worldviews=("almanac", "farmer", "forester", "millers", "council"),
    successors={"woodman": "forester"},
    date="spring",
    delay=Delay("ripe", eaten_meanwhile, "the mice take a hundredth a day", "day"),
    stages=(Stage("sown", "what is sown"), Stage("spared", "what is spared")),
    rates=(Rate("spared", "grain spared", "tonnes", "fence", 0.5, 0.5, "the smith says half a tonne"),),
    lever="fence",
    describe="{fence} are fenced",
    channels=(
        Channel("fencing", "the fence", "Deer stay outside.", (("fence", "spared"),)),
        Channel("watching", "the watch", "Deer are chased away.", (("guarded", "spared"),)),
        Channel("toil", "the toil", "Who builds can't sow.", (("sown", "harvest"),)),
    ),
    groups=(Group("deer", "Fewer deer (fence and watch)", ("fencing", "watching")),),
    targets={"worth_of_the_fence": worth_of_the_fence},
    steps=(day_of_building,),
    cost=COST,
    moving=FENCED,
    titles={"curve": ("How long", "How long should the fence be?")},
    places={"hill": "on the hill", "valley": "in the valley"},
    recovery="jumped",
    leaves_out="no weather or price of grain is modelled",
    limits=(("No weather", "A dry summer may matter more than all deer."),),
    remarks={"channels": ("The village made its plan before it knew these figures.",)},
    readers={"neighbours": Reader("tests.toy.reader:read_neighbours", "neighbours", "What neighbours answered.")},
    sections={"night": night_watch},
    rivals=(clever,),
    checks=own_checks,
)
