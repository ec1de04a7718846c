-- 家庭积分: a seat may be paid out of the household's purse. Without it the path of an opening evening stays what it was.

DROP FUNCTION nightschool_facts(bigint, bigint, timestamptz);
DROP FUNCTION nightschool_enrol(bigint, bigint, bigint, bigint, text, bigint, timestamptz, text, text, text, text, text);

-- `purse` is what the household's purse can spend; NULL when it was not asked for, and for who has not joined one.
CREATE FUNCTION nightschool_facts(p_course bigint, p_resident bigint, p_at timestamptz, p_purse boolean)
RETURNS TABLE (
    title text, room text, status text, price bigint, capacity int, taken int, opens_at timestamptz, closes_at timestamptz,
    min_age int, max_age int, community_id bigint, sub_district_id bigint, first_starts_at timestamptz,
    is_seated boolean, spendable bigint, purse bigint
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_day date := (p_at AT TIME ZONE 'Asia/Shanghai')::date;
    v_wallets bigint[];
    v_purse bigint;
BEGIN
    IF p_purse THEN
        v_wallets := points_purse(p_resident);
        IF v_wallets IS NOT NULL THEN
            SELECT coalesce(sum(l.remaining), 0) INTO v_purse FROM points_lot l
                WHERE l.wallet_id = ANY (v_wallets) AND l.remaining > 0 AND l.expires_on >= v_day;
        END IF;
    END IF;
    RETURN QUERY SELECT
        c.title::text, r.place || r.name, c.status::text, c.price::bigint, c.capacity::int, c.taken::int, c.opens_at, c.closes_at,
        c.min_age::int, c.max_age::int, c.community_id, k.sub_district_id,
        (SELECT min(s.starts_at) FROM nightschool_session s WHERE s.course_id = c.id),
        EXISTS (SELECT FROM nightschool_enrolment e WHERE e.course_id = c.id AND e.resident_id = p_resident AND e.status = 'seated'),
        (SELECT coalesce(sum(l.remaining), 0)::bigint FROM points_account a JOIN points_lot l ON l.wallet_id = a.id
         WHERE a.resident_id = p_resident AND l.remaining > 0 AND l.expires_on >= v_day),
        v_purse
    FROM nightschool_course c
    JOIN venues_room r ON r.id = c.room_id
    JOIN communities_community k ON k.id = c.community_id
    WHERE c.id = p_course AND c.status <> 'draft';
END $$;

-- Charge, tell, and take the seat last, so that the course row is held shortest.
CREATE FUNCTION nightschool_enrol(
    p_course bigint, p_resident bigint, p_price bigint, p_provider bigint, p_channel text, p_by bigint, p_at timestamptz,
    p_token text, p_number text, p_reason text, p_title text, p_body text, p_purse boolean, OUT id bigint, OUT entry_id bigint
)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    id := nextval('nightschool_enrolment_id_seq');
    IF p_price > 0 AND p_purse THEN
        entry_id := points_charge_purse('enrolment:' || id, p_resident, p_price, 0, p_provider, p_at, p_by, p_reason);
    ELSIF p_price > 0 THEN
        entry_id := points_charge('enrolment:' || id, p_resident, p_price, 0, p_provider, p_at, p_by, p_reason);
    END IF;
    INSERT INTO notifications_message (resident_id, occasion, channel, title, body, link, due_at, state, tries)
        VALUES (p_resident, 'enrolment:' || id || ':seated', 'inbox', p_title, p_body, '/tickets/' || id || '/', p_at, 'waiting', 0);
    INSERT INTO nightschool_enrolment
        (id, course_id, resident_id, status, channel, price, by_id, at, entry_id, cancel_reason, token, number)
        VALUES (id, p_course, p_resident, 'seated', p_channel, p_price, p_by, p_at, entry_id, '', p_token, p_number);
END $$;
