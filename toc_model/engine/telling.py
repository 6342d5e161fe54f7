"""What an allocation does in words, from a template in which names of variables stand in braces."""

import re
from collections.abc import Callable, Sequence

from toc_model.engine.declare import Variable
from toc_model.errors import InputError, unknown

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def fail_if_untellable(template: str, variables: Sequence[Variable], where: str) -> None:
    """Fail if a template asks for what is no variable, or has a brace that belongs to no name."""
    known = [variable.name for variable in variables]
    for name in PLACEHOLDER.findall(template):
        if name not in known:
            raise InputError(f"{where}: {unknown('variable', name, known)}")
    if re.search("[{}]", PLACEHOLDER.sub("", template)):
        raise InputError(f"{where}: found {template!r}; allowed: braces around names of variables alone")


def told(template: str, variables: Sequence[Variable], value: Callable[[str], float]) -> str:
    """Fill in what each variable is set to: fractions in per cent, all others in their own unit.

    Parameters
    ----------
    template : str
        Such as "{fence} are fenced"; empty for all variables with their names.
    variables : sequence of Variable
    value : callable
        From a variable's name to what it is set to, in the unit of its lever.
    """
    if not template:
        return ", ".join(f"{variable.name} {value(variable.name):g}" for variable in variables)
    units = {variable.name: variable.lever.unit for variable in variables}
    return PLACEHOLDER.sub(lambda found: _amount(value(found[1]), units[found[1]]), template)


def _amount(x: float, unit: str) -> str:
    return f"{100 * x:.3g}%" if unit == "fraction" else f"{x:g} {unit}"
