"""The command ``toc survey``: import, check and template."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from tests.questions.conftest import Own
from tests.shipped import DOCUMENTS, load_priors
from tests.survey.files import HLMI, WORRIED, WORRY, Write, answers_in, demo_in
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.present.signs import END, ISOLATE
from toc_model.questions.survey.checking import check
from toc_model.questions.survey.group import survey
from toc_model.questions.survey.validation import recover
from toc_model.survey.documents.schema import read_long
from toc_model.survey.learning.surveys import read_surveys
from toc_model.survey.validation.recovery import RANKS, Recovery, Setup


@pytest.fixture(scope="session")
def forecasts(shared: Path) -> Path:
    """The forecasts of FRI's adversarial collaboration."""
    return shared / "data" / "fri_adversarial_collab_forecasts.csv"


def run(*words: object) -> str:
    result = CliRunner().invoke(survey, [str(word) for word in words], obj=ESSAY, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def cells(text: str, question: str) -> list[str]:
    return (
        next(line for line in text.splitlines() if line.strip().startswith(question + " ")).replace(" %", "%").split()
    )


def test_a_check_counts_what_is_odd(answers: Write) -> None:
    levels = [HLMI | {"level": level, "value": value} for level, value in (("0.1", "9"), ("0.5", "5"))]
    ben = [{"respondent_id": "ben", "value": "30"}, HLMI | {"respondent_id": "ben", "level": "0.5", "value": ""}]
    cleo = [{"respondent_id": "cleo", "value": "0"}, {"respondent_id": "dan", "value": "1"}]
    text = str(check(read_long(answers({}, *levels, *ben, *cleo))))
    assert cells(text, "doom")[-9:] == ["4", "4", "0", "1", "100%", "100%", "1", "1", "0"]
    assert cells(text, "agi")[-7:] == ["1", "2", "1", "0", "0", "0", "2"]
    assert "doom: 1 impossible, left out and not repaired; in the file: 30." in text
    assert "3 of 7 rows can be used" in text
    assert "2 incoherent (anna); 1 empty (ben)" in text


NOTHING = [
    [{"value": ""}],
    [{"value": "2"}],
    [HLMI | {"level": "0.1", "value": "9"}, HLMI | {"level": "0.5", "value": "5"}],
    [HLMI | {"level": "0.5", "value": "1e30"}],
    [{"round": "pre", "value": "0.9"}, {"round": "post", "value": "0.1"}],
]


@pytest.mark.parametrize("rows", NOTHING)
def test_where_nothing_counts_checking_and_updating_say_so_alike(
    rows: list[dict[str, str]], answers: Write, demo: Write
) -> None:
    """In one line, with exit code 2: an error of input becomes that."""
    years = 'target = "agi_year"\nscale = "log"\nkind = "quantile"\nunit = "years"\nlower = 0.0\n'
    rest = 'bias_sd = 1.0\nbias_reason = "x"\nfair = "x"\n\n[questions.doom]'
    path, mapping = answers(*rows), demo("[questions.doom]", f'[questions.agi]\nwording = "w"\n{years}{rest}')
    with pytest.raises(InputError) as checked:
        run("check", path, "--map", mapping)
    with pytest.raises(InputError) as updated:
        read_surveys(DOCUMENTS, [path], [str(mapping)], load_priors(), ["status_quo"])
    assert str(checked.value) == str(updated.value)
    assert "\n" not in str(checked.value)


def test_a_check_tells_whose_answers_count(answers: Write, demo: Write) -> None:
    rounds = [{"round": "2"}, {"round": "10", "value": "0.3"}, {"respondent_id": "ben", "value": "7"}]
    found = json.loads(run("check", answers(*rounds), "--map", demo(), "--json"))
    (tally,) = found["tally"]
    assert (tally["people"], tally["answers"], found["usable"]) == (["anna"], 1, 1)
    assert [(one["reason"], one["people"]) for one in tally["left_out"]] == [
        ("superseded by a later round", ["anna"]),
        ("impossible", ["ben"]),
    ]


def test_a_check_says_how_the_file_was_read(answers: Write) -> None:
    agi = HLMI | {"level": "0.5", "unit": "years from late 2022"}
    years = [agi | {"respondent_id": name, "value": year} for name, year in (("ann", "2031"), ("ben", "2040"))]
    path = answers(
        {"respondent_id": "ann", "value": "30%", "group": "skeptic"},
        {"respondent_id": "ben", "value": "about 5", "group": "Skeptic"},
        {"respondent_id": "cleo", "value": "NA"},
        *years,
        agi | {"respondent_id": "cleo", "value": "60", "unit": "months"},
    )
    text = " ".join(run("check", path).split())
    for part in (
        "Read as UTF-8, commas between columns, decimals with a point; 1 cell read as people write numbers: '30%'; ",
        "; 1 answer that can't be read as a number flagged and left out: 'about 5'; ",
        "; 1 cell that only says that there is no answer. ",
        "agi: 1 answer in 'months' converted to 'years from late 2022'.",
        "agi: 2 answers look like years of the calendar where 'years from late 2022' are asked; flagged and left out",
        "'2031', '2040'. To convert them, write in the mapping, under [questions.agi]: unit = \"calendar year\"",
        '"calendar year", and bounds in such years or none.',
        "Camps, with their respondents: 'skeptic' 1, 'Skeptic' 1, without one 1.",
        "Camps that differ in spelling alone, and count as 2: 'skeptic' (1), 'Skeptic' (1).",
        "2 of 6 rows can be used",
    ):
        assert part in text
    found = json.loads(run("check", path, "--json"))
    assert (found["reading"]["unclear"], found["camps"]["without"]) == (["about 5"], 1)
    assert [change["left_out"] for change in found["changes"]] == [True, False]
    assert [row["missing"] for row in found["questions"]] == [1, 0]


def test_a_form_s_table_becomes_long(demo: Write, tmp_path: Path) -> None:
    table, columns, out = tmp_path / "forms.csv", tmp_path / "columns.toml", tmp_path / "long.csv"
    table.write_text("Timestamp;Name;P(doom)\n1;A;10%\n2;B;5-10%\n", encoding="utf-16")
    columns.write_text('rows = { respondent = "Name" }\ncolumns."P(doom)".question = "doom"\n', encoding="utf-8")
    told = " ".join(run("import", "wide", table, "--columns", columns, "--map", demo(), "--out", out).split())
    assert "Read as UTF-16, semicolons between columns, decimals with a point" in told
    assert "answers 2, respondents 2, questions 1; " in told
    assert (read_long(out)["value"].iloc[0], read_long(out)["flags"].iloc[1]) == (0.1, "impossible")
    assert "headers = 1" in run("import", "wide", "--help")


def test_import_espai_and_check(shared: Path, tmp_path: Path) -> None:
    out = tmp_path / "espai.csv"
    source = shared / "data" / "espai2023_individual.csv"
    assert "answers 10,474, respondents 2,732, questions 6" in run("import", "espai", source, "--out", out)
    text = run("check", out)
    assert "in the file: 200, 2000." in text
    assert "sd 0.7 on the log scale" in text
    assert cells(text, "extinction")[-9:] == ["1,320", "1,320", "0", "2", "73%", "54%", "174", "12", "0"]


def test_import_fri_with_a_map_of_ones_own(forecasts: Path, tmp_path: Path, demo: Write) -> None:
    out = tmp_path / "fri.csv"
    assert "respondents 22, questions 1" in run("import", "fri", forecasts, "--out", out)
    own = demo("bias_sd", 'column = "p_u_given_crux"\ncrux = "6 month pause"\nbias_sd')
    assert "answers 17" in run("import", "fri", forecasts, "--map", own, "--out", out)
    assert set(read_long(out)["source_id"]) == {"demo"}


def test_import_long_joins_files(answers: Write, tmp_path: Path) -> None:
    anna, ben = answers({}, name="anna.csv"), answers({"respondent_id": "ben"}, name="ben.csv")
    assert "2 of 2 rows can be used" in run("import", "long", anna, ben, "--out", tmp_path / "all.csv")
    assert len(read_long(tmp_path / "all.csv")) == 2


LEVEL = "worry: its answers tell how respondents, camps and wordings differ, and nothing of the level of concern"


def test_a_check_says_which_answers_tell_no_level(answers: Write, demo: Write) -> None:
    path = answers({}, WORRIED, WORRIED | {"respondent_id": "ben", "value": "2"})
    fair = '"By construction."\n'
    without = run("check", path, "--map", demo(fair, fair + WORRY))
    assert LEVEL in plain(without)
    assert "doom: its answers tell how" not in plain(without)
    anchor = '[questions.worry.anchors]\n"yes" = { from = 0.5, sd = 0.5, reason = "As it is put." }\n'
    with_anchor = demo(fair, fair + WORRY + anchor)
    assert LEVEL not in plain(run("check", path, "--map", with_anchor))
    found = json.loads(run("check", path, "--map", with_anchor, "--json"))["mapping"]
    assert {name: of["informs_level"] for name, of in found.items()} == {"doom": True, "worry": True}


def plain(text: str) -> str:
    """A printed text in one line, without the signs that set words apart."""
    return " ".join("".join(sign for sign in text if sign not in (ISOLATE, END)).split())


def test_template_command_and_check_with_a_map(tmp_path: Path, demo: Write) -> None:
    out, mapping = tmp_path / "send.csv", tmp_path / "send.toml"
    printed = run("template", "--nodes", "p_doom, race", "--source", "demo", "--out", out, "--map-out", mapping)
    assert "questions 2, numbers to fill in under 'value' 4" in printed
    assert mapping.exists()
    with pytest.raises(InputError, match="unknown question 'p_doom'"):
        run("check", out, "--map", demo())


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        (["import", "espai", "absent.csv", "--out", "x.csv"], "absent.csv: can't be read"),
        (["import", "fri", "absent.csv", "--map", "fri", "--out", "x.csv"], "unknown mapping 'fri'"),
        (["template", "--nodes", " ,", "--out", "x.csv"], "found no name"),
        (["template", "--nodes", "race", "--out", "absent/x.csv"], "can't be written"),
    ],
)
def test_what_a_user_gets_wrong_is_one_line(words: list[str], fragment: str) -> None:
    with pytest.raises(InputError) as refusal:
        run(*words)
    assert fragment in str(refusal.value)
    assert "\n" not in str(refusal.value)


