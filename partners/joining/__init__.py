"""招募: from the call to the chosen partner."""
