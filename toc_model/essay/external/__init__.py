"""Published figures beside what the model implies."""
