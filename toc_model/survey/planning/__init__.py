"""Surveys that are only planned."""
