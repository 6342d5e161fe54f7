"""The generator of mutants: each is valid, different and made again by the same seed; the list of equivalents holds."""

import ast

import pytest

from tests.mutation.mutants import chosen, mutants, mutated
from tests.mutation.targets import TARGETS, equivalents, every_mutant

SOURCE = '''
"""Not changed: this text."""
LIMIT: int = 3


def clipped(x: float, low: float = 0.5, *, strict: bool = True) -> float:
    """Not changed either."""
    if x < low and strict:
        raise ValueError(f"{x:.3f} < {low}")
    total = -x
    total += 2
    return max(total * 2, round(x, ndigits=1)) if not strict else total
'''


def test_every_mutant_is_another_module_with_a_name_of_its_own() -> None:
    found = mutants(SOURCE)
    sources = [mutated(SOURCE, one) for one in found]
    assert len({one.name for one in found}) == len(found)
    assert len({*sources, ast.unparse(ast.parse(SOURCE))}) == len(found) + 1
    for source in sources:
        compile(source, "mutant", "exec")
        assert "Not changed" in source
        assert "x:.3f" in source or "pass" in source
    kinds = {one.kind for one in found}
    assert kinds == {
        "argument", "arithmetic", "boolean", "comparison", "constant", "function", "return", "sign", "statement",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("module: 3 => 4", "LIMIT: int = 4"),
        ("clipped: x < low and strict => x <= low and strict", "    if x <= low and strict:"),
        ("clipped: total += 2 => total -= 2", "    total -= 2"),
        ("clipped: -x => x", "    total = x"),
        ("clipped: max(total * 2, round(x, ndigits=1)) => min(total * 2, round(x, ndigits=1))",
         "    return min(total * 2, round(x, ndigits=1)) if not strict else total"),
        ("clipped: round(x, ndigits=1) => round(x)",
         "    return max(total * 2, round(x)) if not strict else total"),
    ],
)  # fmt: skip
def test_a_mutant_does_what_its_name_says(name: str, line: str) -> None:
    (mutant,) = (one for one in mutants(SOURCE) if one.name == name)
    assert line in mutated(SOURCE, mutant).splitlines()


def test_the_same_seed_draws_the_same_mutants_evenly_over_kinds() -> None:
    every = mutants(SOURCE)
    drawn = chosen(every, 12, seed=1)
    assert drawn == chosen(mutants(SOURCE), 12, seed=1)
    assert drawn != chosen(every, 12, seed=2)
    assert len({one.kind for one in drawn[:9]}) == 9
    assert len(set(chosen(every, 1000, seed=1))) == len(every)


@pytest.mark.parametrize("target", TARGETS)
def test_targets_exist_and_their_equivalents_too(target: str) -> None:
    found = TARGETS[target]
    assert found.paths()
    assert found.tested_by()
    names = [mutant.name for mutant in every_mutant(found)]
    assert len(set(names)) == len(names)
    assert len(names) - len(equivalents(target)) >= 40
    assert set(equivalents(target)) <= set(names)
    assert all(equivalents(target).values())
