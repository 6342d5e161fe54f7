"""Figures, statistics and sentences of the page are those of the commands: the same cases in both languages."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from tests.present.node import needs_node, node, ran
from tests.toy.case import CASE
from toc_model.beliefs.allocations import Allocations, allocations_of
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.grounds import changes
from toc_model.beliefs.loading import load_beliefs
from toc_model.engine.case import Case
from toc_model.engine.measures import Measure
from toc_model.essay.case import ESSAY
from toc_model.labels import MADE, made_as
from toc_model.present import signs, words
from toc_model.questions.run.moves import Move, evaluated
from toc_model.questions.run.words import cost_cell, sentence
from toc_model.statistics import break_even, decisions, draws
from toc_model.statistics.shapley import shapley
from toc_model.statistics.signs import direction

pytestmark = needs_node
TESTS = sorted((Path(__file__).parent / "explore").glob("*.test.js"))


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_own_tests_of_the_modules(path: Path) -> None:
    assert "# fail 0" in node("--test", "--test-reporter=tap", str(path))


# Figures ------------------------------------------------------------------------------------------------------------


@cache
def numbers() -> list[float]:
    """Of all sizes: whole, with few digits, halves of such, neighbours of these, and any bits at all."""
    rng = np.random.default_rng(1)
    sizes = 10.0 ** rng.integers(-12, 24, 300)
    few = np.array([float(f"{x:.{k % 5}e}") for k, x in enumerate(rng.normal(size=300) * sizes)])
    halves = np.concatenate([rng.integers(-2000, 2000, 300) / 2.0 ** rng.integers(0, 9, 300), [0.5, 2.5, 0.125, 1e22]])
    tens = np.array(
        [sign * m * 10.0**k for k in range(-7, 25) for m in (1, 5, 9.5, 99.5, 999.5, 25, 35) for sign in (1, -1)]
    )
    wide = rng.integers(0, 0x7FEF_FFFF_FFFF_FFFF, 300).view(float) * rng.choice([-1, 1], 300)
    whole = rng.integers(-(2**62), 2**62, 200).astype(float)
    bent = np.nextafter(np.concatenate([few, halves, tens]), np.inf)
    found = np.concatenate([rng.normal(size=300) * sizes, few, halves, tens, wide, whole, bent, [0.0, -0.0, 5e-324]])
    return [float(x) for x in found]


WRITTEN: dict[str, Callable[[float, int], str]] = {
    "fixed": lambda x, digits: f"{x:.{digits}f}",
    "fixedZ": lambda x, digits: f"{x:z.{digits}f}",
    "plus": lambda x, digits: f"{x:+.{digits}f}",
    "plusZ": lambda x, digits: f"{x:+z.{digits}f}",
    "grouped": lambda x, digits: f"{x:,.{digits}f}",
    "general": lambda x, digits: f"{x:.{digits}g}",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_numbers_are_written_as_python_writes_them(name: str) -> None:
    rows = [(x, (k + k // 7) % 8) for k, x in enumerate(numbers())]
    assert ran("numbers", f"all.{name}", rows) == [WRITTEN[name](x, digits) for x, digits in rows]


def measured(measure: Measure) -> dict[str, Any]:
    """A measure as the page's data have it."""
    keys = {"change_unit": "changeUnit", "end_digits": "endDigits"}
    keys |= {"change_digits": "changeDigits", "change_end_digits": "changeEndDigits"}
    return {keys.get(key, key): held for key, held in asdict(measure).items()}


