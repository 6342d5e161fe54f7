"""Templates for a new survey, and the mapping that goes with them."""

import math
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.conftest import Toc
from tests.refused import assert_refused
from tests.shipped import DOCUMENTS, STORY, load_allocations, load_priors
from tests.survey.files import NAMED, target_names
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.essay.targets import TARGETS
from toc_model.survey.documents.asked import conditions_in, levels_in, respondents_in
from toc_model.survey.documents.converting import in_target_units
from toc_model.survey.documents.fits import fail_if_answers_differ, fail_if_mapping_unknown
from toc_model.survey.documents.mapping import load_mapping
from toc_model.survey.documents.schema import read_long
from toc_model.survey.documents.skeleton import mapping_text, write_mapping
from toc_model.survey.documents.subjects import question_id
from toc_model.survey.documents.template import TEMPLATE_COLUMNS, template, write_template
from toc_model.survey.documents.usable import usable


def test_a_template_is_read_once_it_is_filled_in(tmp_path: Path) -> None:
    frame = template(DOCUMENTS, ["p_doom", "agi_year", "concern"], source="demo", respondents=["anna"])
    write_template(frame, tmp_path / "send.csv")
    assert usable(read_long(tmp_path / "send.csv")).empty
    filled = frame.assign(value=[0.2, 3.0, 9.0, 30.0, 0.1, 0.3, float("nan")])
    write_template(filled, tmp_path / "send.csv")
    answered = usable(read_long(tmp_path / "send.csv"))
    assert list(answered["raw"]) == ["0.2", "3", "9", "30", "0.1", "0.3"]
    assert list(answered["level"].dropna()) == [0.1, 0.5, 0.9, 0.1, 0.5]


def test_a_template_asks_in_words_with_unit_and_bounds() -> None:
    frame = template(DOCUMENTS, ["solved", "agi_year", "reach[outreach]", "assistant_multiplier"])
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
    assert load_priors()["agi_year"].entry.question in frame["wording"].loc[2]
    assert "if there is a pause?" in frame["wording"].loc[1]
    assert frame["wording"].str.contains("20% of researchers").sum() == 5
    assert frame["wording"].str.endswith(".").all()


def test_nodes_can_be_asked_about_under_conditions() -> None:
    frame = template(DOCUMENTS, ["concern", "agi_year"], conditions=["", "do(race)=0.5;allocation=recommended"])
    assert list(frame["condition"].unique()) == ["", "allocation=recommended; do(race)=0.5"]
    assert len(frame) == 3 + 3 + 3
    assert "50% of researchers and 30% of field builders buy time) and with do(race)=0.5" in frame["wording"].loc[3]
    assert frame["question_id"].loc[3] == question_id("concern", "allocation=recommended; do(race)=0.5")


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
        template(DOCUMENTS, [name], conditions=[condition])
    assert fragment in str(refusal.value)


def test_every_node_and_parameter_can_be_asked_about() -> None:
    priors = load_priors()
    uncertain = {name.partition("[")[0] for name in set(priors.entries) - constants()}
    frame = template(DOCUMENTS, [*STORY.nodes, *TARGETS, *uncertain], priors)
    assert set(frame["target"]) == set(target_names()) - constants()
    assert frame.groupby("question_id")["target"].nunique().max() == 1


def constants() -> set[str]:
    return {name for name, prior in load_priors().entries.items() if prior.distribution.is_constant}


def test_a_constant_is_not_asked_about() -> None:
    for name in constants():
        with pytest.raises(InputError, match="is a constant"):
            template(DOCUMENTS, [name])


TEXTS = ("title", "citation", "population", "bias_reason", "fair")
BLANKS = {f'{name} = ""': f'{name} = "stated"' for name in TEXTS}
BLANKS |= {"year = 0": "year = 2026", "bias_sd = 0.0": "bias_sd = 1.0"}


def completed(text: str) -> str:
    """A mapping document with its blanks filled in."""
    for blank, stated in BLANKS.items():
        assert f"\n{blank}\n" in text
        text = text.replace(f"\n{blank}\n", f"\n{stated}\n")
    return text


