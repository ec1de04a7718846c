"""The picture of a room that residents book."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from communities.guards import resident_page
from communities.models import Resident
from communities.photos import shown
from venues import lettable
from venues.models import RoomPhoto


@require_safe
@resident_page
def photo(request: HttpRequest, resident: Resident, room_id: int) -> HttpResponse:
    """404 without one, and for a room that `resident` cannot ask for."""
    return shown(get_object_or_404(RoomPhoto, room__in=lettable.rooms(resident).filter(pk=room_id).order_by()))
