"""``toc priors``: the elicited beliefs."""
