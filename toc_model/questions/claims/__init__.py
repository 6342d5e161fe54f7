"""``toc claims``: the ledger, and denied claims."""
