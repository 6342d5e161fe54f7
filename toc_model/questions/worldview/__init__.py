"""``toc worldview``."""
