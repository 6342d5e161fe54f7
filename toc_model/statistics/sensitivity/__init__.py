"""Sensitivity: which parameters an outcome and its paired change hang on.

`question` turns beliefs and two allocations into a table of inputs and a function of it. All else takes such tables and
functions and knows neither this story nor PyMC.
"""
