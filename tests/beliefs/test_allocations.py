"""Allocations as documents, and the arrays that they become."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shipped import DEFAULT_MIX, DOCUMENTS, load_allocations
from toc_model.errors import InputError
from toc_model.essay.dimensions import INTERVENTIONS, POOLS

SHARES = "buying_time_share = { researchers = 0.3, builders = 0.4 }"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return tmp_path / "allocations.toml"


# Reading ----------------------------------------------------------------------------------------------------------


def test_the_status_quo_comes_first_where_the_document_puts_it_last(document: Path) -> None:
    document.write_text(f"[b]\n{SHARES}\n[a]\n{SHARES}\n[status_quo]\n{SHARES}\n")
    found = load_allocations(document)
    assert list(found.named) == ["status_quo", "b", "a"]
    assert found.named["status_quo"].values == {"buying_time_share": {"researchers": 0.3, "builders": 0.4}}


@pytest.mark.parametrize("text", ["", f"[mine]\n{SHARES}\n"])
def test_a_document_without_a_status_quo_has_the_shipped_one(document: Path, text: str) -> None:
    document.write_text(text)
    found = load_allocations(document)
    assert next(iter(found.named)) == "status_quo"
    assert found.named["status_quo"] == load_allocations().named["status_quo"]
    assert found.levers()["buying_time_share"].isel(allocation=0).values.tolist() == [0.2, 0.1]


def test_only_keeps_the_status_quo_first_and_the_order_asked_for() -> None:
    named = load_allocations()
    assert list(named.only(["high_end", "low_end"]).named) == ["status_quo", "high_end", "low_end"]
    assert list(named.only(["low_end", "status_quo", "low_end"]).named) == ["status_quo", "low_end"]
    with pytest.raises(InputError) as refusal:
        named.only(["recomended"])
    assert str(DOCUMENTS.folder / "allocations.toml") in str(refusal.value)
    assert "unknown allocation 'recomended'; did you mean 'recommended'?" in str(refusal.value)


def test_a_pool_without_a_mix_has_the_default(document: Path) -> None:
    document.write_text(f"[mine]\n{SHARES}\nmix.builders = {{ evaluations = 1.0 }}\n")
    mix = load_allocations(document).levers()["mix"].sel(allocation="mine")
    assert mix.sel(pool="researchers").values.tolist() == [0.35, 0.25, 0.25, 0.15]
    assert mix.sel(pool="builders").values.tolist() == [0.0, 1.0, 0.0, 0.0]
    assert DEFAULT_MIX[POOLS.index("builders")].tolist() == [0.6, 0.0, 0.0, 0.4]


def test_a_mix_is_zero_where_it_says_nothing_and_may_come_in_any_order(document: Path) -> None:
    document.write_text(f"[mine]\n{SHARES}\nmix.researchers = {{ convening = 0.75, outreach = 0.25 }}\n")
    mix = load_allocations(document).levers()["mix"].sel(allocation="mine", pool="researchers")
    assert mix.values.tolist() == [0.25, 0.0, 0.0, 0.75]


def test_a_mix_may_miss_one_by_rounding(document: Path) -> None:
    document.write_text(f"[mine]\n{SHARES}\nmix.researchers = {{ convening = 0.3333333, outreach = 0.6666666 }}\n")
    assert "mine" in load_allocations(document).named


def test_a_digest_belongs_to_the_text(document: Path) -> None:
    document.write_text(f"[mine]\n{SHARES}\n")
    before = load_allocations(document).digests
    document.write_text(f"[mine]\n{SHARES} # why\n")
    after = load_allocations(document).digests
    assert set(before) == set(after) == {"allocations.toml"}
    assert before != after


# What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        (SHARES.replace("0.3", "1.01"), ["buying_time_share.researchers: found 1.01", "allowed: 0 to 1"]),
        (SHARES.replace("0.4", "-0.1"), ["buying_time_share.builders: found -0.1", "allowed: 0 to 1"]),
        (SHARES.replace("0.3", "nan"), ["buying_time_share.researchers: found nan", "finite"]),
        (SHARES.replace("0.3", '"0.3"'), ["buying_time_share.researchers: found '0.3'", "number"]),
        (SHARES.replace("0.3", "true"), ["buying_time_share.researchers: found True", "number"]),
        (SHARES.replace("researchers", "reserchers"), ["unknown pool 'reserchers'; did you mean 'researchers'?"]),
        ("buying_time_share = { researchers = 0.3 }", ["buying_time_share: missing entry 'builders'"]),
        ('description = "Nothing else"', ["missing entry 'buying_time_share'"]),
        (SHARES + "\ndescripton = 'x'", ["'descripton'; did you mean 'description'?", "buying_time_share, mix"]),
        (SHARES + "\nmix.builder = { outreach = 1 }", ["unknown pool 'builder'; did you mean 'builders'?"]),
        (
            SHARES + "\nmix.builders = { outrech = 1 }",
            ["unknown intervention 'outrech'; did you mean 'outreach'?", "grounding_papers"],
        ),
        (
            SHARES + "\nmix.builders = { outreach = 0.5, convening = 0.4 }",
            ["mix.builders: found a sum of 0.9", "allowed: a sum of 1"],
        ),
        (
            SHARES + "\nmix.builders = { outreach = 0.5, convening = 0.49999 }",
            ["mix.builders: found a sum of 0.99999"],
        ),
        (
            SHARES + "\nmix.builders = { outreach = 1.5, convening = -0.5 }",
            ["mix.builders.outreach: found 1.5", "allowed: 0 to 1"],
        ),
        (SHARES + "\nmix.builders = { outreach = nan }", ["mix.builders.outreach: found nan", "finite"]),
        (SHARES + "\nmix.builders = { }", ["mix.builders: found a sum of 0"]),
        (SHARES + "\n" + SHARES, ["malformed TOML", "line 3"]),
    ],
)
def test_an_impossible_allocation_is_refused(document: Path, text: str, fragments: list[str]) -> None:
    document.write_text(f"[mine]\n{text}\n")
    with pytest.raises(InputError) as refusal:
        load_allocations(document)
    message = str(refusal.value)
    assert message.startswith(f"{document}: ")
    assert "mine" in message or "malformed" in message
    assert [fragment for fragment in fragments if fragment not in message] == []
    assert "\n" not in message


def test_a_table_is_needed(document: Path) -> None:
    document.write_text("mine = 0.5")
    with pytest.raises(InputError, match=r"allocations\.toml: mine: found 0\.5"):
        load_allocations(document)


# Round trip -------------------------------------------------------------------------------------------------------

names = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12)
shares = st.tuples(st.floats(0, 1), st.floats(0, 1))
mixes = st.lists(st.integers(0, 50), min_size=4, max_size=4).filter(any)


@given(st.dictionaries(names, st.tuples(shares, mixes, mixes), max_size=5))
def test_levers_are_what_the_document_says(
    tmp_path_factory: pytest.TempPathFactory,
    wanted: dict[str, tuple[tuple[float, float], list[int], list[int]]],
) -> None:
    path = tmp_path_factory.mktemp("allocations") / "random.toml"
    lines = []
    for name, (share, *rows) in wanted.items():
        lines += [f"[{json.dumps(name, ensure_ascii=False)}]"]
        lines += [f"buying_time_share.{pool} = {float(part)!r}" for pool, part in zip(POOLS, share, strict=True)]
        for pool, row in zip(POOLS, rows, strict=True):
            parts = zip(INTERVENTIONS, row, strict=True)
            lines += [f"mix.{pool}.{intervention} = {part / sum(row)!r}" for intervention, part in parts if part]
    path.write_text("\n".join(lines), encoding="utf-8")
    levers = load_allocations(path).levers()
    assert levers["allocation"].values.tolist() == list(dict.fromkeys(["status_quo", *wanted]))
    assert levers["pool"].values.tolist() == list(POOLS)
    assert levers["intervention"].values.tolist() == list(INTERVENTIONS)
    np.testing.assert_allclose(levers["mix"].sum("intervention"), 1, rtol=1e-12)
    for name, (share, *rows) in wanted.items():
        here = levers.sel(allocation=name)
        assert here["buying_time_share"].values.tolist() == list(share)
        np.testing.assert_allclose(here["mix"], [np.array(row) / sum(row) for row in rows], rtol=1e-15)
