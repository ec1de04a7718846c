-- What was there before terms and bookings: each text of a term becomes a row of its sub-district, each class stands in its
-- course's room, and those to come hold it. Two that lie closer than a change-over takes stay as they were: no gap is asked of
-- what was promised before.
SET CONSTRAINTS ALL IMMEDIATE;

INSERT INTO nightschool_term (sub_district_id, name, starts_on, ends_on)
SELECT k.sub_district_id, c.term_name,
       min((coalesce(s.starts_at, c.opens_at) AT TIME ZONE 'Asia/Shanghai')::date),
       max((coalesce(s.ends_at, c.closes_at) AT TIME ZONE 'Asia/Shanghai')::date)
FROM nightschool_course c
JOIN communities_community k ON k.id = c.community_id
LEFT JOIN nightschool_session s ON s.course_id = c.id
GROUP BY k.sub_district_id, c.term_name;

UPDATE nightschool_course c SET term_id = t.id
FROM nightschool_term t, communities_community k
WHERE k.id = c.community_id AND t.sub_district_id = k.sub_district_id AND t.name = c.term_name;

UPDATE nightschool_session s SET room_id = c.room_id FROM nightschool_course c WHERE c.id = s.course_id;

UPDATE nightschool_course c SET online = (
    SELECT count(*) FROM nightschool_enrolment e WHERE e.course_id = c.id AND e.status = 'seated' AND e.channel IN ('phone', 'api'));

DO $$
DECLARE
    v_class record;
    v_booking bigint;
    v_system bigint := (SELECT u.id FROM communities_user u WHERE u.username = 'system');
BEGIN
    FOR v_class IN
        SELECT s.id, s.room_id, s.starts_at, s.ends_at, c.title FROM nightschool_session s
        JOIN nightschool_course c ON c.id = s.course_id WHERE c.status = 'open' AND s.ends_at > current_timestamp ORDER BY s.starts_at, s.id
    LOOP
        BEGIN
            INSERT INTO venues_booking (room_id, use, title, unit, starts_at, ends_at, blocked_until, status, by_id, at, end_reason, excuse)
                VALUES (v_class.room_id, 'school', v_class.title, '', v_class.starts_at, v_class.ends_at, v_class.ends_at, 'booked',
                        v_system, current_timestamp, '', '')
                RETURNING id INTO v_booking;
            UPDATE nightschool_session SET booking_id = v_booking WHERE id = v_class.id;
        EXCEPTION WHEN exclusion_violation THEN
            NULL;  -- two classes in one room, from before: the register of rooms shows it
        END;
    END LOOP;
END $$;
SET CONSTRAINTS ALL IMMEDIATE;
