"""What many answers can and can't teach, in closed form."""

import math


def posterior_sd(prior_sd: float, bias_sd: float, respondent_sd: float, respondents: float) -> float:
    """Posterior standard deviation of a normal quantity about which so many respondents answered.

    Parameters
    ----------
    prior_sd : float
        Of the quantity, on its natural scale.
    bias_sd : float
        Of the bias that all respondents share; 0 denies it.
    respondent_sd : float
        Between respondents.
    respondents : float
        Their number; infinity gives the floor that no number of answers goes below.
    """
    error = bias_sd**2 + respondent_sd**2 / respondents
    return 1 / math.sqrt(1 / prior_sd**2 + 1 / error) if error else 0.0
