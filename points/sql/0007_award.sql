-- What service earns: one statement for one person or for five hundred. The caps are applied here, under the wallets' locks,
-- by the day of service; what is above them is cut off and said so in points_credit.

DROP FUNCTION points_award(text, bigint, bigint, date, timestamptz, bigint, text);

-- The rule, when it is the one in force on the day of service where each of them lives; a superseded version prices nothing.
CREATE FUNCTION books.rule_for(p_rule bigint, p_served date, p_day date, p_residents bigint[]) RETURNS points_rule
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_rule points_rule;
BEGIN
    SELECT * INTO v_rule FROM points_rule WHERE id = p_rule;
    IF NOT FOUND OR (p_served <= p_day) IS NOT TRUE OR EXISTS (
        SELECT FROM (
            SELECT DISTINCT c.sub_district_id AS id FROM communities_resident r JOIN communities_community c ON c.id = r.community_id
            WHERE r.id = ANY (p_residents)) street
        WHERE p_rule IS DISTINCT FROM (
            SELECT n.id FROM points_rule n WHERE n.code = v_rule.code AND n.starts_on <= p_served
                AND (n.sub_district_id = street.id OR n.sub_district_id IS NULL)
            ORDER BY n.sub_district_id IS NULL, n.starts_on DESC, n.id DESC LIMIT 1)) THEN
        RAISE EXCEPTION 'rule % does not price the service of %', p_rule, p_served USING ERRCODE = 'PB010';
    END IF;
    RETURN v_rule;
END $$;

