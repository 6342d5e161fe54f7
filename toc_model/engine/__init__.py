"""What a theory of change is: laws, units, graphs, interventions and their evaluation; it knows no story."""
