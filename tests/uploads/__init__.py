"""What malice and mishap hand in, at every door that takes a file."""
