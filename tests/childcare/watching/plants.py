"""For the check of the books: how each promise of watching is broken. The families that `enrolled` and `handed` left are enough."""

LEFT = "UPDATE childcare_carefile SET left_on = '2001-01-01'"
WATCHING_PLANTS = {
    "health is gone ninety days after a child left": f"{LEFT}, health = '\\x00'",
    "health is kept for a place, an enrolment, or a time that runs out": """
        UPDATE childcare_place SET status = 'withdrawn', offered_until = NULL, ends_on = NULL, ended_at = now(), ended_by_id = by_id,
            end_reason = 'guardian'""",
    "what was handed in and never decided is gone": """
        UPDATE childcare_enrolment SET status = 'submitted', draft = '\\x00', decided_at = NULL, decided_by_id = NULL, decline = '',
            submitted_at = '2001-01-01'""",
    "a closed file keeps nothing of a child in care": """
        UPDATE communities_resident SET status = 'closed', closed_at = now(), decided_at = now(), account_id = NULL, phone = '',
            birth_date = NULL, document = '', document_sealed = NULL, document_tail = '', document_hash = '', household_id = NULL,
            estate_id = NULL, grid_id = NULL, pinyin = '', initials = '', name = '已注销-' || id
        WHERE id = (SELECT min(child_id) FROM childcare_carefile)""",
    "a draft that nobody goes on with is gone": """
        UPDATE childcare_enrolment SET status = 'draft', draft = '\\x00', decided_at = NULL, decided_by_id = NULL, decline = '',
            saved_at = '2001-01-01'""",
    "pick-up persons are gone a year after a child left": f"{LEFT}, health = NULL",
}
