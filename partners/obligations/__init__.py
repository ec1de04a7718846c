"""履约: what was promised and delivered, complaints, suspension, leaving, evaluation."""