# Documents of one's own ---------------------------------------------------------------------------------------------


def test_a_template_asks_with_the_folders_words_and_shares(own: Own, tmp_path: Path) -> None:
    out, mine, mapping = tmp_path / "send.csv", tmp_path / "mine.toml", tmp_path / "send.toml"
    words = ["template", "--nodes", "agi_year,concern", "--out", out, "--priors", own.folder, "--map-out", mapping]
    run(*words, "--under", "", "--under", "allocation=recommended")
    wordings = pd.read_csv(out).groupby("question_id")["wording"].first()
    assert wordings["agi_year"].startswith("Own: How many years")
    assert "Under the status quo (25% of researchers and 15% of field builders buy time)" in wordings["concern"]
    assert "(55% of researchers and 35% of field builders buy time)" in wordings["concern_if_allocation_recommended"]
    mine.write_text("[mine]\nbuying_time_share = { researchers = 0.425, builders = 0.4 }\n")
    run(*words, "--under", "allocation=mine", "--allocations", mine)
    assert "42.5% of researchers and 40% of field builders" in out.read_text()
    assert 'allocation = "mine"' in mapping.read_text()


def test_a_check_takes_the_mapping_of_the_folder(own: Own) -> None:
    found = json.loads(run("check", own.answers, "--priors", own.folder, "--json"))
    assert found["mapping"]["years"]["wording"] == "How many years, by the folder's own words?"
    assert [row["answers"] for row in found["questions"]] == [61, 61]
    assert json.loads(run("check", own.answers, "--json"))["mapping"] == {}
    assert "by the folder's own words" in run("check", own.answers, "--priors", own.folder, "--map", "own")
    with pytest.raises(InputError, match="unknown mapping 'own'"):
        run("check", own.answers, "--map", "own")


