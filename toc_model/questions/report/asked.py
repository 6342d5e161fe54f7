"""The sections of questions that are asked elsewhere too, of all worldviews or of the first."""

from collections.abc import Sequence
from dataclasses import replace

from toc_model.aliases import Progress
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import drawn_alike
from toc_model.present import words
from toc_model.present.section import Section
from toc_model.questions.channels import channels as divide
from toc_model.questions.channels import words as channels_words
from toc_model.questions.claims import check, checking_words, grant, grant_words
from toc_model.questions.claims import claims as deny
from toc_model.questions.claims import words as claims_words
from toc_model.questions.compare import words as compare_words
from toc_model.questions.curve import curve as sweep
from toc_model.questions.curve import words as curve_words
from toc_model.questions.disagree import disagree
from toc_model.questions.disagree import words as disagree_words
from toc_model.questions.graph import graph as look_at
from toc_model.questions.graph import words as graph_words
from toc_model.questions.marginal import marginal
from toc_model.questions.marginal import words as marginal_words
from toc_model.questions.report.answer import changed
from toc_model.questions.report.material import Material, thinned
from toc_model.questions.sensitivity import sensitivity
from toc_model.questions.sensitivity import words as sensitivity_words
from toc_model.questions.voi import voi
from toc_model.questions.voi import words as voi_words

BARS = 12
"""Parameters of the tornado."""
WORTH, ASK_ABOUT = 6, 2
"""Parameters and claims whose value is shown, and parameters that questions to experts are made of."""
DENIAL_DRAWS, DISAGREEMENT_DRAWS, INFORMATION_DRAWS, CHECK_DRAWS = 1000, 300, 1500, 1000
"""Fewer than elsewhere, for these sections evaluate or fit hundreds of times."""


def graph(material: Material, _: Progress | None) -> Section:
    """How the model is thought to work."""
    said = graph_words.section(look_at(material.case, material.first.story), pictures=True)
    return replace(said, text=[said.text[0], *changed(material.first)])


def curve(material: Material, progress: Progress | None) -> Section:
    """The outcome against the lever that the case moves, and under all named allocations."""
    found = sweep(material.shown, material.allocations, progress=progress)
    said = curve_words.section(found, pictures=True)
    return replace(
        said,
        text=[*said.text, compare_words.best(material.compared), *compare_words.delayed(material.compared)],
        tables=[
            *said.tables,
            compare_words.changes(material.compared),
            *compare_words.break_evens(material.compared),
            *compare_words.counted_tables(material.compared),
        ],
    )


def channels(material: Material, _: Progress | None) -> Section:
    """What the change goes through."""
    found = [divide(one, material.allocations, allocation=material.allocation) for one in material.shown]
    return channels_words.section(found, pictures=True)


def people(material: Material, progress: Progress | None) -> Section:
    """What a little more of each thing is worth at the margin of the status quo."""
    found = marginal(material.shown, material.allocations, progress=progress)
    return marginal_words.section(found, pictures=True)


def tornado(material: Material, progress: Progress | None) -> Section:
    """Which beliefs the change hangs on."""
    beliefs = material.with_prior or material.first
    found = sensitivity(beliefs, material.allocations, allocation=material.allocation, progress=progress)
    return sensitivity_words.section([found], top=BARS, pictures=True)


def claims(material: Material, progress: Progress | None) -> Section:
    """What becomes of the change without each claim of the theory."""
    beliefs = thinned(material.first, DENIAL_DRAWS)
    found = deny(beliefs, material.allocations, allocation=material.allocation, progress=progress)
    return _few(material.first, beliefs, claims_words.section(found, pictures=True))


def objections(material: Material, progress: Progress | None) -> Section:
    """What becomes of the change with each objection granted, under all worldviews that are shown."""
    found = grant(material.shown, material.allocations, allocation=material.allocation, progress=progress)
    return grant_words.section(found, pictures=True)


def checks(material: Material, progress: Progress | None) -> Section:
    """Which claims the model's behaviour shows, under the worldviews of which they are said."""
    shown = {one.worldview: one for one in material.beliefs}
    first = material.first

    def load(name: str) -> Beliefs:
        if name in shown:
            return thinned(shown[name], CHECK_DRAWS)
        return drawn_alike(first, name, min(first.draws, CHECK_DRAWS))

    found = check(first.documents, load, material.allocations, progress=progress)
    return checking_words.section(found)


def worldviews(material: Material, progress: Progress | None) -> Section:
    """Why the first two worldviews with priors differ, and the regret of each allocation across all that are shown."""
    if len(material.beliefs) == 1:
        return _worldviews(["This report rests on one worldview, so there is nothing to compare."])
    alone = [one for one in material.beliefs if one.kind in ("base", "patch")]
    pairs = []
    if len(alone) > 1:
        pair = [thinned(one, DISAGREEMENT_DRAWS) for one in alone[:2]]
        pairs = [disagree(pair, material.allocations, allocation=material.allocation, experts=None, progress=progress)]
    said = disagree_words.section(pairs, pictures=True) if pairs else _worldviews([])
    shown = [one.worldview for one in alone[:2]]
    left_out = [words.named(one.worldview) for one in material.beliefs if one.worldview not in shown]
    apart = (
        [f"Left out: {words.listed(left_out)}; toc disagree ONE OTHER compares those with priors."] if left_out else []
    )
    whole = replace(
        said,
        title="Why do the worldviews differ, and does it matter?",
        text=[compare_words.matters(material.compared), *said.text],
        tables=[compare_words.regrets(material.compared), *said.tables],
        notes=[*said.notes, *apart],
    )
    return _few(alone[0], pairs[0].first, whole) if pairs else whole


def _worldviews(text: Sequence[str]) -> Section:
    return Section("worldviews", "Which worldview", "Why do the worldviews differ, and does it matter?", text)


def information(material: Material, progress: Progress | None) -> Section:
    """What knowing more would be worth to the choice."""
    beliefs = thinned(material.first, INFORMATION_DRAWS)
    between = [material.allocation]
    found = voi(beliefs, material.allocations, between=between, ask_about=ASK_ABOUT, progress=progress)
    return _few(material.first, beliefs, voi_words.section(found, top=WORTH, pictures=True))


def _few(every: Beliefs, some: Beliefs, said: Section) -> Section:
    """A section that rests on a part of the draws, which says so."""
    if some.draws == every.draws:
        return said
    few = (
        f"For this section {some.draws:,} of {every.counted()} were used, so that figures differ slightly from those "
        "above."
    )
    return replace(said, notes=[*said.notes, few])
