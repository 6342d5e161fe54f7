"""Mapping documents: what ships, and what does not fit."""

import pytest

from tests.shipped import DOCUMENTS, STORY, load_priors
from tests.survey.files import NAMED, WORRY, Write
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.survey.documents.fits import fail_if_answers_differ, fail_if_mapping_unknown
from toc_model.survey.documents.mapping import load_mapping
from toc_model.survey.documents.schema import read_long


@pytest.mark.parametrize("name", DOCUMENTS.surveys())
def test_what_ships_fits_the_model_and_says_why(name: str) -> None:
    mapping = load_mapping(DOCUMENTS, name)
    fail_if_mapping_unknown(ESSAY, mapping, NAMED)
    assert mapping.source_id == name
    for question in mapping.questions.values():
        assert question.bias_sd > 0
        assert min(len(question.fair), len(question.bias_reason)) > 80


def test_both_sources_ship_beside_priors_that_still_load() -> None:
    assert DOCUMENTS.surveys() == (
        "espai2023",
        "espai2023_published",
        "espai2024",
        "fri_adversarial",
        "safety_leaders2026",
        "samotsvety2023",
        "xpt2022",
    )
    load_priors().fail_if_differ(STORY)


def test_questions_of_one_population_share_a_bias() -> None:
    questions = load_mapping(DOCUMENTS, "espai2023").questions
    assert {name for name, question in questions.items() if question.bias_group == "ml_researchers:extinction"} == {
        "extinction",
        "extinction_100y",
        "extinction_control",
    }
    assert questions["hlmi"].kind_under("FP") == "quantile"
    assert questions["hlmi"].kind_under("FY") == "cdf_point"
    assert questions["hlmi"].shift == 1
    assert questions["alignment_difficulty"].sign == -1


