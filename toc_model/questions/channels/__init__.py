"""``toc channels``: what a change goes through."""
