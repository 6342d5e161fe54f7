"""Surveys as documents: answers, mappings, templates and the words of questions."""
