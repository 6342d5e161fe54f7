"""``toc survey``: answers and questions."""
