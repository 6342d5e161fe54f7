"""The toy elicits: a panel on the village, from a question to a changed harvest."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from scipy import stats

from tests.names import essay_words
from tests.toy import CASE
from tests.toy.conftest import printed
from toc_model.beliefs.evidence import Evidence
from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.facade import elicit
from toc_model.questions.elicit.changed import Changed
from toc_model.survey.learning.settings import Common
from toc_model.survey.learning.surveys import read_surveys

JUMPED = {"expert_1": (0.1, 0.3, 0.6), "expert_2": (0.05, 0.2, 0.5), "expert_3": (0.1, 0.3, 0.6)}
GAIN = {"expert_1": (0.2, 0.5, 1.0), "expert_2": (0.1, 0.3, 0.9), "expert_3": (0.2, 0.6, 1.5)}
BIAS = {"bias_sd = 0.0": "bias_sd = 0.5", 'bias_reason = ""': 'bias_reason = "few"', 'fair = ""': 'fair = "yes"'}


def fill(folder: Path, round_: str = "1", experts: Sequence[str] = tuple(JUMPED), by: float = 1.0) -> None:
    """Fill in the sheets of a round."""
    for name in experts:
        path = folder / "sheets" / f"round_{round_}" / f"{name}.csv"
        table = pd.read_csv(path, dtype=object, keep_default_na=False).set_index("question")
        table.loc["jumped", ["q05", "q50", "q95"]] = [by * x for x in JUMPED[name]]
        table.loc["fence_gain", ["q05", "q50", "q95"]] = [by * x for x in GAIN[name]]
        table.loc["jumped", "argument"] = f"{name} has seen them"
        table.reset_index().to_csv(path, index=False)


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A panel of three that has answered."""
    folder = tmp_path_factory.mktemp("village") / "panel"
    elicit.new(folder, ["jumped", "fence_gain"], experts=3, population="Three who live there.", case=CASE)
    fill(folder)
    elicit.read(folder, case=CASE)
    return folder


@pytest.fixture(scope="module")
def pool(panel: Path) -> Path:
    """Its pool."""
    path = panel / "pool.toml"
    elicit.pool(panel, case=CASE).save(path)
    return path


@pytest.fixture(scope="module")
def mine(pool: Path) -> Path:
    """The worldview that rests on it."""
    path = pool.parent / "mine.toml"
    elicit.worldview(pool, case=CASE).save(path)
    return path


def completed(panel: Path, folder: Path, source: str = "") -> tuple[Path, Path]:
    """Its answers and their mapping, completed, under a name of their own."""
    answers, mapping = folder / "answers.csv", folder / "answers.toml"
    printed("elicit", "answers", panel, "--out", answers, "--map-out", mapping)
    text = mapping.read_text(encoding="utf-8")
    for blank, stated in BIAS.items():
        text = text.replace(blank, stated)
    if source:
        text = text.replace('source_id = "panel"', f'source_id = "{source}"')
        table = answers.read_text(encoding="utf-8").replace("\npanel,", f"\n{source},")
        answers.write_text(table, encoding="utf-8")
    mapping.write_text(text, encoding="utf-8")
    return answers, mapping


def test_five_commands_from_a_question_to_a_changed_harvest(tmp_path: Path) -> None:
    folder, pool, mine = tmp_path / "p", tmp_path / "pool.toml", tmp_path / "mine.toml"
    made = printed("elicit", "new", "--parameters", "jumped,fence_gain", "--experts", 3, "--out", folder)
    assert "2 questions, 0 seeds, 3 experts, 7 sheets" in made
    fill(folder)
    assert "answers that are new 6" in printed("elicit", "read", folder)
    printed("elicit", "pool", folder, "--out", pool)
    said = " ".join(printed("elicit", "worldview", pool, "--out", mine).split())
    assert "its pool replaces the prior, and no update is made" in said
    assert "misses the pool" not in said
    text = printed("run", "--worldview", mine, "--draws", 200)
    assert "mine + p (as prior)" in text
    assert text != printed("run", "--draws", 200)


