"""The essay's theory of change, one chapter a file, in the essay's order; `toc_model.essay.case` puts all together."""
