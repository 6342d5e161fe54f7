"""Under what inputs something is so: boxes of a few inputs in which most of it lies, and how firm they are.

Scenario discovery (Bryant and Lempert 2010) by patient rule induction (Friedman and Fisher 1999), on plain arrays.
Nothing here knows what the inputs are, or what is said of a draw.
"""

from toc_model.statistics.boxes.box import Box, Fit
from toc_model.statistics.boxes.discovery import Discovery, Rule, discover
from toc_model.statistics.boxes.firmness import Firmness, firmness

__all__ = ["Box", "Discovery", "Firmness", "Fit", "Rule", "discover", "firmness"]
