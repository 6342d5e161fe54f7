"""The dimensions of the story and the names of their places, in order."""

POOLS = ("researchers", "builders")
RESEARCHERS, BUILDERS = range(2)

INTERVENTIONS = ("outreach", "evaluations", "grounding_papers", "convening")
OUTREACH, EVALUATIONS, GROUNDING_PAPERS, CONVENING = range(4)

BRANCHES = ("no_pause", "pause")
NO_PAUSE, PAUSE = range(2)

DIMENSIONS = {"pool": POOLS, "intervention": INTERVENTIONS, "branch": BRANCHES}