@pytest.mark.parametrize("blank", BLANKS)
def test_each_blank_that_is_left_is_refused_and_named(tmp_path: Path, blank: str) -> None:
    text = mapping_text(template(DOCUMENTS, ["concern", "agi_year"]), ESSAY.status_quo)
    (tmp_path / "demo.toml").write_text(completed(text).replace(BLANKS[blank], blank), encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        load_mapping(DOCUMENTS, tmp_path / "demo.toml")
    name = blank.partition(" ")[0]
    listed = name if f"\n{blank}\n" in text.partition("\n[questions.")[0] else f"questions.concern.{name}"
    assert "demo.toml: found blanks, which only you can fill in: " in str(refusal.value)
    assert listed in str(refusal.value)


def test_a_mapping_must_be_completed_before_use(tmp_path: Path) -> None:
    frame = template(
        DOCUMENTS, ["concern", "solved[pause]", "agi_year"], source="demo", conditions=["allocation=margin"]
    )
    write_mapping(frame, tmp_path / "demo.toml", ESSAY.status_quo)
    left = r"title, citation, population, year, questions\.concern_if_allocation_margin\.bias_sd"
    with pytest.raises(InputError, match=left):
        load_mapping(DOCUMENTS, tmp_path / "demo.toml")
    (tmp_path / "demo.toml").write_text(completed(mapping_text(frame, ESSAY.status_quo)), encoding="utf-8")
    mapping = load_mapping(DOCUMENTS, tmp_path / "demo.toml")
    fail_if_mapping_unknown(ESSAY, mapping, NAMED)
    write_template(frame, tmp_path / "send.csv")
    fail_if_answers_differ(read_long(tmp_path / "send.csv"), mapping, ESSAY.status_quo)
    assert [question.scale for question in mapping.questions.values()] == ["logit", "logit", "log"]
    assert all(question.wording.endswith("?") for question in mapping.questions.values())


def test_allocations_are_described_as_they_ship() -> None:
    values = load_allocations().named["status_quo"].values
    assert values["buying_time_share"] == {"researchers": 0.2, "builders": 0.1}


# What is asked, of whom, and under what ------------------------------------------------------------------------------


def test_levels_are_asked_in_order_and_in_words() -> None:
    frame = template(DOCUMENTS, ["p_doom", "agi_year"], levels=levels_in("97.5, 50%,2.5"))
    assert frame["level"].tolist() == pytest.approx([math.nan, 0.025, 0.5, 0.975], nan_ok=True)
    assert "a 2.5% chance of the truth lying below" in frame["wording"].loc[1]
    assert "a 2.5% chance of the truth lying above" in frame["wording"].loc[3]


@given(st.lists(st.integers(1, 9999), min_size=1, max_size=9, unique=True))
def test_levels_are_what_was_asked_for_sorted(per_myriad: list[int]) -> None:
    assume(max(per_myriad) >= 100)
    found = levels_in(",".join(f"{level / 100}" for level in per_myriad))
    assert list(found) == [level / 10_000 for level in sorted(per_myriad)]
    assert 0 < found[0] <= found[-1] < 1


@pytest.mark.parametrize("text", ["", ",", "0,50", "50,100", "-5,50", "50,50", "5%,50,5", "x", "nan", "0.05,0.5,0.95"])
def test_what_is_no_level_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"^levels: found .*; allowed: per cent between 0 and 100"):
        levels_in(text)


def test_experts_are_numbered_or_named_and_each_is_asked_all() -> None:
    assert respondents_in(3, ()) == ("expert_1", "expert_2", "expert_3")
    assert respondents_in(None, ()) == ("",)
    names = respondents_in(None, (" Ada ", "Ben, jr."))
    assert names == ("Ada", "Ben, jr.")
    frame = template(DOCUMENTS, ["p_doom", "agi_year"], respondents=names)
    assert frame.groupby("respondent_id", sort=False)["question_id"].agg(list).to_dict() == {
        name: ["p_doom", *["agi_year"] * 3] for name in names
    }


def test_conditions_and_allocations_are_crossed() -> None:
    under = conditions_in(("", "do(race)=0.5"), "status_quo,margin")
    frame = template(DOCUMENTS, ["p_doom", "agi_year"], conditions=under)
    asked = frame[frame["target"] == "p_doom"]
    assert asked["condition"].tolist() == ["", "allocation=margin", "do(race)=0.5", "allocation=margin; do(race)=0.5"]
    assert asked["question_id"].iloc[0] == "p_doom"
    assert (frame["target"] == "agi_year").sum() == 3, "parameters are asked once"


def test_a_condition_is_asked_under_once_however_it_is_written() -> None:
    frame = template(DOCUMENTS, ["p_doom"], conditions=["", "allocation=status_quo", "do(race)=.5", "do(race)=0.5"])
    assert frame["condition"].tolist()[0] == ""
    assert frame["question_id"].is_unique
    assert frame[["target", "condition"]].duplicated().sum() == 0


def test_questions_that_signs_alone_tell_apart_have_names_of_their_own() -> None:
    frame = template(DOCUMENTS, ["concern"], conditions=["do(reach[outreach])=-0.5", "do(reach[outreach])=0.5"])
    assert frame.groupby("question_id")["condition"].nunique().tolist() == [1, 1]


def test_questions_about_one_thing_share_a_bias() -> None:
    frame = template(DOCUMENTS, ["p_doom", "concern"], conditions=["", "allocation=margin"])
    text = completed(mapping_text(frame, ESSAY.status_quo))
    groups = {name: found.get("bias_group") for name, found in tomllib.loads(text)["questions"].items()}
    assert groups["p_doom"] == groups["p_doom_if_allocation_margin"] == "p_doom"
    assert groups["concern"] == "concern"
    alone = mapping_text(template(DOCUMENTS, ["p_doom"]), ESSAY.status_quo)
    assert "bias_group" not in tomllib.loads(alone)["questions"]["p_doom"]


