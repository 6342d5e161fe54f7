"""The sections on doubt: why worldviews differ, and what would be worth finding out."""

from collections.abc import Mapping, Sequence

from toc_model.aliases import Progress
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.claims import Claim
from toc_model.present import words
from toc_model.present.drawing import COLUMN, picture
from toc_model.present.graph.parts import in_words
from toc_model.present.section import Cell, Number, Picture, Section, Table
from toc_model.questions.disagree.figure import disagree_figure
from toc_model.questions.disagree.result import Crux, Disagreement, disagree
from toc_model.questions.report.material import Material, thinned
from toc_model.questions.voi.figure import voi_figure
from toc_model.questions.voi.result import OfSurvey, Voi, in_micro_dooms, value_information
from toc_model.questions.voi.words import experts_text, worth_text
from toc_model.statistics.decisions import regret_across
from toc_model.statistics.information import Estimate
from toc_model.survey.planning.plans import shipped_plans

CRUXES, ASKED, ASK_ABOUT = 8, 6, 2
DISAGREEMENT_DRAWS, INFORMATION_DRAWS = 300, 1500
"""Fewer than elsewhere, for these sections evaluate or fit hundreds of times."""


# Worldviews -------------------------------------------------------------------------------------------------------


def worldviews(material: Material, progress: Progress | None) -> Section:
    """Why worldviews differ, pair by pair with the first, and the regret of each allocation across them."""
    alone = [one for one in material.beliefs if _is_single(one)]
    found = []
    for done, other in enumerate(alone[1:], start=1):
        pair = [thinned(one, DISAGREEMENT_DRAWS) for one in (alone[0], other)]
        found.append(disagree(pair[0], pair[1], material.allocations.levers(), material.allocation))
        if progress:
            progress(done, len(alone) - 1)
    return Section(
        "worldviews",
        "Which worldview",
        "Why do the worldviews differ, and does it matter?",
        [_matters(material), *(_apart(material, pair) for pair in found)],
        [_picture(pair, place) for place, pair in enumerate(found, start=1)],
        [*([_regrets(material)] if len(material.beliefs) > 1 else []), *map(_cruxes, found)],
        _how(found, [one.worldview for one in material.beliefs if not _is_single(one)]),
    )


def _how(found: Sequence[Disagreement], left_out: Sequence[str]) -> list[str]:
    notes = []
    if found:
        notes.append(
            f"Differences were shared out with {found[0].first.draws:,} of the draws, so that their parts add up to "
            "slightly other sums."
        )
    if left_out:
        notes.append(f"Mixtures and posteriors are left out: {words.listed([words.named(name) for name in left_out])}.")
    return notes


def _is_single(beliefs: Beliefs) -> bool:
    """Whether beliefs are one worldview, neither a mixture nor a posterior."""
    return len(beliefs.members) == 1 and not beliefs.is_posterior


def _matters(material: Material) -> str:
    if len(material.beliefs) == 1:
        return "This report rests on one worldview, so there is nothing to compare."
    means = material.compared.means()
    across = regret_across(means)
    least, safest = (str(across[key].idxmin("allocation").item()) for key in ("mean", "largest"))
    worst = 100 * float(across["largest"].sel(allocation=safest))
    also = (
        "which also has the least largest regret"
        if least == safest
        else (f"and the largest regret is least for {words.quoted(safest)}")
    )
    return (
        "Nobody can say which worldview is right. Regret is how much worse an allocation is than the best of its "
        f"worldview. Mean regret over these {len(material.beliefs)} worldviews, each weighed alike, is least for "
        f"{words.quoted(least)}, {also} ({worst:.2f} points)."
    )


def _regrets(material: Material) -> Table:
    means = material.compared.means()
    across = regret_across(means)
    lowest = means.min("allocation")
    rows: list[list[Cell]] = []
    for name in material.allocations.named:
        each = 100 * (means - lowest).sel(allocation=name).values
        mean, largest = (100 * float(across[key].sel(allocation=name)) for key in ("mean", "largest"))
        rows.append([in_words(name), *(Number(f"{value:.2f}", value) for value in [*each.tolist(), mean, largest])])
    return Table(
        "Regret of the mean P(doom), percentage points",
        ["allocation", *material.doom, "mean", "largest"],
        rows,
    )


