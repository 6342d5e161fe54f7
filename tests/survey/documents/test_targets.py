"""What a question may be about."""

import pytest
import xarray as xr

from tests.shipped import STORY
from tests.survey.files import target_names
from toc_model.engine.evaluate import evaluate
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.essay.targets import TARGETS
from toc_model.survey.documents.targets import target_unit


def test_doom_is_the_mean_of_doom_given_the_branches(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    nodes = evaluate(STORY, base_draws, two_allocations)
    parents = {name: nodes[name] for name in ("doom_by_leader", "doom_by_laggard", "branch_probability")}
    pause, no_pause = (TARGETS[name](**parents) for name in ("p_doom_given_pause", "p_doom_given_no_pause"))
    paused = nodes["branch_probability"].sel(branch="pause", drop=True)
    xr.testing.assert_allclose(paused * pause + (1 - paused) * no_pause, nodes["p_doom"], rtol=1e-12)


def test_there_is_a_pause_only_before_a_dangerous_system(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    """So the leaders are as unsafe as what the pause leaves of the danger, and whoever overtakes them for certain."""
    nodes = evaluate(STORY, base_draws, two_allocations)
    parents = {name: nodes[name] for name in ("doom_by_leader", "doom_by_laggard", "branch_probability")}
    given_pause = TARGETS["p_doom_given_pause"](**parents)
    paused, safe_without = nodes.sel(branch="pause"), nodes["safe"].sel(branch="no_pause", drop=True)
    left = (1 - paused["safe"]) / (1 - safe_without)
    leader = (1 - paused["overtaken"]) * left * paused["eventual_deployment"]
    laggard = paused["overtaken"] * nodes["laggard_deployment"]
    xr.testing.assert_allclose(given_pause, (leader + laggard) * base_draws["severity"], rtol=1e-9)


def test_every_target_has_a_unit() -> None:
    names = target_names()
    assert len(names) == len(set(names))
    assert {"p_doom", "agi_year", "solved[pause]", "concern_gain[outreach]", "p_doom_given_pause"} <= set(names)
    assert all(target_unit(ESSAY, name) for name in names)
    assert target_unit(ESSAY, "gross_effort[builders;outreach]") == "median FTE"


@pytest.mark.parametrize(
    ("target", "fragment"),
    [
        ("p_dom", "did you mean 'p_doom'?"),
        ("solved", "'solved' is asked about at one place"),
        ("solved[pauze]", "did you mean 'solved[pause]'?"),
        ("agi_year[pause]", "did you mean 'agi_year'?"),
    ],
)
def test_an_unknown_target_is_refused(target: str, fragment: str) -> None:
    with pytest.raises(InputError) as refusal:
        target_unit(ESSAY, target)
    assert fragment in str(refusal.value)
