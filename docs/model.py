"""The pages of a model: every node by chapter with its claim, equation and parents, every parameter with its prior."""

from collections.abc import Iterator
from html import escape

from docs.places import CLAIMS, OVERVIEW, RIVALS, Model
from docs.words import anchored, in_words, table
from toc_model.beliefs.claims import Claim
from toc_model.beliefs.priors import Prior
from toc_model.engine.declare import Node
from toc_model.engine.program.arithmetic import CannotRecordError
from toc_model.engine.program.equations import equation
from toc_model.engine.story import Story
from toc_model.present.markdown import escaped
from toc_model.present.words import begun, percent, sized

LEVELS = (0.05, 0.5, 0.95)
WIDE = "---\nhide: [toc]\n---"
"""What a page begins with whose equations need the room of a table of contents; it has lists of links instead."""


def pages(model: Model) -> dict[str, str]:
    """All pages, by their names."""
    found = {OVERVIEW: overview(model), CLAIMS: ledger(model)}
    found |= {chapter.name: chapter_page(model, chapter.name) for chapter in model.story.chapters}
    return {**found, **({RIVALS: rivals_page(model)} if model.rivals else {})}


def titles(model: Model) -> dict[str, str]:
    """What the pages are called, in the order in which they are read."""
    numbered = enumerate(model.story.chapters, 1)
    chapters = {chapter.name: f"{number}. {begun(chapter.title)}" for number, chapter in numbered}
    rivals = {RIVALS: "Rival mechanisms"} if model.rivals else {}
    return {OVERVIEW: "Overview", **chapters, **rivals, CLAIMS: "Claims"}


# The overview ---------------------------------------------------------------------------------------------------------


def overview(model: Model) -> str:
    """Levers, chapters, and what is left out."""
    case, story = model.case, model.story
    parts = [
        "# The model",
        f"{case.question} {INTRODUCTION}",
        "[![The graph of causes](graph.svg)](graph.svg)",
        "## Chapters",
        *_chapters(model),
        "## Levers",
        *(part for name in story.levers for part in _lever(model, name)),
        *(["## Marks"] if story.indicators else []),
        *(
            f"{anchored(in_words(name), name, 3)}\n`{name}`, for each {in_words(mark.dim)}. {escaped(mark.statement)}"
            for name, mark in story.indicators.items()
        ),
        "## Places",
        *(f"- **{in_words(dim)}**: {', '.join(map(in_words, names))}" for dim, names in story.dimensions.items()),
        "## How to read it",
        READING,
        *_left_out(model),
    ]
    return _joined(parts)


INTRODUCTION = """\
A page a chapter has its nodes, each with what it claims, its equation, what it depends on and the claims of the theory
that it represents, and its parameters with what the base believes of them. All of it is made from the code and the
documents.
"""
READING = """\
An equation is made from the law itself, run once on values that keep their names; letters (u, v, w, ...) stand for
parts of it. The reference world is that of the date at which the priors were elicited: what stands in it has the index
0, and Δ is the change from it. Quantiles are those of the base as fitted, given that the effect is not nil; "nil" is
the probability that it is. A status says where numbers come from: published, elicited, an assumption, or the theory
itself.
"""


def _chapters(model: Model) -> Iterator[str]:
    rows = []
    for chapter in model.story.chapters:
        nodes = [name for name in model.story.nodes if name in chapter.nodes]
        rows.append((f"[{escaped(begun(chapter.title))}]({chapter.name}.md)", model.links(nodes)))
    yield table(("chapter", "nodes"), rows)
    if model.rivals:
        yield f"What critics say happens as well stands under [rival mechanisms]({RIVALS}.md)."


def _lever(model: Model, name: str) -> Iterator[str]:
    lever = model.story.levers[name]
    yield anchored(in_words(name), name, 3)
    sums = f"; they sum to one over each {in_words(lever.sums_over)}" if lever.sums_over else ""
    yield f"`{name}`, {escaped(lever.unit)}, {_over(lever.dims)}; {lever.range.words}{sums}."
    yield escaped(lever.statement)
    yield f"**Goes into** {model.links(model.story.children(name))}. **Claims** {model.claims_as_links(lever.claims)}."


def _left_out(model: Model) -> Iterator[str]:
    case = model.case
    if not (case.leaves_out or case.limits):
        return
    yield anchored("What is left out", "left-out", 2)
    if case.leaves_out:
        yield f"{escaped(case.leaves_out[:1].upper() + case.leaves_out[1:])}."
    for title, text in case.limits:
        yield f"**{escaped(title)}.** {escaped(text)}"


# Chapters -------------------------------------------------------------------------------------------------------------


def chapter_page(model: Model, name: str) -> str:
    """One chapter: nodes in causal order, then parameters."""
    story = model.story
    own = [node for node in story.nodes.values() if node.chapter == name]
    parts = [WIDE, f"# {titles(model)[name]}", f"**Nodes** {model.links(node.name for node in own)}."]
    parts += [f"**Parameters** {model.links(found)}."] if (found := model.parameters_on(name)) else []
    parts += [part for node in own for part in node_section(model, story, node)]
    return _joined([*parts, *_parameters(model, name)])


def _parameters(model: Model, page: str) -> Iterator[str]:
    found = model.parameters_on(page)
    if found:
        yield anchored("Parameters", "parameters", 2)
        for name in found:
            yield from parameter_section(model, name)


