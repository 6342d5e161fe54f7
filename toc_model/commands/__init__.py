"""The commands of ``toc``, by what an analyst does: run, look, learn; the survey commands stand with the surveys."""
