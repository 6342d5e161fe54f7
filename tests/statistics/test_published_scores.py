"""Scores of two published studies, to all digits that are published.

EXCALIBUR's two decimals are those of Colson, A. R. and Cooke, R. M. (2017), Cross validation for the classical model
of structured expert judgment, Reliability Engineering and System Safety 163, 109-120, table of studies after 2006.
ANDURYL's figures are those of the files Excalibur.csv, expert_robustness_tobacco.csv and item_robustness_tobacco.csv
that its authors test it with (github.com/grongen/anduryl, test/data, the last at commit a24db10: at an earlier one
calibration without an item was computed with the power of all items).
"""

import math

import pytest
from scipy import stats

from tests.statistics.cockpit import cockpit
from tests.statistics.tobacco import EXPERTS, tobacco
from toc_model.statistics.pooling import (
    DecisionMaker,
    decision_maker,
    scores,
    without_each_expert,
    without_each_seed,
)

STUDY = tobacco()


def told(made: DecisionMaker) -> tuple[float, float, float]:
    """Information on all questions and on seeds, and calibration, in the order of ANDURYL's tables."""
    one = made.scores
    return float(one.information_of_all[0]), float(one.information[0]), float(one.calibration[0])


EXCALIBUR = {
    "Tobacco": (
        STUDY,
        [
            ("equal", None, (0.20, 0.45, 0.09)),
            ("global", 0.0, (0.66, 0.53, 0.35)),
            ("global", None, (0.69, 1.06, 0.73)),
            ("item", None, (0.69, 1.06, 0.73)),
        ],
    ),
    # All seeds of which are on logarithmic scales.
    "FCEP": (
        cockpit(),
        [
            ("equal", None, (0.22, 0.10, 0.02)),
            ("global", 0.0, (0.14, 0.39, 0.06)),
            ("global", None, (0.66, 0.57, 0.38)),
            ("item", None, (0.66, 0.57, 0.38)),
        ],
    ),
}
"""By the name in the table: equal weights, global ones without a cutoff and with the best, item weights."""


@pytest.mark.parametrize("name", EXCALIBUR)
def test_decision_makers_are_those_of_excalibur(name: str) -> None:
    asked, published = EXCALIBUR[name]
    for kind, cutoff, figures in published:
        one = decision_maker(asked, kind, cutoff).scores
        found = float(one.calibration[0]), float(one.information[0]), float(one.combined[0])
        assert tuple(round(figure, 2) for figure in found) == figures, kind


def test_the_best_expert_is_that_of_excalibur() -> None:
    own = scores(STUDY)
    best = int(own.combined.argmax())
    assert EXPERTS[best] == "Ex7"
    found = own.calibration[best], own.information[best], own.combined[best]
    assert tuple(round(float(figure), 2) for figure in found) == (0.69, 1.06, 0.73)
    # The decision maker with the best cutoff is that expert.
    assert decision_maker(STUDY).weights[:, 0].tolist() == [0, 0, 0, 0, 0, 0, 1]
    assert decision_maker(STUDY).cutoff == own.calibration[best]


def test_experts_calibration_from_the_definition() -> None:
    """Seeds by interval, counted in loops; Ex7's 7 and 1.2 equal its median and its quartile, and lie below these."""
    p = (0.05, 0.2, 0.25, 0.25, 0.2, 0.05)
    counts = []
    for expert in range(len(EXPERTS)):
        held = [0] * len(p)
        for item in range(10):
            held[sum(STUDY.realisations[item] > value for value in STUDY.answers[expert, item])] += 1
        counts.append(held)
    assert counts[6] == [0, 2, 3, 1, 3, 1]
    distance = [sum(n / 10 * math.log(n / 10 / q) for n, q in zip(held, p, strict=True) if n) for held in counts]
    assert scores(STUDY).calibration == pytest.approx([stats.chi2.sf(20 * one, 5) for one in distance], rel=1e-12)


