"""Results and the graph itself, as text and figures."""
