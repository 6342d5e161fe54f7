"""Statistics on anybody's arrays: decisions, information, sensitivity, optimisation."""
