"""Staff pages: the door, one's own password, the day's work, residents, settings."""
