"""How the model's behaviour shows the essay's claims: one small function for each claim that can be checked."""

from toc_model.essay.checks import alignment, deployment, labs, moving, research, slowdown, talent, value
from toc_model.questions.claims.world import collected

CHECKS = collected((talent, moving, labs, slowdown, research, alignment, deployment, value))
