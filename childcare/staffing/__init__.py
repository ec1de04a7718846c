"""员工: files, record checks, who is on duty."""
