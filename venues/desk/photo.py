"""活动室照片 at the desk: put, looked at, taken away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.guards import staff_page
from communities.models import User
from communities.photo_form import PhotoForm
from communities.photos import shown
from core.pages import form_page, keep_form
from venues import photos
from venues.desk.rooms import FORMS, SECTION, own
from venues.models import RoomPhoto

PHOTO = "desk/venues/photo.html"


@require_http_methods(FORMS)
@staff_page
def photo(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    room = own(user, pk)
    form = PhotoForm(request.POST or None, request.FILES or None, by=user)
    context = SECTION | {"room": room, "photo": RoomPhoto.objects.filter(room=room).only("at").first()}
    if not form.is_valid() or form.picture is None:
        return form_page(request, PHOTO, form, context)
    keep_form(request, PHOTO, form, context)
    photos.put(room=room, picture=form.picture, by=user)
    messages.success(request, "照片已换上。")
    return redirect("desk:room-photo", room.pk)


@require_POST
@staff_page
def remove(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    photos.remove(room=own(user, pk), by=user)
    messages.success(request, "照片已去掉。")
    return redirect("desk:room-photo", pk)


@require_safe
@staff_page
def picture(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The picture itself; 404 without one."""
    return shown(get_object_or_404(RoomPhoto, room=own(user, pk)))
