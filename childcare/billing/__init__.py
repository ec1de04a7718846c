"""账单: fee, reduction, points, payment."""
