"""Sensitivity: which inputs an outcome hangs on.

Everything takes a table of inputs, dims ``(draw, entry)``, and a table of outcomes, dims ``(draw, outcome)``, or a
function from one to the other. What they are of is not known here.
"""
