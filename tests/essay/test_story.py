"""The story that ships: documentation, ledger, elicited figures and layers agree with the code."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from tests.shipped import DOCUMENTS, STORY, load_allocations, load_priors
from toc_model.beliefs.claims import Claim, fail_if_claims_differ
from toc_model.engine.declare import Lever, Node
from toc_model.engine.evaluate import evaluate
from toc_model.engine.overrides import apply_overrides, parse_overrides
from toc_model.engine.story import Edit, Story
from toc_model.errors import InputError

CLAIMS = DOCUMENTS.claims()
DENIED = [name for name, claim in CLAIMS.items() if claim.denial]


# Documentation ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("node", STORY.nodes.values(), ids=lambda node: node.name)
def test_a_docstring_ends_with_unit_and_shape(node: Node) -> None:
    text = " ".join((node.law.__doc__ or "").split())
    brackets = re.fullmatch(r".+ \((?P<unit>.+); (?P<shape>[^;]+)\)\.", text)
    assert brackets, text
    assert re.match(rf"{re.escape(node.unit)}(?!\w)", brackets["unit"])
    assert brackets["shape"] == (" x ".join(node.dims) or "no dimension")


def test_every_node_and_lever_declares_a_claim() -> None:
    things: list[Node | Lever] = [*STORY.nodes.values(), *STORY.levers.values()]
    assert [thing.name for thing in things if not thing.claims] == []


def test_every_chapter_has_a_title_and_nodes() -> None:
    assert [chapter.name for chapter in STORY.chapters if not (chapter.title and chapter.nodes)] == []
    assert sorted(name for chapter in STORY.chapters for name in chapter.nodes) == sorted(STORY.nodes)


# Ledger -----------------------------------------------------------------------------------------------------------


def test_ledger_and_code_agree() -> None:
    fail_if_claims_differ(STORY, CLAIMS, "claims.toml")


def test_priors_and_ledger_name_each_other() -> None:
    priors = load_priors()
    for name, prior in priors.entries.items():
        ledger = {key for key, claim in CLAIMS.items() if name in claim.elements}
        assert ledger <= set(prior.entry.claims) <= set(CLAIMS), name


def with_claim(name: str, **changes: list[str]) -> dict[str, Claim]:
    return CLAIMS | {name: CLAIMS[name].model_copy(update=changes)}


DISAGREEING = [
    (with_claim("C04", elements=["concrn"]), ["C04", "elements", "'concrn'", "did you mean 'concern'?"]),
    (with_claim("C04", elements=["reach[outrech]"]), ["C04", "elements", "outrech", "did you mean"]),
    (with_claim("C04", denial=["concern_now"]), ["C04", "denial", "'concern_now'", "parameter=value"]),
    (with_claim("C04", denial=["concern_nw=0"]), ["C04", "denial", "'concern_nw'", "did you mean 'concern_now'?"]),
    (with_claim("C04", denial=["concern=0"]), ["C04", "denial", "'concern'"]),
    (with_claim("C04", denial=["do(concern_now)=0"]), ["C04", "denial", "'concern_now'"]),
    (with_claim("C04", denial=["do(reach[outrech])=0"]), ["C04", "denial", "outrech"]),
    (with_claim("C04", denial=["cut(reach->conern)"]), ["C04", "denial", "conern"]),
    (with_claim("C112", elements=["severity", "race"]), ["C112", "'race'", "does not name it"]),
    ({name: claim for name, claim in CLAIMS.items() if name != "C66"}, ["alignment_tax", "unknown claim 'C66'"]),
]


@pytest.mark.parametrize(("claims", "fragments"), DISAGREEING, ids=[" ".join(found) for _, found in DISAGREEING])
def test_ledger_and_code_that_disagree_are_refused(claims: dict[str, Claim], fragments: list[str]) -> None:
    with pytest.raises(InputError) as refusal:
        fail_if_claims_differ(STORY, claims, "claims.toml")
    assert [fragment for fragment in fragments if fragment not in str(refusal.value)] == []


def test_a_law_may_not_name_a_claim_that_the_ledger_lacks() -> None:
    story = STORY.with_node(
        replace(STORY.nodes["race"], claims=(*STORY.nodes["race"].claims, "C113")), Edit("test", Story.with_node, ())
    )
    with pytest.raises(InputError, match="race: unknown claim 'C113'"):
        fail_if_claims_differ(story, CLAIMS, "claims.toml")


@pytest.fixture(scope="module")
def few_draws() -> xr.Dataset:
    return load_priors().draw(STORY, 20, seed=5)


@pytest.fixture(scope="module")
def as_believed(few_draws: xr.Dataset, two_allocations: xr.Dataset) -> xr.Dataset:
    return evaluate(STORY, few_draws, two_allocations)


@pytest.mark.parametrize("name", DENIED)
def test_a_denial_changes_the_model_and_leaves_every_node_finite(
    name: str, few_draws: xr.Dataset, two_allocations: xr.Dataset, as_believed: xr.Dataset
) -> None:
    story, parameters = apply_overrides(STORY, few_draws, parse_overrides(CLAIMS[name].denial))
    nodes = evaluate(story, parameters, two_allocations)
    assert np.isfinite(nodes["p_doom"]).all()
    assert ((nodes["p_doom"] > 0) & (nodes["p_doom"] < 1)).all()
    assert any(not values.equals(as_believed[node]) for node, values in nodes.items())


# Elicited figures -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rows(shared: Path) -> dict[str, dict[str, str]]:
    with (shared / "design" / "parameters.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


def test_every_parameter_of_the_design_is_elicited_and_no_other(rows: dict[str, dict[str, str]]) -> None:
    entries = load_priors().entries
    assert {name for name, prior in entries.items() if not prior.distribution.is_constant} == set(rows)
    for name, row in rows.items():
        entry = entries[name].entry
        found = (entry.family, entry.unit, entries[name].chapter, entry.status)
        assert found == (row["family"], row["unit"], row["chapter"], row["status"]), name
        assert entry.question.endswith("?"), name
        assert set(row["claims"].split()) <= set(entry.claims), name


@pytest.mark.parametrize("worldview", ["neutral", "essay", "outside"])
def test_quantiles_are_those_of_the_design(rows: dict[str, dict[str, str]], worldview: str) -> None:
    priors = load_priors(worldview)
    for name, row in rows.items():
        expected = {
            level: float(row[f"{worldview}_q{level * 100:02.0f}"] or row[f"neutral_q{level * 100:02.0f}"])
            for level in (0.05, 0.5, 0.95)
        }
        assert priors[name].quantiles == expected, name
        patched = worldview != "neutral" and any(row[f"{worldview}_{q}"] for q in ("q05", "q50", "q95"))
        assert bool(priors[name].reason) == patched, name


def test_the_shipped_allocations_are_those_of_the_design(shared: Path) -> None:
    named = load_allocations().named
    assert named["status_quo"].values == {"buying_time_share": {"researchers": 0.2, "builders": 0.1}}
    assert named["recommended"].values == {"buying_time_share": {"researchers": 0.5, "builders": 0.3}}
    fixture = load_allocations(shared / "design" / "fixtures" / "allocations.toml").named
    assert fixture["status_quo"].values["buying_time_share"] == named["status_quo"].values["buying_time_share"]
