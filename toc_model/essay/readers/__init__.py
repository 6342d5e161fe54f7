"""Readers of response files that the essay's surveys came in."""