def test_years_have_an_upper_bound_and_a_year_of_the_calendar_is_beyond_it(tmp_path: Path) -> None:
    frame = template(DOCUMENTS, ["agi_year", "pause_length"], respondents=["anna"])
    assert set(frame["upper"]) == {1000.0}
    write_template(frame.assign(value=3000.0), tmp_path / "send.csv")
    found = read_long(tmp_path / "send.csv")
    assert set(found["flags"]) == {"impossible"}
    assert usable(in_target_units(found, DOCUMENTS).frame).empty


def test_years_of_the_calendar_are_mended_as_the_check_says(toc: Toc, tmp_path: Path) -> None:
    ask, mapping = tmp_path / "ask.csv", tmp_path / "ask.toml"
    frame = template(DOCUMENTS, ["agi_year"], respondents=["anna"])
    write_template(frame.assign(value=[2031.0, 2040.0, 2060.0]), ask)
    text = completed(mapping_text(frame, ESSAY.status_quo))
    mapping.write_text(text)
    assert_refused(toc("survey", "check", ask, "--map", mapping), "no usable answer", "years of the calendar")
    text = text.replace('\nunit = "years from late 2022"', '\nunit = "calendar year"')
    mapping.write_text(text)
    assert_refused(toc("survey", "check", ask, "--map", mapping), "agi_year: upper: found 1000", "or no upper")
    mapping.write_text(text.replace("\nupper = 1000.0\n", "\n"))
    code, said, _ = toc("survey", "check", ask, "--map", mapping)
    assert code == 0
    assert "3 of 3 rows can be used" in " ".join(said.split())


# The command ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        ("--levels 5,101", "levels: found '101'; allowed: per cent between 0 and 100"),
        ("--levels 0.1,0.5", "all below 1 per cent"),
        ("--experts 0", "experts: found 0; allowed: a whole number from 1"),
        ("--experts 3 --respondent anna", "experts: found 3 beside a respondent, 'anna'"),
        ("--experts many", "'many'"),
        ("--respondent anna --respondent anna", "respondent 'anna': found it 2 times"),
        ("--under-each status_quo,recomended", "did you mean 'recommended'?"),
        ("--under-each ,", "under-each: found no name"),
        ("--under-each margin --under allocation=margin", "found 2 allocations"),
        ("--source=", "source: found nothing"),
        ("--wide columns.csv", "found the ending '.csv'; allowed: '.toml'"),
        ("--wide map.toml", "found it twice among files to write"),
    ],
)
def test_wrong_options_are_refused_and_nothing_is_written(
    toc: Toc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, fragment: str
) -> None:
    monkeypatch.chdir(tmp_path)
    command = ["survey", "template", "--nodes", "p_doom,agi_year", "--out", "ask.csv", "--map-out", "map.toml"]
    assert_refused(toc(*command, *words.split()), fragment)
    assert list(tmp_path.iterdir()) == []


def test_allocations_of_ones_own_may_have_any_name(toc: Toc, tmp_path: Path) -> None:
    ask, mapping = tmp_path / "ask.csv", tmp_path / "ask.toml"
    words = ["--move", "größer=researchers:60", "--under-each", "status_quo,größer", "--out", ask, "--map-out", mapping]
    assert toc("survey", "template", "--nodes", "p_doom", *words)[0] == 0
    mapping.write_text(completed(mapping.read_text(encoding="utf-8")), encoding="utf-8")
    assert list(load_mapping(DOCUMENTS, mapping).questions) == ["p_doom", "p_doom_if_allocation_größer"]


def test_levels_of_probabilities_are_refused(toc: Toc, tmp_path: Path) -> None:
    found = toc("survey", "template", "--nodes", "p_doom", "--levels", "5,50", "--out", tmp_path / "x.csv")
    assert_refused(found, "levels: found 5 %, 50 %, and only probabilities to ask for; allowed: ")


@pytest.mark.parametrize("nodes", ["p_doom,concern,agi_year,reach", "pause_length,solved[pause],reach[outreach]"])
def test_a_template_filled_in_passes_the_check(toc: Toc, tmp_path: Path, nodes: str) -> None:
    ask, mapping = tmp_path / "ask.csv", tmp_path / "ask.toml"
    words = ["survey", "template", "--nodes", nodes, "--experts", 2, "--under-each", "status_quo,recommended"]
    assert toc(*words, "--out", ask, "--map-out", mapping)[0] == 0
    frame = pd.read_csv(ask, dtype=str, keep_default_na=False)
    write_template(frame.assign(value=[level or "0.2" for level in frame["level"]]), ask)
    code, _, error = toc("survey", "check", ask, "--map", mapping)
    assert (code, "found blanks" in error) == (2, True)
    mapping.write_text(completed(mapping.read_text()))
    code, said, error = toc("survey", "check", ask, "--map", mapping)
    assert (code, error) == (0, "")
    assert f"{len(frame)} of {len(frame)} rows can be used; 0 can't." in " ".join(said.split())
