"""``toc curve``."""
