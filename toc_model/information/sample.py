"""Sample information: what a study would be worth, and whether it is worth its cost."""