def test_everything_is_said_in_the_village_s_words(panel: Path, pool: Path) -> None:
    texts = [
        printed("elicit", "fit", panel),
        printed("elicit", "pool", panel),
        printed("elicit", "worldview", pool, "--out", panel / "words.toml"),
        (panel / "panel.toml").read_text(encoding="utf-8"),
        pool.read_text(encoding="utf-8"),
    ]
    assert [word for text in texts for word in essay_words(text) if word not in ("panel", "pool")] == []
    widest = max(len(line) for text in texts[:3] for line in text.splitlines())
    assert widest <= 100


def test_the_worldview_has_the_pool_s_distribution(pool: Path, mine: Path) -> None:
    found = elicit.worldview(pool, case=CASE)
    priors = Documents.of(CASE).at_date_of(str(mine)).priors(str(mine))
    for one in found.found:
        after = priors[one.before.name]
        for level, value in one.pool.levels.items():
            assert abs(after.distribution.below_given_some(value) - level) <= one.misfit + 1e-4
        assert after.entry.status == "elicited"
        assert "Three who live there." in after.entry.source
        assert one.pool.wording in after.entry.source
        assert one.pool.digest in after.entry.source
    others = {name for name in priors.entries if name not in ("jumped", "fence_gain")}
    before = Documents.of(CASE).priors()
    assert all(priors[name].distribution == before[name].distribution for name in others)


def test_a_pool_that_no_family_with_two_parameters_is_near_to_becomes_a_metalog(tmp_path: Path) -> None:
    folder = tmp_path / "panel"
    elicit.new(folder, ["jumped", "fence_gain"], experts=["expert_1", "expert_2"], case=CASE)
    for name, low in (("expert_1", (0.02, 0.05, 0.1)), ("expert_2", (0.6, 0.8, 0.9))):
        path = folder / "sheets" / "round_1" / f"{name}.csv"
        table = pd.read_csv(path, dtype=object, keep_default_na=False).set_index("question")
        table.loc["jumped", ["q05", "q50", "q95"]] = low
        table.loc["fence_gain", ["q05", "q50", "q95"]] = [0.3, 0.5, 0.9]
        table.reset_index().to_csv(path, index=False)
    elicit.read(folder, case=CASE)
    elicit.pool(folder, case=CASE).save(folder / "pool.toml")
    jumped, gain = elicit.worldview(folder / "pool.toml", case=CASE).found
    assert jumped.entry.family == "metalog"
    assert gain.entry.family != "metalog"
    alone = elicit.worldview(folder / "pool.toml", families={"jumped": "beta"}, case=CASE).found[0]
    assert jumped.misfit < alone.misfit - 0.01
    found = elicit.worldview(folder / "pool.toml", case=CASE)
    found.save(folder / "mine.toml")
    again = Documents.of(CASE).at_date_of(str(folder / "mine.toml")).priors(str(folder / "mine.toml"))
    assert again["jumped"].distribution == jumped.distribution


def test_draws_follow_the_pool(mine: Path, panel: Path) -> None:
    beliefs = load_beliefs(CASE, str(mine), draws=4000)
    pooled = {one.question.name: one for one in elicit.pool(panel, case=CASE).pools}["jumped"]
    assert pooled.distribution is not None
    distance = stats.kstest(beliefs.parameters["jumped"].values, pooled.distribution.cdf).statistic
    misfit = {one.before.name: one.misfit for one in elicit.worldview(panel / "pool.toml", case=CASE).found}["jumped"]
    assert distance < misfit + 0.05


def evidence_of(answers: Path, mapping: Path, worldview: str = "almanac") -> tuple[Evidence, ...]:
    documents = Documents.of(CASE).at_date_of(worldview)
    priors = documents.priors(worldview)
    found = read_surveys(documents, [answers], [str(mapping)], priors, list(documents.allocations().named))
    return found.evidence(Common())


