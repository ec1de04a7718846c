"""REST of partners."""
