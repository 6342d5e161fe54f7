"""A probabilistic causal model of a theory of change.

>>> import toc_model as toc
>>> result = toc.run("essay", draws=500)
>>> print(result)  # doctest: +SKIP
"""
