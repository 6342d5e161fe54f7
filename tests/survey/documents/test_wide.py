"""Tables with a row or a column for each respondent."""

from pathlib import Path

import pytest

from tests.shipped import DOCUMENTS
from tests.survey.documents.test_converting import AGI
from tests.survey.files import DEMO, WORRY
from toc_model.errors import InputError
from toc_model.survey.documents.converting import in_target_units
from toc_model.survey.documents.mapping import SurveyMapping, load_mapping
from toc_model.survey.documents.wide import read_layout, read_wide

MAPPING = DEMO + AGI[AGI.index("[questions.agi]") :] + WORRY

FORMS = (
    """Timestamp,Your name,"P(doom), in %",AGI year (median),Worried?,Comments,Comments
2026/03/01 10:00:00 am GMT+1,A,10%,2035,Yes,,
2026/03/01 11:00:00 am GMT+1,B,"5-10%",2040,no,fine,
2026/03/01 12:00:00 am GMT+1,C,20,NA,maybe,,
""",
    """
rows = { respondent = "Your name" }
[columns."P(doom), in %"]
question = "doom"
unit = "percent"
[columns."AGI year (median)"]
question = "agi"
level = 0.5
unit = "calendar year"
[columns."Worried?"]
question = "worry"
""",
    [
        ("A", "doom", 0.1, ""),
        ("A", "agi", 2035 - 2022.9, ""),
        ("A", "worry", 3, ""),
        ("B", "doom", None, "impossible"),
        ("B", "agi", 2040 - 2022.9, ""),
        ("B", "worry", 1, ""),
        ("C", "doom", 0.2, ""),
        ("C", "worry", None, "impossible"),
    ],
)
QUALTRICS = (
    """ResponseId,Q1_1,Q1_2,Q1_3
"Response, ID","AGI, 10 %","AGI, 50 %","AGI, 90 %"
"{""ImportId"":""_recordId""}","{""ImportId"":""QID1_1""}","{""ImportId"":""QID1_2""}","{""ImportId"":""QID1_3""}"
R_1,60,120,"1,200"
""",
    """
headers = 3
rows = { respondent = "ResponseId" }
columns.Q1_1 = { question = "agi", level = 0.1, unit = "months" }
columns.Q1_2 = { question = "agi", level = 0.5, unit = "months" }
columns.Q1_3 = { question = "agi", level = 0.9, unit = "months" }
""",
    [("R_1", "agi", 5, ""), ("R_1", "agi", 10, ""), ("R_1", "agi", 100, "")],
)
IDEA = (
    """Expert;Round;Question;Lower;Best;Upper
A;1;When is AGI?;5,5;10;20
""",
    """
rows = { respondent = "Expert", round = "Round", question = "Question" }
questions = { "When is AGI?" = "agi" }
columns.Lower.level = 0.1
columns.Best.level = 0.5
columns.Upper.level = 0.9
""",
    [("A", "agi", 5.5, ""), ("A", "agi", 10, ""), ("A", "agi", 20, "")],
)
SHELF = (
    """p,Anna,Ben
0.1,5,6
50%,10,12
0.9,20,
""",
    """
rows = { level = "p" }
columns.Anna = { question = "agi", respondent = "anna", group = "owls" }
columns.Ben = { question = "agi", respondent = "ben" }
""",
    [
        ("anna", "agi", 5, ""),
        ("ben", "agi", 6, ""),
        ("anna", "agi", 10, ""),
        ("ben", "agi", 12, ""),
        ("anna", "agi", 20, ""),
    ],
)


@pytest.fixture
def mapping(tmp_path: Path) -> SurveyMapping:
    (tmp_path / "map.toml").write_text(MAPPING, encoding="utf-8")
    return load_mapping(DOCUMENTS, tmp_path / "map.toml")


def files(folder: Path, table: str, layout: str) -> tuple[Path, Path]:
    (folder / "wide.csv").write_text(table, encoding="utf-8")
    (folder / "columns.toml").write_text(layout, encoding="utf-8")
    return folder / "wide.csv", folder / "columns.toml"


@pytest.mark.parametrize(("table", "layout", "expected"), [FORMS, QUALTRICS, IDEA, SHELF])
def test_layouts_are_read(
    tmp_path: Path, mapping: SurveyMapping, table: str, layout: str, expected: list[tuple[str, str, float | None, str]]
) -> None:
    path, columns = files(tmp_path, table, layout)
    frame, _ = read_wide(path, read_layout(columns), mapping)
    found = in_target_units(frame, DOCUMENTS, mapping).frame
    values = [float("nan") if value is None else value for _, _, value, _ in expected]
    assert found["value"].tolist() == pytest.approx(values, nan_ok=True)
    told = found.assign(flags=found["flags"].str.replace("heaped", ""))[["respondent_id", "question_id", "flags"]]
    assert list(told.itertuples(index=False, name=None)) == [(who, what, flags) for who, what, _, flags in expected]


def test_levels_groups_and_rounds_come_from_where_they_stand(tmp_path: Path, mapping: SurveyMapping) -> None:
    path, columns = files(tmp_path, *SHELF[:2])
    frame, _ = read_wide(path, read_layout(columns), mapping)
    assert frame["level"].tolist() == [0.1, 0.1, 0.5, 0.5, 0.9]
    assert frame["group"].tolist() == ["owls", "", "owls", "", "owls"]
    path, columns = files(tmp_path, *IDEA[:2])
    assert set(read_wide(path, read_layout(columns), mapping)[0]["round"]) == {"1"}


@pytest.mark.parametrize(
    ("old", "new", "fragment"),
    [
        ('question = "doom"', 'question = "dom"', "row 2: P(doom), in %: survey 'demo': unknown question 'dom'"),
        ('question = "doom"\n', "", "columns.P(doom), in %: question: found nothing"),
        ('respondent = "Your name"', 'respondent = "Name"', "missing column 'Name'"),
        ('respondent = "Your name"', 'person = "Your name"', "rows"),
        ('respondent = "Your name"', 'level = "Your name"', "level: found it here and in rows; allowed: once"),
        ("rows =", "headers = 5\nrows =", "found no answer in 'P(doom), in %'"),
        ("level = 0.5\n", "", "row 2: AGI year (median): level: found nothing"),
        ("rows =", "header = 1\nrows =", "unknown entry 'header'; did you mean 'headers'?"),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, mapping: SurveyMapping, old: str, new: str, fragment: str
) -> None:
    table, layout, _ = FORMS
    assert old in layout
    path, columns = files(tmp_path, table, layout.replace(old, new))
    with pytest.raises(InputError) as refusal:
        read_wide(path, read_layout(columns), mapping)
    assert fragment in str(refusal.value)
