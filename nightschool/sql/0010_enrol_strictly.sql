-- What the look without a lock cannot promise is asked once more under the lock of the line (communities/waiting.py, kind 6002) and,
-- while one course each is the rule, of the person: two taps at once, a seat at the counter for who stands in the line, and a line
-- that has formed since the look. Wallets come first, then the person, then the line; the course's row stays last.
CREATE OR REPLACE FUNCTION nightschool_enrol(
    p_course bigint, p_resident bigint, p_price bigint, p_provider bigint, p_channel text, p_by bigint, p_at timestamptz,
    p_token text, p_number text, p_reason text, p_title text, p_body text, p_purse boolean, p_guardian bigint, p_offer bigint,
    OUT id bigint, OUT entry_id bigint
)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_course record;
    v_mine text;
    v_others boolean;
BEGIN
    id := nextval('nightschool_enrolment_id_seq');
    IF p_price > 0 AND p_purse THEN
        entry_id := points_charge_purse('enrolment:' || id, p_resident, p_price, 0, p_provider, p_at, p_by, p_reason);
    ELSIF p_price > 0 THEN
        entry_id := points_charge('enrolment:' || id, p_resident, p_price, 0, p_provider, p_at, p_by, p_reason);
    END IF;
    INSERT INTO notifications_message (resident_id, occasion, channel, title, body, link, due_at, state, tries)
        VALUES (p_resident, 'enrolment:' || id || ':seated', 'inbox', p_title, p_body, '/tickets/' || id || '/', p_at, 'waiting', 0);
    IF p_offer IS NULL THEN
        SELECT c.mode, c.term_id, coalesce(c.one_each_until > p_at, false) AS one_each INTO v_course
            FROM nightschool_course c WHERE c.id = p_course;
        IF v_course.one_each THEN
            PERFORM pg_advisory_xact_lock(hashint8extended(p_resident, 6003));
            IF EXISTS (
                SELECT FROM nightschool_enrolment e JOIN nightschool_course o ON o.id = e.course_id
                WHERE e.resident_id = p_resident AND e.status = 'seated' AND o.term_id = v_course.term_id
                    AND o.id <> p_course AND o.status = 'open') THEN
                RAISE EXCEPTION 'resident % has a seat of this term', p_resident USING ERRCODE = 'NS003';
            END IF;
        END IF;
        PERFORM pg_advisory_xact_lock(hashint8extended(p_course, 6002));
        SELECT max(w.status) FILTER (WHERE w.resident_id = p_resident),
               coalesce(bool_or(w.status = 'waiting' AND w.resident_id <> p_resident), false)
            INTO v_mine, v_others
            FROM nightschool_waiting w WHERE w.course_id = p_course AND w.status IN ('waiting', 'offered');
        IF v_mine = 'offered' THEN
            RAISE EXCEPTION 'a seat is kept for resident %', p_resident USING ERRCODE = 'NS004';
        ELSIF v_others AND v_course.mode = 'first' AND p_channel IN ('phone', 'api') THEN
            RAISE EXCEPTION 'people wait for course %', p_course USING ERRCODE = 'NS005';
        ELSIF v_mine = 'waiting' THEN  -- who has a seat waits for none
            UPDATE nightschool_waiting SET status = 'left', ended_at = p_at
                WHERE nightschool_waiting.course_id = p_course AND nightschool_waiting.resident_id = p_resident
                    AND nightschool_waiting.status = 'waiting';
        END IF;
    ELSE  -- the seat that was kept: given back and taken in one breath, with the course's row ours
        UPDATE nightschool_waiting SET status = 'accepted', enrolment_id = nightschool_enrol.id, ended_at = p_at
            WHERE nightschool_waiting.id = p_offer AND nightschool_waiting.course_id = p_course AND nightschool_waiting.resident_id = p_resident
                AND nightschool_waiting.status = 'offered' AND offer_until > p_at;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'offer % does not stand any more', p_offer USING ERRCODE = 'NS002';
        END IF;
    END IF;
    INSERT INTO nightschool_enrolment
        (id, course_id, resident_id, status, channel, price, by_id, at, entry_id, cancel_reason, token, number, guardian_id)
        VALUES (id, p_course, p_resident, 'seated', p_channel, p_price, p_by, p_at, entry_id, '', p_token, p_number, p_guardian);
END $$;
