"""The laws of a case as JavaScript: every node apart, as it is written and under each rival mechanism."""

import json
from collections.abc import Iterator, Mapping

import numpy as np

from toc_model.engine.case import Case
from toc_model.engine.declare import Node
from toc_model.engine.program.apart import law_apart
from toc_model.engine.program.arithmetic import CannotRecordError
from toc_model.engine.program.graph import BOTH, Graph, Input
from toc_model.engine.program.javascript import javascript
from toc_model.engine.program.plan import planned
from toc_model.engine.program.program import Program
from toc_model.engine.program.recording import Recorded
from toc_model.engine.story import Story
from toc_model.errors import InputError

WRITTEN = ""
"""Under what name laws stand that no rival gives."""
KEPT = "kept"


def cases_of(case: Case) -> dict[str, Case]:
    """The case as it is written and under each rival mechanism, by the rival's name.

    Parameters
    ----------
    case : Case
        Without rivals.
    """
    return {WRITTEN: case, **{name: case.under([name]) for name in case.rival_names}}


def variants(cases: Mapping[str, Case]) -> Iterator[tuple[str, Story, Node]]:
    """All nodes with the rival that gives the law, none for those of the story as it is written.

    Parameters
    ----------
    cases : mapping of str to Case
        As `cases_of` gives them.
    """
    for rival, case in cases.items():
        for name in case.story.anew if rival else case.story.nodes:
            yield rival, case.story, case.story.nodes[name]


def laws_of(cases: Mapping[str, Case]) -> str:
    """All laws as one object of JavaScript: by node, then by rival; and what a delay keeps of the outcome's value.

    Parameters
    ----------
    cases : mapping of str to Case
        As `cases_of` gives them.

    Raises
    ------
    InputError
        If a law can't be recorded.
    """
    by_node: dict[str, list[str]] = {}
    try:
        for rival, story, node in variants(cases):
            by_node.setdefault(node.name, []).append(f"{json.dumps(rival)}:{law_apart(story, node.name)}")
    except CannotRecordError as error:
        raise InputError(f"explore: {error}; a page needs laws that are operations on numbers") from None
    nodes = ",\n".join(f"{json.dumps(name)}:{{{','.join(laws)}}}" for name, laws in by_node.items())
    return f"{{nodes:{{{nodes}}},kept:{_kept(cases[WRITTEN])}}}"


def _kept(case: Case) -> str:
    """What a delay keeps of the value of an outcome, as the law of a node of its own."""
    if case.delay is None:
        return "null"
    graph = Graph()
    pairs = np.empty((), object)
    pairs[()] = (number := graph.given(Input("outcome", ()), BOTH)), number
    outcome = Recorded(graph, pairs, (), ("draw", "allocation"))
    share = case.delay.kept(outcome)
    program = Program(graph, {KEPT: share}, {KEPT: ("allocation",)}, planned(graph, [int(share.pairs[()][0])]))
    return javascript(program).source
