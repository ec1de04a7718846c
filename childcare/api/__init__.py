"""REST of childcare (/api/v1/care-…/)."""
