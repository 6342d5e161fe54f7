"""``toc graph``."""
