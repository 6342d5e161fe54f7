"""``toc elicit``: what a panel of experts says, from the questions to what they believe in common."""
