"""Staff pages (/desk/care/)."""
