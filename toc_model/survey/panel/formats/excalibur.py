"""Studies of EXCALIBUR: assessments of a panel's questions, and old studies as panels or to be scored."""

import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from toc_model.documents import checked
from toc_model.errors import InputError, unknown
from toc_model.statistics.pooling.cooke import Study, study
from toc_model.survey.documents.wide import Layout
from toc_model.survey.panel.formats.excalibur_text import (
    EXPERT_WIDTH,
    ITEM_WIDTH,
    Item,
    Realisation,
    read_assessments,
    read_realisations,
    realisations_beside,
)
from toc_model.survey.panel.formats.format import fail_if_form, fail_if_given
from toc_model.survey.panel.panel import Panel
from toc_model.survey.panel.said import Said

UNIT = "as in the study"
"""EXCALIBUR knows no units; its items are questions in words."""


def read(
    path: Path, panel: Panel, *, round_: str = "", question: str = "", columns: Layout | None = None
) -> list[Said]:
    """Read a .dtt; a .rls of the same name that stands beside it must agree with the panel's seeds.

    Experts and items have the panel's names, or their first 8 and 14 signs: EXCALIBUR keeps no more.

    Parameters
    ----------
    path : Path
        As `toc_model.survey.panel.formats.excalibur_text` explains it.
    panel : Panel
    round_ : str
    question : str
        Not for this format.
    columns : Layout, optional
        Not for this format.

    Returns
    -------
    list of Said
        One for each expert and item with an answer, in the units of the questions.

    Raises
    ------
    InputError
        Naming the line, if a file is malformed, an expert, an item or the round is not the panel's, quantiles are not
        in order or lie outside the support, or a realisation or the scale of a seed is not the panel's.
    """
    fail_if_given(path, "a file of EXCALIBUR names its items", question=question, columns=columns)
    if round_ not in panel.rounds:
        raise InputError(f"{path}: {unknown('round', round_, panel.rounds)}")
    held = read_assessments(path)
    asked = {item.name: _full(item.name, panel.names, ITEM_WIDTH, f"{path}: item") for item in held.items}
    who = {name: _full(name, panel.who(round_), EXPERT_WIDTH, f"{path}: expert") for name in held.experts}
    for (expert, name), where in held.places.items():
        panel.fail_if_unknown(asked[name], who[expert], round_, where)
    for item in held.items:
        _fail_if_scale(item, panel, asked[item.name], held.places[held.experts[0], item.name])
    if beside := realisations_beside(path):
        _fail_if_truths_differ(read_realisations(beside), panel)
    found = []
    for (expert, name), values in held.values.items():
        said, where = _said(dict(zip(held.levels, values, strict=True))), held.places[expert, name]
        wanted = panel.question(asked[name])
        if said:
            fail_if_form(wanted, "quantiles", where)
            one = Said.of_quantiles(round_, who[expert], wanted.name, said, _note(name, expert, asked, who))
            one.fail_if_impossible(wanted, f"{where}: {expert}: {name}")
            found.append(one)
    return found


def read_study(assessments: Path, realisations: Path | None = None) -> Study:
    """Read an old study, to be scored as it is.

    Parameters
    ----------
    assessments : Path
        A .dtt.
    realisations : Path, optional
        A .rls; the one that stands beside the .dtt by default.

    Raises
    ------
    InputError
        As `toc_model.survey.panel.formats.excalibur_text` does, and `toc_model.statistics.pooling.cooke.study`; and if
        there are no realisations, or they are of other items, or on other scales.
    """
    held, true = read_assessments(assessments), _realisations(assessments, realisations)
    names = [item.name for item in held.items]
    _fail_if_items_differ(held.items, true)
    values = {one.item.name: one.value for one in true}
    try:
        return study(
            [[held.values[expert, name] for name in names] for expert in held.experts],
            [values.get(name, math.nan) for name in names],
            held.levels,
            log_scale=[item.scale == "log" for item in held.items],
            experts=held.experts,
            items=names,
        )
    except InputError as error:
        raise InputError(f"{assessments}: {error}") from None


