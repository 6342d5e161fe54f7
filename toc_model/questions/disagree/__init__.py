"""``toc disagree``: why two worldviews differ."""
