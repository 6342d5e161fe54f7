"""The comments of a mapping document explain all that its schemas know."""

import tomllib
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter

from tests.shipped import DOCUMENTS
from toc_model.essay.case import ESSAY
from toc_model.survey.documents.mapping import Question, SurveyMapping
from toc_model.survey.documents.reference import described, examples_of, explained
from toc_model.survey.documents.skeleton import mapping_text
from toc_model.survey.documents.template import template
from toc_model.survey.kinds import KINDS

SCHEMAS = (SurveyMapping, Question)
KEYS = [(schema, name) for schema in SCHEMAS for name in schema.model_fields]


@pytest.mark.parametrize(("schema", "key"), KEYS, ids=[f"{schema.__name__}.{name}" for schema, name in KEYS])
def test_each_key_is_explained_with_an_example_that_its_schema_takes(schema: type[Any], key: str) -> None:
    """A new key needs its entry in the schema's docstring, and a line in `toc_model.survey.documents.reference`."""
    assert len(described(schema).get(key, "")) > 10, f"no entry for {key} in the docstring of {schema.__name__}"
    assert key in examples_of(schema), f"no example of {key} in reference.py"
    (found,) = tomllib.loads(examples_of(schema)[key]).items()
    if key == "questions":
        return
    field = schema.model_fields[key]
    assert found[0] == key
    as_annotated: Any = Annotated[field.annotation, field]
    TypeAdapter(as_annotated).validate_python(found[1], strict=True)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_nothing_is_explained_that_is_no_key(schema: type[Any]) -> None:
    assert set(described(schema)) == set(examples_of(schema)) == set(schema.model_fields)


def test_the_written_document_holds_all_of_it_and_reads_as_without() -> None:
    frame = template(DOCUMENTS, ["p_doom", "agi_year"])
    text = mapping_text(frame, ESSAY.status_quo)
    lines = text.splitlines()
    for schema, key in KEYS:
        needed = ", needed" if schema.model_fields[key].is_required() else ""
        assert any(line.startswith(f"# {key}{needed}: ") for line in lines)
        assert f"#     {examples_of(schema)[key]}" in lines
    for name in KINDS:
        assert f"{name}: " in " ".join(lines)
    assert max(len(line) for line in lines if line.startswith("#")) <= 110
    stated = "\n".join(line for line in lines if not line.startswith("#"))
    assert tomllib.loads(text) == tomllib.loads(stated)
    assert list(tomllib.loads(text)["questions"]) == ["p_doom", "agi_year"]


def test_meanings_are_one_line_of_plain_text() -> None:
    found = described(Question)
    assert "`" not in "".join(found.values())
    assert found["unit"].endswith("'calendar year' for a target that counts from a date.")


def test_whether_a_key_is_needed_is_said() -> None:
    text = "\n".join(explained(Question))
    assert "# bias_sd, needed: Standard deviation" in text
    assert "# spread: How far apart" in text
