"""Residents' pages: the door, joining, and what one may change about oneself."""

from communities.views.me import csrf_failure

__all__ = ["csrf_failure"]
