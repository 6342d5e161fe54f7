"""The story that ships: documentation, ledger, elicited figures and layers agree with the code."""

import csv
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from tests.shipped import DOCUMENTS, STORY, load_allocations, load_priors
from toc_model.beliefs.allocations import Allocation
from toc_model.beliefs.claims import Claim, fail_if_claims_differ
from toc_model.beliefs.shipped import Documents
from toc_model.engine.declare import Lever, Node
from toc_model.engine.edit import Edit
from toc_model.engine.evaluate import evaluate
from toc_model.engine.overrides import BETWEEN, apply_overrides, parse_overrides
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY

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


def test_every_node_and_lever_declares_a_claim_but_that_in_which_delay_is_counted() -> None:
    things: list[Node | Lever] = [*STORY.nodes.values(), *STORY.levers.values()]
    assert ESSAY.delay is not None
    assert [thing.name for thing in things if not thing.claims] == [ESSAY.delay.node]


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
def design(shared: Path) -> Path:
    return shared / "design" / "second"


RIVALS = {
    "reassurance",
    "regulation",
    "regulation_now",
    "regulation_from_concern",
    "overhang",
    "capabilities_spillover",
    "race_fuel",
    "engagement_learning",
}
"""Parameters of rival mechanisms and the one node that they add."""


def table(path: Path) -> dict[str, dict[str, str]]:
    """Rows of a table by the first column."""
    with path.open(encoding="utf-8", newline="") as file:
        return {next(iter(row.values())): row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def rows(design: Path) -> dict[str, dict[str, str]]:
    """Of parameters that the story has: those of rivals belong to laws that it does not have."""
    found = table(design / "parameters.csv")
    rivals = {name for name, row in found.items() if row["chapter"].startswith("rivals/")}
    assert rivals == RIVALS - {"regulation"}
    return {name: row for name, row in found.items() if name not in rivals}


def test_every_parameter_of_the_design_is_elicited_and_no_other(rows: dict[str, dict[str, str]]) -> None:
    entries = load_priors().entries
    assert {name for name, prior in entries.items() if not prior.distribution.is_constant} == set(rows)
    for name, row in rows.items():
        entry = entries[name].entry
        found = (entry.family, entry.unit, entries[name].chapter, entry.status)
        assert found == (row["family"], row["unit"], row["chapter"], row["status"]), name
        assert entry.question.endswith("?"), name
        assert set(row["claims"].split()) <= set(entry.claims), name


@pytest.mark.parametrize("worldview", ["base", "essay", "critic"])
def test_quantiles_and_nil_are_those_of_the_design(rows: dict[str, dict[str, str]], worldview: str) -> None:
    priors = load_priors(worldview)
    for name, row in rows.items():
        expected = {
            level: float(row[f"{worldview}_q{level * 100:02.0f}"] or row[f"base_q{level * 100:02.0f}"])
            for level in (0.05, 0.5, 0.95)
        }
        assert priors[name].quantiles == expected, name
        nil = row[f"{worldview}_nil"] or row["base_nil"] or 0
        assert (priors[name].entry.nil or 0) == float(nil), name
        assert priors[name].distribution.nil == float(nil), name
        own = any(row[f"{worldview}_{column}"] for column in ("q05", "q50", "q95", "nil"))
        assert bool(priors[name].reason) == (worldview != "base" and own), name


@pytest.mark.parametrize("date", ["late_2022", "late_2026"])
def test_constants_are_those_of_the_design(design: Path, date: str) -> None:
    priors = Documents.of(ESSAY, as_of=date).priors()
    expected = {name: float(row[date]) for name, row in table(design / "constants.csv").items()}
    found = {name: prior.entry.value for name, prior in priors.entries.items() if prior.distribution.is_constant}
    assert {name: found[name] for name in expected} == expected
    assert {name: value for name, value in found.items() if name not in expected} == {"solutions_gain[outreach]": 0}


def test_factors_are_those_of_the_design(design: Path) -> None:
    expected = tomllib.loads((design / "factors.toml").read_text(encoding="utf-8"))["factors"]
    found = [(one.name, dict(one.loadings)) for one in load_priors().factors]
    assert found == [(one["name"], one["loadings"]) for one in expected]


def overrides_of(text: str) -> list[str]:
    return [part.strip() for part in BETWEEN.split(text) if part.strip()]


def test_denials_and_what_grants_an_objection_are_those_of_the_design(design: Path) -> None:
    ledger = table(design / "claims.csv")
    assert list(ledger) == list(CLAIMS)
    for name, row in ledger.items():
        assert CLAIMS[name].denial == overrides_of(row["denial"]), name
        assert CLAIMS[name].if_right == overrides_of(row["if_right"]), name
        assert set(CLAIMS[name].elements) == set(row["elements"].split()) - RIVALS, name


def shares_of(allocation: Allocation) -> tuple[float, float]:
    return allocation.at(STORY, "researchers"), allocation.at(STORY, "builders")


def test_the_shipped_allocations_are_those_of_the_design(design: Path) -> None:
    named = load_allocations().named
    assert next(iter(named)) == "status_quo"
    assert "reference" not in named
    assert shares_of(named["status_quo"]) == (0.2, 0.1)
    assert shares_of(named["recommended"]) == (0.5, 0.3)
    fixture = load_allocations(design / "fixtures" / "allocations.toml").named
    for name in ("status_quo", "recommended"):
        arrays = [
            [one.array(lever, STORY.dimensions) for lever in STORY.levers.values()]
            for one in (named[name], fixture[name])
        ]
        for one, other in zip(*arrays, strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("date", "shares"), [("late_2022", (0.2, 0.1)), ("late_2026", (0.4, 0.2))])
def test_the_reference_of_a_date_is_the_status_quo_unless_one_is_stated(
    date: str, shares: tuple[float, float], tmp_path: Path
) -> None:
    documents = Documents.of(ESSAY, as_of=date)
    anchor = documents.anchor()
    assert anchor["allocation"].values.tolist() == ["reference"]
    assert tuple(anchor["buying_time_share"].values[0].tolist()) == shares
    assert shares_of(documents.allocations().named["status_quo"]) == shares
    path = tmp_path / "mine.toml"
    path.write_text("[status_quo]\nbuying_time_share = { researchers = 0.3, builders = 0.3 }\n", encoding="utf-8")
    assert shares_of(documents.allocations(path).named["status_quo"]) == (0.3, 0.3)
    assert documents.anchor().equals(anchor)
