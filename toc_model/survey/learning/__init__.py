"""From answers to a posterior."""
