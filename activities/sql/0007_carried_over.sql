-- What was recorded before there was a book of hours: it counts from the beginning of its activity.
SET CONSTRAINTS ALL IMMEDIATE;  -- so that the tables can be altered afterwards in the same transaction
UPDATE activities_participation p SET served_from = a.starts_at, served_to = a.starts_at + p.minutes * interval '1 minute',
    arrived_at = a.starts_at, arrived_how = 'desk', left_at = a.starts_at + p.minutes * interval '1 minute', left_how = 'desk'
FROM activities_activity a WHERE a.id = p.activity_id AND p.status IN ('recorded', 'confirmed');

INSERT INTO activities_award (community_id, resident_id, about, code, title, quantity, served_on, asked, recorded_by_id,
    approved_by_id, approved_at, status, given, entry_id, posted_at, stop_reason)
SELECT a.community_id, p.resident_id, e.key, a.kind, e.reason, p.minutes, (a.starts_at AT TIME ZONE 'Asia/Shanghai')::date,
    c.asked, p.recorded_by_id, p.confirmed_by_id, p.confirmed_at, 'posted', c.given, e.id, e.at, ''
FROM activities_participation p JOIN activities_activity a ON a.id = p.activity_id
JOIN points_entry e ON e.id = p.entry_id JOIN points_credit c ON c.entry_id = e.id
WHERE p.status = 'confirmed';

UPDATE activities_participation p SET award_id = w.id FROM activities_award w WHERE w.entry_id = p.entry_id;

INSERT INTO activities_service (community_id, resident_id, participation_id, title, kind, content, place, unit, leader, starts_at,
    ends_at, "on", minutes, credited, day_cap, over_reason, means, recorded_by_id, recorded_at, confirmed_by_id, confirmed_at,
    late_reason, void_reason)
SELECT a.community_id, p.resident_id, p.id, a.title, a.kind, a.content, a.place, m.name, a.leader, p.served_from, p.served_to,
    (a.starts_at AT TIME ZONE 'Asia/Shanghai')::date, p.minutes, p.minutes / 30 * 30, 1440, '', '工作人员录入', p.recorded_by_id,
    p.recorded_at, p.confirmed_by_id, p.confirmed_at, '', ''
FROM activities_participation p JOIN activities_activity a ON a.id = p.activity_id
JOIN communities_community m ON m.id = a.community_id WHERE p.status = 'confirmed';
SET CONSTRAINTS ALL DEFERRED;
