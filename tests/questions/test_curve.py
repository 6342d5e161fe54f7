"""The change against one variable of a lever."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Toc
from tests.shipped import load_allocations, load_beliefs
from tests.toy import CASE
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs as load_any_beliefs
from toc_model.errors import InputError
from toc_model.present.terminal import WIDTH
from toc_model.questions.curve import curve, words
from toc_model.statistics.decisions import paired_change

NAMED = load_allocations()


@pytest.fixture(scope="module")
def beliefs() -> Beliefs:
    return load_beliefs("base", draws=100)


@pytest.fixture(scope="module")
def forester() -> Beliefs:
    return load_any_beliefs(CASE, "forester", draws=100)


def test_the_curve_goes_through_zero_at_the_status_quo(beliefs: Beliefs) -> None:
    (change,) = curve([beliefs], NAMED, lever="researchers", values=[0.1, 0.2, 0.5]).changes
    np.testing.assert_allclose(change.sel(value=0.2), 0, atol=1e-15)
    expected = paired_change(beliefs.outcome(NAMED.levers()), "status_quo").sel(allocation="researchers_only")
    np.testing.assert_allclose(change.sel(value=0.5).values, expected.values)


def test_the_curve_refuses_what_is_no_lever_or_value(beliefs: Beliefs) -> None:
    with pytest.raises(InputError, match="researchers"):
        curve([beliefs], NAMED, lever="researcher")
    with pytest.raises(InputError, match="0 to 1"):
        curve([beliefs], NAMED, lever="researchers", values=[0.5, 1.5])
    with pytest.raises(InputError, match="twice"):
        curve([beliefs], NAMED, values=[0.5, 0.5])
    with pytest.raises(
        InputError, match=r"values of researchers: found 50; allowed: 0 to 1 \(fraction\); did you mean"
    ):
        curve([beliefs], NAMED, lever="researchers", values=[0.5, 50])
    with pytest.raises(InputError, match="found none"):
        curve([beliefs], NAMED, values=[])


def test_others_of_a_sum_keep_their_proportions(beliefs: Beliefs) -> None:
    """Nobody does outreach: the other three interventions of researchers share by 25, 25 and 15."""
    (change,) = curve([beliefs], NAMED, lever="mix.researchers.outreach", values=[0.0, 0.35]).changes
    np.testing.assert_allclose(change.sel(value=0.35), 0, atol=1e-15)
    moved = NAMED.levers().sel(allocation=["status_quo", "margin"]).copy(deep=True)
    row = {"allocation": "margin", "pool": "researchers"}
    moved["buying_time_share"].loc[{"allocation": "margin"}] = moved["buying_time_share"].sel(allocation="status_quo")
    moved["mix"].loc[row] = [0.0, 0.25 / 0.65, 0.25 / 0.65, 0.15 / 0.65]
    expected = paired_change(beliefs.outcome(moved), "status_quo").sel(allocation="margin")
    np.testing.assert_allclose(change.sel(value=0.0), expected, rtol=1e-9, atol=1e-15)


def test_the_whole_range_is_gone_through_but_for_the_margin(beliefs: Beliefs, forester: Beliefs) -> None:
    shares = curve([beliefs], NAMED).changes[0]["value"].values
    np.testing.assert_array_equal(shares, np.round(np.arange(0, 1, 0.05), 2))
    lengths = curve([forester], forester.documents.allocations()).changes[0]["value"].values
    np.testing.assert_allclose(lengths, np.linspace(0, 12, 21))


def test_the_best_and_those_as_good_go_by_paired_draws(beliefs: Beliefs) -> None:
    found = curve([beliefs], NAMED)
    (change,), (best,) = found.changes, found.best
    assert best.value == float(change.mean("draw").idxmin("value"))
    worse = change - change.sel(value=best.value)
    error = worse.std("draw", ddof=1) / np.sqrt(beliefs.draws)
    expected = change["value"].values[(worse.mean("draw") <= 1.959964 * error).values]
    assert best.as_good == tuple(expected.tolist())


def test_more_is_better_where_the_case_says_so(forester: Beliefs) -> None:
    found = curve([forester], forester.documents.allocations())
    (change,), (best,) = found.changes, found.best
    assert best.value == float(change.mean("draw").idxmax("value"))
    assert float(change.sel(value=best.value).mean()) > 0 > float(change.sel(value=12.0).mean())
    said = words.least(found, 0).replace("\u2068", "").replace("\u2069", "")
    assert said.startswith("Under forester as of spring 1400 mean harvest is largest at 2.4 km")
    assert said.endswith(" tonnes.")
    assert found.marks == {"today": 3.0, "plan": 6.0}


def test_figures_name_the_lever_where_its_places_do_not(beliefs: Beliefs, forester: Beliefs) -> None:
    assert curve([beliefs], NAMED, lever="builders", values=[0.5]).to_dict()["pool"] == "builders"
    mixed = curve([beliefs], NAMED, lever="mix.builders.outreach", values=[0.5]).to_dict()
    assert (mixed["lever"], mixed["pool"], mixed["intervention"]) == ("mix", "builders", "outreach")
    assert curve([forester], forester.documents.allocations(), values=[1.0]).to_dict()["lever"] == "fence"


def test_the_text_fits_the_terminal_and_the_page_has_a_panel_a_worldview(beliefs: Beliefs) -> None:
    found = curve([beliefs, load_beliefs("critic", draws=100)], NAMED)
    assert max(map(len, str(found).splitlines())) <= WIDTH
    drawn = words.section(found, pictures=True).pictures
    assert [picture.name for picture in drawn] == ["curve-1", "curve-2"]
    assert words.section(found).title == "How many people should buy time?"
    assert words.section(curve([beliefs], NAMED, lever="builders")).title.startswith(
        "What is the best share of builders"
    )
    assert repr(found) == "<Curve: 20 values of researchers, worldviews 'base', 'critic', 100 draws>"


def test_a_table_has_a_row_for_each_worldview_and_value(beliefs: Beliefs) -> None:
    found = curve([beliefs], NAMED, values=[0.1, 0.5])
    table = found.to_dataframe()
    assert table.loc[("base", 0.5), "mean"] == found.to_dict()["worldviews"]["base"]["0.5"]["mean"]


def test_the_command_prints_and_draws(toc: Toc, tmp_path: Path) -> None:
    code, out, _ = toc(
        "curve", "--worldview", "base", "--draws", 100, "--also", "essay", "--out", tmp_path / "curve.svg"
    )
    assert code == 0
    assert "least at" in " ".join(out.split())
    drawn = (tmp_path / "curve.svg").read_text(encoding="utf-8")
    for text in ("recommended", "status quo", "percentage points", "essay"):
        assert text in drawn
    code, out, _ = toc("curve", "--worldview", "base", "--draws", 100, "--json", "--out", tmp_path / "curve.svg")
    assert code == 0
    assert json.loads(out)["worldviews"]["base"]["0.2"]["mean"] == pytest.approx(0, abs=1e-12)


def test_pool_is_another_name_of_lever(toc: Toc) -> None:
    one, other = (
        toc("curve", "--worldview", "base", "--draws", 50, option, "builders", "--json")
        for option in ("--pool", "--lever")
    )
    assert one == other
    assert json.loads(one[1])["pool"] == "builders"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--also", "panel", "--out", "curve.svg"), "twice"),
        (("--out", "curve.txt"), "'.svg' or '.png'"),
        (("--pool", "builder", "--out", "curve.svg"), "builders"),
        (("--values", "0,2"), "allowed: 0 to 1"),
        (("--values", "x"), "found nan"),
    ],
)
def test_bad_requests_are_refused_in_one_line(toc: Toc, words: tuple[str, ...], message: str) -> None:
    code, out, err = toc("curve", *words, "--draws", 50)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
