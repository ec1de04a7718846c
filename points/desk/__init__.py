"""Staff pages of the books, one module per room."""
