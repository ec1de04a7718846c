"""结算: a partner's month, drawn from the ledger and signed by both sides."""
