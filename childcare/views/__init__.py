"""The family's pages (/childcare/)."""
