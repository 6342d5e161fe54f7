"""A panel of experts: what is asked of whom, what each said in which round, and what becomes of it."""