-- No more is asked than the rule gives for the quantity; what is exempt is given by evidence.
CREATE FUNCTION books.check_worth(p_rule points_rule, p_quantities int[], p_asked bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM unnest(p_quantities, p_asked) AS u(quantity, asked) WHERE (u.quantity >= 1 AND (p_rule.kind = 'exempt'
        OR u.asked <= CASE p_rule.basis WHEN 'hour' THEN u.quantity / 30 * p_rule.points::bigint / 2
            ELSE u.quantity * p_rule.points::bigint END)) IS NOT TRUE;
    IF FOUND THEN
        RAISE EXCEPTION 'more is asked than rule % gives', p_rule.id USING ERRCODE = 'PB005';
    END IF;
END $$;

-- `p_expires` is the last day of the new lots; `p_cap_day` and `p_cap_month` are the general caps of the rule's kind, NULL for
-- none. Per key, in the order given: the entry, and what it gave. Somebody may be named once only: each sees the caps alone.
CREATE FUNCTION points_award(
    p_keys text[], p_residents bigint[], p_quantities int[], p_asked bigint[], p_rule bigint, p_served date,
    p_cap_day int, p_cap_month int, p_expires date, p_at timestamptz, p_by bigint, p_reason text
) RETURNS TABLE (entry_id bigint, given bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_rule points_rule;
    v_day date := (p_at AT TIME ZONE 'Asia/Shanghai')::date;
    v_first date := date_trunc('month', p_served);
    v_wallets bigint[];
    v_communities bigint[];
    v_entries bigint[];
    v_turns int[];
    v_xid bigint := books.xid();
    v_lot record;
BEGIN
    PERFORM books.check_author(p_at, p_by);
    PERFORM books.check_amounts(p_asked);
    v_rule := books.rule_for(p_rule, p_served, v_day, p_residents);
    IF (p_expires BETWEEN v_day AND v_day + 3660) IS NOT TRUE THEN
        RAISE EXCEPTION 'points of % cannot last until %', v_day, p_expires USING ERRCODE = 'PB007';
    END IF;
    IF (array_dims(p_asked) = '[1:' || cardinality(p_asked) || ']') IS NOT TRUE OR array_dims(p_keys) IS DISTINCT FROM array_dims(p_asked)
        OR array_dims(p_residents) IS DISTINCT FROM array_dims(p_asked) OR array_dims(p_quantities) IS DISTINCT FROM array_dims(p_asked) THEN
        RAISE EXCEPTION 'each key has one resident, quantity and amount' USING ERRCODE = 'PB005';
    ELSIF (SELECT count(DISTINCT key) FROM unnest(p_keys) AS key) < cardinality(p_keys) THEN  -- of two people, or they would be named twice
        RAISE EXCEPTION 'a key was used for other moves' USING ERRCODE = 'PB002';
    END IF;
    PERFORM books.check_worth(v_rule, p_quantities, p_asked);
    SELECT wallets, communities INTO v_wallets, v_communities FROM books.wallets(p_residents);
    WITH fresh AS (
        INSERT INTO points_entry (key, digest, kind, community_id, at, by_id, reason, xid)
        SELECT u.key, sha256(convert_to(concat_ws('|', 'credit', u.wallet, u.quantity, u.asked, p_rule, p_served), 'UTF8')), 'award',
            u.community, p_at, p_by, p_reason, v_xid
        FROM unnest(p_keys, v_wallets, v_communities, p_quantities, p_asked) AS u(key, wallet, community, quantity, asked) ORDER BY u.key
        ON CONFLICT DO NOTHING RETURNING id, key)
    SELECT array_agg(f.id), array_agg(u.n) INTO v_entries, v_turns
        FROM fresh f JOIN unnest(p_keys) WITH ORDINALITY AS u(key, n) ON u.key = f.key;
    IF v_entries IS NULL OR cardinality(v_entries) < cardinality(p_keys) THEN
        PERFORM FROM unnest(p_keys, v_wallets, p_quantities, p_asked) AS u(key, wallet, quantity, asked) JOIN points_entry e ON e.key = u.key
            WHERE e.digest <> sha256(convert_to(concat_ws('|', 'credit', u.wallet, u.quantity, u.asked, p_rule, p_served), 'UTF8'));
        IF FOUND THEN
            RAISE EXCEPTION 'a key was used for other moves' USING ERRCODE = 'PB002';
        END IF;
    END IF;
    PERFORM books.lock_wallets((SELECT array_agg(v_wallets[n]) FROM unnest(v_turns) AS n));
    WITH mine AS (
        SELECT u.id AS entry_id, v_wallets[u.n] AS wallet_id, v_communities[u.n] AS community_id,
            p_quantities[u.n] AS quantity, p_asked[u.n] AS asked
        FROM unnest(v_entries, v_turns) AS u(id, n)
    ), used AS (  -- reversed awards give their room back
        SELECT c.wallet_id, sum(c.given) AS of_month, sum(c.given) FILTER (WHERE c.served_on = p_served) AS of_day,
            sum(c.given) FILTER (WHERE r.code = v_rule.code AND c.served_on = p_served) AS of_rule,
            sum(CASE r.basis WHEN 'time' THEN c.quantity ELSE 1 END) FILTER (WHERE r.code = v_rule.code AND c.served_on = p_served) AS times_day,
            sum(CASE r.basis WHEN 'time' THEN c.quantity ELSE 1 END) FILTER (WHERE r.code = v_rule.code) AS times_month
        FROM points_credit c JOIN points_rule r ON r.id = c.rule_id AND r.kind = v_rule.kind
        WHERE v_rule.kind <> 'exempt' AND c.wallet_id = ANY (v_wallets) AND c.given > 0
            AND c.served_on >= v_first AND c.served_on < v_first + interval '1 month'
            AND NOT EXISTS (SELECT FROM points_entry e WHERE e.reverses_id = c.entry_id)
        GROUP BY c.wallet_id
    ), priced AS (
        SELECT m.*, nextval('points_posting_id_seq') AS posting_id, CASE
            WHEN v_rule.kind = 'exempt' THEN m.asked
            WHEN coalesce(u.times_day, 0) >= v_rule.day_times OR coalesce(u.times_month, 0) >= v_rule.month_times THEN 0
            ELSE greatest(0, least(m.asked, v_rule.day_points - coalesce(u.of_rule, 0), p_cap_day - coalesce(u.of_day, 0),
                p_cap_month - coalesce(u.of_month, 0), CASE v_rule.basis WHEN 'time' THEN v_rule.points * least(
                    v_rule.day_times - coalesce(u.times_day, 0), v_rule.month_times - coalesce(u.times_month, 0)) END)) END AS given
        FROM mine m LEFT JOIN used u ON u.wallet_id = m.wallet_id
    ), credits AS (
        INSERT INTO points_credit (entry_id, wallet_id, rule_id, served_on, quantity, asked, given, cap_day, cap_month)
        SELECT entry_id, wallet_id, p_rule, p_served, quantity, asked, given, p_cap_day, p_cap_month FROM priced
    ), paid AS (
        UPDATE points_account a SET balance = a.balance + p.given FROM priced p WHERE a.id = p.wallet_id AND p.given > 0
        RETURNING p.*, a.balance
    ), postings AS (
        INSERT INTO points_posting (id, entry_id, source_id, destination_id, amount, destination_balance)
        SELECT p.posting_id, p.entry_id, pot.id, p.wallet_id, p.given, p.balance
        FROM paid p JOIN points_account pot ON pot.community_id = p.community_id AND pot.kind = 'issuer'
    ), months AS (
        INSERT INTO points_month AS m (wallet_id, community_id, month, earned, spent, expired)
        SELECT p.wallet_id, p.community_id, books.month_of(p_at), p.given, 0, 0 FROM paid p
        ON CONFLICT (wallet_id, community_id, month) DO UPDATE SET earned = m.earned + excluded.earned
    )
    INSERT INTO points_lot (wallet_id, posting_id, earned, remaining, expires_on)
        SELECT wallet_id, posting_id, given, given, p_expires FROM paid;
    IF EXISTS (SELECT FROM points_debt d WHERE d.wallet_id = ANY (v_wallets) AND d.remaining > 0) THEN
        FOR v_lot IN
            SELECT l.id, l.wallet_id FROM points_lot l JOIN points_posting p ON p.id = l.posting_id
            WHERE p.entry_id = ANY (v_entries) ORDER BY l.id
        LOOP
            PERFORM books.settle(v_lot.wallet_id, v_lot.id, p_at, p_by);
        END LOOP;
    END IF;
    RETURN QUERY SELECT e.id, c.given FROM unnest(p_keys) WITH ORDINALITY AS u(key, n)
        JOIN points_entry e ON e.key = u.key JOIN points_credit c ON c.entry_id = e.id ORDER BY u.n;
END $$;

-- The wallets of some residents, opened where they lack one, with the communities that they live in; the pots are opened as well.
CREATE FUNCTION books.wallets(p_residents bigint[], OUT wallets bigint[], OUT communities bigint[])
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO points_account (kind, resident_id, balance)
        SELECT 'wallet', r.id, 0 FROM communities_resident r WHERE r.id = ANY (p_residents)
            AND NOT EXISTS (SELECT FROM points_account a WHERE a.resident_id = r.id) ORDER BY r.id
        ON CONFLICT (resident_id) DO NOTHING;
    SELECT array_agg(a.id ORDER BY u.n), array_agg(r.community_id ORDER BY u.n) INTO wallets, communities
        FROM unnest(p_residents) WITH ORDINALITY AS u(resident, n)
        JOIN communities_resident r ON r.id = u.resident JOIN points_account a ON a.resident_id = r.id;
    IF cardinality(wallets) IS DISTINCT FROM cardinality(p_residents)
        OR (SELECT count(DISTINCT id) FROM unnest(p_residents) AS id) <> cardinality(p_residents) THEN
        RAISE EXCEPTION 'residents are unknown or named twice' USING ERRCODE = 'PB004';
    END IF;
    PERFORM books.pot(id, 'issuer') FROM (SELECT DISTINCT unnest(communities) AS id ORDER BY 1) c;
END $$;

-- For several statements in one transaction: everybody's wallet first, by pk, else two who name the same people in another
-- order lock one another out.
CREATE FUNCTION points_hold(p_residents bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM books.lock_wallets(w.wallets) FROM books.wallets(p_residents) w;
END $$;

REVOKE ALL ON FUNCTION points_award, points_hold FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA books FROM PUBLIC;
