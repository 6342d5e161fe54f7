"""``toc elicit``: judgements of a panel of experts."""
