"""``toc voi``: what to find out next."""
