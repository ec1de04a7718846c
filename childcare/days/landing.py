"""Where a caregiver begins after signing in: the centre's phone pages, unless another duty has work at the desk."""

from django.urls import reverse

from childcare.models import Centre
from communities.models import Duty, User


def first_page(account: User) -> str:
    """/care/ for who holds no other duty; "" for everybody else."""
    held = set(account.duties.current().values_list("role", flat=True)) if account.is_desk_user else set()
    here = held == {Duty.Role.CAREGIVER} and Centre.objects.of_caregiver(account).exists()
    return reverse("care:today") if here else ""
