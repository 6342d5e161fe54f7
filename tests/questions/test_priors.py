"""Elicited beliefs as a user reads them: the table, one parameter, quantiles that are not met, and a copy of all."""

from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Toc
from tests.refused import assert_refused
from tests.shipped import DOCUMENTS
from tests.toy import CASE
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.questions.priors import check, copy, prior, priors

VILLAGE = Documents.of(CASE)


def test_the_table_has_every_entry_under_its_chapter_in_the_order_of_the_story() -> None:
    found = priors(DOCUMENTS, "essay")
    text = str(found)
    own = {row.prior.chapter for row in found.rows}
    titles = [f"{chapter.name}: {chapter.title}" for chapter in found.chapters if chapter.name in own]
    flat = " ".join(text.split())
    places = [flat.index(title) for title in titles]
    assert len(places) > 5
    assert places == sorted(places)
    assert sum(text.count(f"\n  {name} ") for name in found.to_dict()["entries"]) == len(found.rows) == 93
    assert "'moved' marks what this worldview changes" in text
    moved = [name for name, row in found.to_dict()["entries"].items() if row["moved"]]
    rows = {line.split()[0]: line for line in text.splitlines() if line.startswith("  ")}
    assert all(rows[name].endswith("yes") for name in moved)
    assert sum(line.endswith("yes") for line in rows.values()) == len(moved)


def test_quantiles_in_the_table_are_those_of_the_distribution() -> None:
    row = priors(VILLAGE).to_dataframe().loc["fence_gain"]
    assert [row["q05"], row["q50"], row["q95"]] == pytest.approx([0.8, 2.0, 3.2], abs=1e-9)
    assert (row["chapter"], row["unit"], row["status"], row["moved"]) == ("deer", "tonnes per km", "village", "")


def test_one_parameter_in_full() -> None:
    found = prior(VILLAGE, "toil", "farmer")
    text = " ".join(str(found).split())
    for fragment in (
        "worldview: farmer as of spring 1400 (moved: Builds in winter.)",
        "unit: tonnes per square km",
        "q50 0.08 (fitted 0.08)",
        "claims: T4",
        "2026-11-24: First range.",
        "median 0.08 tonnes per square km",
    ):
        assert fragment in text
    assert list(found.to_dataframe()["elicited"]) == pytest.approx(list(found.to_dataframe()["fitted"]))
    assert found.to_dict()["fitted"].keys() == {"0.05", "0.5", "0.95"}


def test_a_density_is_that_of_the_distribution_and_a_constant_has_none() -> None:
    density = prior(DOCUMENTS, "agi_year").density
    assert density
    assert np.trapezoid(density.y, density.x) == pytest.approx(0.98, abs=1e-4)
    constant = prior(DOCUMENTS, "solutions_gain[outreach]")
    assert constant.density is None
    assert "quantiles: constant, 0" in str(constant)
    with pytest.raises(InputError, match="a constant has no density"):
        constant.plot()


def surely(tmp_path: Path) -> Path:
    """A worldview in which no effect of the essay's may be nil."""
    path = tmp_path / "surely.toml"
    tables = [
        f'[parameters."{name}"]\nnil = 0.0\nreason = "R."\n'
        for name, one in DOCUMENTS.priors().entries.items()
        if one.entry.nil
    ]
    assert len(tables) > 5
    path.write_text('description = "D."\n' + "".join(tables), encoding="utf-8")
    return path


def test_what_may_be_nil_says_so_in_the_table_in_full_and_in_the_figure(tmp_path: Path) -> None:
    text = str(priors(VILLAGE))
    assert "nil: probability of no effect" in text
    assert "20 %" in next(line for line in text.splitlines() if line.startswith("  watch_gain[hill] "))
    assert "nil" not in str(priors(DOCUMENTS, str(surely(tmp_path)))).split()
    found = prior(VILLAGE, "watch_gain[hill]")
    assert "nil: no effect with probability 20 %; the quantiles are those given one" in " ".join(str(found).split())
    assert found.density
    assert np.trapezoid(found.density.y, found.density.x) == pytest.approx(0.8 * 0.98, abs=1e-4)
    assert list(found.fitted.values()) == pytest.approx([1.0, 4.0, 7.0])
    (axes,) = found.plot().axes
    legend = axes.get_legend()
    assert legend
    assert [label.get_text() for label in legend.get_texts()] == ["no effect: 20 %"]
    assert axes.get_xlim()[0] < 0


def test_what_is_surely_nil_has_no_density(tmp_path: Path) -> None:
    sure = tmp_path / "sure.toml"
    sure.write_text('description = "D."\n[parameters."watch_gain[hill]"]\nnil = 1.0\nreason = "R."\n')
    found = prior(VILLAGE, "watch_gain[hill]", str(sure))
    assert found.density is None
    assert "nil: no effect with probability 100 %" in str(found)
    with pytest.raises(InputError, match="what is surely nil has no density"):
        found.plot()


def test_an_entry_names_the_factors_that_it_shares() -> None:
    found = prior(VILLAGE, "jumped")
    assert "varies with: hunger (shared), loading +0.6, with watch_gain[valley]:" in str(found)
    assert found.to_dict()["factors"] == {"hunger": 0.6}
    assert prior(VILLAGE, "toil").to_dict()["factors"] == {}


