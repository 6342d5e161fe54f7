"""``toc update``: what surveys change."""
