"""How large, before any answers, the parts of the observation model may be: scales of its priors, in one place.

All are in widths of the question on its natural scale, unless they say otherwise: 1 on a logit or logarithm, the
spread of the target's prior where the scale is the unit itself. They are assumptions of ours.
"""

FRAMING_SD = 0.5
"""Scale of what a wording or framing adds."""
CAMP_SD = 1.0
"""Scale of the scale of what a camp shares."""
DEVIATION_LOG_SD = 0.7
"""Scale of the logarithm of deviations between respondents, and of stated spreads; the medians are 1."""
OVERCONFIDENCE_SD = 0.5
"""Scale of the logarithm of the ratio of errors to stated spreads."""
NOISE_SD = 0.1
"""Scale of the noise of probabilities that are stated for thresholds, on the axis of probability."""
CUT_SD = 3.0
"""Scale of the first cut point of an ordered answer, in deviations between respondents."""
STEP_LOG_MEAN, STEP_LOG_SD = -0.5, 0.7
"""Location and scale of the logarithm of the steps between cut points."""
LOADING_SD = 0.7
"""Scale of how large an expert's own bias is in a question, beside what is left of the deviation."""