def test_the_same_answers_have_one_digest_whichever_way_they_go(panel: Path, pool: Path, tmp_path: Path) -> None:
    answers, mapping = completed(panel, tmp_path)
    (record,) = evidence_of(answers, mapping)
    found = elicit.worldview(pool, case=CASE)
    assert record.parts == {one.pool.question: one.pool.digest for one in found.found}


def test_answers_that_replaced_priors_update_nothing_that_rests_on_them(
    panel: Path, mine: Path, tmp_path: Path
) -> None:
    answers, mapping = completed(panel, tmp_path)
    assert evidence_of(answers, mapping)
    with pytest.raises(InputError, match="panel: found answers about jumped, fence_gain that replaced priors already"):
        evidence_of(answers, mapping, str(mine))


def test_a_copy_under_another_name_is_known_by_what_it_says(panel: Path, mine: Path, tmp_path: Path) -> None:
    answers, mapping = completed(panel, tmp_path, source="neighbours_of_mine")
    assert evidence_of(answers, mapping)
    with pytest.raises(InputError, match="neighbours_of_mine: found answers about jumped, fence_gain"):
        evidence_of(answers, mapping, str(mine))


@pytest.mark.parametrize("change", ["without one expert", "a figure that is hardly another", "turned round"])
def test_most_of_the_answers_are_known_too(panel: Path, mine: Path, tmp_path: Path, change: str) -> None:
    answers, mapping = completed(panel, tmp_path, source="neighbours_of_mine")
    table = pd.read_csv(answers, dtype=str, keep_default_na=False)
    if change == "without one expert":
        table = table[table["respondent_id"] != "expert_2"]
    elif change == "turned round":
        table = table[::-1].replace({"expert_1": "Zoe"})
    else:
        table["value"] = [repr(float(value) * (1 + 1e-9)) for value in table["value"]]
    table.to_csv(answers, index=False)
    assert evidence_of(answers, mapping)
    with pytest.raises(InputError, match=r"found answers about (fence_gain, jumped|jumped, fence_gain) that replaced"):
        evidence_of(answers, mapping, str(mine))


def test_other_people_s_answers_to_the_same_questions_update(panel: Path, mine: Path, tmp_path: Path) -> None:
    answers, mapping = completed(panel, tmp_path, source="neighbours_of_mine")
    table = pd.read_csv(answers, dtype=str, keep_default_na=False)
    table["value"] = [repr(0.9 * float(value)) for value in table["value"]]
    table.to_csv(answers, index=False)
    assert evidence_of(answers, mapping, str(mine))


def test_other_questions_of_the_panel_may_still_update(panel: Path, pool: Path, tmp_path: Path) -> None:
    mine = tmp_path / "one.toml"
    elicit.worldview(pool, questions=["jumped"], case=CASE).save(mine)
    answers, mapping = completed(panel, tmp_path)
    kept = [line for line in answers.read_text(encoding="utf-8").splitlines() if ",jumped," not in line]
    answers.write_text("\n".join(kept) + "\n", encoding="utf-8")
    (record,) = evidence_of(answers, mapping, str(mine))
    assert list(record.parts) == ["fence_gain"]


def test_a_second_round_is_kept_beside_the_first(tmp_path: Path) -> None:
    folder = tmp_path / "panel"
    elicit.new(folder, ["jumped", "fence_gain"], experts=3, case=CASE)
    fill(folder)
    elicit.read(folder, case=CASE)
    fill(folder, "2", ["expert_1"], by=0.5)
    taken = elicit.read(folder, case=CASE)
    assert (taken.added.added, taken.added.known) == (2, 6)
    rounds = {one.said.expert: one.said.round for one in elicit.fit(folder, case=CASE).fits}
    assert rounds == {"expert_1": "2", "expert_2": "1", "expert_3": "1"}
    assert "4 answers of 6 stand from an earlier round" in " ".join(printed("elicit", "pool", folder).split())
    first = elicit.pool(folder, round="1", case=CASE).to_dataframe()
    assert (elicit.pool(folder, case=CASE).to_dataframe()["q50"] < first["q50"]).all()


