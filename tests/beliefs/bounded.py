"""The toy with a gamma, a beta and two metalogs in the places of its normal entries, one of which may be nil."""

from pathlib import Path

from tests.beliefs.village import edit
from toc_model.files import copy_folder

TOY = Path(__file__).parents[1] / "toy" / "documents"
GAIN = "quantiles = { q05 = 0.8, q50 = 2.0, q95 = 3.6 }"


def with_families(tmp_path: Path) -> Path:
    """A folder with documents of the toy, where one factor is shared by a beta and a normal entry."""
    folder = tmp_path / "families"
    copy_folder(TOY, folder)
    deer, grain = folder / "deer.toml", folder / "grain.toml"
    edit(
        deer,
        'family = "normal"\nunit = "tonnes per km"\nquantiles = { q05 = 0.8, q50 = 2.0, q95 = 3.2 }',
        f'family = "metalog"\nunit = "tonnes per km"\nupper = 9.0\n{GAIN}',
    )
    edit(deer, 'family = "logit_normal"', 'family = "beta"')
    edit(deer, 'nil = 0.2\nfamily = "normal"', 'nil = 0.2\nfamily = "gamma"')
    edit(grain, 'family = "normal"\nunit = "tonnes"', 'family = "gamma"\nlower = 10.0\nunit = "tonnes"')
    edit(grain, 'family = "normal"\nunit = "tonnes per square km"', 'family = "metalog"\nunit = "tonnes per square km"')
    return folder
