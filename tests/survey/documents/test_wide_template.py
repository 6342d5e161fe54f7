"""A template with a row for each respondent comes back as the long one does."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Toc
from tests.shipped import DOCUMENTS
from tests.survey.documents.test_template import completed
from toc_model.essay.case import ESSAY
from toc_model.survey.documents.mapping import load_mapping
from toc_model.survey.documents.schema import read_long, write_columns
from toc_model.survey.documents.skeleton import mapping_text
from toc_model.survey.documents.template import template, write_template
from toc_model.survey.documents.wide import read_layout, read_wide
from toc_model.survey.documents.wide_template import HEADERS, WHO, wide_frame, write_wide

NODES = ("p_doom", "agi_year", "concern", "reach[outreach]", "pause_length")
SHARED = ["respondent_id", "question_id", "target", "kind", "level", "value", "unit", "lower", "upper", "condition"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    nodes=st.lists(st.sampled_from(NODES), min_size=1, unique=True),
    under=st.lists(st.sampled_from(["", "allocation=margin", "do(race)=0.5"]), min_size=1, unique=True),
    levels=st.sampled_from([(), (0.05, 0.5, 0.95), (0.025,)]),
    people=st.sampled_from([["expert_1", "expert_2"], ["Ada"], ["=1+1", "O'Neil, jr."]]),
    seed=st.integers(0, 2**16),
)
def test_it_comes_back_as_the_long_one(
    tmp_path: Path, nodes: list[str], under: list[str], levels: tuple[float, ...], people: list[str], seed: int
) -> None:
    levels = levels if nodes != ["p_doom"] else ()
    frame = template(DOCUMENTS, nodes, respondents=people, conditions=under, levels=levels)
    numbers = pd.Series(range(len(frame))).sample(frac=1, random_state=seed).to_numpy()
    long = frame.assign(value=(1 + numbers) / (2 + len(frame)))
    write_template(long, tmp_path / "long.csv")

    write_wide(frame, tmp_path / "wide.csv", tmp_path / "columns.toml")
    wide = wide_frame(frame)
    answers = long["value"].to_numpy().reshape(len(people), -1)
    for place, row in enumerate(answers, start=1):
        wide.iloc[place, 1:] = [repr(float(value)) for value in row]
    write_columns(wide, wide.columns, tmp_path / "wide.csv")
    (tmp_path / "map.toml").write_text(completed(mapping_text(frame, ESSAY.status_quo)), encoding="utf-8")

    mapping = load_mapping(DOCUMENTS, tmp_path / "map.toml")
    found, _ = read_wide(tmp_path / "wide.csv", read_layout(tmp_path / "columns.toml"), mapping)
    expected = read_long(tmp_path / "long.csv")
    pd.testing.assert_frame_equal(found[SHARED], expected[SHARED])
    assert found["flags"].tolist() == expected["flags"].tolist()


def test_people_read_what_is_asked_in_which_unit_and_between_which_bounds() -> None:
    wide = wide_frame(template(DOCUMENTS, ["agi_year"], respondents=["a", "b"], levels=(0.05, 0.5)))
    assert wide.columns.tolist() == [WHO, "agi_year 5%", "agi_year 50%"]
    assert wide.shape[0] == HEADERS - 1 + 2
    (asked, *_) = wide["agi_year 5%"].tolist()
    assert "in years from late 2022" in asked
    assert asked.endswith("(Possible: from 0 to 1000.)")
    assert wide[WHO].tolist() == ["", "a", "b"]


@pytest.mark.parametrize("experts", [(), ("--experts", 2)])
def test_the_command_writes_what_the_import_reads(toc: Toc, tmp_path: Path, experts: tuple[object, ...]) -> None:
    ask, mapping, columns, out = (tmp_path / name for name in ("ask.csv", "map.toml", "columns.toml", "long.csv"))
    words = ["survey", "template", "--nodes", "p_doom,concern", *experts, "--levels", "5,95"]
    code, said, _ = toc(*words, "--out", ask, "--map-out", mapping, "--wide", columns)
    assert code == 0
    assert "a row for each respondent" in said
    mapping.write_text(completed(mapping.read_text()))
    read = ["survey", "import", "wide", ask, "--columns", columns, "--map", mapping, "--out", out]
    code, _, error = toc(*read)
    assert (code, "found no answer" in error) == (2, True)
    header = ask.read_text().splitlines()
    ask.write_text("\n".join([*header[:2], "Ada,30%,0.2,0.6", "Ben,0.1,,0.5"]) + "\n")
    code, said, error = toc(*read)
    assert (code, error) == (0, "")
    found = read_long(out)
    assert found[["respondent_id", "level", "value"]].fillna(-1).values.tolist() == [
        ["Ada", -1, 0.3],
        ["Ada", 0.05, 0.2],
        ["Ada", 0.95, 0.6],
        ["Ben", -1, 0.1],
        ["Ben", 0.95, 0.5],
    ]
    code, said, _ = toc("survey", "check", out, "--map", mapping)
    assert code == 0
    assert "5 of 5 rows can be used" in " ".join(said.split())
