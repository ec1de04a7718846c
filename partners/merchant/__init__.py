"""Merchant pages, on a phone."""