MEASURES = [ESSAY.objective.measure, CASE.objective.measure, replace(CASE.objective.measure, mark="")]
ROWS = ("mean", "q05", "q95", "mcse")
TOLD: dict[str, tuple[str, Callable[..., str]]] = {
    "value": ("(m, r) => all.value(m, r.mean)", lambda m, r: words.value(m, r["mean"])),
    "value, digits": ("(m, r) => all.value(m, r.mean, 3)", lambda m, r: words.value(m, r["mean"], 3)),
    "signed": ("(m, r) => all.signed(m, r.mean)", lambda m, r: words.signed(m, r["mean"])),
    "value, interval": ("(m, r) => all.valueInterval(m, r)", words.value_interval),
    "interval": ("(m, r) => all.interval(m, r)", words.interval),
    "interval, error": ("(m, r) => all.interval(m, r, true)", lambda m, r: words.interval(m, r, error=True)),
    "with unit": ("(m, r) => all.withUnit(m, r.mean)", lambda m, r: words.with_unit(m, r["mean"])),
    "percent": ("(m, r) => all.percent(r.mean, 1)", lambda _, r: words.percent(r["mean"], 1)),
    "percent, whole": ("(m, r) => all.percent(r.mean)", lambda _, r: words.percent(r["mean"])),
    "percent of": ("(m, r) => all.percentOf(r.mean)", lambda _, r: words.percent_of(r["mean"])),
    "sized": ("(m, r) => all.sized(r.mean)", lambda _, r: words.sized(r["mean"])),
    "amount": ("(m, r) => all.amount(r.mean)", lambda _, r: words.amount(r["mean"])),
}


