"""From surveys to a posterior."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import beliefs_of, beliefs_on
from toc_model.beliefs.mixture import COPIES
from toc_model.beliefs.posterior import Posterior
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.provenance import SAMPLERS, provenance, versions
from toc_model.beliefs.saved_posterior import save_posterior
from toc_model.beliefs.shipped import Documents
from toc_model.brief import Brief
from toc_model.documents import fail_if_not_netcdf
from toc_model.errors import InputError
from toc_model.memory import fail_if_beyond_memory
from toc_model.survey.learning.learning import Found, found_posterior
from toc_model.survey.learning.settings import Common, Settings, Shape
from toc_model.survey.learning.surveys import Surveys, read_surveys


@dataclass(frozen=True, slots=True, repr=False)
class Learned(Brief):
    """A worldview, surveys and the posterior.

    Attributes
    ----------
    documents : Documents
    priors : Priors
    surveys : Surveys
    allocations : Allocations
    found : Found
        The posterior as it was found, by weights or by a sampler.
    common : Common
    settings : Settings
    about : dict
        How it was made, as its file says.
    posterior : Posterior
        Of the parameters.
    start : Posterior or None
        The posterior that was updated; None where that was a worldview.
    """

    documents: Documents
    priors: Priors
    surveys: Surveys
    allocations: Allocations
    found: Found
    common: Common
    settings: Settings
    about: dict[str, Any]
    posterior: Posterior
    start: Posterior | None = None

    @property
    def problems(self) -> tuple[str, ...]:
        """Why the run is not good; empty for a good one."""
        return self.found.problems

    @property
    def prior(self) -> Beliefs:
        """The prior draws as beliefs; where these were weighted, the same draws."""
        return beliefs_on(self.documents, self.priors, self.found.prior, seed=self.settings.seed)

    @property
    def before(self) -> Beliefs:
        """What was updated: the posterior that was added to or taken from, or the prior."""
        return beliefs_of(self.start, self.documents, seed=self.settings.seed) if self.start else self.prior

    @property
    def after(self) -> Beliefs:
        """The posterior draws as beliefs."""
        return beliefs_of(self.posterior, self.documents, seed=self.settings.seed)

    def save(self, path: Path | str, *, accepted: bool = False) -> None:
        """Write the posterior, as any command reads it by ``--worldview``.

        Parameters
        ----------
        path : path
        accepted : bool
            Whether later commands may rest on it though the run is not good, which they then say.

        Raises
        ------
        InputError
            If the name does not end in ``.nc``, the file can't be written, or no document has the priors, so that
            nothing could say later what the posterior rests on.
        """
        fail_if_not_netcdf(Path(path))
        if not self.about["worldview"]:
            raise InputError(
                f"{path}: rests on {self.priors.worldview!r} as changed in Python; allowed: a worldview's document"
            )
        save_posterior(Path(path), self.posterior, self.about | {"accepted": accepted}, self.found.group)


ORIGIN = (
    "versions",
    "surveys",
    "mappings",
    "method",
    "bias_scale",
    "bias_shape",
    "shared_bias",
    "sampling",
    "trust",
    "problems",
)


def update(
    documents: Documents,
    files: Sequence[Path],
    worldview: str | Priors | None = None,
    *,
    maps: Sequence[str] = (),
    without: Collection[str] = (),
    allocations: Allocations | None = None,
    common: Common | None = None,
    shared_bias: bool = False,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Learned:
    """Update a worldview from surveys; or a posterior, whose surveys count with them in whatever order they came.

    Parameters
    ----------
    documents : Documents
    files : sequence of Path
        Answers in the long format.
    worldview : str or Priors, optional
        A name, the path of a worldview's document or of a posterior, or priors; the base by default.
    maps : sequence of str
        Mapping documents of one's own.
    without : collection of str
        Sources that a posterior rests on, to be taken out.
    allocations : Allocations, optional
        That questions may be about; those of the documents by default.
    common : Common, optional
        How common biases are taken; as the posterior took them, or as stated.
    shared_bias : bool
        Whether all answers of one respondent to a source share a bias, which takes a sampler; else they are
        independent given the rest. Always so where a posterior that is updated took them so.
    settings : Settings, optional
        As the posterior was found by default, so that the same draws are weighted.
    progress : callable, optional
        Called with the number of questions whose answers were read and the number of all.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    case, named = documents.case, allocations or documents.allocations()
    stated = worldview if isinstance(worldview, Priors) else documents.priors(worldview)
    settings = settings or settings_of(stated)
    fail_if_beyond_memory(settings.steps, COPIES * len(case.story.entries), "draws and tune of all chains")
    fail_if_not_updatable(documents, stated)
    priors, kept = (stated.learnt.priors, stated.learnt.answers) if stated.learnt else (stated, ())
    common = common or _as_before(stated)
    shared_bias = shared_bias or bool(stated.learnt and stated.learnt.origin.get("shared_bias"))
    surveys = read_surveys(documents, files, maps, priors, named.named, kept=kept, without=without)
    name, digests = _in_documents(documents, priors)
    found = found_posterior(
        documents, priors, named, surveys.asked, common, settings, shared_bias=shared_bias, progress=progress
    )
    evidence = (*priors.evidence, *surveys.evidence(common))
    about = provenance(
        case.story,
        versions=versions(*(SAMPLERS if found.method == "nuts" else ())),
        format=2,
        case=case.name,
        home=case.home,
        worldview=name,
        priors="" if documents.are_shipped else str(documents.folder.resolve()),
        digests=digests,
        sets=list(documents.sets),
        allocations=dict(named.digests),
        evidence=[record.model_dump() for record in evidence],
        surveys=dict(surveys.files),
        mappings=dict(surveys.mappings),
        method=found.method,
        bias_scale=common.scale,
        bias_shape=common.shape,
        shared_bias=shared_bias,
        sampling=asdict(settings) | {"draws": found.prior.sizes["draw"]},
        **({"trust": found.trust} if found.trust else {}),
        problems=list(found.problems),
    )
    posterior = Posterior(
        priors,
        evidence,
        found.problems,
        found.parameters,
        found.log_likelihood,
        {key: about[key] for key in ORIGIN if about.get(key) not in (None, [])},
        tuple(source.kept for source in surveys.sources),
    )
    return Learned(documents, priors, surveys, named, found, common, settings, about, posterior, stated.learnt)


