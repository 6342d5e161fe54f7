"""What is compared does the same, and ratios say what they should; nothing is said of how long anything takes."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.speed.by_hand import numpy_by_hand
from tests.benchmarks.speed.contestants import by_evaluate, way
from tests.benchmarks.speed.inputs import OUTCOMES, Inputs, labelled, made, read, saved
from tests.benchmarks.speed.jobs import TOLERANCE
from tests.benchmarks.speed.measure import Contestant, Field, LeftOutError, Ratio, Taken, command, in_turn
from tests.benchmarks.speed.table import Row, line
from toc_model.engine.evaluate import evaluate
from toc_model.essay.case import ESSAY


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return made(5, 300)


def far(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> float:
    assert found.keys() == expected.keys() == set(OUTCOMES)
    assert all(found[name].shape == expected[name].shape == (5, 300) for name in OUTCOMES)
    return max(float(np.abs(found[name] - expected[name]).max()) for name in OUTCOMES)


@pytest.mark.parametrize("block", [64, 700, 10**6])
def test_numpy_by_hand_is_what_evaluate_computes(inputs: Inputs, block: int) -> None:
    expected = by_evaluate(inputs)()
    assert far(numpy_by_hand(inputs, block), expected) < TOLERANCE
    assert np.ptp(expected["p_doom"], axis=0).min() > 0


def test_plain_evaluation_is_what_evaluate_computes(inputs: Inputs) -> None:
    assert far(way("plain")(inputs)(), by_evaluate(inputs)()) < TOLERANCE


def test_slopes_come_with_what_evaluate_computes(inputs: Inputs) -> None:
    found = way("slopes")(inputs)()
    np.testing.assert_allclose(found["p_doom"][0], by_evaluate(inputs)()["p_doom"][0], atol=TOLERANCE)
    assert {name: values.shape for name, values in found.items() if name != "p_doom"} == {
        "buying_time_share": (2,),
        "mix": (2, 4),
    }


def test_jax_by_hand_is_what_evaluate_computes(inputs: Inputs) -> None:
    pytest.importorskip("jax")
    assert far(way("jax")(inputs)(), by_evaluate(inputs)()) < TOLERANCE


def test_what_squigglepy_says_is_what_evaluate_computes() -> None:
    pytest.importorskip("squigglepy")
    inputs = made(2, 20_000)
    parameters, levers = labelled(inputs)
    whole = evaluate(ESSAY.story, parameters, levers, ["gross_effort"])["gross_effort"]
    ours = whole.sel(intervention="outreach").sum("pool").median("draw")[1:]
    theirs = np.median(way("squigglepy")(inputs)()["effort"], axis=1)
    np.testing.assert_allclose(theirs, ours, rtol=0.05)


def test_inputs_are_read_as_they_were_saved(inputs: Inputs, tmp_path: Path) -> None:
    saved(inputs, tmp_path / "inputs.npz")
    again = read(tmp_path / "inputs.npz")
    for kind in ("parameters", "reference", "levers"):
        np.testing.assert_equal(getattr(again, kind), getattr(inputs, kind))
    assert (again.draws, again.allocations) == (300, 5)


def test_a_worker_runs_and_tells_how_far_it_is(tmp_path: Path) -> None:
    field, kept = Field(tmp_path), tmp_path / "kept.npz"
    with field.worker(Contestant("numpy", 2, 50)) as worker:
        assert worker.run(3).wall > 0
        worker.save(kept)
        assert worker.far(kept) == 0
        with np.load(kept) as file:
            np.savez(kept, p_doom=file["p_doom"] + 0.5)
        assert worker.far(kept) == pytest.approx(0.5)
        assert worker.peak().size >= 0


def test_a_contestant_that_is_not_there_is_left_out(tmp_path: Path) -> None:
    with pytest.raises(LeftOutError, match="nobody: KeyError"), Field(tmp_path).worker(Contestant("nobody", 1, 2)):
        pass


def test_a_command_that_fails_is_left_out(tmp_path: Path) -> None:
    assert command(("-c", "pass"), tmp_path, tmp_path).cpu > 0
    with pytest.raises(LeftOutError, match="ended with 3"):
        command(("-c", "import sys; sys.exit(3)"), tmp_path, tmp_path)


def test_jobs_are_done_in_turn() -> None:
    done: list[str] = []

    def job(name: str) -> Taken:
        done.append(name)
        return Taken(len(done), 1.0)

    taken = in_turn({name: partial(job, name) for name in "ab"}, 2)
    assert done == ["a", "b", "a", "b"]
    assert [one.wall for one in taken["b"]] == [2, 4]


def test_a_ratio_is_that_of_medians_with_quartiles_of_pairs() -> None:
    found = Ratio.of([2.0, 40.0, 9.0], [1.0, 10.0, 3.0])
    assert (found.median, found.lower, found.upper) == (3, 2, 4)
    assert str(found) == "3.0 (2.0-4.0)"


def test_a_row_is_a_line_of_the_table() -> None:
    once = [Taken(3.0, 2.0)]
    rows = [Row.of("job", "other", once, [Taken(1.5, 100.0)]), Row.left_out("job", "third", "no such thing")]
    first, second = (line(row.cells) for row in rows)
    assert first == "| job | 2 s | other | 50 (50-50) | 0.5 (0.5-0.5) |  |"
    assert second == "| job |  | third |  |  | left out: no such thing |"
