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
    IF NOT FOUND OR v_course.taken >= v_course.capacity OR v_course.online >= v_course.capacity - v_course.held
        OR v_course.mode <> 'first' THEN RETURN NULL; END IF;
    IF EXISTS (SELECT FROM nightschool_waiting w WHERE w.course_id = p_course AND w.status = 'waiting') THEN RETURN NULL; END IF;
    IF v_course.head_start_until > now() AND EXISTS (
        SELECT FROM nightschool_priorityloss p
        WHERE p.resident_id = p_resident AND p.lifted_at IS NULL AND current_date BETWEEN p.begins AND p.until) THEN RETURN NULL; END IF;
    PERFORM 1 FROM communities_resident r JOIN communities_community k ON k.id = r.community_id
        WHERE r.id = p_resident AND r.status = 'confirmed' AND k.sub_district_id =
            (SELECT sub_district_id FROM communities_community WHERE id = v_course.community_id);
    IF NOT FOUND THEN RETURN NULL; END IF;
    v_id := nextval('nightschool_enrolment_id_seq');
    v_entry := points_charge('enrolment:' || v_id, p_resident, v_course.price, 0, v_course.community_id, now(), p_by, '夜校《' || v_course.title || '》');
    INSERT INTO notifications_message (resident_id, occasion, channel, title, body, link, due_at, state, tries)
        VALUES (p_resident, 'enrolment:' || v_id || ':seated', 'inbox', '夜校报名成功',
            '您已报名《' || v_course.title || '》，首课' || v_course.first_at, '/tickets/' || v_id || '/', now(), 'waiting', 0);
    IF v_course.one_each_until > now() THEN
        PERFORM pg_advisory_xact_lock(hashint8extended(p_resident, 6003));
        IF EXISTS (
            SELECT FROM nightschool_enrolment e JOIN nightschool_course o ON o.id = e.course_id
            WHERE e.resident_id = p_resident AND e.status = 'seated' AND o.term_id = v_course.term_id AND o.id <> p_course AND o.status = 'open'
        ) THEN
            RAISE check_violation;
        END IF;
    END IF;
    PERFORM pg_advisory_xact_lock(hashint8extended(p_course, 6002));
    IF EXISTS (SELECT FROM nightschool_waiting w WHERE w.course_id = p_course AND w.status IN ('waiting', 'offered')
               AND (w.status = 'waiting' OR w.resident_id = p_resident)) THEN
        RAISE check_violation;
    END IF;
    INSERT INTO nightschool_enrolment (id, course_id, resident_id, status, channel, price, by_id, at, entry_id, cancel_reason, token, number)
        VALUES (v_id, p_course, p_resident, 'seated', 'phone', v_course.price, p_by, now(), v_entry, '',
            replace(gen_random_uuid()::text, '-', ''), lpad(v_id::text, 8, '0'));
    RETURN v_id;
EXCEPTION WHEN check_violation OR sqlstate 'PB001' THEN
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION bench_enrol TO app;

-- The limit of the sweep: one statement that books the expiry of everything that is past its day, one entry a wallet.
CREATE FUNCTION bench_expire(p_at timestamptz, p_by bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH due AS MATERIALIZED (
        SELECT l.id, l.wallet_id, l.remaining, r.community_id
        FROM points_lot l JOIN points_account a ON a.id = l.wallet_id JOIN communities_resident r ON r.id = a.resident_id
        WHERE l.remaining > 0 AND l.expires_on < (p_at AT TIME ZONE 'Asia/Shanghai')::date
    ), sums AS MATERIALIZED (
        SELECT wallet_id, community_id, sum(remaining)::bigint AS total, nextval('points_posting_id_seq') AS posting_id,
            nextval('points_entry_id_seq') AS entry_id FROM due GROUP BY 1, 2
    ), entries AS (
        INSERT INTO points_entry (id, key, digest, kind, community_id, at, by_id, reason, xid)
        SELECT entry_id, 'expiry:' || wallet_id || ':' || posting_id, sha256(convert_to('expiry:' || wallet_id || ':' || posting_id, 'UTF8')),
            'expiry', community_id, p_at, p_by, '积分到期', pg_current_xact_id()::text::bigint FROM sums
    ), emptied AS (
        UPDATE points_lot l SET remaining = 0 FROM due WHERE l.id = due.id
    ), paid AS (
        UPDATE points_account a SET balance = balance - total FROM sums s WHERE a.id = s.wallet_id RETURNING s.*, a.balance
    ), draws AS (
        INSERT INTO points_draw (posting_id, lot_id, amount) SELECT s.posting_id, d.id, d.remaining FROM due d JOIN sums s USING (wallet_id)
    ), months AS (
        INSERT INTO points_month AS m (wallet_id, community_id, month, earned, spent, expired)
        SELECT wallet_id, community_id, date_trunc('month', p_at AT TIME ZONE 'Asia/Shanghai')::date, 0, 0, total FROM sums
        ON CONFLICT (wallet_id, community_id, month) DO UPDATE SET expired = m.expired + excluded.expired
    ), postings AS (
        INSERT INTO points_posting (id, entry_id, source_id, destination_id, amount, source_balance)
        SELECT p.posting_id, p.entry_id, p.wallet_id, pot.id, p.total, p.balance FROM paid p
        JOIN points_account pot ON pot.community_id = p.community_id AND pot.kind = 'expired' RETURNING 1)
    SELECT count(*) FROM postings;
$$;
GRANT EXECUTE ON FUNCTION bench_expire TO app;
