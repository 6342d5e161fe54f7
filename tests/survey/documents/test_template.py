"""Templates for a new survey, and the mapping that goes with them."""

from pathlib import Path

import pytest

from tests.shipped import DOCUMENTS, STORY, load_allocations, load_priors
from tests.survey.files import NAMED, target_names
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.essay.targets import TARGETS
from toc_model.survey.documents.mapping import fail_if_answers_differ, fail_if_mapping_unknown, load_mapping
from toc_model.survey.documents.schema import read_long
from toc_model.survey.documents.skeleton import mapping_text, write_mapping
from toc_model.survey.documents.template import TEMPLATE_COLUMNS, question_id, template, write_template
from toc_model.survey.documents.usable import usable


def test_a_template_is_read_once_it_is_filled_in(tmp_path: Path) -> None:
    frame = template(DOCUMENTS, ["p_doom", "agi_year", "concern"], source="demo", respondent="anna")
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


def test_a_mapping_must_be_completed_before_use(tmp_path: Path) -> None:
    frame = template(
        DOCUMENTS, ["concern", "solved[pause]", "agi_year"], source="demo", conditions=["allocation=margin"]
    )
    write_mapping(frame, tmp_path / "demo.toml", ESSAY.status_quo)
    with pytest.raises(InputError, match="title"):
        load_mapping(DOCUMENTS, tmp_path / "demo.toml")
    text = mapping_text(frame, ESSAY.status_quo).replace('= ""', '= "stated"').replace("bias_sd = 0.0", "bias_sd = 1.0")
    (tmp_path / "demo.toml").write_text(text, encoding="utf-8")
    mapping = load_mapping(DOCUMENTS, tmp_path / "demo.toml")
    fail_if_mapping_unknown(ESSAY, mapping, NAMED)
    write_template(frame, tmp_path / "send.csv")
    fail_if_answers_differ(read_long(tmp_path / "send.csv"), mapping, ESSAY.status_quo)
    assert [question.scale for question in mapping.questions.values()] == ["logit", "logit", "log"]
    assert all(question.wording.endswith("?") for question in mapping.questions.values())


def test_allocations_are_described_as_they_ship() -> None:
    values = load_allocations().named["status_quo"].values
    assert values["buying_time_share"] == {"researchers": 0.2, "builders": 0.1}
