"""The essay's figures on a narrow screen: nothing too small or cut off, and all worldviews that were asked for."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import toc_model as toc
from tests.drawn import faults
from toc_model.beliefs.beliefs import Beliefs
from toc_model.essay.external import external
from toc_model.present.figures import without_words
from toc_model.questions.marginal.figure import slopes_figure
from toc_model.questions.priors import prior
from toc_model.questions.report import report

DRAWS = 100
NAMES = ("base", "essay", "critic")
LONG = "a_worldview_with_a_name_that_is_much_longer_than_others"


@cache
def three() -> list[Beliefs]:
    return [toc.beliefs(name, draws=DRAWS) for name in NAMES]


@cache
def one() -> Beliefs:
    return three()[0]


def named(name: str) -> Beliefs:
    return toc.draws_of_your_own(one().parameters, name)


@cache
def answer(name: str) -> Any:
    """What is asked once, and drawn more than once."""
    return ASKED[name]()


ASKED: dict[str, Callable[[], Any]] = {
    "run": lambda: toc.run("base", draws=DRAWS),
    "run, worldviews": lambda: toc.worldviews(three()),
    "compare": lambda: toc.compare(three()),
    "compare, one": lambda: toc.compare(one()),
    "compare, two, a long name": lambda: toc.compare([named(LONG), one()]),
    "curve": lambda: toc.curve(three()),
    "curve, one, a long name": lambda: toc.curve(named(LONG)),
    "marginal": lambda: toc.marginal(three()),
    "marginal, one": lambda: toc.marginal(one()),
    "channels": lambda: toc.channels(one()),
    "tornado": lambda: toc.sensitivity(one()),
    "voi": lambda: toc.voi(one(), experts=(10,)),
    "claims": lambda: toc.claims(one()),
    "grant": lambda: toc.grant(three()[:2]),
    "disagree": lambda: toc.disagree(three()[:2], experts=None),
    "harm": lambda: toc.harm(one(), resamples=40),
    "harm, of another move": lambda: toc.harm(three()[2], allocation="high_end", resamples=40),
    "prior": lambda: prior(one().documents, "severity"),
}
FIGURES: dict[str, Callable[[], Figure]] = {
    "marginal, levers": lambda: slopes_figure(answer("marginal")),
    **{name: lambda name=name: answer(name).plot() for name in ASKED},  # type: ignore[misc]
}
OF_ALL = ("run, worldviews", "compare", "curve", "marginal", "marginal, levers")
"""Figures of several worldviews, each of which must be named at what shows it."""


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_too_small_or_cut_off(name: str) -> None:
    assert faults(FIGURES[name]()) == []


@pytest.mark.parametrize("name", FIGURES)
def test_a_page_that_says_headline_and_note_itself_has_the_rest(name: str) -> None:
    figure = FIGURES[name]()
    without_words(figure)
    assert faults(figure) == []


@pytest.mark.parametrize("name", OF_ALL)
def test_all_worldviews_that_were_asked_for_are_drawn(name: str) -> None:
    figure = FIGURES[name]()
    note = figure.get_supxlabel()
    texts = [text.get_text() for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text() != note]
    missing = [one for one in NAMES if not any(text.strip().split("\n")[0] == one for text in texts)]
    assert missing == []
    panels = [axes for axes in figure.axes if axes.lines or axes.patches]
    assert len(panels) in (1, len(NAMES))


def test_external_checks_too(shared: Path) -> None:
    found = external(three(), toc.allocations(), shared / "data")
    assert faults(found.plot()) == []


def test_pictures_of_a_report_have_letters_that_are_read() -> None:
    """In their natural width, or shown 400 pixels wide where that is less."""
    made = report(three()[:2], toc.allocations(), sections=["answer", "channels", "curve"])
    for picture in (picture for section in made.sections for picture in section.pictures):
        sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", picture.svg)]
        assert sizes
        assert min(sizes) * 400 / max(picture.width, 400) >= 9
