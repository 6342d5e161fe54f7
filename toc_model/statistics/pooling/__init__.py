"""Several judgements as one: pooled probabilities and distributions, and weights by performance."""
