"""Sensitivity of this story: the table and its model agree with the run; what can't be asked, and what is shown."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from scipy import special

from tests.conftest import Toc
from tests.refused import assert_refused
from tests.shipped import load_allocations, load_beliefs, load_priors
from tests.toy import CASE
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.evidence import Evidence
from toc_model.beliefs.loading import load_beliefs as load_any_beliefs
from toc_model.errors import InputError
from toc_model.present.terminal import text_of
from toc_model.questions.sensitivity import METHODS, Analysis, Inputs, blocks, inputs_of, sensitivity, words
from toc_model.statistics.sensitivity.given_data import first_order
from toc_model.statistics.sensitivity.power import ALL
from toc_model.statistics.sensitivity.response import unmoved
from toc_model.statistics.sensitivity.sobol import sobol_indices


def evidence() -> tuple[Evidence, ...]:
    return (Evidence(source_id="test", digest="none"),)


@cache
def beliefs(worldview: str = "base", draws: int = 400) -> Beliefs:
    return load_beliefs(worldview, draws=draws)


def inputs(found: Beliefs) -> Inputs:
    return inputs_of(found, load_allocations())


def told(found: Analysis, top: int) -> str:
    return text_of(found.section(top))


def normals(draws: int, inputs: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((draws, inputs))


def test_the_model_of_the_table_is_that_of_the_run() -> None:
    asked = inputs(beliefs())
    p_doom = asked.beliefs.outcome(asked.levers).values
    found = asked.model(asked.table)
    np.testing.assert_array_equal(found.sel(outcome="p_doom"), p_doom[:, 0])
    np.testing.assert_array_equal(found.sel(outcome="change"), p_doom[:, 1] - p_doom[:, 0])
    assert asked.table.sizes["entry"] == 86


@pytest.mark.parametrize("rows", [1, 7, 20, 21])
def test_each_row_is_evaluated_alone(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    own = (np.arange(400) + 0.5) / 400
    drawn = beliefs().with_(serial_weight=own, reason="to have some that are given")
    monkeypatch.setattr(blocks, "ROWS", rows)
    for asked in (inputs(beliefs()), inputs(drawn)):
        seen: list[tuple[int, int]] = []
        model = blocks.in_blocks(asked, lambda *told, seen=seen: seen.append(told))
        some = asked.sources.isel(draw=slice(20))
        np.testing.assert_array_equal(model(some), asked.model_of_sources(asked.sources).isel(draw=slice(20)))
        assert len(seen) == seen[-1][1] == -(-20 // rows)


def test_sources_make_the_draws_of_the_run_and_overrides_come_after() -> None:
    for overrides in ([], ["tax_learning*=2", "severity=0.5"]):
        asked = inputs(load_beliefs("base", draws=50, overrides=overrides))
        np.testing.assert_array_equal(asked.model_of_sources(asked.sources), asked.outcomes)
        assert ("severity" in asked.sources["entry"].values) == (not overrides)


def test_values_of_sources_are_those_of_the_priors_and_keep_overrides() -> None:
    asked = inputs(load_beliefs("base", draws=50, overrides=["tax_learning*=2", "severity=0.5"]))
    names = [str(name) for name in asked.sources["entry"].values]
    scores = xr.DataArray(np.full(len(names), 1.6448536269514722), dims="entry", coords={"entry": names})
    found, priors = asked.in_units(scores), load_priors()
    assert float(found.sel(entry="tax_learning")) == pytest.approx(
        2 * priors["tax_learning"].distribution.quantile(0.95)
    )
    assert float(found.sel(entry="agi_year")) == pytest.approx(priors["agi_year"].distribution.quantile(0.95))


def test_scores_are_those_of_the_prior_and_come_back() -> None:
    asked = inputs(beliefs())
    scores = asked.scores(asked.table)
    np.testing.assert_allclose(asked.from_scores(scores), asked.table, rtol=1e-9)
    priors = asked.beliefs.priors
    latents = priors.latents({name: asked.sources.sel(entry=name).values for name in priors.sources})
    for name in map(str, scores["entry"].values):
        nil, found = priors[name].distribution.nil, scores.sel(entry=name).values
        some = special.ndtr(latents[name]) > nil
        np.testing.assert_allclose(found[some], latents[name][some], atol=1e-8, err_msg=name)
        assert (special.ndtr(found[~some]) <= nil).all()


def test_no_parameter_is_dead_and_one_that_is_not_above_the_outcome_is() -> None:
    asked = inputs(beliefs())
    assert unmoved(asked.table, asked.model) == []
    held = inputs(load_beliefs("base", draws=60, overrides=["do(solved)=0.5"]))
    dead = unmoved(held.table, held.model)
    alone = {name for name, parameter in asked.beliefs.story.parameters.items() if set(parameter.used_by) == {"solved"}}
    assert {"solved_elasticity", "solved_by_reference", "serial_weight"} == alone
    assert alone == set(dead)


def test_indices_of_what_p_doom_does_not_descend_from_are_zero_within_their_interval() -> None:
    """The status quo does not descend from gains and harms of what changes from it."""
    asked = inputs(beliefs(draws=2000))
    without = [name for name in map(str, asked.table["entry"].values) if "gain" in name or "harm[" in name]
    y = asked.outcomes.sel(outcome=["p_doom"])
    found = first_order(asked.table.sel(entry=without), y).sel(outcome="p_doom")
    assert len(without) > 10
    assert float(((found["low"] <= 0) & (found["high"] >= 0)).mean()) > 0.8
    assert float(abs(found["index"]).max()) < 0.01
    names = list(asked.sources["entry"].values)

    def from_uniform(u: np.ndarray) -> xr.DataArray:
        return xr.DataArray(special.ndtri(u), dims=("draw", "entry"), coords={"entry": names})

    sampled = sobol_indices(names, from_uniform, asked.model_of_sources, base_samples=64).sel(
        outcome="p_doom", entry=without
    )
    np.testing.assert_allclose(sampled["total"], 0, atol=1e-12)


def test_an_analysis_agrees_with_the_run_whatever_draws_it_thins_to() -> None:
    found = METHODS["tornado"](inputs(beliefs(draws=2500)), None)
    middle = found.table["expected"].sel(outcome="p_doom", entry="hype").mean()
    assert float(middle) == pytest.approx(float(found.inputs.outcomes.sel(outcome="p_doom").mean()), abs=1e-9)


@pytest.fixture
def correlated(tmp_path: Path) -> Path:
    document = tmp_path / "correlated.toml"
    pair = 'between = ["detection_now", "heeding_reference"]\nvalue = 0.9\nreason = "A test."'
    document.write_text(f'description = "A test."\nbased_on = "essay"\n[[correlations]]\n{pair}\n')
    return document


def as_posterior(found: Beliefs) -> Beliefs:
    return replace(found, evidence=evidence())


def test_sobol_sampling_is_refused_where_parameters_depend_on_each_other(toc: Toc, correlated: Path) -> None:
    for worldview, why in ((str(correlated), "correlations"), ("0.5*base + 0.5*critic", "a mixture")):
        result = toc("sensitivity", "--draws", 300, "--worldview", worldview, "--method", "sobol")
        assert_refused(result, "sobol", why, "independent", "--method given-data")
    with pytest.raises(InputError, match=r"is a posterior, and Sobol' sampling .* given-data"):
        METHODS["sobol"](inputs(as_posterior(beliefs())), None)


def test_a_tornado_of_correlated_parameters_says_that_others_move_along(correlated: Path) -> None:
    free, tied = (
        METHODS["tornado"](inputs(load_beliefs(worldview, draws=3000)), None).table["swing"].sel(outcome="change")
        for worldview in ("essay", str(correlated))
    )
    assert float(tied.sel(entry="heeding_reference")) < float(free.sel(entry="heeding_reference")) - 0.002
    found = METHODS["tornado"](inputs(load_beliefs(str(correlated), draws=300)), None)
    assert "by regression" in told(found, 3)


def test_power_scaling_wants_a_posterior_with_independent_priors(correlated: Path) -> None:
    with pytest.raises(InputError, match="power-scaling: base is no posterior"):
        METHODS["power-scaling"](inputs(beliefs()), None)
    with pytest.raises(InputError, match="priors of correlated are correlated"):
        METHODS["power-scaling"](inputs(as_posterior(load_beliefs(str(correlated), draws=50))), None)
    text = told(METHODS["power-scaling"](inputs(as_posterior(beliefs())), None), 3)
    assert "no log likelihood; run toc update again" in " ".join(text.split())
    assert "ArviZ's diagnosis" not in text
    assert "base + test" in text


def test_power_scaling_shows_priors_and_answers_side_by_side() -> None:
    found = beliefs()
    p_doom = inputs(found).outcomes.sel(outcome="p_doom", drop=True)
    answers = xr.Dataset(
        {"survey_doom": -20 * p_doom, "survey_nothing": ("draw", normals(found.draws, 1)[:, 0])},
    )
    analysis = METHODS["power-scaling"](inputs(replace(as_posterior(found), log_likelihood=answers)), None)
    figures = analysis.to_dict()
    assert list(figures["likelihood"]) == [ALL, "survey_doom", "survey_nothing"]
    whole, alone, nothing = (values["sensitivity"]["p_doom"] for values in figures["likelihood"].values())
    assert whole == pytest.approx(alone, rel=0.2)
    assert nothing < figures["by_chance"]["likelihood"]["p_doom"] < whole
    assert set(figures["by_chance"]) == {"prior", "likelihood"}
    text = " ".join(told(analysis, 3).split())
    for fragment in ("survey_doom", *figures["diagnosis"].values(), "By chance alone (all) would reach"):
        assert fragment in text


def test_the_command_prints_the_same_figures_as_text_and_json(toc: Toc, tmp_path: Path) -> None:
    picture = tmp_path / "tornado.png"
    asked = ("sensitivity", "--draws", 300, "--top", 3)
    code, text, err = toc(*asked, "--out", picture)
    assert (code, err) == (0, "")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "No parameter is dead" in text
    assert "These figures rest on the worldview 'base'" in text
    code, printed, _ = toc(*asked, "--json")
    found = json.loads(printed)
    first = max(found["entries"], key=lambda name: abs(found["entries"][name]["swing"]["change"]))
    row = next(line for line in text.splitlines() if line.startswith(f"  {first.replace('_', ' ')} "))
    assert f"{100 * found['entries'][first]['swing']['change']:+.2f}" in row
    assert found["provenance"]["draws"] == 300
    assert found["provenance"]["allocations"]
    assert found["unmoved"] == []


def test_given_data_prints_a_table_and_json() -> None:
    found = METHODS["given-data"](inputs(beliefs()), None)
    text = " ".join(told(found, 4).split())
    explained = found.to_dict()["explained"]["change"]
    assert f"divide the {100 * explained:.0f} % of the variance" in text
    assert "under base" in text
    assert "nan" not in text
    shared = found.to_dict()["shapley"].values()
    assert sum(row["index"]["change"] for row in shared) == pytest.approx(explained, abs=1e-10)


def test_a_flip_of_the_recommendation_is_one() -> None:
    asked = inputs(beliefs(draws=200))
    found = METHODS["flip"](asked, None)
    start = asked.sources.median("draw")
    origin = found.to_dict()["change_at_medians"]
    assert origin < 0
    distances = []
    for one in found.to_dict()["flips"]:
        moves = xr.DataArray([one["moved"].get(str(name), 0.0) for name in start["entry"].values], dims="entry")
        beyond = start + 1.02 * moves.assign_coords(entry=start["entry"])
        change = asked.model_of_sources(beyond.expand_dims("draw")).sel(outcome="change")
        assert float(change[0]) > 0
        distances.append(one["distance"])
    assert len(distances) >= 3
    assert distances == sorted(distances, reverse=True)
    text = " ".join(told(found, 4).split())
    assert f"{distances[0]:.2f}" in text
    assert "All that is not named stays at its median" in text
    assert "Single parameters that flip the mean change" in text


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        ("sensitivity --method sobel", ["'sobel'", "'sobol'"]),
        ("sensitivity --allocation recomended", ["'recomended'; did you mean 'recommended'?"]),
        ("sensitivity --allocation status_quo", ["'status_quo'", "changes are measured from it"]),
        ("sensitivity --out tornado.pdf", ["tornado.pdf", "'.svg' or '.png'"]),
        ("sensitivity --method flip --out flip.png", ["flip.png", "--method flip has no picture"]),
        ("sensitivity --top 0", ["'--top'"]),
        ("sensitivity --draws 50 --method given-data", ["found 50 draws", "200 or more"]),
        ("sensitivity --draws 300 --method given-data --override severity=0", ["p_doom: the same in all draws"]),
        ("sensitivity --draws 50 --method flip --worldview 0.5*base+0.5*critic", ["mixture of worldviews"]),
        ("sensitivity --draws 50 --method power-scaling", ["panel is no posterior"]),
        ("channels --allocation recomended", ["'recomended'; did you mean 'recommended'?"]),
        ("channels --allocation status_quo", ["'status_quo'"]),
        ("channels --out channels.pdf", ["channels.pdf", "'.svg' or '.png'"]),
    ],
)
def test_bad_input_gets_one_line(toc: Toc, words: str, fragments: list[str]) -> None:
    assert_refused(toc(*words.split()), *fragments)


# Any case ---------------------------------------------------------------------------------------------------------


def test_the_village_is_told_in_tonnes() -> None:
    beliefs = load_any_beliefs(CASE, draws=300)
    found = sensitivity(beliefs, beliefs.documents.allocations())
    change = beliefs.outcome(found.inputs.levers)
    assert found.inputs.names == ("harvest", "change")
    mean = float((change.sel(allocation="plan") - change.sel(allocation="today")).mean())
    assert found.inputs.mean_change == pytest.approx(mean)
    section = words.section([found], pictures=True)
    assert f"{mean:+.2f} tonnes" in " ".join(section.text)
    assert "harvest at 5 %" in section.tables[0].headings
    assert section.pictures[0].description.endswith("tonnes.")
    assert "percentage" not in str(section)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(InputError, match="unknown method 'tornadoes'; did you mean 'tornado'"):
        sensitivity(beliefs(), load_allocations(), method="tornadoes")


def test_only_a_tornado_has_a_picture() -> None:
    with pytest.raises(InputError, match="found the method 'given-data'; allowed: 'tornado'"):
        sensitivity(beliefs(), load_allocations(), method="given-data").plot()


def test_two_results_stand_one_after_another() -> None:
    results = [sensitivity(load_beliefs(name, draws=100), load_allocations()) for name in ("base", "critic")]
    section = words.section(results, top=2)
    assert [len(table.rows) for table in section.tables] == [2] * 4
    assert len(section.text) == 2
    assert results[0].to_dataframe().loc["lead_now", "change_swing"] == pytest.approx(
        results[0].to_dict()["entries"]["lead_now"]["swing"]["change"]
    )