@pytest.mark.parametrize(
    ("old", "new", "fragments"),
    [
        ("bias_sd = 1.0", "bias_sd = 0.0", ["found blanks", "questions.doom.bias_sd; allowed", "above 0"]),
        ("bias_sd = 1.0", "bias_sd = -1.0", ["bias_sd", "found -1.0", "greater than 0"]),
        ("bias_sd = 1.0\n", "", ["missing entry 'questions.doom.bias_sd'"]),
        ('scale = "logit"', 'scale = "probit"', ["questions.doom.scale", "'probit'"]),
        ('kind = "probability"', 'kind = "ordered"', ["categories", "ordered"]),
        ("bias_sd", "shift = 1.0\nbias_sd", ["shift", "answers that are times"]),
        ("bias_sd", 'framing_kinds = { FX = "quantile" }\nbias_sd', ["framing_kinds", "unknown framing 'FX'"]),
        ("year = 2026", 'year = "2026"', ["year", "'2026'"]),
        ("[questions.doom]", "[question.doom]", ["unknown entry 'question'", "did you mean 'questions'"]),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(demo: Write, old: str, new: str, fragments: list[str]) -> None:
    with pytest.raises(InputError) as refusal:
        load_mapping(DOCUMENTS, demo(old, new))
    assert [part for part in ["demo.toml", *fragments] if part not in str(refusal.value)] == []


@pytest.mark.parametrize(
    ("old", "new", "fragments"),
    [
        ('verified = "yes"', 'verified = "essay"', ["'essay'", "no evidence"]),
        ('"p_doom"', '"p_dom"', ["doom: target", "did you mean 'p_doom'?"]),
        ('"p_doom"', '"agi_year"', ["doom: scale", "'years from late 2022'", "log, identity"]),
        (
            'unit = "probability"',
            'unit = "furlongs"',
            ["doom: unit: found 'furlongs'; allowed: probability, fraction, per"],
        ),
        ('unit = "probability"', 'unit = "years"', ["doom: unit: found 'years'; allowed: probability"]),
        ("bias_sd", 'condition = ["do(rase)=0.5"]\nbias_sd', ["doom: condition", "did you mean 'race'?"]),
        ("bias_sd", 'allocation = "recomended"\nbias_sd', ["doom", "did you mean 'recommended'?"]),
    ],
)
def test_a_mapping_to_what_is_not_there_is_refused(demo: Write, old: str, new: str, fragments: list[str]) -> None:
    with pytest.raises(InputError) as refusal:
        fail_if_mapping_unknown(ESSAY, load_mapping(DOCUMENTS, demo(old, new)), NAMED)
    assert [part for part in ["'demo'", *fragments] if part not in str(refusal.value)] == []


ANCHORS = f"""fair = "By construction."
{WORRY}[questions.worry.anchors]
"a little" = {{ from = 0.2, sd = 0.7, reason = "As it is put." }}
"yes" = {{ from = 0.5, sd = 0.5, reason = "As it is put." }}
"""


def test_anchors_are_read_by_category(demo: Write) -> None:
    anchors = load_mapping(DOCUMENTS, demo('fair = "By construction."\n', ANCHORS)).questions["worry"].anchors
    assert {name: (anchor.start, anchor.sd) for name, anchor in anchors.items()} == {
        "a little": (0.2, 0.7),
        "yes": (0.5, 0.5),
    }


@pytest.mark.parametrize(
    ("old", "new", "fragments"),
    [
        ('"yes" = {', '"yess" = {', ["questions.worry", "anchors: unknown category 'yess'; did you mean 'yes'?"]),
        (
            "from = 0.5",
            "from = 0.1",
            ["questions.worry", "found 0.2 for 'a little' and 0.1 for 'yes'; allowed: rising"],
        ),
        ("from = 0.5, ", "", ["missing entry 'questions.worry.anchors.yes.from'"]),
        ("sd = 0.5", "sd = -0.5", ["questions.worry.anchors.yes.sd", "found -0.5", "greater than 0"]),
        ("from = 0.5", "form = 0.5", ["unknown entry 'questions.worry.anchors.yes.form'", "did you mean 'from'?"]),
    ],
)
def test_anchors_that_do_not_fit_are_refused(demo: Write, old: str, new: str, fragments: list[str]) -> None:
    assert old in ANCHORS
    with pytest.raises(InputError) as refusal:
        load_mapping(DOCUMENTS, demo('fair = "By construction."\n', ANCHORS.replace(old, new)))
    assert [part for part in ["demo.toml", *fragments] if part not in str(refusal.value)] == []


def test_allocations_of_ones_own_are_known(demo: Write) -> None:
    mapping = load_mapping(DOCUMENTS, demo("bias_sd", 'allocation = "mine"\nbias_sd'))
    fail_if_mapping_unknown(ESSAY, mapping, ["status_quo", "mine"])
    assert mapping.questions["doom"].condition_text == "allocation=mine"


@pytest.mark.parametrize(
    ("change", "fragment"),
    [
        ({"question_id": "dom"}, "unknown question 'dom'; did you mean 'doom'?"),
        ({"target": "race"}, "target: found 'race' in the answers; allowed: 'p_doom'"),
        ({"framing": "FP"}, "unknown framing 'FP'"),
        ({"condition": "allocation=margin"}, "condition: found 'allocation=margin' in the answers; allowed: ''"),
        ({"source_id": "demos"}, "unknown source 'demo'; did you mean 'demos'?"),
    ],
)
def test_answers_to_other_questions_are_refused(
    answers: Write, demo: Write, change: dict[str, str], fragment: str
) -> None:
    mapping = load_mapping(DOCUMENTS, demo())
    fail_if_answers_differ(read_long(answers({})), mapping, ESSAY.status_quo)
    with pytest.raises(InputError) as refusal:
        fail_if_answers_differ(read_long(answers(change)), mapping, ESSAY.status_quo)
    assert fragment in str(refusal.value)


def test_an_unknown_mapping_is_named() -> None:
    with pytest.raises(InputError, match="did you mean 'fri_adversarial'"):
        load_mapping(DOCUMENTS, "fri_adversarail")
