"""Surveys: from answers to a posterior, and from a model to the questions that are worth asking."""
