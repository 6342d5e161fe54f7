"""Small changes at the margin that the essay asks about: one more person, one more year."""

from toc_model.engine.case import Step
from toc_model.engine.facets import Cost
from toc_model.essay.steps.delay import one_more_year
from toc_model.essay.steps.people import exchange_rate, one_more_person

STEPS: tuple[Step, ...] = (one_more_person, one_more_year)
FTE_YEAR = Cost(
    "FTE-year",
    exchange_rate,
    "what a year of an average technical researcher does under these beliefs, as toc marginal has it",
)
