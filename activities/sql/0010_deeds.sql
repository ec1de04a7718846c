-- A view of its own, read like every `…_breach` (points/books.py).
CREATE VIEW activities_deeds_breach AS
SELECT 'deed earned what its awards say, once for being valid and once for being put right' AS promise, d.id AS row_id
    FROM activities_deed d
    LEFT JOIN activities_award w ON w.id = d.award_id
    LEFT JOIN activities_award s ON s.id = d.solved_award_id
    WHERE w.about <> 'deed:' || d.id OR s.about <> 'deed:' || d.id || ':solved'
        OR w.resident_id <> d.resident_id OR s.resident_id <> d.resident_id
        OR w.recorded_by_id <> d.by_id OR s.recorded_by_id <> d.by_id
UNION ALL
SELECT 'award of a deed belongs to one that is valid', w.id FROM activities_award w
    WHERE w.about ~ '^deed:' AND NOT EXISTS (
        SELECT FROM activities_deed d WHERE w.id IN (d.award_id, d.solved_award_id) AND d.status IN ('accepted', 'solved'))
UNION ALL
SELECT 'merged deed leads to one of its community and kind that stands or was answered', d.id FROM activities_deed d
    JOIN activities_deed i ON i.id = d.merged_into_id
    WHERE i.id = d.id OR (i.community_id, i.kind) IS DISTINCT FROM (d.community_id, d.kind)
        OR i.status IN ('merged', 'taken_back');
