"""``toc optimise``: the best allocation."""