def test_a_consensus_is_one_more_record(tmp_path: Path) -> None:
    folder = tmp_path / "panel"
    elicit.new(folder, ["jumped", "fence_gain"], experts=["expert_1", "expert_2"], case=CASE)
    fill(folder, experts=["expert_1", "expert_2"])
    path = folder / "sheets" / "round_consensus" / "consensus.csv"
    table = pd.read_csv(path, dtype=object, keep_default_na=False).set_index("question")
    table.loc["jumped", ["q05", "q50", "q95"]] = [0.1, 0.25, 0.5]
    table.reset_index().to_csv(path, index=False)
    elicit.read(folder, case=CASE)
    (pooled,) = elicit.pool(folder, case=CASE).pools
    assert dict(pooled.weights) == {"consensus": 1}
    assert pooled.quantiles[0.5] == pytest.approx(0.25, abs=0.01)
    assert len(elicit.pool(folder, round="1", case=CASE).pools) == 2
    text = " ".join(printed("elicit", "pool", folder, "--out", folder / "pool.toml").split())
    assert "fence_gain has no pool: nobody answered it in round “consensus”, and a consensus stands alone." in text
    assert "Panel panel: a consensus (" in elicit.worldview(folder / "pool.toml", case=CASE).text


def test_few_seeds_and_families_that_miss_are_told_where_they_are_pooled(tmp_path: Path) -> None:
    folder, seeds = tmp_path / "panel", tmp_path / "seeds.csv"
    seeds.write_text("question,wording,unit,truth\nlegs,How many?,legs,4\n", encoding="utf-8")
    elicit.new(folder, ["fence_gain"], experts=["expert_1"], seeds=seeds, case=CASE)
    path = folder / "sheets" / "round_1" / "expert_1.csv"
    table = pd.read_csv(path, dtype=object, keep_default_na=False)
    table.loc[:, "q05"], table.loc[:, "q50"], table.loc[:, "q95"] = ["3", "1"], ["4.1", "1.1"], ["5", "30"]
    table.to_csv(path, index=False)
    elicit.read(folder, case=CASE)
    text = " ".join(printed("elicit", "pool", folder, "--weighting", "global").split())
    assert "1 seed questions; below 8" in text
    assert "expert_1 on fence_gain: said 1 / 1.1 / 30, fitted" in text
    assert "below 8" not in printed("elicit", "pool", folder)


def test_a_file_that_is_read_is_not_written_over(panel: Path, pool: Path) -> None:
    before = {path: path.read_bytes() for path in (panel / "panel.toml", panel / "judgements.csv", pool)}
    mapping = panel / "own_map.toml"
    for words in (
        ("pool", panel, "--out", panel / "panel.toml"),
        ("worldview", pool, "--out", pool),
        ("answers", panel, "--out", panel / "judgements.csv", "--map-out", mapping),
        ("answers", panel, "--out", panel / "own.csv", "--map-out", panel / "panel.toml"),
    ):
        with pytest.raises(AssertionError, match="found a file that is read here"):
            printed("elicit", *words)
    assert {path: path.read_bytes() for path in before} == before
    assert not mapping.exists()