def _apart(material: Material, found: Disagreement) -> str:
    names = [each.worldview for each in (found.first, found.second)]
    now = [float(material.doom[name].sel(allocation=material.status_quo).mean()) for name in names]
    moved = [float(material.changes[name].mean()) for name in names]
    chapter, part = next(iter(found.chapters.items()))
    return (
        f"From {words.named(names[0])} to {words.named(names[1])}, P(doom) under the status quo moves by "
        f"{words.signed(now[1] - now[0], 1)} points, and its change by the allocation by "
        f"{words.signed(moved[1] - moved[0])}. Beliefs of the chapter “{chapter}” make the largest part of the former, "
        f"{words.signed(float(part.sel(measure='p_doom').mean()), 1)}. The first crux is "
        f"{found.cruxes[0].parameter}: {words.isolated(_question(found))}"
    )


def _question(found: Disagreement) -> str:
    return str(next(iter(found.believed(found.cruxes[0]).values()))["question"])


def _picture(found: Disagreement, place: int) -> Picture:
    one, other = (words.named(each.worldview) for each in (found.first, found.second))
    parts = "; ".join(
        f"{name} {words.signed(float(part.sel(measure='p_doom').mean()), 1)}" for name, part in found.chapters.items()
    )
    return picture(
        f"worldviews-{place}",
        disagree_figure(found, CRUXES),
        f"From {one} to {other}: what chapters and single beliefs add to the difference",
        f"Parts of the difference of P(doom) under the status quo, in points, by chapter: {parts}.",
        size=(COLUMN + 0.4, 1.9 + 0.29 * (len(found.chapters) + CRUXES + 1)),
        caption="Upper bars: chapters. Lower bars: the parameters with the largest parts. Lines: two sampling errors.",
    )


def _cruxes(found: Disagreement) -> Table:
    return Table(
        f"Cruxes between {words.named(found.first.worldview)} and {words.named(found.second.worldview)}: parts of the "
        "difference in percentage points, and what both believe, median [5 %, 95 %]",
        ["parameter", "P(doom)", "change", found.first.worldview, found.second.worldview, "why"],
        [_crux(found, crux) for crux in found.cruxes[:CRUXES]],
        folded=f"Cruxes between {words.named(found.first.worldview)} and {words.named(found.second.worldview)}, with "
        "the reasons for each belief",
    )


def _crux(found: Disagreement, crux: Crux) -> list[Cell]:
    entry, believed = next(iter(found.believed(crux).items()))
    sides = [believed[each.worldview] for each in (found.first, found.second)]
    levels = [[words.level(side[key]).text for key in ("q50", "q05", "q95")] for side in sides]
    doom, change = (float(crux.share.sel(measure=measure).mean()) for measure in ("p_doom", "change"))
    return [
        entry,
        Number(words.signed(doom, 1), doom),
        Number(words.signed(change), change),
        *(f"{middle} [{low}, {high}]" for middle, low, high in levels),
        " ".join(side["reason"] for side in sides if side["reason"]),
    ]


# What to find out -------------------------------------------------------------------------------------------------


