"""Statistics on anybody's arrays: decisions, information, sensitivity, optimisation, judgements and their pools.

Draws count alike, or by a coordinate ``weight`` along ``draw``: then figures are those of draws repeated in proportion,
their errors those of so few draws as that leaves in effect, and what can't weigh draws refuses them.
"""
