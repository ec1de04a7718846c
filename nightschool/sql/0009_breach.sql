CREATE OR REPLACE VIEW nightschool_breach AS
SELECT 'course counts its seats and open offers' AS promise, c.id AS row_id FROM nightschool_course c
    WHERE c.taken <> (SELECT count(*) FROM nightschool_enrolment e WHERE e.course_id = c.id AND e.status = 'seated')
        + (SELECT count(*) FROM nightschool_waiting w WHERE w.course_id = c.id AND w.status = 'offered')
UNION ALL
SELECT 'course counts what was taken online', c.id FROM nightschool_course c
    WHERE c.online <> (SELECT count(*) FROM nightschool_enrolment e WHERE e.course_id = c.id AND e.status = 'seated' AND e.channel IN ('phone', 'api'))
        + (SELECT count(*) FROM nightschool_waiting w WHERE w.course_id = c.id AND w.status = 'offered' AND w.channel IN ('phone', 'api'))
UNION ALL
SELECT 'course has a seat for everybody seated', c.id FROM nightschool_course c
    WHERE c.capacity < (SELECT count(*) FROM nightschool_enrolment e WHERE e.course_id = c.id AND e.status = 'seated')
UNION ALL
SELECT 'nobody waits in front of a free seat', c.id FROM nightschool_course c
    WHERE c.status = 'open' AND c.taken < c.capacity AND EXISTS (
        SELECT FROM nightschool_waiting w WHERE w.course_id = c.id AND w.status = 'waiting'
            AND (c.online < c.capacity - c.held OR w.channel NOT IN ('phone', 'api')))
UNION ALL
SELECT 'who has a seat does not wait for one', w.id FROM nightschool_waiting w
    WHERE w.status IN ('waiting', 'offered') AND EXISTS (
        SELECT FROM nightschool_enrolment e WHERE e.course_id = w.course_id AND e.resident_id = w.resident_id AND e.status = 'seated')
UNION ALL
SELECT 'seated enrolment is charged and not refunded', e.id FROM nightschool_enrolment e
    WHERE e.status <> 'cancelled' AND e.price > 0 AND (
        e.entry_id IS NULL OR EXISTS (SELECT FROM points_entry r WHERE r.reverses_id = e.entry_id))
UNION ALL
SELECT 'charge of an enrolment is its price', e.id FROM nightschool_enrolment e
    WHERE e.entry_id IS NOT NULL AND e.price <> (
        SELECT coalesce(sum(p.amount), 0) FROM points_posting p JOIN points_account a ON a.id = p.source_id AND a.kind = 'wallet'
        WHERE p.entry_id = e.entry_id)
UNION ALL
SELECT 'cancelled enrolment is refunded', e.id FROM nightschool_enrolment e
    WHERE e.status = 'cancelled' AND e.price > 0 AND NOT EXISTS (
        SELECT FROM points_entry r WHERE r.id = e.refund_id AND r.reverses_id = e.entry_id)
UNION ALL
SELECT 'charge of an enrolment belongs to one', n.id FROM points_entry n
    WHERE n.key LIKE 'enrolment:%' AND n.kind = 'charge'
        AND NOT EXISTS (SELECT FROM nightschool_enrolment e WHERE e.entry_id = n.id)
UNION ALL
SELECT 'an application seats nobody but by its own decision', a.id FROM nightschool_application a
    JOIN nightschool_enrolment e ON e.id = a.enrolment_id
    WHERE e.course_id <> a.course_id OR e.resident_id <> a.resident_id
UNION ALL
SELECT 'a class that is to come holds the room it is in', s.id FROM nightschool_session s
    JOIN venues_booking b ON b.id = s.booking_id
    WHERE b.status <> 'booked' OR b.room_id <> s.room_id OR b.starts_at <> s.starts_at OR b.ends_at <> s.ends_at;
