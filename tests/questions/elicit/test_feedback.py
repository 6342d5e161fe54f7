"""What experts are shown between rounds: what was said, the pool, the prior and what changed."""

import json
import math
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from tests.questions.elicit.fences import (
    DOCUMENTS,
    GAIN,
    JUMPED,
    NAMES,
    SEED,
    STORM,
    gains,
    levels,
    opened,
    panel_of,
    said,
)
from tests.toy import CASE
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.questions.elicit.feedback import Feedback, feedback
from toc_model.questions.elicit.feedback.command import feedback as command
from toc_model.statistics.elicitation import fit, quantiles
from toc_model.survey.panel.panel import panel_text
from toc_model.survey.panel.records import Records, write_records
from toc_model.survey.panel.said import Said


def text_of(page: str) -> str:
    """What a reader of a page reads, without styles, script and drawings."""
    bare = re.sub(r"<(style|script|svg).*?</\1>", " ", page, flags=re.DOTALL)
    whole = re.sub(r"</?(bdi|wbr|strong)>", "", bare)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", whole)).replace("\xa0", " ").split())


def drawings(page: str) -> list[ET.Element]:
    found = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)
    return [ET.fromstring(one) for one in found]  # noqa: S314, for it is the page's own


def words_in(drawing: ET.Element) -> list[str]:
    return ["".join(one.itertext()) for one in drawing.iter() if one.tag.endswith("text")]


@pytest.fixture(scope="module")
def first() -> Feedback:
    return feedback(opened(panel_of(population="five who have built fences"), *gains()))


def test_letters_rise_with_the_median_whatever_the_order_of_the_panel(first: Feedback) -> None:
    answers = first.question(GAIN).answers
    assert [one.letter for one in answers] == ["A", "B", "C", "D", "E"]
    assert [one.belief.median for one in answers] == pytest.approx([1.0, 1.3, 1.6, 1.9, 2.2])
    assert [one.argument for one in answers] == [f"Reason {place}." for place in range(5)]


def test_the_page_says_whose_what_and_how(first: Feedback) -> None:
    text = text_of(first.html())
    for part in (
        "Panel “fences” (five who have built fences): round 1, 2 questions",
        "What the panel said in round 1",
        "that of almanac as of spring 1400",
        "the mean of what experts say (linear), with all experts alike",
        "does not claim that it is nearer to the truth",
        "How many tonnes of grain does a kilometre of fence spare, if no deer jumps it?",
        "Unit: tonnes per km; possible: any number. 5 of 5 experts answered by round 1.",
        "Unit: fraction; possible: above 0 and below 1. 0 of 5 experts answered by round 1.",
        "A (median 1), in their own words Reason 0.",
        "Ranges are 5 % to 95 %",
    ):
        assert part in text
    assert text.index("Reason 0.") < text.index("Reason 4.")
    assert "What changed" not in text


def test_figures_show_a_row_for_each_expert_the_pool_and_the_prior(first: Feedback) -> None:
    ranges, densities = drawings(first.html())
    assert [word for word in words_in(ranges) if word.isalpha()] == ["A", "B", "C", "D", "E", "pool", "prior"]
    assert {"A", "E", "each expert", "pool", "prior"} <= set(words_in(densities))


def test_figures_are_those_of_the_panel(first: Feedback) -> None:
    found = first.to_dict()["questions"][GAIN]
    assert (found["answered"], found["carried_forward"]) == (5, 0)
    assert found["prior"]["quantiles"] == pytest.approx({"0.05": 0.8, "0.95": 3.2})
    assert found["prior"]["median"] == pytest.approx(2.0)
    # Five normals of one shape, equally far apart: their mean has the median of the middle one.
    assert found["pool"]["median"] == pytest.approx(np.mean(found["experts"]["C"]["fit"]["tertiles"]))
    lowest = found["experts"]["A"]
    assert lowest["said"] == [[0.05, pytest.approx(0.3)], [0.5, 1.0], [0.95, pytest.approx(1.8)]]
    assert lowest["fit"]["family"] == "normal"
    normal = fit(quantiles({0.05: 0.3, 0.5: 1.0, 0.95: 1.8}), "normal")
    assert lowest["fit"]["implied_01_99"] == pytest.approx(normal.implied.tolist())
    assert first.to_dataframe().loc[(GAIN, "pool"), "median"] == pytest.approx(found["pool"]["median"])
    assert first.to_dataframe().loc[(GAIN, "C"), "family"] == "normal"
    json.dumps(first.to_dict(), allow_nan=False)


