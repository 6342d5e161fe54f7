"""Kinds of answers, one file each. A new one is a file and a line here."""

from toc_model.survey.kinds.cdf_point import CdfPoint
from toc_model.survey.kinds.count import Count
from toc_model.survey.kinds.duration import Duration
from toc_model.survey.kinds.interval import Interval
from toc_model.survey.kinds.kind import Kind
from toc_model.survey.kinds.ordered import Ordered
from toc_model.survey.kinds.probability import Probability
from toc_model.survey.kinds.quantile import Quantile
from toc_model.survey.kinds.summary import Summary

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Probability(),
        Quantile(),
        CdfPoint(),
        Ordered(),
        Duration(),
        Interval(),
        Count(),
        Summary(),
    )
}
"""All kinds of answers, by name."""
