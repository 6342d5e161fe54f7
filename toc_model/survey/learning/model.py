"""A story with what was answered about it, as a PyMC model."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr

from toc_model.beliefs.priors import Priors
from toc_model.beliefs.pymc_model import from_latent
from toc_model.engine.case import Case
from toc_model.engine.inputs import anchored, story_inputs
from toc_model.engine.story import Story
from toc_model.survey.documents.mapping import Question
from toc_model.survey.learning.asking import conditioned, needed_nodes, value_of
from toc_model.survey.learning.observation import observe_answers
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.settings import Common


def build_survey_model(
    case: Case,
    priors: Priors,
    levers: xr.Dataset,
    asked: Sequence[Asked],
    common: Common,
    shared_bias: bool = False,
) -> pm.Model:
    """Build a story with what was answered about it.

    All priors are one vector of standard normal variables, ``sources``, and nodes are not registered: parameters and
    nodes are exact functions of it, which the plain evaluation computes from the draws in less time than PyMC needs
    to compile them.

    Parameters
    ----------
    case : Case
    priors : Priors
    levers : xarray.Dataset
        With the story's reference and every allocation that a question is about.
    asked : sequence of Asked
    common : Common
        How common biases are taken; questions have their scales already.
    shared_bias : bool
        Whether all answers of one respondent share a bias.
    """
    story = case.story
    priors.fail_if_differ(story)
    with pm.Model() as model:
        parameters = parameters_of_sources(story, priors, model)
        targets = asked_values(case, asked, parameters, levers)
        observe_answers(asked, targets, common, shared_bias=shared_bias)
    return model


def parameters_of_sources(story: Story, priors: Priors, model: pm.Model) -> dict[str, Any]:
    """Parameters of a story in an open model, made of a vector ``sources`` that is added to it."""
    names = list(priors.sources)
    model.add_coord("source", names)
    drawn = pmd.Normal("sources", mu=0, sigma=1, dims=("source",))
    scores = priors.latents({name: drawn.isel(source=place) for place, name in enumerate(names)})
    return {name: from_latent(story, priors, name, scores) for name in story.parameters}


def asked_values(case: Case, asked: Sequence[Asked], parameters: dict[str, Any], levers: xr.Dataset) -> dict[str, Any]:
    """What the model says to each question, on its natural scale; what several ask about is computed once."""
    about: dict[tuple[str, ...], Any] = {}
    found: dict[str, Any] = {}
    for question in asked:
        if question.truth is not None:
            found[question.name] = pmd.as_xtensor(np.asarray(question.truth))
            continue
        mapping = question.mapping
        key = (mapping.target, mapping.allocation or case.status_quo, *mapping.condition)
        if key not in about:
            about[key] = _value(case, mapping, parameters, levers)
        found[question.name] = question.natural(about[key])
    return found


def _value(case: Case, question: Question, parameters: dict[str, Any], levers: xr.Dataset) -> Any:
    """The value of a question's target. Where that is what the reference has, nothing else is computed."""
    story = case.story
    asked_about = question.allocation or case.status_quo
    changed = conditioned(story, question)
    about = anchored(story, levers.sel(allocation=list(dict.fromkeys([story.reference, asked_about]))))
    alone = asked_about == story.reference or (_all_alike(about) and not _holds_a_node(changed))
    about = about.isel(allocation=0, drop=True) if alone else about
    inputs = {name: pmd.as_xtensor(v.values, dims=v.dims) for name, v in story_inputs(changed, about).items()}
    nodes = changed.run({**inputs, **parameters}, needed_nodes(case, question.target))
    return value_of(case, question.target, {**parameters, **nodes}, allocation=0 if alone else 1)


def _all_alike(levers: xr.Dataset) -> bool:
    """Whether all allocations have the levers of the first."""
    return bool((levers == levers.isel(allocation=0, drop=True)).all().to_array().all())


def _holds_a_node(story: Story) -> bool:
    """Whether something is held, which it is not in the world of the reference."""
    return any(node.held_at is not None for node in story.nodes.values())
