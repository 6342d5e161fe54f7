"""A probabilistic causal model of a theory of change."""