def test_what_the_curves_say_is_read_back(first: Feedback) -> None:
    text = text_of(first.html())
    assert "expert said family misfit 1 % 33 % 67 % 99 %" in text
    normal = fit(quantiles({0.05: 0.3, 0.5: 1.0, 0.95: 1.8}), "normal")
    told = [f"{x:.3g}" for x in (normal.implied[0], *normal.tertiles, normal.implied[1])]
    assert f"A 5 %: 0.3, 50 %: 1, 95 %: 1.8 normal {100 * normal.misfit:.1f} % {' '.join(told)}" in (
        text.replace("\u2212", "-")
    )
    assert "<summary>What the curves say" in first.html()


def test_letters_beyond_z() -> None:
    names = [f"person {k}" for k in range(30)]
    found = feedback(opened(panel_of(names), *gains(names, step=0.05)))
    assert [one.letter for one in found.asked[0].answers][24:] == ["Y", "Z", "AA", "AB", "AC", "AD"]
    _, densities = drawings(found.html())
    assert {"A", "AD"}.isdisjoint(words_in(densities))


def test_one_expert_has_no_pool_beside() -> None:
    events = [said(NAMES[0], "storm", 0.3)]
    found = feedback(opened(panel_of(NAMES[:1], [STORM]), *gains(NAMES[:1]), *events))
    page = found.html()
    assert all(one.pool is None for one in found.asked)
    assert "pool" not in {word for drawing in drawings(page) for word in words_in(drawing)}
    assert "The pool is" not in text_of(page)
    assert "method and treatment" not in page
    assert "Each question has one answer" in text_of(page)


def test_the_pool_is_made_as_is_asked_for() -> None:
    found = feedback(opened(panel_of(), *gains()), method="quantile_average")
    assert "the mean of experts' quantiles (quantile average)" in text_of(found.html())
    pool, answers = found.asked[0].pool, found.asked[0].answers
    assert pool is not None
    assert pool.high - pool.low == pytest.approx(1.5, abs=0.05)
    stated = feedback(opened(panel_of(), *gains()), weights={name: float(name == NAMES[0]) for name in NAMES})
    assert stated.asked[0].pool is not None
    assert stated.asked[0].pool.median == pytest.approx(answers[-1].belief.median, abs=0.05)
    assert "weights that the facilitator has stated" in text_of(stated.html())


# Rounds -------------------------------------------------------------------------------------------------------------


def test_what_changed_is_paired_and_what_was_not_said_anew_is_carried_forward() -> None:
    second = [said(NAMES[0], GAIN, 1.0, 1.7, 2.4, round_="2"), said(NAMES[1], GAIN, 1.2, 1.9, 2.7, round_="2")]
    found = feedback(opened(panel_of(), *gains(), *second))
    one = found.question(GAIN)
    assert (found.round, found.round_before, one.carried, one.changed) == ("2", "1", 3, 1)
    then, now = one.rounds
    assert then.medians == pytest.approx((1.0, 2.2))
    assert now.medians == pytest.approx((1.0, 1.9))
    alone = feedback(opened(panel_of(), *gains())).question(GAIN).pool
    assert then.pool is not None
    assert alone is not None
    assert then.pool.median == alone.median
    assert now.pool is not None
    assert one.pool is not None
    assert now.pool.median == one.pool.median
    text = text_of(found.html())
    assert "5 of 5 experts answered by round 2, 3 of them in an earlier round, which is carried forward." in text
    assert "1 expert changed their answer since round 1." in text
    assert re.search(r"1 5 1 2\.2 1\.2 1\.6\d [\d.]+ to [\d.]+ \(5 % to 95 %\) 2 5 1 1\.9 0\.9 ", text)


