"""``toc run``: the outcome under each allocation."""
