"""Rival, overhang: compute and ideas pile up while labs wait, and part of the delay is caught up."""

from toc_model.engine.declare import node
from toc_model.engine.units import Fraction, Ratio, Years
from toc_model.essay import slowdown
from toc_model.essay.units import YearsFromStart


@node(claims="C36 C59 C61 C65")
def agi_arrival(pace: Ratio, averaged: Ratio, agi_year: YearsFromStart, overhang: Fraction) -> YearsFromStart:
    """Of an early delay a part is lost again before AGI comes (years from late 2022; allocation)."""
    return slowdown.agi_arrival(pace, averaged * (1 - overhang), agi_year)


@node(claims="C36 C80 C84")
def own_delay(
    agi_arrival: YearsFromStart, averaged: Ratio, less_capabilities_research: Fraction, overhang: Fraction
) -> Years:
    """Of the leaders' own delay the same part is caught up (years; allocation)."""
    return slowdown.own_delay(agi_arrival, averaged * (1 - overhang), less_capabilities_research)