def _as_before(stated: Priors, scale: float | None = None, shape: Shape | None = None) -> Common:
    """How common biases are taken: as asked for, as a posterior took them, or as stated."""
    origin = stated.learnt.origin if stated.learnt else {}
    return Common(
        origin.get("bias_scale", 1.0) if scale is None else scale,
        origin.get("bias_shape", "normal") if shape is None else shape,
    )


def settings_of(stated: Priors, **asked: Any) -> Settings:
    """How a posterior is found: as asked for, where that is not None; else as one that is updated was."""
    before = dict(stated.learnt.origin.get("sampling", {})) if stated.learnt else {}
    return Settings(**(before | {name: value for name, value in asked.items() if value is not None}))


def common_of(beliefs: Beliefs, scale: float | None, shape: Shape | None) -> Common:
    """How common biases are taken: as asked for; else as a posterior took them, or as stated."""
    return _as_before(beliefs.members[0].priors, scale, shape) if beliefs.members else Common()


def fail_if_not_updatable(documents: Documents, priors: Priors) -> None:
    """Fail if priors rest on a survey already, or are held at another date than that which surveys are mapped to."""
    case = documents.case
    if priors.camp:
        raise InputError(
            f"update: found {priors.worldview!r}, a camp, which already rests on a survey; allowed: {case.base}, or a "
            "worldview without a camp"
        )
    if priors.over:
        raise InputError(
            f"update: found {priors.over.worldview!r}, which is based on a mixture; allowed: a worldview that is not"
        )
    if documents.date and documents.date.name != case.date:
        raise InputError(
            f"update: found beliefs as of {documents.date.name}; allowed: {case.date}, from which years count"
        )


def _in_documents(documents: Documents, priors: Priors) -> tuple[str, dict[str, str]]:
    """By what name or path documents give some priors, and the digests of these; empty where none does."""
    try:
        found = documents.priors(priors.named)
    except InputError:
        return "", {}
    same = (found.entries, found.correlations, found.factors) == (priors.entries, priors.correlations, priors.factors)
    return (priors.named, dict(found.digests)) if same else ("", {})
