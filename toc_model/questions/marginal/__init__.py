"""``toc marginal``: one more person, one more year."""
