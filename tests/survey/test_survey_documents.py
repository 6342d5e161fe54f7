"""Surveys as documents: the long format, readers, mappings, templates, and the commands for them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr
from click.testing import CliRunner

from toc_model.beliefs.shipped import Documents
from toc_model.engine.evaluate import evaluate
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.essay.readers.espai import read_espai
from toc_model.essay.readers.fri import is_incoherent, read_fri
from toc_model.essay.targets import TARGETS
from toc_model.questions.survey import check
from toc_model.questions.survey.command import survey
from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.documents.conditions import normal, parse_condition
from toc_model.survey.documents.flags import has_flag
from toc_model.survey.documents.mapping import (
    SurveyMapping,
    fail_if_answers_differ,
    fail_if_mapping_unknown,
    load_mapping,
)
from toc_model.survey.documents.schema import read_files, read_long, usable, write_long
from toc_model.survey.documents.skeleton import mapping_text, write_mapping
from toc_model.survey.documents.targets import places_of, target_unit
from toc_model.survey.documents.template import TEMPLATE_COLUMNS, question_id, template, write_template

STORY, SHIPPED = ESSAY.story, Documents.of(ESSAY)
NAMED = list(SHIPPED.allocations().named)
PRIORS = SHIPPED.priors()
ESPAI = load_mapping(SHIPPED, "espai2023")

BASE = dict.fromkeys(COLUMNS, "") | {
    "source_id": "demo",
    "respondent_id": "anna",
    "question_id": "doom",
    "target": "p_doom",
    "kind": "probability",
    "value": "0.2",
    "unit": "probability",
    "lower": "0",
    "upper": "1",
}
HLMI = {"question_id": "agi", "target": "agi_year", "kind": "quantile", "unit": "years", "lower": "0", "upper": ""}

type Write = Callable[..., Path]


@pytest.fixture
def answers(tmp_path: Path) -> Write:
    """Write a file of answers: the base row with these changes, a row for each."""

    def write(*changes: dict[str, str], name: str = "answers.csv", columns: Sequence[str] = COLUMNS) -> Path:
        rows = [BASE | change for change in changes]
        path = tmp_path / name
        pd.DataFrame(rows, columns=list(columns)).fillna("").to_csv(path, index=False)
        return path

    return write


def flags(frame: pd.DataFrame) -> list[str]:
    return list(frame["flags"])


# The long format --------------------------------------------------------------------------------------------------


def test_text_is_text_and_numbers_are_numbers(answers: Write) -> None:
    frame = read_long(answers({"respondent_id": "007", "round": "1", "framing": "NA"}))
    row = frame.iloc[0]
    assert tuple(frame.columns) == COLUMNS
    assert (row["respondent_id"], row["round"], row["framing"], row["raw"]) == ("007", "1", "NA", "0.2")
    assert (row["value"], row["lower"], row["upper"]) == (0.2, 0.0, 1.0)
    assert pd.isna(row["level"])


def test_columns_may_stand_in_any_order_with_a_wording(answers: Write) -> None:
    frame = read_long(answers({"wording": "How likely?"}, columns=["wording", *reversed(COLUMNS)]))
    assert tuple(frame.columns) == COLUMNS


def test_what_is_written_is_read_back_exactly(answers: Write, tmp_path: Path) -> None:
    frame = read_long(answers({"value": "0.1"}, {"respondent_id": "ben", "value": "1e-11", "raw": "1e-9 %"}))
    write_long(frame, tmp_path / "again.csv")
    pd.testing.assert_frame_equal(read_long(tmp_path / "again.csv"), frame)
    assert (tmp_path / "again.csv").read_text(encoding="utf-8").splitlines()[0] == ",".join(COLUMNS)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"value": "0.37"}, ""),
        ({"value": "0.35"}, "heaped"),
        ({"value": "0"}, "zero;heaped"),
        ({"value": "1"}, "one;heaped"),
        ({"value": "1e-12"}, ""),
        ({"value": "2"}, "impossible"),
        ({"value": "-0.1"}, "impossible"),
        ({"value": "0.37", "flags": "incoherent"}, "incoherent"),
        (HLMI | {"level": "0.5", "value": "0"}, "zero"),
        (HLMI | {"level": "0.5", "value": "1"}, ""),
        (HLMI | {"level": "0.5", "value": "-1"}, "impossible"),
        (HLMI | {"level": "0.5", "value": "101", "upper": "100"}, "impossible"),
        (HLMI | {"kind": "cdf_point", "level": "20", "value": "1.5"}, "impossible"),
        ({"kind": "ordered", "value": "6", "lower": "1", "upper": "5"}, "impossible"),
        ({"kind": "ordered", "value": "5", "lower": "1", "upper": "5"}, ""),
        (HLMI | {"kind": "duration", "value": "6", "lower": "6", "flags": "censored"}, "censored"),
        (HLMI | {"kind": "duration", "value": "-6", "lower": ""}, "impossible"),
    ],
)
def test_odd_answers_are_flagged_and_stay(answers: Write, change: dict[str, str], expected: str) -> None:
    frame = read_long(answers(change))
    assert flags(frame) == [expected]
    assert frame["value"].iloc[0] == float(change["value"])
    assert len(usable(frame)) == ("impossible" not in expected)


def test_quantiles_that_fall_are_incoherent_and_usable(answers: Write) -> None:
    points = [HLMI | {"level": level, "value": value} for level, value in (("0.9", "7"), ("0.1", "5"), ("0.5", "9"))]
    ben = [point | {"respondent_id": "ben", "value": "8"} for point in points]
    frame = read_long(answers(*points, *ben))
    assert flags(frame) == ["incoherent"] * 3 + [""] * 3
    assert len(usable(frame)) == 6


def test_blank_answers_are_kept_and_not_usable(answers: Write) -> None:
    frame = read_long(answers({}, {"question_id": "other", "value": "", "respondent_id": ""}))
    assert len(frame) == 2
    assert list(usable(frame)["question_id"]) == ["doom"]


def test_a_file_of_a_spreadsheet_is_read(answers: Write) -> None:
    path = answers({})
    path.write_text("\ufeff" + path.read_text(encoding="utf-8") + "," * (len(COLUMNS) - 1) + "\n\n", encoding="utf-8")
    assert len(read_long(path)) == 1


@pytest.mark.parametrize(
    ("change", "fragments"),
    [
        ({"value": "5%"}, ["row 3", "value", "'5%'", "a number"]),
        ({"value": "nan"}, ["row 3", "value", "'nan'", "a number"]),
        ({"kind": "probabilty"}, ["row 3", "kind", "'probabilty'", "'probability'"]),
        ({"level": "0.5"}, ["row 3", "level", "0.5", "nothing, for the kind 'probability'"]),
        (HLMI | {"level": "", "value": "3"}, ["row 3", "level", "nothing", "between 0 and 1"]),
        (HLMI | {"level": "50", "value": "3"}, ["row 3", "level", "50", "between 0 and 1"]),
        (HLMI | {"kind": "cdf_point"}, ["row 3", "level", "threshold"]),
        (HLMI | {"level": "0.5", "unit": ""}, ["row 3", "unit", "the unit of a quantile"]),
        ({"kind": "ordered", "value": "2", "upper": ""}, ["row 3", "upper", "number of categories"]),
        ({"kind": "ordered", "value": "2.5", "lower": "1", "upper": "5"}, ["row 3", "value", "2.5", "whole number"]),
        ({"kind": "ordered", "value": "2", "lower": "0", "upper": "5"}, ["row 3", "lower", "0", "1 or nothing"]),
        ({"lower": "1", "upper": "0"}, ["row 3", "lower", "less than upper"]),
        ({"flags": "imposible"}, ["row 3", "flags", "did you mean 'impossible'"]),
        ({"flags": "censored"}, ["row 3", "flags", "durations"]),
        ({"condition": "do(x)"}, ["row 3", "'do(x)'", "do(node)=value"]),
        ({"condition": "allocation=a; allocation=b"}, ["row 3", "2 allocations"]),
        ({"respondent_id": ""}, ["row 3", "respondent_id", "whose answer"]),
        ({"source_id": ""}, ["row 3", "source_id"]),
        ({"respondent_id": "anna"}, ["row 3", "second answer", "respondent_id 'anna'", "question_id 'doom'"]),
        ({"target": "race"}, ["row 3", "target", "'race'", "'p_doom'", "question_id 'doom'"]),
        ({"condition": "allocation=margin"}, ["row 3", "condition", "allocation=margin"]),
        ({"respondent_id": "anna", "question_id": "b", "group": "new"}, ["row 3", "group", "'new'", "'anna'"]),
    ],
)
def test_a_cell_that_cannot_be_is_named(answers: Write, change: dict[str, str], fragments: list[str]) -> None:
    with pytest.raises(InputError) as refusal:
        read_long(answers({}, {"respondent_id": "ben"} | change))
    message = str(refusal.value)
    assert [fragment for fragment in ["answers.csv", *fragments] if fragment not in message] == []
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("", "missing column 'source_id'"),
        ("{header}", "no rows"),
        ("{header},vaule\n", "unknown column 'vaule'; did you mean 'value'?"),
        ("{header},value\n", "column 'value': found 2 times"),
        ('{header}\n"a', "malformed CSV"),
        ("{header}\n" + "a" * 200_000, "malformed CSV: field larger than field limit"),
        ("{header}\na,b\n", "row 2: found 2 cells; allowed: 16"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str, fragment: str) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(text.format(header=",".join(COLUMNS)), encoding="utf-8")
    with pytest.raises(InputError, match=r"answers\.csv: ") as refusal:
        read_long(path)
    assert fragment in str(refusal.value)


def test_an_answer_in_two_files_is_refused(answers: Write) -> None:
    anna, ben = answers({}, name="anna.csv"), answers({"respondent_id": "ben"}, name="ben.csv")
    assert len(read_files([anna, ben])) == 2
    with pytest.raises(InputError, match=r"anna\.csv: row 2: found a second answer"):
        read_files([anna, ben, anna])


def test_writing_needs_all_columns_and_a_folder(answers: Write, tmp_path: Path) -> None:
    frame = read_long(answers({}))
    with pytest.raises(InputError, match="no column 'raw'"):
        write_long(frame.drop(columns="raw"), tmp_path / "out.csv")
    with pytest.raises(InputError, match="can't be written"):
        write_long(frame, tmp_path / "absent" / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_conditions_have_one_usual_form() -> None:
    assert normal(" do(race) = 0.5 ;allocation=margin") == "allocation=margin; do(race)=0.5"
    assert normal("") == ""
    condition = parse_condition("tax_now*=2; allocation=margin")
    assert (condition.allocation, [change.kind for change in condition.overrides]) == ("margin", ["scale"])


# Targets ----------------------------------------------------------------------------------------------------------


def test_doom_is_the_mean_of_doom_given_the_branches(neutral_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    nodes = evaluate(STORY, neutral_draws, two_allocations)
    parents = {name: nodes[name] for name in ("overtaken", "doom_by_leader", "doom_by_laggard")}
    pause, no_pause = (TARGETS[name](**parents) for name in ("p_doom_given_pause", "p_doom_given_no_pause"))
    mixed = nodes["pause_probability"] * pause + (1 - nodes["pause_probability"]) * no_pause
    xr.testing.assert_allclose(mixed, nodes["p_doom"], rtol=1e-12)


def target_names() -> list[str]:
    names = [*ESSAY.targets, *STORY.parameters, *STORY.nodes]
    return [place for name in names for place in places_of(ESSAY, name)]


def test_every_target_has_a_unit() -> None:
    names = target_names()
    assert len(names) == len(set(names))
    assert {"p_doom", "agi_year", "solved[pause]", "concern_gain[outreach]", "p_doom_given_pause"} <= set(names)
    assert all(target_unit(ESSAY, name) for name in names)
    assert target_unit(ESSAY, "pool_effort[builders;outreach]") == "median FTE"


@pytest.mark.parametrize(
    ("target", "fragment"),
    [
        ("p_dom", "did you mean 'p_doom'?"),
        ("solved", "'solved' is asked about at one place"),
        ("solved[pauze]", "did you mean 'solved[pause]'?"),
        ("agi_year[pause]", "did you mean 'agi_year'?"),
    ],
)
def test_an_unknown_target_is_refused(target: str, fragment: str) -> None:
    with pytest.raises(InputError) as refusal:
        target_unit(ESSAY, target)
    assert fragment in str(refusal.value)


# Mappings ---------------------------------------------------------------------------------------------------------

DEMO = """
source_id = "demo"
title = "A demonstration"
citation = "None"
population = "Two people"
year = 2026
verified = "yes"
derived_from = []

