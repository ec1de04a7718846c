-- The hot path with what a line, a head start and the seats held for the counter ask; the rest as in 0003.

DROP FUNCTION nightschool_facts(bigint, bigint, timestamptz, boolean);
DROP FUNCTION nightschool_enrol(bigint, bigint, bigint, bigint, text, bigint, timestamptz, text, text, text, text, text, boolean);

-- `waits`: somebody stands in the line; `waiting`: how this resident stands in it, '' for not at all; `elsewhere`: has a seat of the
-- same term while one each is the rule; `late`: has lost the head start while there is one.
CREATE FUNCTION nightschool_facts(p_course bigint, p_resident bigint, p_at timestamptz, p_purse boolean)
RETURNS TABLE (
    title text, room text, status text, price bigint, capacity int, taken int, opens_at timestamptz, closes_at timestamptz,
    min_age int, max_age int, community_id bigint, sub_district_id bigint, first_starts_at timestamptz,
    is_seated boolean, spendable bigint, purse bigint,
    mode text, online int, held int, own_first boolean, head_start_until timestamptz, waits boolean, waiting text,
    elsewhere boolean, late boolean
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
        (SELECT min(s.starts_at) FROM nightschool_session s WHERE s.course_id = c.id AND s.status <> 'cancelled'),
        EXISTS (SELECT FROM nightschool_enrolment e WHERE e.course_id = c.id AND e.resident_id = p_resident AND e.status = 'seated'),
        (SELECT coalesce(sum(l.remaining), 0)::bigint FROM points_account a JOIN points_lot l ON l.wallet_id = a.id
         WHERE a.resident_id = p_resident AND l.remaining > 0 AND l.expires_on >= v_day),
        v_purse,
        c.mode::text, c.online::int, c.held::int, c.own_first, c.head_start_until,
        EXISTS (SELECT FROM nightschool_waiting w WHERE w.course_id = c.id AND w.status = 'waiting'),
        coalesce((SELECT w.status::text FROM nightschool_waiting w
                  WHERE w.course_id = c.id AND w.resident_id = p_resident AND w.status IN ('waiting', 'offered')), ''),
        c.one_each_until IS NOT NULL AND c.one_each_until > p_at AND EXISTS (
            SELECT FROM nightschool_enrolment e JOIN nightschool_course o ON o.id = e.course_id
            WHERE e.resident_id = p_resident AND e.status = 'seated' AND o.term_id = c.term_id AND o.id <> c.id AND o.status = 'open'),
        c.head_start_until IS NOT NULL AND c.head_start_until > p_at AND EXISTS (
            SELECT FROM nightschool_priorityloss p
            WHERE p.resident_id = p_resident AND p.lifted_at IS NULL AND v_day BETWEEN p.begins AND p.until)
    FROM nightschool_course c
    JOIN venues_room r ON r.id = c.room_id
    JOIN communities_community k ON k.id = c.community_id
    WHERE c.id = p_course AND c.status <> 'draft';
END $$;

-- Charge, tell, and take the seat last, so that the course row is held shortest.
CREATE FUNCTION nightschool_enrol(
    p_course bigint, p_resident bigint, p_price bigint, p_provider bigint, p_channel text, p_by bigint, p_at timestamptz,
    p_token text, p_number text, p_reason text, p_title text, p_body text, p_purse boolean, p_guardian bigint, p_offer bigint,
    OUT id bigint, OUT entry_id bigint
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
    IF p_offer IS NOT NULL THEN  -- the seat that was kept: given back and taken in one breath, with the course's row ours
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