def changed_pool(pool: Path, folder: Path, *changes: tuple[str, str]) -> Path:
    """A pool's document, changed by hand."""
    text, path = pool.read_text(encoding="utf-8"), folder / "changed.toml"
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('method = "linear"', 'method = "magic"', "unknown method 'magic'"),
        ('weighting = "equal"', 'weighting = "fair"', "unknown weighting 'fair'"),
        ('"expert_1" = 0.333', '"expert_1" = -5.333', "weights: found the sum"),
        ('"expert_1" = 0.333', '"expert_1" = 0.633', "weights: found the sum 1.3"),
        ('"expert_1" = 0.333', '"expert_9" = 0.333', "weights: found those of expert_9"),
        ("lower = 0.0\nupper = 1.0", "lower = 1.0\nupper = 0.0", "lower: found 1 and upper 0"),
        ("lower = 0.0\nupper = 1.0", "lower = 0.2\nupper = 0.4", "allowed: above 0.2 and below 0.4"),
        ('"q05" = 0.', '"q05" = 9.', "quantiles: found"),
        ('question = "fence_gain"', 'question = "jumped"', "pools: found 'jumped' 2 times"),
    ],
)
def test_a_pool_changed_by_hand_goes_together_or_is_refused(
    pool: Path, tmp_path: Path, old: str, new: str, told: str
) -> None:
    refused(changed_pool(pool, tmp_path, (old, new)), told)


def test_a_pool_is_taken_at_the_date_of_its_panel(tmp_path: Path) -> None:
    folder = tmp_path / "panel"
    elicit.new(folder, ["jumped", "fence_gain"], experts=3, as_of="autumn", case=CASE)
    fill(folder)
    elicit.read(folder, case=CASE)
    elicit.pool(folder, case=CASE).save(folder / "pool.toml")
    found = elicit.worldview(folder / "pool.toml", case=CASE)
    assert found.documents.date == Documents.of(CASE, as_of="autumn").date
    before = Documents.of(CASE, as_of="autumn").priors().entries
    assert all(one.before == before[one.before.name] for one in found.found)
    refused(changed_pool(folder / "pool.toml", tmp_path, ('"autumn"', '"winter"')), "unknown date 'winter'")


def test_a_family_of_what_is_not_replaced_is_refused(pool: Path) -> None:
    refused(pool, "found 'fence_gain', which is not replaced", questions=["jumped"], families={"fence_gain": "normal"})


def test_a_family_that_misses_the_pool_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "panel"
    elicit.new(folder, ["fence_gain"], experts=["expert_1", "expert_2"], case=CASE)
    for name, said in (("expert_1", (1, 1.001, 1.002)), ("expert_2", (1000, 1000.1, 1000.2))):
        path = folder / "sheets" / "round_1" / f"{name}.csv"
        table = pd.read_csv(path, dtype=object, keep_default_na=False)
        table.loc[:, ["q05", "q50", "q95"]] = list(map(str, said))
        table.to_csv(path, index=False)
    elicit.read(folder, case=CASE)
    elicit.pool(folder, case=CASE).save(folder / "pool.toml")
    text = " ".join(printed("elicit", "worldview", folder / "pool.toml", "--out", folder / "mine.toml").split())
    assert "normal misses the pool of fence_gain, 1 / 501 / 1,000, which it makes 55.2 / 501 / 946" in text


def test_a_name_may_have_the_sign_before_its_weight(tmp_path: Path) -> None:
    folder = tmp_path / "panel"
    elicit.new(folder, ["jumped"], experts=["a=b", "c"], case=CASE)
    for name in ("a=b", "c"):
        path = folder / "sheets" / "round_1" / f"{name}.csv"
        table = pd.read_csv(path, dtype=object, keep_default_na=False)
        table.loc[:, ["q05", "q50", "q95"]] = ["0.1", "0.2", "0.4"]
        table.to_csv(path, index=False)
    elicit.read(folder, case=CASE)
    assert "75.0 %" in printed("elicit", "pool", folder, "--weights", "a=b=3,c=1")


def test_a_method_that_pools_nothing_is_refused(panel: Path) -> None:
    with pytest.raises(InputError, match="found 'neyman', which pools none of these questions; allowed: linear"):
        elicit.pool(panel, method="neyman", case=CASE)


