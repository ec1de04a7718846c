CREATE OR REPLACE VIEW activities_breach AS
SELECT 'activity counts its participants' AS promise, a.id AS row_id FROM activities_activity a
    WHERE a.taken <> (SELECT count(*) FROM activities_participation p
        WHERE p.activity_id = a.id AND p.status NOT IN ('cancelled', 'absent', 'waiting'))
UNION ALL
SELECT 'activity has a place for everybody who takes part', a.id FROM activities_activity a
    WHERE a.capacity < (SELECT count(*) FROM activities_participation p
        WHERE p.activity_id = a.id AND p.status NOT IN ('cancelled', 'absent', 'waiting'))
UNION ALL
SELECT 'confirmed participation with points has its award', p.id FROM activities_participation p
    JOIN activities_activity a ON a.id = p.activity_id
    LEFT JOIN activities_award w ON w.id = p.award_id AND w.about ~ ('^participation:' || p.id || '(:\d+)?$')
        AND w.quantity = CASE WHEN a.volunteering THEN p.minutes ELSE 1 END AND w.resident_id = coalesce(p.guardian_id, p.resident_id)
    WHERE p.status = 'confirmed' AND (p.points > 0 OR p.award_id IS NOT NULL) AND w.id IS NULL
UNION ALL
SELECT 'posted award gives what its row says to whom it names', w.id FROM activities_award w
    LEFT JOIN points_entry e ON e.id = w.entry_id AND e.kind = 'award' AND e.key = w.about
    WHERE w.status = 'posted' AND (e.id IS NULL OR w.given <> (
        SELECT coalesce(sum(m.amount), 0) FROM points_posting m JOIN points_account c ON c.id = m.destination_id
        WHERE m.entry_id = e.id AND c.resident_id = w.resident_id))
UNION ALL
SELECT 'award of the books that an activity earned belongs to one', n.id FROM points_entry n
    WHERE n.kind = 'award' AND n.key ~ '^(participation|deed|post|honour):'
        AND NOT EXISTS (SELECT FROM activities_award w WHERE w.entry_id = n.id AND w.about = n.key)
UNION ALL
SELECT 'confirmed volunteering stands in the book of hours, and nothing else does', p.id FROM activities_participation p
    JOIN activities_activity a ON a.id = p.activity_id
    LEFT JOIN activities_service s ON s.participation_id = p.id AND s.voided_at IS NULL
    WHERE (p.status = 'confirmed' AND a.volunteering) IS DISTINCT FROM (s.id IS NOT NULL)
        OR s.minutes <> p.minutes OR s.resident_id <> p.resident_id
        OR s.starts_at <> p.served_from OR s.ends_at <> p.served_to
UNION ALL
SELECT 'nobody serves longer on one day than the cap, but with a reason', s.id FROM activities_service s
    WHERE s.voided_at IS NULL AND s.day_cap IS NOT NULL AND s.day_cap < s.minutes + coalesce((
        SELECT sum(o.minutes) FROM activities_service o
        WHERE o.resident_id = s.resident_id AND o.on = s.on AND o.voided_at IS NULL AND o.id < s.id), 0)
UNION ALL
SELECT 'hours are credited by whole half hours', s.id FROM activities_service s
    WHERE s.credited <> s.minutes / 30 * 30;