def test_an_earlier_round_can_be_asked_for() -> None:
    later = [said(NAMES[0], GAIN, 1.0, 1.7, 2.4, round_="2")]
    early = feedback(opened(panel_of(), *gains(), *later), round_="1")
    assert early.html() == feedback(opened(panel_of(), *gains())).html()


def test_a_round_without_answers_of_its_own_is_told() -> None:
    told = "Nobody has answered in round 2 so far; all answers are carried forward."
    assert told in text_of(feedback(opened(panel_of(), *gains()), round_="2").html())
    assert "Nobody has answered" not in text_of(feedback(opened(panel_of(), *gains())).html())


def test_a_consensus_has_one_answer_beside_what_experts_said_before() -> None:
    agreed = [said("consensus", GAIN, 0.9, 1.5, 2.5, round_="consensus", argument="We agree.")]
    found = feedback(opened(panel_of(), *gains(), *agreed))
    one = found.question(GAIN)
    assert [answer.letter for answer in one.answers] == ["consensus"]
    assert one.pool is None
    assert [(then.round, then.answers) for then in one.rounds] == [("1", 5), ("consensus", 1)]
    text = text_of(found.html())
    for part in ("What the panel agreed on", "One answer was given by all together.", "All (median 1.5)", "We agree."):
        assert part in text
    assert "Each letter" not in text


# Events -------------------------------------------------------------------------------------------------------------


def storms(*probabilities: float) -> Feedback:
    answers = [said(name, "storm", p) for name, p in zip(NAMES, probabilities, strict=True)]
    return feedback(opened(panel_of(more=[STORM]), *answers))


def test_zeros_and_ones_of_an_event_are_marked_and_treated_side_by_side() -> None:
    found = storms(0.0, 0.2, 1.0, 0.5, 0.3)
    text = text_of(found.html())
    assert "White squares are answers of exactly 0 or 1." in text
    assert "method as said 0 and 1 left out 0 as 1 % 0 as 0.1 % 0 as 0.01 %" in text
    assert "linear 40.0 % 33.3 % 40.0 %" in text
    assert re.search(r"geometric odds \(drawn\) 32\.\d % ", text)
    assert "1 zero and 1 one" in text
    assert "is not defined where some say 0 and others 1" in text
    event = found.to_dict()["questions"]["storm"]
    assert event["pool"] == {"probability": None}
    assert event["experts"]["A"]["probability"] == 0
    json.dumps(found.to_dict(), allow_nan=False)


def test_an_event_without_zeros_and_ones_has_one_column_and_no_prior() -> None:
    found = storms(0.1, 0.2, 0.25, 0.5, 0.3)
    text = text_of(found.html())
    assert "Nobody said 0 or 1." in text
    assert "left out" not in text
    (drawing,) = drawings(found.html())
    assert {"A", "B", "C", "D", "E", "pool"} <= set(words_in(drawing))
    assert found.question("storm").prior is None
    assert [one.letter for one in found.question("storm").answers] == ["A", "B", "C", "D", "E"]


def test_a_concordance_is_one_probability_too() -> None:
    both = {"name": "both", "about": "", "form": "concordance", "between": [GAIN, JUMPED]}
    pair = STORM.model_copy(update=both)
    found = feedback(opened(panel_of(more=[pair]), *(said(name, "both", 0.6) for name in NAMES)))
    assert found.question("both").method == "linear"
    (drawing,) = drawings(found.html())
    assert {"A", "E", "pool"} <= set(words_in(drawing))


