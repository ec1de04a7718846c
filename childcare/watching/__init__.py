"""谁看过: who may see what of a child, looks, retention, and the yearly audit pack."""
