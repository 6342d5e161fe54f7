"""One question, one folder, named as its command."""
