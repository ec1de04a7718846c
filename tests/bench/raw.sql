-- The limit: one SQL function that does what the enrolment verb does, with the same tables, constraints and triggers.
CREATE FUNCTION bench_enrol(p_course bigint, p_resident bigint, p_by bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_course record;
    v_id bigint;
    v_entry bigint;
BEGIN
    SELECT c.*, (SELECT min(starts_at) FROM nightschool_session s WHERE s.course_id = c.id) AS first_at INTO v_course
    FROM nightschool_course c WHERE c.id = p_course AND status = 'open' AND opens_at <= now() AND closes_at > now();
    IF NOT FOUND OR v_course.taken >= v_course.capacity THEN RETURN NULL; END IF;
    PERFORM 1 FROM communities_resident r JOIN communities_community k ON k.id = r.community_id
        WHERE r.id = p_resident AND r.status = 'confirmed' AND k.sub_district_id =
            (SELECT sub_district_id FROM communities_community WHERE id = v_course.community_id);
    IF NOT FOUND THEN RETURN NULL; END IF;
    v_id := nextval('nightschool_enrolment_id_seq');
    v_entry := points_charge('enrolment:' || v_id, p_resident, v_course.price, 0, v_course.community_id, now(), p_by, '夜校《' || v_course.title || '》');
    INSERT INTO notifications_message (resident_id, occasion, channel, title, body, link, due_at, state, tries)
        VALUES (p_resident, 'enrolment:' || v_id || ':seated', 'inbox', '夜校报名成功',
            '您已报名《' || v_course.title || '》，首课' || v_course.first_at, '/tickets/' || v_id || '/', now(), 'waiting', 0);
    INSERT INTO nightschool_enrolment (id, course_id, resident_id, status, channel, price, by_id, at, entry_id, cancel_reason, token, number)
        VALUES (v_id, p_course, p_resident, 'seated', 'phone', v_course.price, p_by, now(), v_entry, '',
            replace(gen_random_uuid()::text, '-', ''), lpad(v_id::text, 8, '0'));
    RETURN v_id;
EXCEPTION WHEN check_violation OR sqlstate 'PB001' THEN
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION bench_enrol TO app;
