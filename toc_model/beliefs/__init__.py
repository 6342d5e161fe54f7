"""What someone holds true about a theory of change: priors, worldviews, allocations, claims and posteriors."""