def node_section(model: Model, story: Story, node: Node, *, rival: str = "") -> Iterator[str]:
    """What one node claims, its equation, and what it hangs together with."""
    anew = rival and node.name in model.story.nodes
    yield anchored(in_words(node.name), f"{rival}-{node.name}" if anew else node.name, 2 + bool(rival))
    outcome = "; an outcome" if node.is_outcome else ""
    range_ = story.range_of(node).words
    yield f"`{node.name}`, {escaped(node.unit)} ({range_}), {_over(node.dims)}{outcome}."
    yield escaped(node.statement)
    yield from _equation(story, node.name)
    if node.undefined_where:
        yield f"Undefined where {escaped(node.undefined_where)}."
    yield f"**Depends on** {model.links(node.parents)}."
    if children := story.children(node.name):
        yield f"**Goes into** {model.links(children)}."
    if node.claims:
        yield f"**Claims** {model.claims_as_links(node.claims)}."


def _equation(story: Story, name: str) -> Iterator[str]:
    try:
        found = equation(story, name)
    except CannotRecordError as error:
        yield f"No equation: {escaped(str(error))}."
        return
    notes = " ".join(found.notes)
    below = f'<p class="notes">{escape(notes)}</p>' if notes else ""
    yield f'<div class="law" tabindex="0">{found.mathml()}</div>{below}'


def _over(dims: tuple[str, ...]) -> str:
    return f"for each {' and '.join(map(in_words, dims))}" if dims else "one for all"


# Parameters -----------------------------------------------------------------------------------------------------------


def parameter_section(model: Model, name: str) -> Iterator[str]:
    """What the base believes of one parameter, at all its places, and where that is from."""
    story = next(one for one in (model.story, *model.rivals.values()) if name in one.parameters)
    parameter = story.parameters[name]
    priors = {entry: model.priors[entry] for entry in story.entries_of(name)}
    yield anchored(in_words(name), name, 3)
    unit = escaped(model.documents.unit(parameter.unit))
    yield f"`{name}`, {unit} ({parameter.range.words}), {_over(parameter.dims)}."
    yield _figures(model, priors)
    for prior in priors.values():
        yield from _grounds(model, prior, several=len(priors) > 1)
    yield f"**Goes into** {model.links(parameter.used_by)}."


def _figures(model: Model, priors: dict[str, Prior]) -> str:
    nil = any(prior.distribution.nil for prior in priors.values())
    head = ("parameter", *(percent(level) for level in LEVELS), *(["nil"] if nil else []), "family", "status")
    rows = [
        (
            escaped(prior.label),
            *(f"{sized(value)}{model.documents.calendar(prior.entry.unit, value)}" for value in _quantiles(prior)),
            *([percent(prior.distribution.nil) if prior.distribution.nil else ""] if nil else []),
            escaped(prior.family_in_words.replace("_", " ")),
            escaped(prior.entry.status),
        )
        for prior in priors.values()
    ]
    return table(head, rows)


def _quantiles(prior: Prior) -> list[float]:
    return [float(prior.distribution.given_some(level)) for level in LEVELS]


def _grounds(model: Model, prior: Prior, *, several: bool) -> Iterator[str]:
    entry = prior.entry
    whose = f"**{escaped(prior.label)}.** " if several else ""
    claims = f" Claims {model.claims_as_links(entry.claims)}." if entry.claims else ""
    yield f"{whose}*{escaped(entry.question)}*"
    yield f"**Source.** {escaped(entry.source)}{claims}"


# Rivals and claims ----------------------------------------------------------------------------------------------------


ON_RIVALS = """\
What critics say happens as well: each gives a law or two anew. None is part of the model; any set of them that give
different laws takes effect with `--rival NAME`, and `toc structure` asks what each would make of an answer.
"""


def rivals_page(model: Model) -> str:
    """What critics say happens as well: laws that may take the place of one of the model's."""
    parts = [
        WIDE,
        "# Rival mechanisms",
        ON_RIVALS,
        f"**Rivals** {', '.join(f'[{in_words(name)}](#rival-{name})' for name in model.rivals)}.",
    ]
    for name, story in model.rivals.items():
        chapter = next(one for one in story.chapters if one.name == name)
        parts += [anchored(begun(in_words(name)), f"rival-{name}", 2), f"`--rival {name}`: {escaped(chapter.title)}."]
        for node in model.new_in(name):
            parts += node_section(model, story, node, rival=name)
    return _joined([*parts, *_parameters(model, RIVALS)])


def ledger(model: Model) -> str:
    """All claims, each with what represents it."""
    parts = ["# Claims", "What the theory claims, in the words of its ledger, and what carries each claim here."]
    parts += [_joined(_claim(model, name, claim)) for name, claim in model.claims.items()]
    if model.contradictions:
        parts += ["## Where it pulls against itself"]
        for name, one in model.contradictions.items():
            reading = f"**The model's reading.** {model.with_links(one.resolution)}"
            parts += [anchored(name, name, 3), escaped(one.text), reading]
    return _joined(parts)


def _claim(model: Model, name: str, claim: Claim) -> Iterator[str]:
    yield anchored(name, name, 2)
    yield f"{escaped(claim.text)} *({claim.kind}; {claim.status})*"
    if claim.elements:
        yield f"**Carried by** {', '.join(_element(model, element) for element in claim.elements)}."
    if claim.denial:
        yield f"**Denied by** {', '.join(f'`{override}`' for override in claim.denial)}."
    if claim.if_right:
        yield f"**Granted by** {', '.join(f'`{override}`' for override in claim.if_right)}."
    if claim.check:
        yield f"**Check.** {model.with_links(claim.check)}"
    if claim.note:
        yield f"**Note.** {model.with_links(claim.note)}"


def _element(model: Model, element: str) -> str:
    name, bracket, place = element.partition("[")
    return f"[{in_words(name)}{f' ({in_words(place[:-1])})' if bracket else ''}]({model.pages[name]}.md#{name})"


def _joined(parts: Iterator[str] | list[str]) -> str:
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"
