"""How the model's behaviour shows the essay's claims: one small function for each claim that can be checked."""

from toc_model.beliefs.world import collected
from toc_model.essay.checks import alignment, deployment, labs, moving, research, slowdown, talent, value

CHECKS = collected((talent, moving, labs, slowdown, research, alignment, deployment, value))