def information(material: Material, progress: Progress | None) -> Section:
    """What knowing more would be worth to the choice."""
    beliefs = thinned(material.first, INFORMATION_DRAWS)
    between = material.allocations.only([material.allocation])
    found = value_information(
        beliefs,
        between,
        claims=material.claims,
        plans=shipped_plans(beliefs, between),
        ask_about=ASK_ABOUT,
        progress=progress,
    )
    worth = [name for name, value in found.parameters.items() if value.value > 0]
    figure = voi_figure(found, ASKED)
    figure.axes[0].set_title("", loc="left")
    return Section(
        "information",
        "What next",
        "What should be found out next?",
        [
            (
                f"Information is worth something to this choice only if it could change it. Between "
                f"the status quo and {words.quoted(material.allocation)} the better now is "
                f"{words.quoted(found.best)}; knowing "
                f"everything would avert {_micro(found.evpi).text} micro-dooms (millionths of P(doom)) more."
            ),
            _first_to_ask(found, worth),
        ],
        [
            picture(
                "information",
                figure,
                f"What knowing more would be worth, under {words.named(beliefs.worldview)}",
                f"Everything: {worth_text(found.evpi)} micro-dooms. "
                + "; ".join(f"{name}: {worth_text(found.parameters[name])}" for name in worth[:ASKED]),
                size=(COLUMN, figure.get_figheight()),
                caption="Lines: 90 % interval of the estimate. The table below says what the claims are.",
            )
        ],
        [*_tables(found, worth, material.claims), *_surveys(found)],
        [
            (
                f"Under {words.named(beliefs.worldview)}, with {beliefs.draws:,} draws. An interval is the error of "
                "the estimate. Nothing counts what information is worth to other choices."
            )
        ],
    )


def _first_to_ask(found: Voi, worth: Sequence[str]) -> str:
    parameter = (
        f"Of {len(found.parameters)} single parameters {len(worth)} have a value that these draws can show; "
        f"{worth[0]} has the largest, {_micro(found.parameters[worth[0]]).text}."
        if worth
        else "These draws show no value of knowing any single parameter."
    )
    asked = _worth_asking(found)
    if not asked:
        return f"{parameter} They show none of putting any of {len(found.surveys)} questions to experts."
    best = max(asked, key=_most)
    many = max(best.experts, key=lambda number: best.experts[number].value)
    return (
        f"{parameter} Of {len(found.surveys)} questions that experts may be asked, that about {best.plan.name}, put to "
        f"{experts_text(many)}, is worth most, {_micro(best.experts[many]).text}."
    )


def _worth_asking(found: Voi) -> list[OfSurvey]:
    return [one for one in found.surveys if _most(one) > 0]


def _most(asked: OfSurvey) -> float:
    return max(value.value for value in asked.experts.values())


def _micro(value: Estimate) -> Number:
    return Number(worth_text(value), in_micro_dooms(value).value)


def _tables(found: Voi, worth: Sequence[str], ledger: Mapping[str, Claim]) -> list[Table]:
    entries = found.beliefs.members[0].priors.entries
    parameters: list[Sequence[Cell]] = [
        [name, _micro(found.parameters[name]), entries[name].entry.question if name in entries else ""]
        for name in worth[:ASKED]
    ]
    settled = [one for one in found.claims if one.value.value > 0][:ASKED]
    claims: list[Sequence[Cell]] = [
        [one.label, _micro(one.value), " ".join(ledger[name].text for name in one.claims), ", ".join(one.parameters)]
        for one in settled
    ]
    tables = []
    if parameters:
        tables.append(
            Table(
                "Knowing a parameter, micro-dooms averted [90 % interval of the estimate]",
                ["parameter", "worth", "the question it answers"],
                parameters,
            )
        )
    if claims:
        tables.append(
            Table(
                "Knowing all parameters of a claim, micro-dooms averted [90 % interval of the estimate]",
                ["claim", "worth", "what it says", "its parameters"],
                claims,
                folded="What settling a claim would be worth",
            )
        )
    return tables


def _surveys(found: Voi) -> list[Table]:
    asked = _worth_asking(found)
    sizes = list(asked[0].experts) if asked else []
    rows: list[list[Cell]] = [
        [one.plan.name, one.plan.question.target, _micro(one.limit), *(_micro(one.experts[many]) for many in sizes)]
        for one in asked
    ]
    return [
        Table(
            "Asking experts, micro-dooms averted [90 % interval of the estimate]; more experts never remove the "
            "bias that they share",
            ["question", "about", "its answer known", *map(experts_text, sizes)],
            rows,
        )
    ]
