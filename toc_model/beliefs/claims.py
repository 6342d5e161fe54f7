"""The ledger: each claim of a theory, what represents it in the model, and what denying it means."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from toc_model.aliases import Entry
from toc_model.documents import Document, checked, read_toml
from toc_model.engine.interventions import place_mask
from toc_model.engine.overrides import fail_if_impossible, parse_override
from toc_model.engine.story import Story
from toc_model.errors import InputError, unknown

Status = Literal["represented", "partly", "documentation", "not represented"]


class Claim(Document):
    """One claim of the theory.

    Attributes
    ----------
    kind : str
        What sort of claim it is.
    text : str
        The claim in one sentence.
    elements : list of str
        Levers, nodes and parameters that represent it.
    denial : list of str
        Overrides that deny it; empty where it can't be denied.
    check : str
        How the model's behaviour shows it.
    status : str
        Whether the model represents it.
    note : str
        What is missing.
    if_right : list of str
        Overrides that grant an objection; empty where it can't be granted.
    """

    kind: Literal["structure", "magnitude", "prior", "recommendation", "objection", "scope"]
    text: str = Field(min_length=1)
    elements: list[str]
    denial: list[str]
    check: str
    status: Status
    note: str
    if_right: list[str] = []

    @field_validator("if_right")
    @classmethod
    def _grants_an_objection(cls, value: list[str], info: ValidationInfo) -> list[str]:
        kind = info.data.get("kind", "objection")
        if value and kind != "objection":
            raise ValueError(f"found overrides on a claim of the kind {kind!r}; allowed: on an objection")
        return value


class Contradiction(Document):
    """A place where the theory pulls against itself, and the reading that the model takes."""

    text: str = Field(min_length=1)
    """Where it pulls against itself."""
    resolution: str = Field(min_length=1)
    """Which reading the model takes."""


def read_contradictions(path: Path) -> dict[str, Contradiction]:
    """Read a document of contradictions.

    Raises
    ------
    InputError
        If it can't be read or does not fit its schema.
    """
    return {name: checked(Contradiction, table, f"{path}: {name}") for name, table in read_toml(path).items()}


def read_claims(path: Path) -> dict[str, Claim]:
    """Read a ledger of claims.

    Raises
    ------
    InputError
        If it can't be read or does not fit its schema.
    """
    return {name: checked(Claim, table, f"{path}: {name}") for name, table in read_toml(path).items()}


def fail_if_claims_differ(story: Story, claims: Mapping[str, Claim], source: str) -> None:
    """Fail if the ledger names what the story lacks, or a law or lever names a claim that the ledger lacks.

    Raises
    ------
    InputError
        The first disagreement, by claim or by node.
    """
    for name, claim in claims.items():
        for element in claim.elements:
            _located(f"{source}: {name}: elements", partial(_fail_if_element_unknown, story, element))
        for key, texts in (("denial", claim.denial), ("if_right", claim.if_right)):
            for text in texts:
                fail_if_override_impossible(story, text, f"{source}: {name}: {key}")
    declared = {name: lever.claims for name, lever in story.levers.items()}
    declared |= {name: node.claims for name, node in story.nodes.items()}
    for name, own in declared.items():
        for claim_name in own:
            if claim_name not in claims:
                raise InputError(f"{name}: {unknown('claim', claim_name, claims)}")
        for claim_name in claims_on(claims, name):
            if claim_name not in own:
                raise InputError(f"{source}: {claim_name} names {name!r}, whose declaration does not name it")


def claims_on(claims: Mapping[str, Claim], element: str) -> list[str]:
    """Identifiers of the claims that name a lever, node or parameter, or one place of it."""
    return [name for name, claim in claims.items() if element in {Entry.parse(found).name for found in claim.elements}]


def fail_if_override_impossible(story: Story, text: str, where: str) -> None:
    """Fail if an override is malformed or changes something that the story does not have."""
    _located(where, lambda: fail_if_impossible(story, parse_override(text)))


def _fail_if_element_unknown(story: Story, element: str) -> None:
    name = Entry.parse(element).name
    dims = {key: found for key, found in story.dims.items() if key not in story.indicators}
    if name not in dims:
        raise InputError(unknown("element", element, dims))
    place_mask(story, dims[name], element)


def _located(where: str, check: Callable[[], object]) -> None:
    try:
        check()
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