[questions.doom]
wording = "How likely is doom?"
target = "p_doom"
scale = "logit"
kind = "probability"
unit = "probability"
lower = 0.0
upper = 1.0
bias_sd = 1.0
bias_reason = "Assumed."
fair = "By construction."
"""


@pytest.fixture
def demo(tmp_path: Path) -> Callable[..., Path]:
    """Write the demonstration's mapping with one text replaced by another."""

    def write(old: str = "", new: str = "") -> Path:
        assert old in DEMO
        path = tmp_path / "demo.toml"
        path.write_text(DEMO.replace(old, new) if old else DEMO, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("name", SHIPPED.surveys())
def test_what_ships_fits_the_model_and_says_why(name: str) -> None:
    mapping = load_mapping(SHIPPED, name)
    fail_if_mapping_unknown(ESSAY, mapping, NAMED)
    assert mapping.source_id == name
    for question in mapping.questions.values():
        assert question.bias_sd > 0
        assert min(len(question.fair), len(question.bias_reason)) > 80


def test_both_sources_ship_beside_priors_that_still_load() -> None:
    assert SHIPPED.surveys() == ("espai2023", "fri_adversarial")
    PRIORS.fail_if_differ(STORY)


def test_questions_of_one_population_share_a_bias() -> None:
    questions = load_mapping(SHIPPED, "espai2023").questions
    assert {name for name, question in questions.items() if question.bias_group == "extinction"} == {
        "extinction",
        "extinction_100y",
        "extinction_control",
    }
    assert questions["hlmi"].kind_under("FP") == "quantile"
    assert questions["hlmi"].kind_under("FY") == "cdf_point"
    assert questions["hlmi"].shift == 1
    assert questions["alignment_difficulty"].sign == -1


@pytest.mark.parametrize(
    ("old", "new", "fragments"),
    [
        ("bias_sd = 1.0", "bias_sd = 0.0", ["bias_sd", "found 0.0", "greater than 0"]),
        ("bias_sd = 1.0\n", "", ["missing entry 'questions.doom.bias_sd'"]),
        ('scale = "logit"', 'scale = "probit"', ["questions.doom.scale", "'probit'"]),
        ('kind = "probability"', 'kind = "ordered"', ["categories", "ordered"]),
        ("bias_sd", "shift = 1.0\nbias_sd", ["shift", "answers that are times"]),
        ("bias_sd", 'framing_kinds = { FX = "quantile" }\nbias_sd', ["framing_kinds", "unknown framing 'FX'"]),
        ("year = 2026", 'year = "2026"', ["year", "'2026'"]),
        ("[questions.doom]", "[question.doom]", ["unknown entry 'question'", "did you mean 'questions'"]),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(demo: Write, old: str, new: str, fragments: list[str]) -> None:
    with pytest.raises(InputError) as refusal:
        load_mapping(SHIPPED, demo(old, new))
    assert [part for part in ["demo.toml", *fragments] if part not in str(refusal.value)] == []


@pytest.mark.parametrize(
    ("old", "new", "fragments"),
    [
        ('verified = "yes"', 'verified = "essay"', ["'essay'", "no evidence"]),
        ('"p_doom"', '"p_dom"', ["doom: target", "did you mean 'p_doom'?"]),
        ('"p_doom"', '"agi_year"', ["doom: scale", "'years from late 2022'", "log, identity"]),
        ("bias_sd", 'condition = ["do(rase)=0.5"]\nbias_sd', ["doom: condition", "did you mean 'race'?"]),
        ("bias_sd", 'allocation = "recomended"\nbias_sd', ["doom", "did you mean 'recommended'?"]),
    ],
)
def test_a_mapping_to_what_is_not_there_is_refused(demo: Write, old: str, new: str, fragments: list[str]) -> None:
    with pytest.raises(InputError) as refusal:
        fail_if_mapping_unknown(ESSAY, load_mapping(SHIPPED, demo(old, new)), NAMED)
    assert [part for part in ["'demo'", *fragments] if part not in str(refusal.value)] == []


def test_allocations_of_ones_own_are_known(demo: Write) -> None:
    mapping = load_mapping(SHIPPED, demo("bias_sd", 'allocation = "mine"\nbias_sd'))
    fail_if_mapping_unknown(ESSAY, mapping, ["status_quo", "mine"])
    assert mapping.questions["doom"].condition_text == "allocation=mine"


@pytest.mark.parametrize(
    ("change", "fragment"),
    [
        ({"question_id": "dom"}, "unknown question 'dom'; did you mean 'doom'?"),
        ({"target": "race"}, "target: found 'race' in the answers; allowed: 'p_doom'"),
        ({"unit": "percent"}, "unit: found 'percent'"),
        ({"framing": "FP"}, "unknown framing 'FP'"),
        ({"condition": "allocation=margin"}, "condition: found 'allocation=margin' in the answers; allowed: ''"),
        ({"source_id": "demos"}, "unknown source 'demo'; did you mean 'demos'?"),
    ],
)
def test_answers_to_other_questions_are_refused(
    answers: Write, demo: Write, change: dict[str, str], fragment: str
) -> None:
    mapping = load_mapping(SHIPPED, demo())
    fail_if_answers_differ(read_long(answers({})), mapping, ESSAY.status_quo)
    with pytest.raises(InputError) as refusal:
        fail_if_answers_differ(read_long(answers(change)), mapping, ESSAY.status_quo)
    assert fragment in str(refusal.value)


def test_an_unknown_mapping_is_named() -> None:
    with pytest.raises(InputError, match="did you mean 'espai2023'"):
        load_mapping(SHIPPED, "espai2032")


# ESPAI ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def espai(shared: Path) -> pd.DataFrame:
    """All that is read of the individual responses."""
    return read_espai(shared / "data" / "espai2023_individual.csv", ESPAI)


def of(frame: pd.DataFrame, question: str) -> pd.DataFrame:
    return frame[frame["question_id"] == question]


def test_known_answer_15(espai: pd.DataFrame) -> None:
    asked = of(espai, "extinction")
    assert list(asked.loc[has_flag(asked, "impossible"), "raw"]) == ["200", "2000"]
    assert list(asked.loc[has_flag(asked, "impossible"), "value"]) == [2, 20]
    good = usable(asked)
    assert len(good) == 1318
    assert 100 * good["value"].mean() == pytest.approx(16.19, abs=0.005)
    assert 100 * good["value"].median() == pytest.approx(5)


def test_espai_is_read_whole(espai: pd.DataFrame) -> None:
    assert espai.groupby(["question_id", "framing", "kind"]).size().to_dict() == {
        ("alignment_difficulty", "", "ordered"): 1318,
        ("alignment_importance", "", "ordered"): 1322,
        ("extinction", "", "probability"): 1320,
        ("extinction_100y", "", "probability"): 648,
        ("extinction_control", "", "probability"): 661,
        ("hlmi", "FP", "quantile"): 892 + 896 + 885,
        ("hlmi", "FY", "cdf_point"): 846 + 842 + 844,
    }
    assert set(espai["group"]) == {""}
    fail_if_answers_differ(espai, load_mapping(SHIPPED, "espai2023"), ESSAY.status_quo)


def test_nobody_saw_two_wordings_of_extinction(espai: pd.DataFrame) -> None:
    asked = espai[espai["question_id"].str.startswith("extinction")]
    assert asked["respondent_id"].is_unique


def test_answers_are_heaped_as_published(espai: pd.DataFrame) -> None:
    for question, zeros in (("extinction", 174), ("extinction_100y", 122), ("extinction_control", 67)):
        good = usable(of(espai, question))
        assert 0.72 < has_flag(good, "heaped").mean() < 0.9
        assert has_flag(good, "zero").sum() == zeros


def test_the_framings_differ_by_a_factor_of_two(espai: pd.DataFrame) -> None:
    stated = usable(of(espai, "hlmi"))
    medians = stated.groupby(["framing", "level"])["value"].median()
    assert medians["FP", 0.5] == 20
    assert medians["FY", 20.0] == pytest.approx(0.3)
    assert medians["FY", 40.0] == pytest.approx(0.5)


def test_never_is_no_number_of_years(espai: pd.DataFrame) -> None:
    asked = of(espai, "hlmi")
    assert asked.loc[has_flag(asked, "impossible"), "value"].min() > 10_000
    assert usable(asked)["value"].max() == 10_000
    assert has_flag(asked, "impossible").sum() == 9
    assert not has_flag(asked, "incoherent").any()


def test_importance_is_put_in_order(espai: pd.DataFrame) -> None:
    """54 % said very important (41) or among the most important (13)."""
    asked = of(espai, "alignment_importance")
    assert asked.loc[asked["raw"] == "5", "value"].unique() == [4]
    assert asked.loc[asked["raw"] == "4", "value"].unique() == [5]
    assert (asked["value"] == 4).mean() == pytest.approx(0.41, abs=0.005)
    assert (asked["value"] == 5).mean() == pytest.approx(0.13, abs=0.005)


def test_espai_survives_a_round_trip(espai: pd.DataFrame, tmp_path: Path) -> None:
    write_long(espai, tmp_path / "espai.csv")
    pd.testing.assert_frame_equal(read_long(tmp_path / "espai.csv"), espai)


ESPAI_COLUMNS = [
    "row",
    *(f"hlmi_fp_years_p{percent}" for percent in (10, 50, 90)),
    *(f"hlmi_fy_pct_{years}y" for years in (10, 20, 40)),
    "alignment_importance_code",
    "alignment_difficulty_code",
    "p_extinction_pct",
    "p_extinction_100y_pct",
    "p_extinction_control_pct",
]


def test_a_cell_that_is_no_number_keeps_its_text(tmp_path: Path) -> None:
    row = dict.fromkeys(ESPAI_COLUMNS, "") | {"row": "1", "p_extinction_pct": "high", "hlmi_fp_years_p10": "7"}
    pd.DataFrame([row, row | {"row": "2", "p_extinction_pct": "0.1"}]).to_csv(tmp_path / "espai.csv", index=False)
    frame = read_espai(tmp_path / "espai.csv", ESPAI)
    asked = of(frame, "extinction")
    assert list(asked["raw"]) == ["high", "0.1"]
    assert flags(asked) == ["impossible", ""]
    assert list(usable(asked)["value"]) == [0.001]
    write_long(frame, tmp_path / "long.csv")
    pd.testing.assert_frame_equal(read_long(tmp_path / "long.csv"), frame)


def test_another_file_is_no_espai(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("row,p_extinction\n1,5\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"other\.csv: missing column 'p_extinction_pct'; did you mean"):
        read_espai(tmp_path / "other.csv", ESPAI)
    with pytest.raises(InputError, match="unknown question of ESPAI 'extinction_2100'"):
        read_espai(tmp_path / "other.csv", load_mapping(SHIPPED, "fri_adversarial"))


# FRI --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def forecasts(shared: Path) -> Path:
    """The forecasts of FRI's adversarial collaboration."""
    return shared / "data" / "fri_adversarial_collab_forecasts.csv"


def cruxes(path: Path, column: str) -> SurveyMapping:
    """A mapping that names every crux in a file."""
    shipped = load_mapping(SHIPPED, "fri_adversarial")
    (question,) = shipped.questions.values()
    names = sorted(pd.read_csv(path)["crux"].unique())
    questions = {
        f"q{number}": question.model_copy(update={"column": column, "crux": crux}) for number, crux in enumerate(names)
    }
    return shipped.model_copy(update={"questions": questions})


def test_a_copied_statement_is_one_answer(forecasts: Path) -> None:
    frame = read_fri(forecasts, load_mapping(SHIPPED, "fri_adversarial"))
    people = frame.drop_duplicates("respondent_id")
    assert people["group"].value_counts().to_dict() == {"Skeptical": 11, "Concerned": 11}
    assert set(frame["target"]) == {"p_doom"}
    eve = frame[frame["respondent_id"] == "Eve"]
    assert dict(zip(eve["round"], eve["value"], strict=True)) == {"1": 0.03, "2": 0.06, "3": 0.05}
    assert not frame.duplicated(["respondent_id", "value"]).any()
    assert frame.groupby("group")["value"].median()["Skeptical"] == pytest.approx(0.0012, abs=0.001)
    fail_if_answers_differ(frame, load_mapping(SHIPPED, "fri_adversarial"), ESSAY.status_quo)


def test_six_conditionals_are_incoherent(forecasts: Path) -> None:
    frame = read_fri(forecasts, cruxes(forecasts, "p_u_given_crux"))
    assert len(frame) == 647
    odd = frame[has_flag(frame, "incoherent")]
    assert sorted(odd["respondent_id"]) == ["Claire"] * 4 + ["James"] * 2
    source = pd.read_csv(forecasts)
    assert (source["p_u_given_not_crux_implied"] == "incoherent").sum() == 6


def test_cruxes_that_a_map_names_are_read(forecasts: Path) -> None:
    frame = read_fri(forecasts, cruxes(forecasts, "p_crux"))
    assert len(frame) == 649
    assert frame["question_id"].nunique() == 37


@pytest.mark.parametrize(
    ("ultimate", "of_crux", "given", "expected"),
    [
        ("0.1", "0.5", "0.2", False),
        ("0.1", "0.5", "0.21", True),
        ("0.9", "0.5", "0.7", True),
        ("0.9", "0.5", "0.8", False),
        ("1e-08", "0.01", "1e-05", True),
        ("0.1", "NA", "0.9", False),
    ],
)
def test_a_conditional_must_leave_room(ultimate: str, of_crux: str, given: str, expected: bool) -> None:
    assert is_incoherent({"p_u": ultimate, "p_crux": of_crux, "p_u_given_crux": given}) is expected


def test_a_map_to_another_crux_is_refused(forecasts: Path) -> None:
    mapping = load_mapping(SHIPPED, "fri_adversarial")
    (question,) = mapping.questions.values()
    for change, fragment in (
        ({"column": "p_crux", "crux": "6 months pause"}, "did you mean '6 month pause'?"),
        ({"column": "p_c"}, "unknown column 'p_c'"),
    ):
        other = mapping.model_copy(update={"questions": {"pause": question.model_copy(update=change)}})
        with pytest.raises(InputError) as refusal:
            read_fri(forecasts, other)
        assert fragment in str(refusal.value)


def test_the_commented_crux_can_be_used(forecasts: Path, tmp_path: Path) -> None:
    text = SHIPPED.survey_path("fri_adversarial").read_text(encoding="utf-8")
    head, _, commented = text.partition("# [questions.")
    lines = ("[questions." + commented).replace("\n# ", "\n")
    (tmp_path / "mine.toml").write_text(head + lines, encoding="utf-8")
    mapping = load_mapping(SHIPPED, tmp_path / "mine.toml")
    fail_if_mapping_unknown(ESSAY, mapping, NAMED)
    given = of(read_fri(forecasts, mapping), "extinction_given_pause")
    assert set(given["target"]) == {"p_doom_given_pause"}
    assert given.groupby("group")["value"].median().to_dict() == {"Concerned": 0.095, "Skeptical": 9e-4}


# Templates --------------------------------------------------------------------------------------------------------


def test_a_template_is_read_once_it_is_filled_in(tmp_path: Path) -> None:
    frame = template(SHIPPED, ["p_doom", "agi_year", "concern"], source="demo", respondent="anna")
    write_template(frame, tmp_path / "send.csv")
    assert usable(read_long(tmp_path / "send.csv")).empty
    filled = frame.assign(value=[0.2, 3.0, 9.0, 30.0, 0.1, 0.3, float("nan")])
    write_template(filled, tmp_path / "send.csv")
    answered = usable(read_long(tmp_path / "send.csv"))
    assert list(answered["raw"]) == ["0.2", "3", "9", "30", "0.1", "0.3"]
    assert list(answered["level"].dropna()) == [0.1, 0.5, 0.9, 0.1, 0.5]


def test_a_template_asks_in_words_with_unit_and_bounds() -> None:
    frame = template(SHIPPED, ["solved", "agi_year", "reach[outreach]", "assistant_multiplier"])
    assert tuple(frame.columns) == TEMPLATE_COLUMNS
    assert list(frame["target"].unique()) == [
        "solved[no_pause]",
        "solved[pause]",
        "agi_year",
        "reach[outreach]",
        "assistant_multiplier",
    ]
    bounds = frame.groupby("target")[["lower", "upper"]].first()
    assert tuple(bounds.loc["solved[pause]"]) == (0, 1)
    assert tuple(bounds.loc["reach[outreach]"]) == (-1, 1)
    assert bounds.loc["agi_year", "lower"] == 0
    assert PRIORS["agi_year"].entry.question in frame["wording"].loc[2]
    assert "if there is a pause?" in frame["wording"].loc[1]
    assert frame["wording"].str.contains("20% of researchers").sum() == 5
    assert frame["wording"].str.endswith(".").all()


def test_nodes_can_be_asked_about_under_conditions() -> None:
    frame = template(SHIPPED, ["concern", "agi_year"], conditions=["", "do(race)=0.5;allocation=recommended"])
    assert list(frame["condition"].unique()) == ["", "allocation=recommended; do(race)=0.5"]
    assert len(frame) == 3 + 3 + 3
    assert "50% of researchers and 30% of field builders buy time) and with do(race)=0.5" in frame["wording"].loc[3]
    assert frame["question_id"].loc[3] == question_id("concern", "do(race)=0.5;allocation=recommended")


@pytest.mark.parametrize(
    ("name", "condition", "fragment"),
    [
        ("concrn", "", "did you mean 'concern'?"),
        ("solved[x]", "", "unknown target 'solved[x]'"),
        ("concern", "allocation=recomended", "did you mean 'recommended'?"),
        ("concern", "do(rase)=1", "did you mean 'race'?"),
        ("concern", "do(concern)=0.5", "which holds it"),
    ],
)
def test_what_cannot_be_asked_is_refused(name: str, condition: str, fragment: str) -> None:
    with pytest.raises(InputError) as refusal:
        template(SHIPPED, [name], conditions=[condition])
    assert fragment in str(refusal.value)


def test_every_node_and_parameter_can_be_asked_about() -> None:
    priors = PRIORS
    uncertain = {name.partition("[")[0] for name in set(priors.entries) - constants()}
    frame = template(SHIPPED, [*STORY.nodes, *TARGETS, *uncertain], priors)
    assert set(frame["target"]) == set(target_names()) - constants()
    assert frame.groupby("question_id")["target"].nunique().max() == 1


def constants() -> set[str]:
    return {name for name, prior in PRIORS.entries.items() if prior.distribution.is_constant}


def test_a_constant_is_not_asked_about() -> None:
    for name in constants():
        with pytest.raises(InputError, match="is a constant"):
            template(SHIPPED, [name])


def test_a_mapping_must_be_completed_before_use(tmp_path: Path) -> None:
    frame = template(SHIPPED, ["concern", "solved[pause]", "agi_year"], source="demo", conditions=["allocation=margin"])
    write_mapping(frame, tmp_path / "demo.toml", ESSAY.status_quo)
    with pytest.raises(InputError, match="title"):
        load_mapping(SHIPPED, tmp_path / "demo.toml")
    text = mapping_text(frame, ESSAY.status_quo).replace('= ""', '= "stated"').replace("bias_sd = 0.0", "bias_sd = 1.0")
    (tmp_path / "demo.toml").write_text(text, encoding="utf-8")
    mapping = load_mapping(SHIPPED, tmp_path / "demo.toml")
    fail_if_mapping_unknown(ESSAY, mapping, NAMED)
    write_template(frame, tmp_path / "send.csv")
    fail_if_answers_differ(read_long(tmp_path / "send.csv"), mapping, ESSAY.status_quo)
    assert [question.scale for question in mapping.questions.values()] == ["logit", "logit", "log"]
    assert all(question.wording.endswith("?") for question in mapping.questions.values())


# Checks and commands ----------------------------------------------------------------------------------------------


def run(*words: object) -> str:
    result = CliRunner().invoke(survey, [str(word) for word in words], obj=ESSAY, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def cells(text: str, question: str) -> list[str]:
    return (
        next(line for line in text.splitlines() if line.strip().startswith(question + " ")).replace(" %", "%").split()
    )


def test_a_check_counts_what_is_odd(answers: Write) -> None:
    levels = [HLMI | {"level": level, "value": value} for level, value in (("0.1", "9"), ("0.5", "5"))]
    ben = [{"respondent_id": "ben", "value": "30"}, HLMI | {"respondent_id": "ben", "level": "0.5", "value": ""}]
    cleo = [{"respondent_id": "cleo", "value": "0"}, {"respondent_id": "dan", "value": "1"}]
    text = str(check(read_long(answers({}, *levels, *ben, *cleo))))
    assert cells(text, "doom")[-9:] == ["4", "4", "0", "1", "100%", "100%", "1", "1", "0"]
    assert cells(text, "agi")[-7:] == ["1", "2", "1", "0", "0", "0", "2"]
    assert "doom: 1 impossible, left out and not repaired; in the file: 30." in text
    assert "5 of 7 rows can be used" in text


def test_import_espai_and_check(shared: Path, tmp_path: Path) -> None:
    out = tmp_path / "espai.csv"
    source = shared / "data" / "espai2023_individual.csv"
    assert "answers 10,474, respondents 2,732, questions 6" in run("import", "espai", source, "--out", out)
    text = run("check", out)
    assert "in the file: 200, 2000." in text
    assert "sd 0.7 on the log scale" in text
    assert cells(text, "extinction")[-9:] == ["1,320", "1,320", "0", "2", "73%", "54%", "174", "12", "0"]


def test_import_fri_with_a_map_of_ones_own(forecasts: Path, tmp_path: Path, demo: Write) -> None:
    out = tmp_path / "fri.csv"
    assert "respondents 22, questions 1" in run("import", "fri", forecasts, "--out", out)
    own = demo("bias_sd", 'column = "p_u_given_crux"\ncrux = "6 month pause"\nbias_sd')
    assert "answers 17" in run("import", "fri", forecasts, "--map", own, "--out", out)
    assert set(read_long(out)["source_id"]) == {"demo"}


def test_import_long_joins_files(answers: Write, tmp_path: Path) -> None:
    anna, ben = answers({}, name="anna.csv"), answers({"respondent_id": "ben"}, name="ben.csv")
    assert "2 of 2 rows can be used" in run("import", "long", anna, ben, "--out", tmp_path / "all.csv")
    assert len(read_long(tmp_path / "all.csv")) == 2


def test_template_command_and_check_with_a_map(tmp_path: Path, demo: Write) -> None:
    out, mapping = tmp_path / "send.csv", tmp_path / "send.toml"
    printed = run("template", "--nodes", "p_doom, race", "--source", "demo", "--out", out, "--map-out", mapping)
    assert "questions 2, numbers to fill in under 'value' 4" in printed
    assert mapping.exists()
    with pytest.raises(InputError, match="unknown question 'p_doom'"):
        run("check", out, "--map", demo())


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        (["import", "espai", "absent.csv", "--out", "x.csv"], "absent.csv: can't be read"),
        (["import", "fri", "absent.csv", "--map", "fri", "--out", "x.csv"], "unknown mapping 'fri'"),
        (["template", "--nodes", " ,", "--out", "x.csv"], "found no name"),
        (["template", "--nodes", "race", "--out", "absent/x.csv"], "can't be written"),
    ],
)
def test_what_a_user_gets_wrong_is_one_line(words: list[str], fragment: str) -> None:
    with pytest.raises(InputError) as refusal:
        run(*words)
    assert fragment in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_allocations_are_described_as_they_ship() -> None:
    assert SHIPPED.allocations().named["status_quo"].values["buying_time_share"] == {
        "researchers": 0.2,
        "builders": 0.1,
    }
