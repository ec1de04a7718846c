"""The statement page: what is left until when, every line with its running balance, older lines by keyset."""
