"""The page of ``toc explore``: its script, style and template, and how they become one file."""
