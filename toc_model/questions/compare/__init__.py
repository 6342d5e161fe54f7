"""``toc compare``: allocations compared."""
