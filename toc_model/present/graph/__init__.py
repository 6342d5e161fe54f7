"""The graph, drawn and written."""
