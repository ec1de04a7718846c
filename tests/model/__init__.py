"""The books against a model of them in plain Python, by steps that nobody thought of (design, section 7)."""
