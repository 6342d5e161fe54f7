"""``toc elicit``: a panel of experts, from a question to a changed prior."""
