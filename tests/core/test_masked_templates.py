"""No template prints a phone, a birth date or an identity number of a person whole, outside of the list."""

import re
from collections.abc import Iterator
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
FIELDS = re.compile(r"^(phone|own_phone|birth_date|document_sealed|document_hash|document|username)$")
PRINTED = re.compile(r"\{\{\s*([\w.]+)((?:\|[^}]*)?)\s*\}\}")
# The line of a community, a care centre or a partner's shop is there to be called.
PUBLIC = re.compile(r"(community|community_asked|sub_district|street|place|partner|centre)\.phone$")
HIDDEN = re.compile(r'^\|(masked_|date:"Y年?"$)')
# what may be printed whole where, and why
ALLOWED = {
    ("communities/code.html", "asked.phone"): "the number that the reader has just typed",
    ("desk/communities/people.html", "one.username"): "by which name a colleague signs in",
    ("desk/communities/person.html", "person.username"): "by which name a colleague signs in",
    ("desk/communities/shown_once.html", "person.username"): "by which name a colleague signs in",
    ("desk/activities/folder.html", "one.phone"): "masked when it was read (activities/folder.py)",
    ("desk/activities/paper_sheet.html", "row.phone"): "masked when it was read (activities/paper.py)",
    ("care/alarm.html", "one.phone"): "whom to call about a child that is missing; a look is written",
    ("care/child.html", "one.guardian.phone"): "the caregiver on duty calls the family; a look is written",
    ("care/child.html", "one.phone"): "emergency contacts, for the caregiver on duty; a look is written",
    ("care/handover_person.html", "phone"): "who collects is called when late; a look is written",
    ("care/rolled.html", "who.guardian.phone"): "a child is missing at the roll call; a look is written",
    ("care/rolled.html", "who.phone"): "a child is missing at the roll call; a look is written",
    ("childcare/child.html", "each.phone"): "the guardian's own child: whom the centre calls",
    ("desk/childcare/alarm.html", "one.phone"): "whom to call about a child that is missing; a look is written",
    ("desk/childcare/child_file.html", "carer.phone"): "behind a purpose, a look is written",
    ("desk/childcare/child_file.html", "one.guardian.phone"): "behind a purpose, a look is written",
    ("desk/childcare/child_file.html", "one.phone"): "behind a purpose, a look is written",
    ("desk/childcare/enrolment_said.html", "said.child.birth_date"): "compared with the paper that the family shows",
    ("desk/partners/signed.html", "one.phone"): "the last four digits, kept with the signature",
    ("partners/agreement_hand.html", "one.phone"): "the last four digits, kept with the signature",
    ("desk/nightschool/applications.html", "row.phone"): "masked when it was read (nightschool/applications/book.py)",
    ("desk/nightschool/attendance.html", "one.phone"): "masked when it was read (nightschool/attending/classbook.py)",
    ("desk/nightschool/hopes.html", "one.phone"): "masked when it was read (nightschool/hoping.py)",
    ("desk/nightschool/line.html", "line.phone"): "masked when it was read (nightschool/line/book.py)",
    ("desk/nightschool/enrolments_table.html", "row.phone"): "masked when it was read (nightschool/register.py)",
    ("desk/nightschool/roll_door.html", "line.phone"): "masked when it was read (nightschool/line/book.py)",
    ("desk/nightschool/roster.html", "person.phone"): "masked when it was read (nightschool/roster.py)",
}


def printed() -> Iterator[tuple[str, str, str]]:
    """(template, variable, filters) of everything that names such a field."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        for variable, filters in PRINTED.findall(path.read_text(encoding="utf-8")):
            if FIELDS.search(variable.rsplit(".", 1)[-1]) and not PUBLIC.search(variable):
                yield str(path.relative_to(TEMPLATES)), variable, filters.strip()


def test_the_scan_sees_what_is_masked() -> None:
    assert any(filters.startswith("|masked_phone") for _, _, filters in printed())


def test_whole_values_stand_only_where_the_list_says() -> None:
    whole = {(path, name) for path, name, filters in printed() if not HIDDEN.match(filters)}
    assert whole == set(ALLOWED)