def refused(pool: Path, told: str, **how: object) -> None:
    with pytest.raises(InputError) as error:
        elicit.worldview(pool, case=CASE, **how)  # type: ignore[arg-type]
    assert told in str(error.value)


def test_what_can_t_be_replaced_is_refused(pool: Path, tmp_path: Path) -> None:
    refused(pool, "unknown question 'toil'", questions=["toil"])
    refused(pool, "unknown family", families={"jumped": "beeta"})
    refused(pool, "allowed:", families={"jumped": "normal"})
    refused(pool, "no posterior and no mixture", based_on="council")
    elicit.worldview(pool, questions=["jumped"], case=CASE).save(tmp_path / "one.toml")
    refused(pool, "which no worldview can be based on", questions=["fence_gain"], based_on=str(tmp_path / "one.toml"))
    text = pool.read_text(encoding="utf-8")
    other = tmp_path / "pool.toml"
    other.write_text(text.replace('about = "jumped"', 'about = "harvest"'), encoding="utf-8")
    refused(other, "harvest is a node, which follows from parameters", questions=["jumped"])
    other.write_text(text.replace('case = "village"', 'case = "town"'), encoding="utf-8")
    refused(other, "case: found 'town'")
    other.write_text(text.replace('unit = "fraction"', 'unit = "tonnes"', 1), encoding="utf-8")
    refused(other, "unit: found 'tonnes'")


@pytest.mark.parametrize("family", ["beta", "metalog"])
def test_a_family_that_is_named_has_the_bounds_of_what_was_asked(pool: Path, tmp_path: Path, family: str) -> None:
    path = tmp_path / "own.toml"
    found = elicit.worldview(pool, case=CASE, questions=["jumped"], families={"jumped": family})
    found.save(path)
    (one,) = found.found
    back = Documents.of(CASE).priors(str(path))["jumped"]
    assert back.distribution == one.distribution
    assert (back.distribution.family.name, back.distribution.support) == (family, (0.0, 1.0))
    assert (back.entry.lower, back.entry.upper) == (0.0, 1.0)
    assert one.misfit < 0.05


def test_nodes_are_left_for_an_update(tmp_path: Path) -> None:
    folder, pool = tmp_path / "panel", tmp_path / "pool.toml"
    elicit.new(folder, ["jumped"], nodes=["sown"], experts=["expert_1"], case=CASE)
    path = folder / "sheets" / "round_1" / "expert_1.csv"
    table = pd.read_csv(path, dtype=object, keep_default_na=False)
    table.loc[:, "q05"], table.loc[:, "q50"], table.loc[:, "q95"] = ["0.1", "30"], ["0.2", "40"], ["0.5", "55"]
    table.to_csv(path, index=False)
    elicit.read(folder, case=CASE)
    elicit.pool(folder, case=CASE).save(pool)
    found: Changed = elicit.worldview(pool, case=CASE)
    assert [one.pool.question for one in found.found] == ["jumped"]
    assert [one.about for one in found.left] == ["sown"]
    assert "sown follows from parameters" in " ".join(str(found).split())
    refused(pool, "sown is a node", questions=["sown"])


def test_no_command_of_elicit_imports_pymc(panel: Path, pool: Path, tmp_path: Path) -> None:
    code = (
        "import sys\nimport toc_model as toc\nfrom tests.toy import CASE\n"
        f"toc.elicit.fit({str(panel)!r}, case=CASE)\ntoc.elicit.pool({str(panel)!r}, case=CASE)\n"
        f"toc.elicit.worldview({str(pool)!r}, case=CASE)\ntoc.elicit.answers({str(panel)!r}, case=CASE)\n"
        f"toc.elicit.new({str(tmp_path / 'x')!r}, ['jumped'], case=CASE)\n"
        "assert not {'pymc', 'pytensor'} & {name.partition('.')[0] for name in sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
