"""A second theory of change: a village, its deer and its fence. Nothing of the package knows of it."""

from tests.toy.case import CASE

__all__ = ["CASE"]
