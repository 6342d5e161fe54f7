"""``toc elicit weights``: what is told of scores, of few seeds and of poor experts, and how robust it is."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tests.drawn import faults, texts_of
from tests.questions.elicit.scored_panels import Scored, drawn_panel, panel_of, tobacco_panel
from tests.statistics.test_published_scores import GLOBAL as PUBLISHED
from tests.statistics.test_published_scores import WITHOUT_EXPERT, WITHOUT_SEED
from toc_model.errors import InputError
from toc_model.present.figures import save_figure
from toc_model.present.section import shown
from toc_model.questions.elicit.weights import KINDS, Weights, weights
from toc_model.statistics.pooling import by_other_seeds, decision_maker
from toc_model.survey.panel.panel import CONSENSUS
from toc_model.survey.panel.records import Records
from toc_model.survey.panel.said import Said
from toc_model.survey.panel.scored import study_of

TOBACCO = tobacco_panel()
POOR = drawn_panel(8, 12, spread=0.05, error=0.8)


def flat(found: Weights) -> str:
    """What is printed, on one line."""
    return " ".join(str(found).split())


@pytest.fixture(scope="module")
def all_count() -> Weights:
    return weights(*TOBACCO, cutoff=0.0)


@pytest.mark.parametrize("which", [TOBACCO, POOR])
def test_the_picture_is_read_on_a_narrow_screen(which: Scored) -> None:
    figure = weights(*which).plot()
    assert faults(figure) == []
    assert not [text.get_text() for text in texts_of(figure) if "$" in text.get_text()]


# Figures ----------------------------------------------------------------------------------------------------------


def test_a_panels_scores_are_those_that_are_published(all_count: Weights) -> None:
    found = all_count.to_dict()
    keys = ("information_of_all", "information", "calibration")
    made = found["decision_makers"]["global"]
    assert [made[key] for key in keys] == pytest.approx(PUBLISHED, rel=1e-9)
    for left, published in (("without_expert", WITHOUT_EXPERT), ("without_seed", WITHOUT_SEED)):
        assert {name: [row[key] for key in keys] for name, row in found[left].items()} == {
            name: pytest.approx(values, rel=1e-9) for name, values in published.items()
        }
    best = weights(*TOBACCO).to_dict()
    assert [round(best["decision_makers"][kind]["combined"], 2) for kind in KINDS] == [0.73, 0.73, 0.09]
    assert best["experts"]["Ex7"]["weight"] == 1
    assert best["cutoff"] == best["experts"]["Ex7"]["calibration"]
    assert best["experts"]["Ex7"]["information_by_item"].keys() == made["quantiles"].keys()


@pytest.mark.parametrize("kind", KINDS)
def test_weights_sum_to_one(kind: str) -> None:
    for panel in (TOBACCO, drawn_panel(5, 8, missing=0.2), drawn_panel(1, 2)):
        found = weights(*panel, kind=kind).to_dict()
        assert sum(row["weight"] for row in found["experts"].values()) == pytest.approx(1)
        for one in KINDS:
            made = found["decision_makers"][one]
            assert sum(made["weights"].values()) == pytest.approx(1)
            for own in made["weights_by_item"].values():
                held = [value for value in own.values() if value is not None]
                assert not held or sum(held) == pytest.approx(1)
        json.dumps(found, allow_nan=False)


def test_global_weights_are_calibration_times_information(all_count: Weights) -> None:
    rows = all_count.to_dict()["experts"]
    total = sum(row["combined"] for row in rows.values())
    for row in rows.values():
        assert row["combined"] == pytest.approx(row["calibration"] * row["information"])
        assert row["weight"] == pytest.approx(row["combined"] / total)
        low, high = row["calibration_one_seed_moved"]
        assert low <= row["calibration"] <= high


def test_item_weights_are_the_mean_over_questions_that_are_asked() -> None:
    found = weights(*TOBACCO, kind="item", cutoff=0.0).to_dict()
    by_item = found["decision_makers"]["item"]["weights_by_item"]
    for name, row in found["experts"].items():
        assert row["weight"] == pytest.approx(np.mean([by_item[f"target_{k}"][name] for k in range(1, 12)]))
    assert len({round(own["Ex7"], 6) for own in by_item.values()}) > 5


def test_medians_move_as_they_do_in_a_loop() -> None:
    panel, records = drawn_panel(4, 6)
    found = weights(panel, records, kind="equal")
    asked = study_of(panel, records.latest(panel))
    seeds = [decision_maker(asked.without_item(k), "equal").medians[-1] for k in range(6)]
    experts = [decision_maker(asked.without_expert(k), "equal").medians[-1] for k in range(4)]
    row = found.to_dict()["medians"]["asked_3"]
    assert row["value"] == pytest.approx(decision_maker(asked, "equal").medians[-1])
    assert row["without_seed"] == pytest.approx([min(seeds), max(seeds)])
    assert row["without_expert"] == pytest.approx([min(experts), max(experts)])


@pytest.mark.parametrize("kind", ["global", "item"])
def test_weights_move_as_they_do_in_a_loop(kind: str) -> None:
    found = weights(*drawn_panel(4, 6, seed=3), kind=kind, cutoff=0.0)
    shares = []
    for k in range(6):
        rest = decision_maker(found.study.without_item(k), kind, 0.0)
        shares.append(rest.weights[:, -1] if kind == "global" else rest.weights[:, -3:].mean(1))
    for k, row in enumerate(found.to_dict()["experts"].values()):
        own = [share[k] for share in shares]
        assert row["weight_without_seed"] == pytest.approx([min(own), max(own)])
    cells = rows_of(found, f"How {kind} weights move")["expert_2"]
    low, high = found.to_dict()["experts"]["expert_2"]["weight_without_seed"]
    assert cells[1] == f"{100 * low:.1f} % to {100 * high:.1f} %"


def test_only_experts_that_may_count_are_in_the_table_of_how_weights_move() -> None:
    found = weights(*TOBACCO)
    rows = found.to_dict()["experts"]
    assert list(rows_of(found, "How global weights move")) == [
        name for name, row in rows.items() if row["weight_without_seed"][1] > 0
    ]
    assert "5 others never count." in flat(found)


def lines_of(figure: Figure, place: int, names: list[str]) -> dict[str, list[float]]:
    """Ends of the first lines that an axes has, by the name beside them."""
    lines = figure.axes[place].collections[0]
    assert isinstance(lines, LineCollection)
    return {names[round(segment[0][1])]: list(segment[:, 0]) for segment in map(np.asarray, lines.get_segments())}


def test_lines_and_marks_stand_beside_their_names() -> None:
    found = weights(*drawn_panel(4, 6, seed=3), cutoff=0.0)
    figure, rows = found.plot(), found.to_dict()["experts"]
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names[:4] != list(rows)
    assert lines_of(figure, 0, names) == {
        name: pytest.approx(row["calibration_one_seed_moved"]) for name, row in rows.items()
    }
    assert lines_of(figure, 2, names) == {
        name: pytest.approx([100 * end for end in row["weight_without_seed"]]) for name, row in rows.items()
    }
    assert [patch.get_width() for patch in figure.axes[2].patches if isinstance(patch, Rectangle)] == pytest.approx(
        [100 * rows[name]["weight"] for name in names[:4]]
    )
    for place, key in ((0, "calibration"), (1, "information")):
        marks = np.asarray(figure.axes[place].get_lines()[0].get_xdata(), float)
        assert marks.tolist() == pytest.approx([rows[name][key] for name in names[:4]])


def test_unseen_scores_have_the_same_cutoff() -> None:
    for cutoff in (None, 0.0, 0.1):
        found = weights(*TOBACCO, cutoff=cutoff)
        for kind in KINDS:
            own = by_other_seeds(found.study, kind, None if kind == "equal" else cutoff).scores
            told = found.to_dict()["decision_makers"][kind]["unseen"]
            assert told["combined"] == pytest.approx(float(own.combined[0]), rel=1e-12)
            assert told["calibration"] == pytest.approx(float(own.calibration[0]), rel=1e-12)


def test_a_row_for_each_expert(all_count: Weights) -> None:
    frame = all_count.to_dataframe()
    assert frame.index.tolist() == [f"Ex{k}" for k in range(1, 8)]
    assert frame.loc["Ex7", "seeds_answered"] == 10
    assert frame["weight"].sum() == pytest.approx(1)
    assert repr(all_count) == "<Weights: global, panel 'tobacco', 7 experts, 10 seeds>"


# What is told -----------------------------------------------------------------------------------------------------


def test_what_is_told_of_the_published_study(all_count: Weights) -> None:
    text = flat(all_count)
    assert "7 experts, 10 seed questions, 11 other questions. With global weights and no cut-off" in text
    assert "weight lies on Ex7 50 %, Ex5 27 %, Ex2 12 % and 4 others 12 %" in text
    assert "judged in-sample, by the same 10 seed questions that set weights and cut-offs" in text
    assert "Where each seed is judged with the weights that the others give" in text
    assert "The most that can be reached with 10 seed questions is 0.964" in text
    assert "below 8" not in text
    assert "No expert's calibration reaches" not in text
    best = flat(weights(*TOBACCO))
    assert "Ex7 has all the weight, so that the decision maker is this one expert; with '--cutoff 0' all count." in best
    assert "cut-off at a calibration of 0.688" in best
    assert "has all the weight" not in text
    assert "Without one of the seeds this weight falls to 0 %." in best


def rows_of(found: Weights, caption: str) -> dict[str, list[str]]:
    """Cells of a table, by the first of each row."""
    table = next(one for one in found.section().tables if caption in one.caption)
    return {shown(row[0]): [shown(cell) for cell in row[1:]] for row in table.rows}


def test_cells_are_the_figures_of_their_headings(all_count: Weights) -> None:
    assert rows_of(all_count, "Experts, by")["Ex7"] == ["0.688 [0.15, 0.9]", "1.06", "0.94", "0.73", "50 %"]
    assert rows_of(all_count, "in-sample") == {
        "global": ["0.664 [0.2, 0.82]", "0.53", "0.35", "0", "0.35"],
        "item": ["0.499 [0.13, 0.76]", "0.79", "0.394", "0", "0.625"],
        "equal": ["0.2 [0.023, 0.46]", "0.45", "0.0904", "", "0.0904"],
        "best expert": ["0.688 [0.15, 0.9]", "1.06", "0.73", "", ""],
    }
    one = all_count.to_dict()["medians"]["target_2"]
    assert one["without_seed"] != one["without_expert"]
    cells = rows_of(all_count, "medians")["target_2"]
    told = [f"{low:.3g} to {high:.3g}" for low, high in (one["without_seed"], one["without_expert"])]
    assert cells == ["percent", f"{one['value']:.3g}", *told]
    assert rows_of(all_count, "when one is left out")["calibration"] == ["0.664", "0.259 to 0.746", "0.0589 to 0.664"]


def test_few_seeds_and_seeds_left_unanswered_are_told() -> None:
    text = flat(weights(*drawn_panel(3, 7)))
    assert "7 seed questions: below 8, calibration hardly tells experts apart." in text
    assert "below 8" not in flat(weights(*drawn_panel(3, 8)))
    panel, records = drawn_panel(3, 9)
    fewer = tuple(
        one for one in records.said if not (one.expert == "expert_2" and one.question in {"seed_2", "seed_3"})
    )
    found = weights(panel, Records(fewer))
    assert found.answered == [9, 7, 9]
    text = flat(found)
    assert (
        "Of 9 seed questions expert_2 answered 7: all experts are scored with the power of the fewest, 7, and who left "
        "out hard ones is flattered. 7 seed questions: below 8"
    ) in text
    assert found.to_dict()["experts"]["expert_2"]["seeds_answered"] == 7
    assert re.search(r"expert +seeds +calibration", str(found))
    assert not re.search(r"expert +seeds +calibration", str(weights(*drawn_panel(3, 9))))


def test_tiny_scores_are_told_for_what_they_are() -> None:
    found = weights(*POOR)
    best = max(row["calibration"] for row in found.to_dict()["experts"].values())
    assert best < 1e-6
    text = flat(found)
    assert f"No expert's calibration reaches 0.05 (the best is {best:.3g})" in text
    assert "Such figures are all alike refutations" in text
    assert "ask another round after feedback" in text
    assert f"{best:.3g} [" in text
    assert "0.00 " not in text


def test_poor_scores_that_are_not_tiny_are_no_such_refutations() -> None:
    panel, records = TOBACCO
    few = {"Ex1", "Ex3", "Ex4"}
    text = flat(weights(panel, Records(tuple(one for one in records.said if one.expert in few))))
    assert "No expert's calibration reaches 0.05 (the best is 0.037)" in text
    assert "all alike refutations" not in text


def test_a_question_that_nobody_who_counts_answered_is_named() -> None:
    panel, records = TOBACCO
    kept = tuple(one for one in records.said if (one.expert, one.question) != ("Ex7", "target_3"))
    found = weights(panel, Records(kept))
    assert found.unweighed() == ["target_3"]
    assert "Nobody who counts has answered target_3." in flat(found)
    assert found.to_dict()["medians"]["target_3"]["value"] is None
    assert found.to_dict()["decision_makers"]["global"]["quantiles"]["target_3"]["0.5"] is None
    found.plot()


def test_a_cutoff_that_nobody_reaches_without_one_is_told() -> None:
    text = flat(weights(*TOBACCO, cutoff=0.5))
    assert "Without smokers_of_low_income and Ex7 there is no such decision maker; ranges are of the others." in text


def test_one_expert_and_one_seed_leave_nothing_out() -> None:
    alone = weights(*drawn_panel(1, 5))
    assert alone.without_experts == ()
    assert len(alone.without_seeds) == 5
    assert "Leaving one out is not possible: experts: found 1; allowed: at least 2." in flat(alone)
    assert "has all the weight" not in flat(alone)
    once = weights(*drawn_panel(3, 1))
    assert once.without_seeds == ()
    assert once.to_dict()["decision_makers"]["global"]["unseen"] is None
    assert "How they do on other questions these figures don't say." in flat(once)
    assert "seeds: found 1 that an expert answered; allowed: at least 2." in flat(once)
    assert "1 seed question: below 8" in flat(once)


def test_seeds_alone_have_no_medians() -> None:
    found = weights(*drawn_panel(3, 4, asked=0), kind="item")
    assert found.to_dict()["medians"] == {}
    assert sum(found.share("item")) == pytest.approx(1)
    assert "medians of the questions" not in str(found)


@pytest.mark.parametrize(
    "scored",
    [POOR, TOBACCO, *(drawn_panel(*sizes, missing=0.1) for sizes in [(1, 1), (1, 20), (5, 3), (5, 8), (30, 20)])],
)
def test_tables_fit_80_columns(scored: Scored) -> None:
    tables = [line for line in str(weights(*scored)).splitlines() if line.startswith("  ")]
    assert len(tables) > len(scored[0].experts)
    assert max(map(len, tables)) <= 80


# Rounds and refusals ----------------------------------------------------------------------------------------------


def with_consensus(scored: Scored) -> Scored:
    panel, records = scored
    agreed = Said.of_quantiles(CONSENSUS, CONSENSUS, "asked_1", {0.05: 1.0, 0.5: 2.0, 0.95: 3.0})
    return panel, Records((*records.said, agreed))


def test_experts_are_scored_before_a_consensus() -> None:
    panel, records = with_consensus(drawn_panel(3, 4))
    assert weights(panel, records).round == "1"
    assert weights(panel, records).to_dict()["experts"] == weights(*drawn_panel(3, 4)).to_dict()["experts"]
    with pytest.raises(InputError, match="found nothing that experts said for themselves"):
        weights(panel, records, round_=CONSENSUS)


def test_later_rounds_take_the_place_of_earlier_ones() -> None:
    panel, records = drawn_panel(2, 3)
    again = Said.of_quantiles("2", "expert_1", "seed_1", {0.05: 1e-6, 0.5: 2e-6, 0.95: 3e-6})
    both = Records((*records.said, again))
    first, last = weights(panel, both, round_="1"), weights(panel, both)
    assert (first.round, last.round) == ("1", "2")
    assert first.to_dict()["experts"] == weights(panel, records).to_dict()["experts"]
    assert first.study.answers[0, 0, 1] != last.study.answers[0, 0, 1] == 2e-6


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"cutoff": 0.9}, "cutoff: found 0.9; allowed: 0 to 0.6876, the best expert's calibration"),
        ({"cutoff": 0.1, "kind": "equal"}, "cutoff: found 0.1 for equal or own weights; allowed: none"),
        ({"kind": "globe"}, "unknown kind of weights 'globe'"),
        ({"round_": "3"}, "unknown round '3'"),
    ],
)
def test_what_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        weights(*TOBACCO, **given)


def test_a_panel_without_answers_or_seeds_is_refused() -> None:
    panel, records = drawn_panel(2, 2)
    with pytest.raises(InputError, match="found no judgements; allowed: after 'toc elicit read'"):
        weights(panel, Records())
    bare = panel_of(panel.asked, experts=panel.experts, levels=panel.levels)
    with pytest.raises(InputError, match="found no seed questions"):
        weights(bare, Records(tuple(one for one in records.said if one.question.startswith("asked"))))


# Pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_figure_has_all_experts_the_best_first(kind: str) -> None:
    figure = weights(*TOBACCO, kind=kind).plot()
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names == ["Ex7", "Ex5", "Ex2", "Ex6", "Ex1", "Ex4", "Ex3", "global weights", "item weights", "equal weights"]
    bars = [patch.get_width() for patch in figure.axes[2].patches if isinstance(patch, Rectangle)]
    assert len(bars) == 7
    assert sum(bars) == pytest.approx(100)


@pytest.mark.parametrize(
    "scored", [drawn_panel(1, 1), drawn_panel(30, 20, asked=1), POOR, drawn_panel(4, 30, spread=0.001)]
)
def test_what_is_drawn_lies_within_the_axes(scored: Scored, tmp_path: Path) -> None:
    figure = weights(*scored).plot()
    for axes in figure.axes:
        low, high = axes.get_xlim()
        for line in (line for line in axes.get_lines() if line.get_marker() != "None"):
            x = np.asarray(line.get_xdata(), float)
            assert ((x >= low) & (x <= high)).all()
    save_figure(figure, tmp_path / "weights.png")
    assert (tmp_path / "weights.png").stat().st_size > 0


def test_names_of_ones_own_steer_nothing() -> None:
    panel, records = drawn_panel(2, 3)
    odd = "\x1b[31m_Ada\u202e\n"
    said = tuple(replace(one, expert=odd) if one.expert == "expert_1" else one for one in records.said)
    other = panel_of(panel.questions, experts=[odd, "expert_2"], levels=panel.levels, name="\u202epanel")
    found = weights(other, Records(said))
    for text in (str(found), repr(found), *(label.get_text() for label in found.plot().axes[0].get_yticklabels())):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert list(found.to_dict()["experts"]) == [odd, "expert_2"]
    assert "\u2068" not in " ".join(found.to_dict()["warnings"])