def read_panel_of(
    assessments: Path,
    realisations: Path | None = None,
    *,
    case: str,
    worldview: str,
    made: date,
    name: str = "",
    population: str = "",
) -> Panel:
    """Make a panel of an old study, so that its assessments can be read and scored.

    Items with a realisation become seeds. The others are about what bears their own name, which is to be replaced by a
    parameter or a node where they are to become beliefs. On a logarithmic scale quantities are above 0.

    Parameters
    ----------
    assessments : Path
        A .dtt.
    realisations : Path, optional
        A .rls; the one that stands beside the .dtt by default.
    case, worldview : str
    made : date
    name : str
        Of the panel; that of the file by default.
    population : str

    Raises
    ------
    InputError
        As `read_study` does for the files, and if the panel does not fit its schema.
    """
    held, true = read_assessments(assessments), _realisations(assessments, realisations)
    _fail_if_items_differ(held.items, true)
    truths = {one.item.name: one for one in true}
    stated = {
        "format": 1,
        "name": name or "-".join(assessments.stem.split()),
        "case": case,
        "worldview": worldview,
        "made": made,
        "population": population,
        "experts": list(held.experts),
        "rounds": ["1"],
        "levels": [round(100 * level, 9) for level in held.levels],
        "questions": [_question(item, truths.get(item.name)) for item in held.items],
    }
    return checked(Panel, stated, str(assessments))


def _question(item: Item, true: Realisation | None) -> dict[str, object]:
    words = item.words or (true.item.words if true else "") or item.name
    return {
        "name": item.name,
        "about": "" if true else item.name,
        "wording": words,
        "unit": UNIT,
        "lower": 0.0 if item.scale == "log" else None,
        "truth": true.value if true else None,
        "scale": item.scale,
    }


def _realisations(assessments: Path, realisations: Path | None) -> list[Realisation]:
    found = realisations or realisations_beside(assessments)
    if found is None:
        raise InputError(f"{assessments}: found no realisations beside it; allowed: {assessments.with_suffix('.rls')}")
    return read_realisations(found)


def _fail_if_items_differ(items: Sequence[Item], true: Sequence[Realisation]) -> None:
    scales = {item.name: item.scale for item in items}
    for one in true:
        if one.item.name not in scales:
            raise InputError(f"{one.where}: {unknown('item', one.item.name, scales)}")
        if one.item.scale != scales[one.item.name]:
            raise InputError(
                f"{one.where}: found the scale {one.item.scale}; allowed: {scales[one.item.name]}, as assessed"
            )


def _said(values: dict[float, float]) -> dict[float, float]:
    return {level: value for level, value in values.items() if not math.isnan(value)}


def _full(name: str, known: Sequence[str], width: int, where: str) -> str:
    """The one of the panel's names that EXCALIBUR keeps so, or the name itself."""
    cut = [other for other in known if other[:width].strip() == name]
    if name in known or not cut:
        return name
    if len(cut) > 1:
        raise InputError(f"{where}: found {name!r}, which may be {' or '.join(cut)}; allowed: a name for one of them")
    return cut[0]


def _fail_if_scale(item: Item, panel: Panel, name: str, where: str) -> None:
    asked = panel.question(name)
    if asked.is_seed and asked.scale != item.scale:
        raise InputError(f"{where}: found the scale {item.scale}; allowed: {asked.scale}, as the seed {name!r} has it")


def _fail_if_truths_differ(true: Sequence[Realisation], panel: Panel) -> None:
    """Fail if what came true is something else in the panel, but for the digits that the file leaves out."""
    for one in true:
        name = _full(one.item.name, panel.names, ITEM_WIDTH, one.where)
        if name not in panel.names:
            raise InputError(f"{one.where}: {unknown('question', name, panel.names)}")
        truth = panel.question(name).truth
        if truth is None:
            raise InputError(
                f"{one.where}: found {one.value:g} as the truth of {name!r}; allowed: for seeds of the panel"
            )
        if abs(truth - one.value) > one.rounding * (1 + 1e-9):
            raise InputError(
                f"{one.where}: found {one.value:g} as the truth of {name!r}; allowed: {truth:g}, the panel's"
            )


def _note(name: str, expert: str, asked: dict[str, str], who: dict[str, str]) -> str:
    cut = [short for short, names in ((name, asked), (expert, who)) if names[short] != short]
    return f"in EXCALIBUR: {', '.join(cut)}" if cut else ""
