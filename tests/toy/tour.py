"""All that the facade gives, asked of the village once."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import toc_model as toc
from tests.toy import CASE
from tests.toy.conftest import printed
from tests.toy.test_elicit import fill
from toc_model.beliefs.shipped import Documents
from toc_model.questions.graph import graph
from toc_model.questions.priors import check, prior, priors

DRAWS = 242
ANSWERS = Path(__file__).parent / "answers.csv"
WORLDVIEWS = ("almanac", "farmer", "forester")


@cache
def asked() -> dict[str, Any]:
    """What each name gives, by name; of `elicit`, and of what commands alone ask, by a name with a point."""
    held = [toc.beliefs(name, draws=DRAWS, case=CASE) for name in WORLDVIEWS]
    one, two, folder = held[0], held[:2], Path(mkdtemp())
    voi = toc.voi(one, parameters=["jumped"], experts=(5, 50), worth=2.0, cost=0.001)
    documents = Documents.of(CASE)
    found = {
        "beliefs": one,
        "allocations": toc.allocations(case=CASE),
        "move": toc.move(fence=5),
        "ESSAY": toc.ESSAY,
        "STORY": toc.STORY,
        "Case": CASE,
        "Story": CASE.story,
        "Settings": toc.Settings(),
        "Study": toc.Study(population=1, periods=1, discount=0, fixed=0, each=0.001),
        "Beliefs": toc.beliefs("millers", draws=DRAWS, case=CASE),
        "draws_of_your_own": toc.draws_of_your_own(one.parameters, "mine", case=CASE),
        "quantiles": toc.quantiles(0.1, 0.2, 0.4),
        "Run": toc.run("almanac", draws=DRAWS, case=CASE),
        "run": toc.run(draws=DRAWS, case=CASE, steps=True),
        "compare": toc.compare(held, unit_cost=2.0, delay_cost=0.01),
        "curve": toc.curve(held),
        "sweep": toc.sweep(held, out=folder / "sweep.zarr", lever={"fence": "0:12:3"}, rivals=["clever"]),
        "sweep.two": toc.sweep(two, out=folder / "two.zarr", lever={"fence": "0:12:6", "watch.hill": "20,60"}),
        "optimise": toc.optimise([one], starts=1),
        "marginal": toc.marginal(held, unit_cost=2.0),
        "voi": voi,
        "voi.several": toc.voi(two, parameters=["jumped"], experts=(5,), worth=2.0, cost=0.001),
        "sampling": toc.sampling(voi, toc.Study(population=1, periods=1, discount=0, fixed=0, each=0.001)),
        "worldviews": toc.worldviews(two),
        "channels": toc.channels(one),
        "sensitivity": toc.sensitivity(one),
        "sensitivity.flip": toc.sensitivity(one, method="flip"),
        "sensitivity.sobol": toc.sensitivity(one, method="sobol"),
        "sensitivity.given-data": toc.sensitivity(one, method="given-data"),
        "claims": toc.claims(one),
        "disagree": toc.disagree(two),
        "report": toc.report(two),
        "explore": toc.explore(one),
        "structure": toc.structure(one),
        "harm": toc.harm(one, allocation="all_round", resamples=40),
        "harm.none": toc.harm(one, resamples=40),
        "grant": toc.grant(two),
        "check_claims": toc.check_claims(one),
        "graph.graph": graph(CASE, one.story),
        "priors.priors": priors(documents, "farmer"),
        "priors.prior": prior(documents, "toil", "farmer"),
        "priors.check": check(documents, "farmer"),
        **elicited(folder),
        **learnt(folder),
    }
    path = folder / "run.nc"
    found["Run"].save(path)
    return found | {"load": toc.load(path), "rerun": toc.rerun(path, case=CASE)}


def elicited(folder: Path) -> dict[str, Any]:
    """A panel of three, from the question to a changed prior."""
    panel, seeds = folder / "panel", folder / "seeds.csv"
    seeds.write_text("question,wording,unit,truth\nlegs,How many?,legs,4\n", encoding="utf-8")
    found: dict[str, Any] = {"elicit.new": toc.elicit.new(panel, ["jumped", "fence_gain"], experts=3, case=CASE)}
    fill(panel)
    found |= {"elicit.read": toc.elicit.read(panel, case=CASE), "elicit.pool": toc.elicit.pool(panel, case=CASE)}
    found["elicit.pool"].save(panel / "pool.toml")
    return found | {
        "elicit.fit": toc.elicit.fit(panel, case=CASE),
        "elicit.feedback": toc.elicit.feedback(panel, case=CASE),
        "elicit.worldview": toc.elicit.worldview(panel / "pool.toml", case=CASE),
    }


def learnt(folder: Path) -> dict[str, Any]:
    """An update by weights, which opens no PyMC."""
    answers = folder / "answers.csv"
    printed("survey", "import", "neighbours", ANSWERS, "--out", answers)
    settings = toc.Settings(draws=DRAWS, sampler="weights")
    update = toc.update(answers, draws=DRAWS, settings=settings, case=CASE)
    return {"update": update, "update.posterior": update.learned.posterior, "update.sweep": update.sweep}