def test_small_probabilities_get_an_axis_of_log_odds() -> None:
    (drawing,) = drawings(storms(0.0, 0.0001, 0.001, 0.003, 0.02).html())
    told = " ".join(words_in(drawing))
    assert "log odds" in told
    assert "0.1 %" in told
    assert "100 %" not in told


# Other answers ------------------------------------------------------------------------------------------------------


def test_who_is_refused_by_all_families_is_told_by_letter_with_the_reason() -> None:
    lone = levels(NAMES[0], GAIN, {0.5: 1.45})
    found = feedback(opened(panel_of(), lone, *gains()[:4]))
    one = found.question(GAIN)
    assert [(answer.letter, bool(answer.refused)) for answer in one.answers if answer.refused] == [("C", True)]
    assert "C: no curve could be fitted, so that the answer is in no pool; found 1 judgement; allowed: two or more" in (
        text_of(found.html())
    )
    assert one.pool is not None


def test_a_question_that_no_curve_fits_has_ranges_alone() -> None:
    both = [levels(NAMES[0], GAIN, {0.5: 1.45}), levels(NAMES[1], GAIN, {0.25: 1.45})]
    found = feedback(opened(panel_of(), *both))
    assert len(drawings(found.html())) == 1
    assert found.question(GAIN).pool is None
    assert {"A", "B"} <= set(words_in(drawings(found.html())[0]))
    assert len(found.plot().axes) == 1
    assert [one.belief.median for one in found.question(GAIN).answers] == pytest.approx([math.nan, 1.45], nan_ok=True)


def test_chips_are_shown_as_fitted() -> None:
    panel = panel_of()
    asked = panel.questions[0].model_copy(update={"form": "chips", "edges": [0.0, 1.0, 2.0, 3.0, 4.0]})
    chips = Said.of_cdf("1", NAMES[0], GAIN, {1.0: 0.2, 2.0: 0.6, 3.0: 0.9})
    page = feedback(opened(panel.model_copy(update={"questions": [asked]}), chips))
    assert "Of chips, both are read off the curve." in text_of(page.html())
    found = page.question(GAIN).answers[0]
    assert found.belief.ends == (0.05, 0.95)
    assert found.belief.low < 1.0 < found.belief.median < 2.0
    assert found.belief.high > 3.0


def test_levels_that_differ_are_told() -> None:
    other = levels(NAMES[0], GAIN, {0.25: 1.7, 0.5: 2.5, 0.75: 3.0})
    assert "Ranges are 5 % to 95 % (E 25 % to 75 %)" in text_of(
        feedback(opened(panel_of(), other, *gains()[:4])).html()
    )


def test_seeds_are_left_out_unless_asked_for_and_never_answered() -> None:
    answers = [*gains(), *(said(name, "elbow", 40.0, 45.0 + k, 55.25) for k, name in enumerate(NAMES))]
    panel = panel_of(more=[SEED])
    assert "elbow" not in text_of(feedback(opened(panel, *answers)).html())
    found = feedback(opened(panel, *answers), seeds=True)
    assert "How long is an elbow?" in text_of(found.html())
    assert "57.5" not in text_of(found.html())
    assert "57.5" not in json.dumps(found.to_dict())


def test_weights_by_score_need_no_seeds_on_the_page() -> None:
    answers = [*gains(), *(said(name, "elbow", 40.0, 50.0 + k, 65.0) for k, name in enumerate(NAMES))]
    found = feedback(opened(panel_of(more=[SEED]), *answers), weighting="global")
    assert "weights by how well each expert did" in text_of(found.html())
    assert [one.question.name for one in found.asked] == [GAIN, JUMPED]


def test_a_prior_that_may_be_nil_or_is_of_another_unit_is_told() -> None:
    watch = panel_of().questions[0].model_copy(update={"name": "hill", "about": "watch_gain[hill]", "unit": "tonnes"})
    odd = panel_of().questions[0].model_copy(update={"name": "odd", "unit": "sacks"})
    told = [said(NAMES[0], "hill", 1.0, 2.0, 3.0), said(NAMES[0], "odd", 1.0, 2.0, 3.0)]
    text = text_of(feedback(opened(panel_of(more=[watch, odd]), *told)).html())
    assert "The prior also gives 20 % to no effect at all" in text
    assert "No prior is shown, for it is in tonnes per km." in text