GLOBAL = (0.46334842760533135, 0.5276742544199166, 0.663905907814218)
WITHOUT_EXPERT = {
    "Ex1": (0.45522308194665717, 0.5101885150351182, 0.663905907814218),
    "Ex2": (0.4895484440817597, 0.524007791145954, 0.663905907814218),
    "Ex3": (0.4290836285810884, 0.48426424321399447, 0.663905907814218),
    "Ex4": (0.4487570027960884, 0.525950327366602, 0.663905907814218),
    "Ex5": (0.49117576633587284, 0.5726743352690123, 0.05891205818900225),
    "Ex6": (0.4745862600050096, 0.5509399216712529, 0.663905907814218),
    "Ex7": (0.43441221591843665, 0.43164646626628, 0.5618703252942384),
}
WITHOUT_SEED = {
    "advertising": (0.4286335256029165, 0.4162802351490183, 0.6777439101861358),
    "discounts": (0.4489309890759593, 0.5900844577734865, 0.7464161142516096),
    "sales_to_minors": (0.5188817062614584, 0.6727366065356021, 0.6777439101861358),
    "drop_after_2002": (0.43581083645324376, 0.5237889522095278, 0.6777439101861358),
    "smokers_of_low_income": (0.40044386736590065, 0.47073678526987567, 0.6777439101861358),
    "smoking_pa_nj": (0.4894995371330035, 0.6258571940128561, 0.7464161142516096),
    "cancer_pa_usa": (0.50384955361601, 0.6359485252886786, 0.6777439101861358),
    "uninsured_pa_usa": (0.5426576337869528, 0.6070564507105725, 0.6777439101861358),
    "smoking_uninsured": (0.44254302676222246, 0.5787563858852149, 0.7464161142516096),
    "funding_2008": (0.49774534744853066, 0.5533121129698743, 0.2590973722310861),
}
# Without experts 5 and 7 what came true of discounts lies beyond all answers, so that the range must hold it.
WITHOUT_TWO = {
    ("Ex1", "Ex7"): (0.4350466597214102, 0.4075147048122947, 0.4597287739835225),
    ("Ex2", "Ex5"): (0.5326606865783232, 0.5866903759149595, 0.19088938490801644),
    ("Ex4", "Ex7"): (0.4196422043720511, 0.42674120442369723, 0.6282860247026343),
    ("Ex5", "Ex6"): (0.5057756994003908, 0.5992644194537985, 0.49879791742158164),
    ("Ex5", "Ex7"): (0.36602052021271136, 0.49118082657721185, 0.2001728835432759),
    ("Ex6", "Ex7"): (0.4872405279652082, 0.46276913001954706, 0.7204114995536627),
}


def test_global_weights_without_a_cutoff_are_those_of_anduryl() -> None:
    assert told(decision_maker(STUDY, "global", 0.0)) == pytest.approx(GLOBAL, rel=1e-9)


def test_without_an_expert_scores_are_those_of_anduryl() -> None:
    found = {
        one.name: (one.information_of_all, one.information, one.calibration)
        for one in without_each_expert(STUDY, "global", 0.0)
    }
    assert list(found) == list(WITHOUT_EXPERT)
    for name, published in WITHOUT_EXPERT.items():
        assert found[name] == pytest.approx(published, rel=1e-9), name


def test_without_a_seed_scores_are_those_of_anduryl() -> None:
    found = {
        one.name: (one.information_of_all, one.information, one.calibration)
        for one in without_each_seed(STUDY, "global", 0.0)
    }
    assert list(found) == list(WITHOUT_SEED)
    for name, published in WITHOUT_SEED.items():
        assert found[name] == pytest.approx(published, rel=1e-9), name


@pytest.mark.parametrize(("names", "published"), WITHOUT_TWO.items())
def test_without_two_experts_scores_are_those_of_anduryl(
    names: tuple[str, str], published: tuple[float, float, float]
) -> None:
    rest = STUDY
    for name in names:
        rest = rest.without_expert(rest.experts.index(name))
    assert told(decision_maker(rest, "global", 0.0)) == pytest.approx(published, rel=1e-9)
