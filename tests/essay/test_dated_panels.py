"""A panel of a later date asks for years from that date, in words and in the unit of its sheets."""

import pytest

from toc_model.beliefs.shipped import Documents
from toc_model.essay.case import ESSAY
from toc_model.questions.elicit.opened import today
from toc_model.survey.panel.making import new_panel
from toc_model.survey.panel.sheets import sheet_of


@pytest.mark.parametrize(("as_of", "label"), [("late_2022", "late 2022"), ("late_2026", "late 2026")])
def test_years_are_asked_from_the_date_of_the_panel(as_of: str, label: str) -> None:
    documents = Documents.of(ESSAY, as_of=as_of)
    panel = new_panel(documents, ["agi_year"], documents.priors(), made=today())
    (row,) = sheet_of(panel, "1", "expert_1").to_dict("records")
    assert row["unit"] == f"years from {label}"
    assert f"after {label}" in row["wording"]
    assert panel.questions[0].unit == "years from late 2022"
