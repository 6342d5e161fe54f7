"""The reader of ESPAI 2023."""

from pathlib import Path

import pandas as pd
import pytest

from tests.shipped import DOCUMENTS
from tests.survey.files import flags, of
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.essay.readers.espai import read_espai
from toc_model.survey.documents.fits import fail_if_answers_differ
from toc_model.survey.documents.flags import has_flag
from toc_model.survey.documents.mapping import load_mapping
from toc_model.survey.documents.schema import read_long, write_long
from toc_model.survey.documents.usable import usable
from toc_model.survey.learning.questions import prepare


@pytest.fixture(scope="session")
def espai(shared: Path) -> pd.DataFrame:
    """All that is read of the individual responses."""
    return read_espai(shared / "data" / "espai2023_individual.csv", load_mapping(DOCUMENTS, "espai2023"))


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
    fail_if_answers_differ(espai, load_mapping(DOCUMENTS, "espai2023"), ESSAY.status_quo)


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
    frame = read_espai(tmp_path / "espai.csv", load_mapping(DOCUMENTS, "espai2023"))
    asked = of(frame, "extinction")
    assert list(asked["raw"]) == ["high", "0.1"]
    assert flags(asked) == ["impossible", ""]
    assert list(usable(asked)["value"]) == [0.001]
    write_long(frame, tmp_path / "long.csv")
    pd.testing.assert_frame_equal(read_long(tmp_path / "long.csv"), frame)


def test_another_file_is_no_espai(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("row,p_extinction\n1,5\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"other\.csv: missing column 'p_extinction_pct'; did you mean"):
        read_espai(tmp_path / "other.csv", load_mapping(DOCUMENTS, "espai2023"))
    with pytest.raises(InputError, match="unknown question of ESPAI 'extinction_2100'"):
        read_espai(tmp_path / "other.csv", load_mapping(DOCUMENTS, "fri_adversarial"))


def test_espai_is_made_ready(shared: Path) -> None:
    frame = read_espai(shared / "data" / "espai2023_individual.csv", load_mapping(DOCUMENTS, "espai2023"))
    asked = {question.name: question for question in prepare(frame, load_mapping(DOCUMENTS, "espai2023"))}
    assert asked["espai2023_extinction"].respondents == 1318
    assert asked["espai2023_extinction"].left_out == {"impossible": 2}
    assert asked["espai2023_hlmi_quantile"].respondents == 911  # 27 of them stated one number or an open end
    assert {question.bias for name, question in asked.items() if "extinction" in name} == {"ml_researchers:extinction"}
    assert asked["espai2023_hlmi_quantile"].bias == asked["espai2023_hlmi_cdf_point"].bias
    assert asked["espai2023_extinction"].data.sizes["pattern"] < 60