def test_a_reader_takes_the_mapping_of_the_folder(own: Own, forecasts: Path, tmp_path: Path) -> None:
    mapping = own.folder / "surveys" / "fri_adversarial.toml"
    text = mapping.read_text()
    mapping.write_text(text.replace("[questions.extinction_2100]", "[questions.own_name]"))
    run("import", "fri", forecasts, "--priors", own.folder, "--out", tmp_path / "fri.csv")
    mapping.write_text(text)
    assert set(read_long(tmp_path / "fri.csv")["question_id"]) == {"own_name"}


def test_truths_are_drawn_from_the_priors_that_were_given(own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    priors = Documents.of(ESSAY, own.folder).priors("essay")
    drawn: list[tuple[Setup, Priors]] = []

    def calibrated(_: int, setup: Setup, given: Priors, **__: object) -> tuple[Recovery, ...]:
        drawn.append((setup, given))
        return (Recovery(setup, True, np.arange(RANKS), np.ones(RANKS, bool)),)

    monkeypatch.setattr("toc_model.questions.survey.validation.calibration", calibrated)
    assert "questions about detection_now" in str(recover(ESSAY, priors, 3))
    other = next(name for name, prior in priors.entries.items() if prior.entry.unit == "probability")
    found = recover(replace(ESSAY, recovery=""), priors, 3)
    assert found.setup.parameter == other
    assert [given for _, given in drawn] == [priors, priors]
    assert found.to_dict()["fits"][0]["coverage"] == 1


@pytest.fixture
def answers(tmp_path: Path) -> Write:
    return answers_in(tmp_path)


@pytest.fixture
def demo(tmp_path: Path) -> Write:
    return demo_in(tmp_path)
