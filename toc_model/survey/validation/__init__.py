"""Whether the observation model describes the answers: scores of what was left out, and simulated answers.

Everything here is computed from the draws of a fit with the densities of `toc_model.survey.kinds`, in
plain xarray. To leave an expert or a camp out draws are weighted (PSIS). Where the Pareto k of the weights is above
`MAX_K` the score is not to be trusted without another fit, which `refits` makes where that is asked for.
"""
