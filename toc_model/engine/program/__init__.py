"""A story as a program: its laws, run once on values that record what is done with them."""