def test_the_prior_is_that_of_the_panels_date_and_worldview() -> None:
    autumn = Documents.of(CASE, as_of="autumn")
    later = feedback(opened(panel_of(as_of="autumn"), *gains()))
    assert f"of almanac{autumn.dated}" in text_of(later.html())
    farmer = feedback(opened(panel_of(worldview="farmer"), *gains())).question(GAIN).prior
    assert farmer is not None
    assert farmer.median == pytest.approx(float(DOCUMENTS.priors("farmer")[GAIN].distribution.given_some(0.5)))


def test_what_cant_be_made_is_refused() -> None:
    with pytest.raises(InputError, match="found no judgements"):
        feedback(opened(panel_of()))
    with pytest.raises(InputError, match="round"):
        feedback(opened(panel_of(), *gains()), round_="3")
    found = feedback(opened(panel_of(), *gains()))
    with pytest.raises(InputError, match=r"question: found 'x'; allowed: fence_gain, jumped"):
        found.plot(question="x")
    with pytest.raises(InputError, match="found no answers to draw"):
        found.plot(question=JUMPED)
    with pytest.raises(InputError, match=r"allowed: '\.html'"):
        found.save("page.md")


# Shown --------------------------------------------------------------------------------------------------------------


def test_it_is_told_shortly_as_text_and_in_notebooks(first: Feedback) -> None:
    assert repr(first) == "<Feedback: panel 'fences', round 1, 2 questions>"
    assert "A (median 1), in their own words: Reason 0." in str(first)
    fragment = first._repr_html_()
    assert fragment.count("<h3>") == 2
    assert len(drawings(fragment)) == 2
    assert len(first.plot(question=GAIN).axes) == 2
    assert first.section().name == "question-1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "panel").mkdir()
    (tmp_path / "panel" / "panel.toml").write_text(panel_text(panel_of(more=[STORM])), encoding="utf-8")
    write_records(Records((*gains(), said(NAMES[1], "storm", 0.25))), tmp_path / "panel", panel_of(more=[STORM]))
    return tmp_path / "panel"


def asked(*words: object) -> None:
    command.main([str(word) for word in words], prog_name="feedback", obj=CASE, standalone_mode=False)


def test_the_command_writes_the_page_or_prints_figures(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = folder.parent / "round1.html"
    asked(folder, "--round", 1, "--out", page)
    assert capsys.readouterr().out == f"{page}: {page.stat().st_size:,} bytes\n"
    assert "Reason 3." in page.read_text(encoding="utf-8")
    asked(folder / "panel.toml", "--json")
    printed = json.loads(capsys.readouterr().out)
    assert printed["questions"]["storm"]["experts"] == {
        "A": {"said": [], "probability": 0.25, "fit": None, "refused": "", "argument": ""}
    }
    asked(folder, "--family", f"{GAIN}=skew_normal", "--json")
    fitted = json.loads(capsys.readouterr().out)["questions"][GAIN]["experts"]
    assert {one["fit"]["family"] for one in fitted.values()} == {"skew_normal"}
    asked(folder)
    assert "Will there be a storm?" in capsys.readouterr().out


def test_a_page_of_another_ending_is_refused_before_any_work(folder: Path) -> None:
    with pytest.raises(InputError, match=r"\.pdf"):
        asked(folder / "missing", "--out", folder / "page.pdf")


def test_pymc_stays_closed() -> None:
    code = (
        "import sys\nfrom tests.questions.elicit.fences import *\n"
        "import toc_model.questions.elicit.feedback.command\n"
        "from toc_model.questions.elicit.feedback import feedback\n"
        "feedback(opened(panel_of(), *gains())).html()\n"
        "print(sorted({'pymc', 'pytensor', 'arviz'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
