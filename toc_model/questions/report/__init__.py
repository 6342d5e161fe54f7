"""``toc report``: the whole analysis on one page."""
