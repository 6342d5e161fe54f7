"""``toc sensitivity``: what a change hangs on."""
