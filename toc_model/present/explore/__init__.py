"""A page that people play with: its scripts and its sheet."""
