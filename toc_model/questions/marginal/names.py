"""What small changes and their values are called."""

from toc_model.engine.case import Case
from toc_model.engine.declare import Variable
from toc_model.questions.marginal.slopes import step_of


def gained(case: Case) -> str:
    """What values at the margin are in, such as "sacks brought in"."""
    return f"{case.objective.small.name} {case.objective.small.gained}"


def headed(variable: Variable) -> str:
    """A variable of a lever and the step that is told about, such as "length of the fence, one km more"."""
    return f"{variable.label}, one {step_of(variable)[1]} more"
