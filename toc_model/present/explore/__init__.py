"""A page that people play with: its scripts, its sheet, and how they become one file."""
