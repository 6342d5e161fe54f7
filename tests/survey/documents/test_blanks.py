"""What is blank: an empty text, and 0 where a number must be above it."""

from pathlib import Path

import pytest

from toc_model.errors import InputError
from toc_model.survey.documents.blanks import blanks_in, fail_if_blank
from toc_model.survey.documents.mapping import SurveyMapping


def test_zeros_are_blank_where_they_can_not_be_meant() -> None:
    anchors = {"yes": {"from": 0.0, "sd": 0.0, "reason": ""}}
    question = {"lower": 0.0, "shift": 0.0, "spread": 0.0, "bias_sd": 0, "column": "", "anchors": anchors}
    table = {"year": 0, "derived_from": [], "questions": {"q": question}}
    inside = ["questions.q.bias_sd", "questions.q.anchors.yes.sd", "questions.q.anchors.yes.reason"]
    assert list(blanks_in(SurveyMapping, table)) == ["year", *inside]


def test_what_is_no_table_is_left_to_the_schema() -> None:
    assert list(blanks_in(SurveyMapping, {"questions": "all", "title": None})) == []
    assert list(blanks_in(SurveyMapping, {"questions": {"q": 3}})) == []


def test_of_many_blanks_the_first_are_listed() -> None:
    table = {"questions": {f"q{number}": {"fair": ""} for number in range(20)}}
    with pytest.raises(InputError, match=r"x.toml: found blanks, .*questions\.q11\.fair and 8 more; allowed: "):
        fail_if_blank(SurveyMapping, table, Path("x.toml"))
