"""Surveys that ship as published summaries, and what all mapping documents say of biases."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.shipped import DOCUMENTS, load_priors
from tests.survey.files import NAMED
from toc_model.errors import InputError
from toc_model.survey.documents.converting import in_target_units
from toc_model.survey.documents.fits import fail_if_answers_differ, fail_if_mapping_unknown
from toc_model.survey.documents.mapping import SurveyMapping, load_mapping
from toc_model.survey.documents.schema import read_long
from toc_model.survey.documents.usable import verdicts
from toc_model.survey.documents.wide import read_layout, read_wide
from toc_model.survey.kinds import KINDS
from toc_model.survey.learning.contents import digest_of_content
from toc_model.survey.learning.questions import Asked, prepare
from toc_model.survey.learning.settings import Settings
from toc_model.survey.learning.surveys import read_surveys
from toc_model.survey.learning.update import update

FOLDER = DOCUMENTS.folder / "surveys"
PUBLISHED = sorted(path.stem for path in FOLDER.glob("*.csv"))


def ready(name: str) -> tuple[SurveyMapping, dict[str, Asked]]:
    """A shipped summary as it is learned from."""
    found = in_target_units(read_long(FOLDER / f"{name}.csv"), DOCUMENTS, load_mapping(DOCUMENTS, name))
    assert found.mapping
    return found.mapping, {item.name.removeprefix(f"{name}_"): item for item in prepare(found.frame, found.mapping)}


def test_summaries_ship() -> None:
    assert PUBLISHED == ["espai2023_published", "espai2024", "safety_leaders2026", "xpt2022"]


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_row_counts_and_cites_its_source(name: str) -> None:
    frame, mapping = read_long(FOLDER / f"{name}.csv"), load_mapping(DOCUMENTS, name)
    fail_if_mapping_unknown(DOCUMENTS.case, mapping, NAMED)
    fail_if_answers_differ(frame, mapping, DOCUMENTS.case.status_quo)
    found = in_target_units(frame, DOCUMENTS, mapping)
    assert found.mapping
    assert set(verdicts(found.frame, {name: found.mapping})) == {""}
    assert set(frame["question_id"]) == set(mapping.questions)
    for row in frame.to_dict("records"):
        shown = str(row["value"]).removesuffix(".0")
        assert shown in row["raw"], row
        assert "(" in row["raw"], row


@pytest.mark.parametrize("name", DOCUMENTS.surveys())
def test_every_question_shares_a_bias_with_its_population_and_topic(name: str) -> None:
    for question in load_mapping(DOCUMENTS, name).questions.values():
        population, topic = question.bias_group.split(":")
        assert population
        if question.target in ("p_doom", "agi_year"):
            assert topic == {"p_doom": "extinction", "agi_year": "timelines"}[question.target]


def test_waves_of_one_survey_share_their_biases() -> None:
    groups = [{item.bias for item in ready(name)[1].values()} for name in ("espai2023_published", "espai2024")]
    assert groups[1] < groups[0]


def test_another_year_of_a_survey_is_used_beside_it_and_shares_its_bias() -> None:
    files = [FOLDER / f"{name}.csv" for name in ("espai2023_published", "espai2024")]
    asked = read_surveys(DOCUMENTS, files, [], load_priors(), NAMED).asked
    assert len({item.bias for item in asked if item.mapping.target == "p_doom"}) == 1


def test_a_summary_is_not_used_beside_what_it_summarises(tmp_path: Path) -> None:
    frame = read_long(FOLDER / "espai2023_published.csv").iloc[:1]
    one = frame.assign(source_id="espai2023", kind="probability", value=0.05, level=np.nan, unit="probability")
    path = tmp_path / "individual.csv"
    one.drop(columns="people").to_csv(path, index=False)
    with pytest.raises(InputError, match="an overlapping source"):
        read_surveys(DOCUMENTS, [FOLDER / "espai2023_published.csv", path], [], load_priors(), NAMED)


def test_leaders_and_forecasters_are_used_together() -> None:
    files = [FOLDER / f"{name}.csv" for name in ("safety_leaders2026", "xpt2022", "espai2024")]
    found = read_surveys(DOCUMENTS, files, [], load_priors(), NAMED)
    assert sum(item.respondents for item in found.asked) == 59 * 2 + 80 + 30 + 1489 + 700 * 2


def test_years_count_from_the_date() -> None:
    _, asked = ready("safety_leaders2026")
    date = DOCUMENTS.date
    assert date
    (median, mean) = KINDS["summary"].observed(asked["agi"].data)[0]
    assert np.exp(mean) == pytest.approx(2034 - date.year)
    assert np.exp(median) == pytest.approx(2033 - date.year, abs=0.05)
    _, asked = ready("espai2023_published")
    years = np.exp(KINDS["summary"].observed(asked["hlmi"].data)[0, :3])
    np.testing.assert_allclose(years, [10.7, 20.4, 40.7], rtol=0.01)


# Against the sources --------------------------------------------------------------------------------------------------


def test_figures_are_those_that_were_published(shared: Path) -> None:
    with (shared / "data" / "published-figures.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["year"] == "2023" and row["n_respondents"]]
    known = {(float(row["value"]), float(row["n_respondents"])) for row in rows if row["verified"] == "yes"}
    frame = read_long(FOLDER / "espai2023_published.csv")
    assert set(zip(frame["value"], frame["people"], strict=True)) <= known


def test_quartiles_are_those_of_the_responses(shared: Path) -> None:
    years = pd.read_csv(shared / "data" / "espai2023_individual.csv")["hlmi_fp_years_p50"].dropna()
    frame = read_long(FOLDER / "espai2023_published.csv")
    rows = frame[frame["question_id"] == "hlmi"]
    for level, lower, upper in rows[["level", "lower", "upper"]].to_numpy(float):
        assert lower <= years.quantile(level) <= upper


def test_forecasters_of_samotsvety_are_read_as_their_mapping_says(shared: Path, tmp_path: Path) -> None:
    comment = (FOLDER / "samotsvety2023.toml").read_text(encoding="utf-8")
    lines = [line.removeprefix("#     ") for line in comment.splitlines() if line.startswith("#     ")]
    (tmp_path / "layout.toml").write_text("\n".join(lines), encoding="utf-8")
    mapping, layout = load_mapping(DOCUMENTS, "samotsvety2023"), read_layout(tmp_path / "layout.toml")
    frame, _ = read_wide(shared / "data" / "samotsvety_agi_2023_individual.csv", layout, mapping)
    found = in_target_units(frame, DOCUMENTS, mapping)
    assert found.mapping
    (asked,) = prepare(found.frame, found.mapping)
    assert asked.respondents == 8
    assert not asked.left_out
    assert asked.bias == "forecasters:timelines"


def learnt(files: list[str], worldview: str = "base") -> Any:
    paths = [FOLDER / f"{name}.csv" for name in files]
    return update(DOCUMENTS, paths, worldview, settings=Settings(draws=400, sampler="weights"))


def test_published_figures_add_up_in_any_order(tmp_path: Path) -> None:
    """What is kept of a summary says of how many people it is."""
    weights = []
    for first, second in (("xpt2022", "safety_leaders2026"), ("safety_leaders2026", "xpt2022")):
        path = tmp_path / f"{first}.nc"
        learnt([first]).save(path, accepted=True)
        found = learnt([second], str(path))
        weights.append(found.posterior.parameters["weight"].values)
        assert all(tally.respondents > 20 for tally in found.surveys.tallies)
    at_once = learnt(["xpt2022", "safety_leaders2026"]).posterior.parameters["weight"].values
    for found in weights:
        np.testing.assert_allclose(found, at_once, rtol=1e-9)


def test_a_summary_of_many_is_no_copy_by_chance() -> None:
    """A renamed copy of two figures of 59 people is one; the same bars with other counts are none."""
    rows = read_long(FOLDER / "safety_leaders2026.csv")
    assert digest_of_content(rows, "one") == digest_of_content(rows, "other")
    assert digest_of_content(rows.assign(people=60.0), "one") != digest_of_content(rows, "one")
    few = rows.assign(people=3.0)
    assert digest_of_content(few, "one") != digest_of_content(few, "other")