SKEWED = """description = "x"
[parameters.agi_year]
quantiles = { q05 = 3.0, q50 = 8.0, q95 = 2045.0 }
reason = "x"
"""
"""Three dates of which the last is meant as a calendar year."""


@pytest.fixture
def skewed(tmp_path: Path) -> Path:
    path = tmp_path / "skewed.toml"
    path.write_text(SKEWED)
    return path


def test_misfit_is_the_largest_difference_in_probability_and_the_worst_comes_first() -> None:
    found = check(DOCUMENTS, "essay")
    sizes = [fit.misfit for fit in found.fits]
    assert sizes == sorted(sizes, reverse=True)
    worst = found.fits[0]
    assert worst.prior.name == "outreach_backfire"
    assert worst.probabilities == pytest.approx((0.0796, 0.5, 0.9701), abs=1e-4)
    assert worst.misfit == pytest.approx(0.0296, abs=1e-4)
    assert found.missed == ()
    assert "93 meet what was said" in str(found)
    assert "outreach_backfire is furthest off: 8.0 % where 5 % was said" in " ".join(str(found).split())
    assert check(VILLAGE).missed == ()
    assert "8 entries" in str(check(VILLAGE))


def test_a_fit_that_misses_what_was_said_is_told_wherever_fits_are(skewed: Path, toc: Toc) -> None:
    found = check(DOCUMENTS, str(skewed))
    (missed,) = found.missed
    assert missed.prior.name == "agi_year"
    assert missed.probabilities == pytest.approx((0.3846, 0.4996, 0.95), abs=1e-3)
    assert found.to_dict()["entries"]["agi_year"]["missed"] is True
    told = {words: " ".join(toc(*words)[1].split()) for words in _commands(skewed)}
    assert "38.5/50.0/95.0 % 0.335" in told["priors", "check", "--worldview", skewed]
    for words in (("priors", "agi_year", "--worldview", skewed), ("priors", "--worldview", skewed)):
        assert "38.5 % below 3 where 5 % was said" in told[words]
    assert "q05 3 (fitted 0.0315) (2025): 38.5 % below" in told["priors", "agi_year", "--worldview", skewed]
    checked = told["worldviews", "check", skewed]
    assert "The family can't meet what is said of agi_year: the fit has 38.5 % below 3" in checked
    assert "38.5 / 50 / 95 %" in checked
    half = told["worldviews", "check", f"0.5*base+0.5*{skewed}"]
    assert "the fit has 38.5 % below 3" in half
    assert "far from what was said: agi_year has 38.5 % below 3" in told["run", "--worldview", skewed, "--draws", 50]


def _commands(skewed: Path) -> list[tuple[object, ...]]:
    return [
        ("priors", "check", "--worldview", skewed),
        ("priors", "agi_year", "--worldview", skewed),
        ("priors", "--worldview", skewed),
        ("worldviews", "check", skewed),
        ("worldviews", "check", f"0.5*base+0.5*{skewed}"),
        ("run", "--worldview", skewed, "--draws", 50),
    ]


def test_a_check_of_priors_reads_all_worldviews_of_the_folder(tmp_path: Path, toc: Toc) -> None:
    folder = tmp_path / "mine"
    copy(ESSAY, folder)
    (folder / "worldviews" / "skewed.toml").write_text(SKEWED)
    found = check(Documents.of(ESSAY, folder))
    assert {one.worldview: len(one.missed) for one in found.beside} == {
        **dict.fromkeys(("essay", "critic", "ml_authors", "safety_leaders", "superforecasters"), 0),
        "skewed": 1,
    }
    status, text, _ = toc("priors", "check", "--priors", folder)
    assert status == 0
    assert "skewed      agi_year" in text
    (folder / "worldviews" / "skewed.toml").write_text(SKEWED.replace("agi_year", "agi_years"))
    assert_refused(toc("priors", "check", "--priors", folder), "skewed.toml", "agi_years")


def test_results_in_short() -> None:
    assert repr(priors(VILLAGE)) == "<Elicitation: 8 entries, worldview 'almanac'>"
    assert repr(prior(VILLAGE, "toil")) == "<OnePrior: toil, worldview 'almanac'>"
    assert repr(check(VILLAGE)) == "<Fits: 0 of 8 entries miss their quantiles, worldview 'almanac'>"


def test_a_copy_has_every_document_of_the_case(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert copy(CASE, folder) == len(list(CASE.documents.rglob("*.toml")))
    assert priors(Documents.of(CASE, folder)).to_dict()["entries"] == priors(VILLAGE).to_dict()["entries"]
    with pytest.raises(InputError, match="can't be written"):
        copy(CASE, folder)


def test_a_density_as_a_figure(toc: Toc, tmp_path: Path) -> None:
    path = tmp_path / "prior.svg"
    assert toc("priors", "agi_year", "--out", path)[0] == 0
    drawn = path.read_text(encoding="utf-8")
    assert [text for text in ("years until AGI", "years from late 2022", "q95", "base") if text not in drawn] == []


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        ("agi_yaer", ["unknown parameter 'agi_yaer'", "did you mean 'agi_year'?"]),
        ("agi_year --out x.pdf", ["x.pdf", "'.svg' or '.png'"]),
        ("--worldview esay", ["did you mean 'essay'?"]),
    ],
)
def test_bad_input_is_one_line(toc: Toc, words: str, fragments: list[str]) -> None:
    assert_refused(toc("priors", *words.split()), *fragments)
