"""The reader of FRI's adversarial collaboration."""

from pathlib import Path

import pandas as pd
import pytest

from tests.shipped import DOCUMENTS
from tests.survey.files import NAMED, of
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.essay.readers.fri import is_incoherent, read_fri
from toc_model.survey.documents.fits import fail_if_answers_differ, fail_if_mapping_unknown
from toc_model.survey.documents.flags import has_flag
from toc_model.survey.documents.mapping import SurveyMapping, load_mapping


@pytest.fixture(scope="session")
def forecasts(shared: Path) -> Path:
    """The forecasts of FRI's adversarial collaboration."""
    return shared / "data" / "fri_adversarial_collab_forecasts.csv"


def cruxes(path: Path, column: str) -> SurveyMapping:
    """A mapping that names every crux in a file."""
    shipped = load_mapping(DOCUMENTS, "fri_adversarial")
    (question,) = shipped.questions.values()
    names = sorted(pd.read_csv(path)["crux"].unique())
    questions = {
        f"q{number}": question.model_copy(update={"column": column, "crux": crux}) for number, crux in enumerate(names)
    }
    return shipped.model_copy(update={"questions": questions})


def test_a_copied_statement_is_one_answer(forecasts: Path) -> None:
    frame = read_fri(forecasts, load_mapping(DOCUMENTS, "fri_adversarial"))
    people = frame.drop_duplicates("respondent_id")
    assert people["group"].value_counts().to_dict() == {"Skeptical": 11, "Concerned": 11}
    assert set(frame["target"]) == {"p_doom"}
    eve = frame[frame["respondent_id"] == "Eve"]
    assert dict(zip(eve["round"], eve["value"], strict=True)) == {"1": 0.03, "2": 0.06, "3": 0.05}
    assert not frame.duplicated(["respondent_id", "value"]).any()
    assert frame.groupby("group")["value"].median()["Skeptical"] == pytest.approx(0.0012, abs=0.001)
    fail_if_answers_differ(frame, load_mapping(DOCUMENTS, "fri_adversarial"), ESSAY.status_quo)


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
    mapping = load_mapping(DOCUMENTS, "fri_adversarial")
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
    text = DOCUMENTS.survey_path("fri_adversarial").read_text(encoding="utf-8")
    head, _, commented = text.partition("# [questions.")
    lines = ("[questions." + commented).replace("\n# ", "\n")
    (tmp_path / "mine.toml").write_text(head + lines, encoding="utf-8")
    mapping = load_mapping(DOCUMENTS, tmp_path / "mine.toml")
    fail_if_mapping_unknown(ESSAY, mapping, NAMED)
    given = of(read_fri(forecasts, mapping), "extinction_given_pause")
    assert set(given["target"]) == {"p_doom_given_pause"}
    assert given.groupby("group")["value"].median().to_dict() == {"Concerned": 0.095, "Skeptical": 9e-4}
