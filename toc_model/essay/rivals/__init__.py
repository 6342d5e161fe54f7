"""Rival mechanisms: what critics say happens as well, each as a chapter that gives a law or two anew.

None is part of the story; any set of them can take effect (``--rival NAME``).
"""
