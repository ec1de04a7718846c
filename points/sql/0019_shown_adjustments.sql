-- What gives points beside the rules is shown to everybody before it is booked; what takes them is not (ADR 0016).
CREATE OR REPLACE VIEW adjusting_breach AS
SELECT 'approved adjustment has its entry with its amount and resident' AS promise, a.id AS row_id
FROM points_adjustment a
LEFT JOIN points_entry e ON e.id = a.entry_id AND e.key = 'adjustment:' || a.id AND e.by_id = a.decided_by_id
    AND e.kind = CASE WHEN a.reverses_id IS NULL THEN 'adjustment' ELSE 'reversal' END
    AND e.reverses_id IS NOT DISTINCT FROM a.reverses_id
LEFT JOIN points_account w ON w.resident_id = a.resident_id
WHERE a.status = 'approved' AND (e.id IS NULL OR CASE WHEN a.reverses_id IS NULL THEN a.amount ELSE -a.amount END <> (
    SELECT coalesce(sum(CASE WHEN p.destination_id = w.id THEN p.amount WHEN p.source_id = w.id THEN -p.amount END), 0)
    FROM points_posting p WHERE p.entry_id = coalesce(a.reverses_id, e.id)))
UNION ALL
SELECT 'adjustment entry belongs to an approved adjustment', e.id FROM points_entry e
WHERE (e.kind = 'adjustment' OR e.kind = 'reversal' AND e.key LIKE 'adjustment:%')
    AND NOT EXISTS (SELECT FROM points_adjustment a WHERE a.entry_id = e.id AND a.status = 'approved')
UNION ALL
SELECT 'adjustment that gives was shown before it was booked', a.id FROM points_adjustment a
JOIN points_entry e ON e.id = a.entry_id
WHERE a.status = 'approved' AND a.amount > 0 AND NOT a.before_notices AND NOT EXISTS (
    SELECT FROM communities_noticeitem i JOIN communities_notice n ON n.id = i.notice_id
    WHERE i.about = 'adjustment:' || a.id AND i.live AND i.resident_id = a.resident_id AND n.published_at IS NOT NULL
        AND n.closes_on < (e.at AT TIME ZONE 'Asia/Shanghai')::date);
