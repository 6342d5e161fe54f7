"""The spreadsheet that ships as an example, from the file to answers that count."""

from pathlib import Path

import pytest

import toc_model
from tests.conftest import Toc
from tests.shipped import DOCUMENTS
from toc_model.errors import InputError
from toc_model.survey.documents.converting import in_target_units
from toc_model.survey.documents.mapping import load_mapping
from toc_model.survey.documents.schema import read_long
from toc_model.survey.documents.usable import usable

EXAMPLES = Path(__file__).parents[3] / "analyses" / "examples"
TABLE, COLUMNS, MAPPING = (EXAMPLES / name for name in ("colleagues.csv", "columns.toml", "colleagues.toml"))


@pytest.fixture
def answers(toc: Toc, tmp_path: Path) -> Path:
    """The spreadsheet in the long format."""
    out = tmp_path / "answers.csv"
    code, said, error = toc("survey", "import", "wide", TABLE, "--columns", COLUMNS, "--map", MAPPING, "--out", out)
    assert (code, error) == (0, "")
    assert "1 answer that can't be read as a number flagged and left out: 'don't know'" in " ".join(said.split())
    return out


def test_a_program_reads_it_alike(answers: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.csv"
    table = toc_model.import_survey(TABLE, "wide", again, columns=COLUMNS, mapping=MAPPING)
    assert again.read_bytes() == answers.read_bytes()
    assert len(table) == len(again.read_text(encoding="utf-8").splitlines()) - 1


@pytest.mark.parametrize(
    ("reader", "more"), [("wide", {}), ("wide", {"columns": COLUMNS}), ("espai", {"columns": COLUMNS})]
)
def test_a_program_says_what_a_wide_table_needs(tmp_path: Path, reader: str, more: dict[str, Path]) -> None:
    with pytest.raises(InputError, match="allowed: columns and mapping with 'wide', no columns with all others"):
        toc_model.import_survey(TABLE, reader, tmp_path / "out.csv", **more)  # type: ignore[arg-type]


def test_the_spreadsheet_is_read_as_it_is_meant(answers: Path) -> None:
    found = in_target_units(read_long(answers), DOCUMENTS, load_mapping(DOCUMENTS, MAPPING))
    assert found.mapping is not None
    good = usable(found.frame, {found.mapping.source_id: found.mapping})
    doom = good[good["question_id"] == "doom"].set_index("respondent_id")["value"]
    assert doom.to_dict() == pytest.approx(
        {"Amina": 0.2, "Bo": 0.025, "Chiara": 0.35, "Dmitri": 0.1, "Farid": 0.6, "Grete": 0.05, "Hiro": 0.15}
    )
    agi = good[(good["question_id"] == "agi") & (good["level"] == 0.5)].set_index("respondent_id")["value"]
    assert agi["Grete"] == pytest.approx(2045 - 2022.9)
    assert len(agi) == 8


def test_the_check_says_what_counts(toc: Toc, answers: Path) -> None:
    code, said, error = toc("survey", "check", answers, "--map", MAPPING)
    assert (code, error) == (0, "")
    told = " ".join(said.split())
    assert "agi: 22 answers in 'calendar year' converted to 'years from late 2022'" in told
    assert "29 of 30 rows can be used; 1 can't." in told
    assert "1 impossible (Esi)" in told