@pytest.mark.parametrize("name", TOLD)
def test_figures_are_told_as_commands_tell_them(name: str) -> None:
    function, plain = TOLD[name]
    some = np.array([x for x in numbers() if abs(x) < 1e12])
    kept = some[: some.size // 4 * 4].reshape(-1, 4)
    rows = [(MEASURES[k % 3], dict(zip(ROWS, map(float, row), strict=True))) for k, row in enumerate(kept)]
    assert ran("numbers", function, [[measured(m), r] for m, r in rows]) == [plain(m, r) for m, r in rows]


def test_values_of_levers_are_told_as_commands_tell_them() -> None:
    variables = [*ESSAY.story.variables, *CASE.story.variables]
    rows = [(variables[k % len(variables)], x) for k, x in enumerate(numbers()) if abs(x) < 1e3]
    found = ran("numbers", "all.leverValue", [[{"measure": measured(words.lever_measure(v))}, x] for v, x in rows])
    assert found == [words.with_unit(words.lever_measure(v), x) for v, x in rows]


def texts() -> list[str]:
    """Texts with signs of all kinds, marked names and figures among them."""
    signs_of = ["a", "-", "5", ".", " ", "_", "(", "[", "±", "\u2068", "\u2069", "\n", "\t", "\x1b", "\x85", "\u202e"]
    signs_of += [
        "\u0301",
        "\u20dd",
        "\u200b",
        "\xa0",
        "\u3000",
        "\ufe0f",
        "\u2028",
        "\U0001f600",
        "\U000e0100",
        "\xad",
        "é",
        "\ue000",
    ]
    rng = np.random.default_rng(2)
    return ["".join(rng.choice(signs_of, rng.integers(0, 25))) for _ in range(3000)]


TEXTS: dict[str, Callable[[str], str]] = {
    "withMinus": words.with_minus,
    "visible": signs.visible,
    "named": words.named,
    "isolated": words.isolated,
    "begun": words.begun,
}


@pytest.mark.parametrize("name", TEXTS)
def test_names_are_shown_as_commands_show_them(name: str) -> None:
    assert ran("numbers", f"all.{name}", [[text] for text in texts()]) == [TEXTS[name](text) for text in texts()]


# Statistics -----------------------------------------------------------------------------------------------------------

KINDS = ("independent", "of a pool alone", "mixture", "camp", "camp of a pool", "mixture of camps")


def labels(kind: str, size: int, rng: np.random.Generator) -> dict[str, Any]:
    """How draws were made, as coordinates."""
    part = rng.permutation(np.arange(size) % rng.integers(1, 5)) * 3
    rank = rng.permutation(size) if rng.integers(2) else rng.integers(0, size, size)
    pool = rng.integers(0, max(1, size // 2), size) + 40_000
    found = {"of a pool alone": {"pool_member": pool}, "mixture": {"mixture_part": part}, "camp": {"camp_rank": rank}}
    found |= {"camp of a pool": {"camp_rank": rank, "pool_member": pool}}
    found |= {"mixture of camps": {"mixture_part": part, "camp_rank": rank, "pool_member": pool}}
    return {name: ("draw", values) for name, values in found.get(kind, {}).items()}


def quantities(size: int, made: Mapping[str, Any], rng: np.random.Generator) -> dict[str, xr.DataArray]:
    """An outcome before, its change and how much later it comes; sometimes nothing of one of them."""
    rank = made["camp_rank"][1] / size if "camp_rank" in made else 0.0
    before = rng.uniform(0.1, 1.0, size) + rank
    shift, wide = rng.choice([-1.0, -0.2, 0.0, 0.2, 1.0], 2), rng.choice([0.01, 1.0], 2)
    change, later = (shift[i] + wide[i] * rng.normal(size=size) + shift[i] * rank for i in (0, 1))
    nil = rng.integers(0, 8)
    found = {
        "before": before * (nil != 0),
        "change": change * (nil not in (1, 3)),
        "later": later * (nil not in (2, 3)),
    }
    if nil == 4:
        found["change"] = np.full(size, -0.25)
    if nil == 5:
        found["before"] = np.where(np.arange(size) % 2, 1.0, -1.0)[: size - size % 2].tolist() + [0.0] * (size % 2)
    if nil == 6:
        found |= {"before": -before, "change": np.where(np.arange(size) % 3, change, 0.0)}
    return {name: xr.DataArray(np.asarray(held) + 0.0, dims="draw", coords=made) for name, held in found.items()}


@cache
def cases(kind: str) -> list[dict[str, xr.DataArray]]:
    rng = np.random.default_rng(KINDS.index(kind))
    sizes = [*range(2, 16)] * 4 + [100, 129, 400, 1000] * 4
    return [quantities(size, labels(kind, size, rng), rng) for size in sizes]


def design(x: xr.DataArray) -> dict[str, Any]:
    """What `designOf` takes."""
    names = dict(zip(MADE, ("chain", "part", "rank", "pool", "weight"), strict=True))
    said = {names[name]: held.tolist() for name, (_, held) in made_as(x).items()}
    return {"draws": x.size, "part": None, "rank": None, "pool": None, **said}


def same(found: Any, wanted: Any) -> None:
    """Equal words, and numbers but for rounding; nothing for what is no number."""
    if isinstance(wanted, Mapping):
        assert found.keys() == wanted.keys()
        for name in wanted:
            same(found[name], wanted[name])
    elif isinstance(wanted, float) and math.isfinite(wanted):
        assert found is not None
        assert abs(found - wanted) <= 1e-12 * abs(wanted), (found, wanted)
    else:
        assert found == (None if isinstance(wanted, float) else wanted)


def all_same(found: Sequence[Any], wanted: Sequence[Any]) -> None:
    assert len(found) == len(wanted) > 0
    for one, other in zip(found, wanted, strict=True):
        same(one, other)


@pytest.mark.parametrize("kind", KINDS)
def test_figures_and_their_errors_are_those_of_python(kind: str) -> None:
    every = [x for case in cases(kind) for x in case.values()]
    rows = [[x.values, design(x)] for x in every]
    all_same(
        ran("statistics", "(x, made) => all.figures(x, all.designOf(made))", rows),
        [decisions.figures(x) for x in every],
    )


@pytest.mark.parametrize("kind", KINDS)
def test_relative_changes_are_those_of_python(kind: str) -> None:
    rows = [[case["before"].values, case["change"].values, design(case["change"])] for case in cases(kind)]
    found = ran("statistics", "(x, y, made) => all.relativeChange(x, y, all.designOf(made))", rows)
    wanted = [break_even.relative_change(case["before"], case["change"]) for case in cases(kind)]
    all_same(found, [dict(zip(("mean", "mcse"), pair, strict=True)) for pair in wanted])
    assert {one["mean"] is None for one in found} == {False, True}


@pytest.mark.parametrize("kind", KINDS)
def test_costs_of_delay_are_those_of_python(kind: str) -> None:
    rows = [[case["change"].values, case["later"].values, design(case["change"])] for case in cases(kind)]
    found = ran("statistics", "(x, y, made) => all.breakEven(x, y, all.designOf(made))", rows)
    all_same(found, [break_even.break_even(case["change"], case["later"]).to_dict() for case in cases(kind)])
    assert {one["verdict"] for one in found} == {"none", "any", "unclear", "cost"}


@pytest.mark.parametrize("name", ["essay", "village"])
@pytest.mark.parametrize("kind", KINDS)
def test_moves_are_those_of_the_command(kind: str, name: str) -> None:
    moves = [Move(believed(name), case["before"], case["change"], case["later"]) for case in cases(kind)]
    same_moves(moves, [[design(move.change), moved(move)] for move in moves])


def same_moves(moves: Sequence[Move], rows: Sequence[Sequence[Any]]) -> None:
    """The figures of moves as JSON of the command has them, and those after."""
    found = ran("statistics", "(made, move) => all.moveFigures({ ...move, design: all.designOf(made) })", rows)
    for one, move in zip(found, moves, strict=True):
        plain = move.to_dict()
        names = {"before": move.beliefs.case.objective.node, "change": "change", "relative": "relative"}
        names |= {"shareBetter": "share_better", "breakEven": "break_even"}
        same(one.pop("after"), decisions.figures(move.before + move.change))
        same(one, {name: plain[theirs] for name, theirs in names.items()})


def moved(move: Move) -> dict[str, Any]:
    """What `moveFigures` takes beside the design."""
    later = None if move.later is None else move.later.values
    held = {"before": move.before.values, "change": move.change.values, "later": later}
    return {**held, "lowerIsBetter": move.beliefs.case.objective.lower_is_better}


@pytest.mark.parametrize("kind", KINDS)
def test_directions_are_those_of_python(kind: str) -> None:
    wanted = [direction(decisions.figures(case["change"])) for case in cases(kind)]
    rows = [[case["change"].values, design(case["change"])] for case in cases(kind)]
    assert ran("statistics", "(x, made) => all.direction(all.figures(x, all.designOf(made)))", rows) == wanted
    assert set(wanted) == {-1, 0, 1}


def test_a_mean_has_a_sign_from_the_same_error_on() -> None:
    rng = np.random.default_rng(9)
    rows = [
        {"mean": m * e, "mcse": e} for m, e in zip(rng.uniform(-1.97, 1.97, 999), rng.uniform(0, 1, 999), strict=True)
    ]
    rows += [{"mean": sign * decisions.AS_GOOD * by, "mcse": 1.0} for sign in (1, -1) for by in (1, 1 - 1e-9, 1 + 1e-9)]
    assert ran("statistics", "all.direction", [[row] for row in rows]) == [direction(row) for row in rows]


def test_quantiles_are_those_of_numpy_to_the_last_bit() -> None:
    rng = np.random.default_rng(3)
    every = [np.sort(rng.normal(size=size) * 10.0 ** rng.integers(-9, 9, size)) for size in [*range(1, 60), 1000]]
    rows = [[x, level] for x in every for level in (0.0, 0.05, 0.5, 0.95, 1.0, float(rng.uniform()))]
    assert ran("statistics", "all.quantile", rows) == [float(np.quantile(x, level)) for x, level in rows]


def test_sums_and_means_are_those_of_numpy_to_the_last_bit() -> None:
    rng = np.random.default_rng(4)
    rows = [[rng.normal(size=size) * 10.0 ** rng.integers(-5, 5, size)] for size in [*range(1, 300), 1000, 4001]]
    assert ran("statistics", "all.meanOf", rows) == [float(x.mean()) for (x,) in rows]


def test_differences_are_those_of_python_without_what_is_rounding() -> None:
    rng = np.random.default_rng(5)
    rows = []
    for size in [1, 2, 30, 200] * 5:
        y = rng.normal(size=size) * 10.0 ** rng.integers(-14, 3, size)
        rows.append([y * (1 + rng.choice([0, 1e-13, 3e-12, 0.1], size)), y])
    found = ran("statistics", "all.difference", rows)
    pairs = [(xr.DataArray(x, dims="draw"), xr.DataArray(y, dims="draw")) for x, y in rows]
    assert found == [draws.difference(*pair).values.tolist() for pair in pairs]
    assert {x == 0 for one in found for x in one} == {True, False}


@pytest.mark.parametrize("many", [1, 2, 3, 5])
def test_shapley_values_are_those_of_python(many: int) -> None:
    players = [f"step {k}" for k in range(many)]
    table = np.random.default_rng(many).normal(size=(2**many, 7))

    def value(chosen: frozenset[str]) -> xr.DataArray:
        return xr.DataArray(table[sum(2**k for k, name in enumerate(players) if name in chosen)], dims="draw")

    game = "(players, rows) => all.shapley(players, (set) => rows[players.reduce((sum, name, k) => "
    game += "sum + (set.includes(name) ? 2 ** k : 0), 0)])"
    (found,) = ran("statistics", game, [[players, list(table)]])
    assert found == [shares.values.tolist() for shares in shapley(players, value).values()]


# Sentences ------------------------------------------------------------------------------------------------------------


@cache
def believed(name: str, worldview: str | None = None) -> Beliefs:
    return load_beliefs({"essay": ESSAY, "village": CASE}[name], worldview, draws=200)


def data(case: Case) -> dict[str, Any]:
    """What the page is told of a case, as far as sentences go."""
    told = [
        {
            "name": lever.name,
            "unit": lever.unit,
            "variables": [{"name": one.name} for one in case.story.variables if one.lever == lever],
        }
        for lever in case.story.levers.values()
    ]
    objective = {"label": case.objective.label, "measure": measured(case.objective.measure)}
    delay = {"period": case.delay.period} if case.delay else None
    return {"objective": objective, "delay": delay, "describe": case.describe, "levers": told}


def drawn_allocations(case: Case, rng: np.random.Generator) -> tuple[Allocations, str]:
    """The status quo and another one with values of all levers, under a name that hides something."""
    tables: dict[str, Any] = {}
    name = str(rng.choice(["plan", "more_of -5", "a\u202eb\n_c", "\u2068x", "it's “so”"]))
    for one in (case.status_quo, name):
        tables[one] = {"description": ""}
        for lever in case.story.levers.values():
            sizes = [len(case.story.dimensions[dim]) for dim in lever.places]
            values = rng.uniform(lever.lower, lever.upper, sizes).round(int(rng.integers(1, 9)))
            values = np.abs(rng.dirichlet(np.ones(sizes[-1]), sizes[:-1])) if lever.sums_over else values
            tables[one][lever.name] = nested(values, [case.story.dimensions[dim] for dim in lever.places])
    return allocations_of(case, tables, NotImplemented), name


def nested(values: np.ndarray, places: Sequence[tuple[str, ...]]) -> Any:
    if not places:
        return float(values)
    return {place: nested(values[k], places[1:]) for k, place in enumerate(places[0])}


def flat(allocations: Allocations, name: str) -> dict[str, list[float]]:
    held = allocations.levers().sel(allocation=name)
    return {str(lever): held[lever].values.ravel().tolist() for lever in held}


@pytest.mark.parametrize("case", [ESSAY, CASE, replace(CASE, describe=""), replace(ESSAY, describe="")])
def test_allocations_are_told_as_commands_tell_them(case: Case) -> None:
    rng = np.random.default_rng(6)
    every = [drawn_allocations(case, rng) for _ in range(60)]
    rows = [[data(case), flat(found, name)] for found, name in every]
    assert ran("sentence", "all.told", rows) == [found.told(name) for found, name in every]


SENTENCE = """(data, parts, under, a, b, made, move) => all.sentence(data, {
    ...parts, under: all.whose(...under), fromTold: all.told(data, a), toTold: all.told(data, b),
    figures: all.moveFigures({ ...move, design: all.designOf(made) }) })"""


def asked(move: Move, allocations: Allocations, to: str) -> list[Any]:
    """What the page makes the sentence of."""
    case, quo = move.beliefs.case, allocations.status_quo
    date = move.beliefs.documents.date
    parts = {"fromName": quo, "toName": to, "counted": move.beliefs.counted()}
    under = [move.beliefs.phrase, date.label if date else "", changes(move.beliefs)]
    return [data(case), parts, under, flat(allocations, quo), flat(allocations, to), design(move.change), moved(move)]


def told_by_the_page(rows: Sequence[Sequence[Any]]) -> list[Any]:
    return ran("sentence statistics", SENTENCE, rows)


@pytest.mark.parametrize("case", [ESSAY, CASE, replace(CASE, delay=None)], ids=["essay", "village", "without delay"])
def test_sentences_are_those_of_the_command(case: Case) -> None:
    plain, rng = believed(case.name), np.random.default_rng(7)
    beliefs = replace(plain, documents=replace(plain.documents, case=case))
    told, moves = [drawn_allocations(case, rng) for _ in range(20)], []
    for k, found in enumerate(found for kind in KINDS for found in cases(kind)):
        arrays = (found["before"], found["change"] / 10, found["later"] if case.delay else None)
        moves.append((Move(beliefs, *arrays), *told[k % len(told)]))
    wanted = [signs.PAIR.sub(r"\1", sentence(*one)) for one in moves]
    assert told_by_the_page([asked(*one) for one in moves]) == wanted
    kinds = ["raises mean", "lowers mean", "where it is"]
    kinds += [" draws, whatever", " draws, and pays while", " of draws."] if case.delay else [" of draws."]
    assert [kind for kind in kinds if not any(kind in text for text in wanted)] == []
    assert any("whatever" in text or "pays while" in text for text in wanted) == bool(case.delay)


@pytest.mark.parametrize("worldview", CASE.worldviews)
def test_moves_of_each_worldview_are_those_of_the_command(worldview: str) -> None:
    beliefs = believed("village", worldview)
    allocations = beliefs.documents.allocations()
    others = [name for name in allocations.named if name != allocations.status_quo]
    moves = [evaluated(beliefs, allocations).move(to) for to in others]
    assert len(others) > 1
    pairs = list(zip(moves, others, strict=True))
    rows = [asked(move, allocations, to) for move, to in pairs]
    assert told_by_the_page(rows) == [signs.PAIR.sub(r"\1", sentence(move, allocations, to)) for move, to in pairs]
    same_moves(moves, [row[-2:] for row in rows])


def test_costs_are_told_as_tables_tell_them() -> None:
    rng = np.random.default_rng(8)
    costs = [{"verdict": "cost", "cost": c, "mcse": e} for c, e in 10.0 ** rng.uniform(-5, 1, (300, 2))]
    cells = [cost_cell(cost) for cost in costs]
    assert ran("sentence", "all.costShare", [[cost] for cost in costs]) == [getattr(cell, "text", "") for cell in cells]


def test_what_was_changed_is_said() -> None:
    beliefs = load_beliefs(CASE, draws=20, overrides=["toil*=-2", "do(guarded)=before"])
    made = evaluated(beliefs, beliefs.documents.allocations())
    one = (made.move("plan"), made.allocations, "plan")
    wanted = signs.PAIR.sub(r"\1", sentence(*one))
    assert told_by_the_page([asked(*one)]) == [wanted]
    assert " with toil*=-2; do(guarded)=before, moving" in wanted
