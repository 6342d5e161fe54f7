"""All chapters as one story."""

from toc_model.engine.story import Story
from toc_model.essay import alignment, botec, deployment, doom, labs, research, slowdown, talent
from toc_model.essay.levers import DIMENSIONS, INDICATORS, LEVERS

STORY = Story.of(
    (talent, labs, slowdown, research, alignment, deployment, doom, botec),
    levers=LEVERS,
    indicators=INDICATORS,
    dimensions=DIMENSIONS,
    reference="reference",
    whole=("branch",),
    probing=False,  # its tests do
)
