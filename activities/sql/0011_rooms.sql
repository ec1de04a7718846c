-- Published activities to come hold their room from now on. Where something else is in it already they stay as they were, without
-- a booking: the desk shows both. No gap is asked of what was promised before.
SET CONSTRAINTS ALL IMMEDIATE;
DO $$
DECLARE
    v_activity record;
    v_booking bigint;
    v_system bigint := (SELECT u.id FROM communities_user u WHERE u.username = 'system');
BEGIN
    FOR v_activity IN
        SELECT a.id, a.room_id, a.title, a.capacity, a.starts_at, a.ends_at, coalesce(a.published_by_id, a.made_by_id, v_system) AS by_id
        FROM activities_activity a
        WHERE a.status = 'open' AND a.room_id IS NOT NULL AND a.ends_at > current_timestamp ORDER BY a.starts_at, a.id
    LOOP
        BEGIN
            INSERT INTO venues_booking (room_id, use, title, unit, people, starts_at, ends_at, blocked_until, status, by_id, at, end_reason, excuse)
                VALUES (v_activity.room_id, 'activity', v_activity.title, '', v_activity.capacity, v_activity.starts_at, v_activity.ends_at,
                        v_activity.ends_at, 'booked', v_activity.by_id, current_timestamp, '', '')
                RETURNING id INTO v_booking;
            UPDATE activities_activity SET booking_id = v_booking WHERE id = v_activity.id;
        EXCEPTION WHEN exclusion_violation THEN
            NULL;
        END;
    END LOOP;
END $$;
SET CONSTRAINTS ALL IMMEDIATE;

CREATE VIEW activities_rooms_breach AS
SELECT 'activity holds the room and the hours that it announces' AS promise, a.id AS row_id FROM activities_activity a
    JOIN venues_booking b ON b.id = a.booking_id
    WHERE a.status = 'open' AND (b.status <> 'booked' OR b.use <> 'activity'
        OR (b.room_id, b.starts_at, b.ends_at) IS DISTINCT FROM (a.room_id, a.starts_at, a.ends_at))
UNION ALL
SELECT 'what does not take place holds no room', a.id FROM activities_activity a
    WHERE a.status IN ('draft', 'cancelled') AND a.booking_id IS NOT NULL;
