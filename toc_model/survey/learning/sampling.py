"""Sampling a posterior, chain by chain, and whether the run was good."""

import importlib
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pymc as pm
import pytensor
import xarray as xr
from pymc.progress_bar import NutpieProgressBarManager

from toc_model.work.processors import processors
from toc_model.work.stopping import is_stopped
from toc_model.work.tasks import each, left

MAX_RHAT = 1.01
MIN_ESS = 400
OFTEN = 0.05
"""Seconds between two looks at a chain, and at whether it is still wanted."""


class Tools:
    """By what chains are made: the compiled model, and bars that show how far they are.

    The model is built and compiled when it is first needed: never, where all chains are kept.
    """

    def __init__(self, build: Callable[[], pm.Model]) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._compiled: tuple[Any, tuple[str, ...]] | None = None
        self._show: Callable[[list[Any]], None] | None = None
        self._latest: dict[int, Any] = {}

    def compiled(self) -> tuple[Any, tuple[str, ...]]:
        """What nutpie samples, and names of the free variables."""
        with self._lock:
            if self._compiled is None:
                nutpie: Any = importlib.import_module("nutpie")
                model = self._build()
                names = tuple(found.name for found in model.free_RVs)
                self._compiled = nutpie.compile_pymc_model(model, backend="numba"), names
            return self._compiled

    @contextmanager
    def shown(self, chains: Sequence[int], draws: int) -> Iterator[None]:
        """Show meanwhile how far some chains are, which are known by their seeds."""
        with NutpieProgressBarManager(chains=len(chains), draws=draws) as bars:
            self._latest = dict.fromkeys(chains, SimpleNamespace(started=False))
            self._show = bars.update
            try:
                yield
            finally:
                self._show = None

    def report(self, chain: int) -> Callable[[list[Any]], None]:
        """What the sampler of a chain tells how far it is, at any time and in a thread of its own."""

        def report(found: list[Any]) -> None:
            with self._lock:
                if self._show:
                    self._latest[chain] = found[0]
                    self._show([*self._latest.values()])

        return report


@dataclass(frozen=True, slots=True)
class How:
    """What all chains share.

    Attributes
    ----------
    about : Any
        All that the model is made of.
    draws, tune : int
        Of each chain.
    target_accept : float
    tools : Tools
        Not compared, for no chain depends on them.
    """

    about: Any
    draws: int
    tune: int
    target_accept: float
    tools: Tools = field(compare=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain.

    Attributes
    ----------
    posterior, stats : xarray.Dataset
        Dims ``(draw, ...)``.
    free : tuple of str
        The free variables.
    """

    posterior: xr.Dataset
    stats: xr.Dataset
    free: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sampled:
    """Chains beside each other.

    Attributes
    ----------
    tree : xarray.DataTree
        ``posterior`` and ``sample_stats``, dims ``(chain, draw, ...)``.
    free : tuple of str
        The free variables.
    """

    tree: xr.DataTree
    free: tuple[str, ...]

    @property
    def problems(self) -> list[str]:
        """Why the run is not good; empty for a good one."""
        return problems(self.tree, self.free)


def sample(
    build: Callable[[], pm.Model],
    about: Any,
    *,
    draws: int,
    tune: int,
    chains: int,
    seed: int,
    target_accept: float,
    progress: bool,
) -> Sampled:
    """Sample a model by NUTS (nutpie); each chain has a seed of its own, and is kept where that is wanted.

    Parameters
    ----------
    build : callable
        Makes the model; not called where all chains are kept already.
    about : Any
        All that the model is made of, by which a chain of it is known.
    draws, tune : int
        Of each chain.
    chains, seed : int
    target_accept : float
    progress : bool
        Whether to show it.
    """
    seeds = [int(one) for one in np.random.SeedSequence(seed).generate_state(chains)]
    how = How(about, draws, tune, target_accept, Tools(build))
    with warnings.catch_warnings(), _sources_put_away():
        warnings.filterwarnings("ignore", category=FutureWarning)
        anew = left(chain, how, seeds)
        if anew:
            how.tools.compiled()  # here, where whoever interrupts ends it
        with how.tools.shown(anew, draws) if progress and anew else nullcontext():
            found = each(chain, how, seeds, threads=min(chains, processors()))
    groups = {"posterior": [one.posterior for one in found], "sample_stats": [one.stats for one in found]}
    beside = {name: xr.concat(parts, "chain").assign_coords(chain=np.arange(chains)) for name, parts in groups.items()}
    return Sampled(xr.DataTree.from_dict(beside), found[0].free)


@contextmanager
def _sources_put_away() -> Iterator[None]:
    """Let PyTensor write the code that it generates where it is deleted at the end, not one by one for ever."""
    with (
        tempfile.TemporaryDirectory(prefix="toc-code-") as folder,
        pytensor.config.change_flags(generated_src_dir=folder),
    ):
        yield


def chain(how: How, seed: int) -> Chain:
    """Sample one chain, and leave off where nobody waits for it any more."""
    nutpie: Any = importlib.import_module("nutpie")
    compiled, free = how.tools.compiled()
    sampler = nutpie.sample(
        compiled,
        draws=how.draws,
        tune=how.tune,
        chains=1,
        cores=1,
        seed=seed,
        target_accept=how.target_accept,
        save_warmup=False,
        progress_bar=False,
        progress_callback=how.tools.report(seed),
        blocking=False,
    )
    tree = _awaited(sampler)
    posterior, stats = (tree[name].to_dataset().isel(chain=0, drop=True) for name in ("posterior", "sample_stats"))
    return Chain(posterior.drop_attrs(), stats.drop_attrs(), free)


def _awaited(sampler: Any) -> Any:
    """What a sampler finds, unless nobody waits for it any more."""
    try:
        while not is_stopped():
            with suppress(TimeoutError):
                return sampler.wait(timeout=OFTEN)
    except BaseException:
        sampler.cancel()
        raise
    sampler.cancel()
    raise CancelledError


def problems(tree: xr.DataTree, names: Sequence[str]) -> list[str]:
    """Why a run can't be called good: divergences, R-hat above 1.01, or an effective sample size below 400.

    Parameters
    ----------
    tree : xarray.DataTree
    names : sequence of str
        Variables to check, in ``posterior``.

    Returns
    -------
    list of str
        What is wrong and what to do; empty for a good run.
    """
    az: Any = importlib.import_module("arviz")
    draws = tree["posterior"].to_dataset()[list(names)]
    found: list[str] = []
    divergent = int(tree["sample_stats"]["diverging"].sum())
    if divergent:
        found.append(f"{divergent} divergences; allowed: none; raise --target-accept")
    found += _beyond("R-hat", az.rhat(draws), MAX_RHAT, "take more --tune")
    for kind in ("bulk", "tail"):
        found += _beyond(f"{kind} ESS", -az.ess(draws, method=kind), -MIN_ESS, "take more --draws")
    return found


def _beyond(what: str, table: xr.Dataset, limit: float, advice: str) -> list[str]:
    """Say which variable is worst, if it is beyond the limit; what should be large comes in with its sign changed."""
    worst = {str(name): float(np.max(values.values)) for name, values in table.data_vars.items()}
    name = max(worst, key=lambda key: worst[key] if np.isfinite(worst[key]) else np.inf)
    if worst[name] <= limit:
        return []
    return [f"{what} of {name} is {abs(worst[name]):.4g}; allowed: {abs(limit):g}; {advice}"]
