-- An entry may touch the wallet of somebody who has moved: each of these ends with books.carry. Else they are as before.

CREATE OR REPLACE FUNCTION books.settle(p_wallet bigint, p_lot bigint, p_at timestamptz, p_by bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_debt record;
    v_left bigint := (SELECT remaining FROM points_lot WHERE id = p_lot);
    v_take bigint;
    v_posting bigint;
    v_entry bigint;
    v_key text;
BEGIN
    FOR v_debt IN
        SELECT d.id, d.remaining, e.community_id, e.reason
        FROM points_debt d JOIN points_entry e ON e.id = d.entry_id WHERE d.wallet_id = p_wallet AND d.remaining > 0 ORDER BY d.id
    LOOP
        EXIT WHEN v_left = 0;
        v_take := least(v_left, v_debt.remaining);
        v_posting := nextval('points_posting_id_seq');
        v_key := 'settlement:' || v_debt.id || ':' || v_posting;
        v_entry := books.open_entry(
            v_key, sha256(convert_to(v_key, 'UTF8')), 'settlement', v_debt.community_id, p_at, p_by,
            left('抵扣：' || v_debt.reason, 200), NULL, v_debt.id);
        UPDATE points_lot SET remaining = remaining - v_take WHERE id = p_lot;
        INSERT INTO points_draw (posting_id, lot_id, amount) VALUES (v_posting, p_lot, v_take);
        UPDATE points_debt SET remaining = remaining - v_take WHERE id = v_debt.id;
        PERFORM books.move(v_posting, v_entry, p_wallet, books.pot(v_debt.community_id, 'issuer'), v_take);
        PERFORM books.carry(ARRAY[v_entry], p_at, p_by);
        v_left := v_left - v_take;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION books.post(
    p_key text, p_kind text, p_community bigint, p_sources bigint[], p_destinations bigint[], p_amounts bigint[],
    p_at timestamptz, p_by bigint, p_reason text, p_expires date
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_entry bigint;
    v_posting bigint;
    v_lot bigint;
    v_wallets bigint[];
    v_day date := (p_at AT TIME ZONE 'Asia/Shanghai')::date;
    v_month date := books.month_of(p_at);
BEGIN
    PERFORM books.check_amounts(p_amounts);
    v_entry := books.open_entry(
        p_key, sha256(convert_to(concat_ws('|', p_kind, p_sources, p_destinations, p_amounts), 'UTF8')),
        p_kind, p_community, p_at, p_by, p_reason, NULL);
    IF v_entry IS NULL THEN
        RETURN (SELECT id FROM points_entry WHERE key = p_key);
    END IF;
    v_wallets := books.lock_wallets(p_sources || p_destinations);
    FOR i IN 1 .. cardinality(p_amounts) LOOP
        v_posting := nextval('points_posting_id_seq');
        IF p_sources[i] = ANY (v_wallets) THEN
            PERFORM books.draw(v_posting, p_sources[i], p_amounts[i], v_day);
        END IF;
        PERFORM books.move(v_posting, v_entry, p_sources[i], p_destinations[i], p_amounts[i]);
        IF p_kind = 'charge' AND p_sources[i] = ANY (v_wallets) THEN
            PERFORM books.tally(p_sources[i], p_community, v_month, 0, p_amounts[i], 0);
        ELSIF p_kind = 'adjustment' AND p_sources[i] = ANY (v_wallets) THEN
            PERFORM books.tally(p_sources[i], p_community, v_month, -p_amounts[i], 0, 0);
        ELSIF p_destinations[i] = ANY (v_wallets) THEN
            IF (p_expires BETWEEN v_day AND v_day + 3660) IS NOT TRUE THEN
                RAISE EXCEPTION 'points of % cannot last until %', v_day, p_expires USING ERRCODE = 'PB007';
            END IF;
            INSERT INTO points_lot (wallet_id, posting_id, earned, remaining, expires_on)
                VALUES (p_destinations[i], v_posting, p_amounts[i], p_amounts[i], p_expires) RETURNING id INTO v_lot;
            PERFORM books.tally(p_destinations[i], p_community, v_month, p_amounts[i], 0, 0);
            PERFORM books.settle(p_destinations[i], v_lot, p_at, p_by);
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM points_account a JOIN communities_resident r ON r.id = a.resident_id
            WHERE a.id = ANY (v_wallets) AND r.community_id <> p_community) THEN
        PERFORM books.carry(ARRAY[v_entry], p_at, p_by);
    END IF;
    RETURN v_entry;
END $$;

CREATE OR REPLACE FUNCTION points_charge_purse(
    p_key text, p_resident bigint, p_amount bigint, p_relief bigint, p_provider bigint,
    p_at timestamptz, p_by bigint, p_reason text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_community bigint := books.community_of(p_resident);
    v_income bigint := books.pot(p_provider, 'income');
    v_payer bigint := books.wallet(p_resident);
    v_day date := (p_at AT TIME ZONE 'Asia/Shanghai')::date;
    v_wallets bigint[];
    v_entry bigint;
    v_posting bigint;
    v_part record;
    v_left bigint := p_amount;
BEGIN
    PERFORM books.check_amounts(ARRAY[p_amount] || CASE WHEN p_relief = 0 THEN '{}' ELSE ARRAY[p_relief] END);
    v_entry := books.open_entry(
        p_key, sha256(convert_to(concat_ws('|', 'purse', v_payer, p_amount, p_relief, v_income), 'UTF8')),
        'charge', v_community, p_at, p_by, p_reason, NULL, NULL, v_payer);
    IF v_entry IS NULL THEN
        RETURN (SELECT id FROM points_entry WHERE key = p_key);
    END IF;
    v_wallets := books.lock_wallets(points_purse(p_resident));
    -- Who left meanwhile is not asked; who joined meanwhile is not locked, and comes with the next purchase.
    v_wallets := (SELECT array_agg(id) FROM unnest(points_purse(p_resident)) AS id WHERE id = ANY (v_wallets));
    IF v_wallets IS NULL THEN
        RAISE EXCEPTION 'resident % shares no purse', p_resident USING ERRCODE = 'PB011';
    END IF;
    FOR v_part IN
        SELECT wallet_id, sum(least(remaining, p_amount - before))::bigint AS amount FROM (
            SELECT wallet_id, remaining, coalesce(sum(remaining) OVER (
                ORDER BY wallet_id <> v_payer, expires_on, wallet_id, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
            FROM points_lot WHERE wallet_id = ANY (v_wallets) AND remaining > 0 AND expires_on >= v_day) lots
        WHERE before < p_amount GROUP BY wallet_id ORDER BY wallet_id <> v_payer, wallet_id
    LOOP
        v_posting := nextval('points_posting_id_seq');
        PERFORM books.draw(v_posting, v_part.wallet_id, v_part.amount, v_day);
        PERFORM books.move(v_posting, v_entry, v_part.wallet_id, v_income, v_part.amount);
        PERFORM books.tally(v_part.wallet_id, v_community, books.month_of(p_at), 0, v_part.amount, 0);
        v_left := v_left - v_part.amount;
    END LOOP;
    IF v_left > 0 THEN
        RAISE EXCEPTION 'the purse lacks % points', v_left USING ERRCODE = 'PB001', DETAIL = v_left::text;
    END IF;
    IF p_relief > 0 THEN
        PERFORM books.move(
            nextval('points_posting_id_seq'), v_entry, books.pot(v_community, 'relief'), v_income, p_relief);
    END IF;
    IF EXISTS (SELECT FROM points_account a JOIN communities_resident r ON r.id = a.resident_id
            WHERE a.id = ANY (v_wallets) AND r.community_id <> v_community) THEN
        PERFORM books.carry(ARRAY[v_entry], p_at, p_by);
    END IF;
    RETURN v_entry;
END $$;

CREATE OR REPLACE FUNCTION books.mirror(
    p_from bigint, p_entry bigint, p_kind text, p_community bigint, p_month date, p_at timestamptz, p_by bigint, p_grace int
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_wallets bigint[];
    v_old record;
    v_back record;
    v_posting bigint;
BEGIN
    v_wallets := books.lock_wallets((SELECT array_agg(source_id) || array_agg(destination_id) FROM points_posting WHERE entry_id = p_from));
    IF p_kind = 'expiry' AND EXISTS (
        SELECT FROM points_posting p JOIN points_draw d ON d.posting_id = p.id JOIN points_lot l ON l.id = d.lot_id
        JOIN points_posting given ON given.id = l.posting_id JOIN points_entry r ON r.reverses_id = given.entry_id
        WHERE p.entry_id = p_from) THEN
        RAISE EXCEPTION 'what expired in entry % belongs to an award that was taken back', p_from USING ERRCODE = 'PB006';
    END IF;
    FOR v_old IN SELECT * FROM points_posting WHERE entry_id = p_from ORDER BY id LOOP
        IF v_old.destination_id = ANY (v_wallets) THEN
            v_posting := nextval('points_posting_id_seq');
            v_back := books.take_back(
                v_posting, v_old.id, v_old.destination_id, v_old.amount, (p_at AT TIME ZONE 'Asia/Shanghai')::date);
            IF v_back.taken > 0 THEN
                PERFORM books.move(v_posting, p_entry, v_old.destination_id, v_old.source_id, v_back.taken);
            END IF;
            IF v_back.taken < v_old.amount THEN
                INSERT INTO points_debt AS d (wallet_id, entry_id, owed, lapsed, remaining)
                    VALUES (v_old.destination_id, p_entry, v_back.owed, v_back.lapsed, v_back.owed)
                    ON CONFLICT (entry_id, wallet_id) DO UPDATE SET owed = d.owed + v_back.owed,
                        lapsed = d.lapsed + v_back.lapsed, remaining = d.remaining + v_back.owed;
            END IF;
            PERFORM books.tally(v_old.destination_id, p_community, p_month, -v_old.amount, 0, 0);
        ELSIF v_old.source_id = ANY (v_wallets) THEN
            PERFORM books.expire_rests(v_old.id, p_at, p_by);
            v_posting := nextval('points_posting_id_seq');
            PERFORM books.give_back(v_posting, v_old.id, p_at, p_grace);
            PERFORM books.move(v_posting, p_entry, v_old.destination_id, v_old.source_id, v_old.amount);
            PERFORM books.tally(v_old.source_id, p_community, p_month,
                CASE p_kind WHEN 'adjustment' THEN v_old.amount ELSE 0 END,
                CASE p_kind WHEN 'charge' THEN -v_old.amount ELSE 0 END,
                CASE p_kind WHEN 'expiry' THEN -v_old.amount ELSE 0 END);
        ELSE
            PERFORM books.move(
                nextval('points_posting_id_seq'), p_entry, v_old.destination_id, v_old.source_id, v_old.amount);
        END IF;
    END LOOP;
    PERFORM books.carry(ARRAY[p_entry], p_at, p_by);
END $$;

CREATE OR REPLACE FUNCTION points_reverse(
    p_key text, p_entry bigint, p_at timestamptz, p_by bigint, p_reason text, p_grace int
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_first record;
    v_entry bigint;
BEGIN
    SELECT kind, community_id, books.month_of(at) AS month INTO v_first
        FROM points_entry WHERE id = p_entry AND kind NOT IN ('reversal', 'settlement', 'move');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'entry % is unknown', p_entry USING ERRCODE = 'PB004';
    ELSIF NOT EXISTS (SELECT FROM points_posting WHERE entry_id = p_entry) THEN
        RAISE EXCEPTION 'entry % gave nothing', p_entry USING ERRCODE = 'PB009';
    ELSIF (p_grace BETWEEN 0 AND 366) IS NOT TRUE THEN
        RAISE EXCEPTION 'a grace of % days', p_grace USING ERRCODE = 'PB007';
    END IF;
    v_entry := books.open_entry(
        p_key, sha256(convert_to('reversal|' || p_entry, 'UTF8')), 'reversal', v_first.community_id, p_at, p_by, p_reason, p_entry);
    IF v_entry IS NULL THEN
        RETURN (SELECT id FROM points_entry WHERE key = p_key);
    END IF;
    PERFORM books.mirror(p_entry, v_entry, v_first.kind, v_first.community_id, v_first.month, p_at, p_by, p_grace);
    RETURN v_entry;
END $$;

CREATE OR REPLACE FUNCTION points_award(
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
    IF EXISTS (SELECT FROM unnest(p_residents, v_communities) AS u(resident, community) JOIN communities_resident r ON r.id = u.resident
            WHERE r.community_id <> u.community) THEN  -- who moved while this waited at the wallet
        PERFORM books.carry(v_entries, p_at, p_by);
    END IF;
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

-- The same key for the same moves brings the first entry back, wherever the resident lives by now: its pots are those of its community.
DROP FUNCTION books.check_moves(text, bigint, bigint[], bigint[]);
CREATE FUNCTION books.check_moves(
    p_kind text, p_community bigint, p_sources bigint[], p_destinations bigint[], p_key text
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_unknown boolean;
    v_right boolean;
    v_own boolean;
BEGIN
    SELECT bool_or(s.id IS NULL OR d.id IS NULL),
        bool_and((p_kind, s.kind, d.kind) IN (
            ('charge', 'wallet', 'income'), ('charge', 'wallet', 'partner'),
            ('charge', 'relief', 'income'), ('charge', 'relief', 'partner'))
            AND (s.kind = 'wallet' OR s.community_id = p_community)),
        bool_or(r.community_id = p_community) OR bool_and(r.id IS NULL)
    INTO v_unknown, v_right, v_own
    FROM unnest(p_sources, p_destinations) AS m(source, destination)
    LEFT JOIN points_account s ON s.id = m.source
    LEFT JOIN points_account d ON d.id = m.destination
    LEFT JOIN communities_resident r ON r.id = coalesce(s.resident_id, d.resident_id);
    IF v_unknown THEN
        RAISE EXCEPTION 'an account is unknown' USING ERRCODE = 'PB004';
    ELSIF (v_right AND (v_own OR EXISTS (SELECT FROM points_entry WHERE key = p_key))) IS NOT TRUE THEN
        RAISE EXCEPTION 'these points do not go this way in a % of community %', p_kind, p_community USING ERRCODE = 'PB008';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION points_post(
    p_key text, p_kind text, p_community bigint, p_sources bigint[], p_destinations bigint[], p_amounts bigint[],
    p_at timestamptz, p_by bigint, p_reason text, p_expires date
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (array_dims(p_amounts) = '[1:' || cardinality(p_amounts) || ']') IS NOT TRUE
        OR array_dims(p_sources) IS DISTINCT FROM array_dims(p_amounts)
        OR array_dims(p_destinations) IS DISTINCT FROM array_dims(p_amounts) THEN
        RAISE EXCEPTION 'a move has a source, a destination and an amount' USING ERRCODE = 'PB005';
    END IF;
    PERFORM books.check_moves(p_kind, p_community, p_sources, p_destinations, p_key);
    RETURN books.post(p_key, p_kind, p_community, p_sources, p_destinations, p_amounts, p_at, p_by, p_reason, p_expires);
END $$;

CREATE OR REPLACE FUNCTION points_charge(
    p_key text, p_resident bigint, p_amount bigint, p_relief bigint, p_provider bigint,
    p_at timestamptz, p_by bigint, p_reason text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_community bigint := books.community_of(p_resident);
    v_income bigint := books.pot(p_provider, 'income');
    v_sources bigint[] := '{}';
    v_amounts bigint[] := '{}';
BEGIN
    IF p_amount IS DISTINCT FROM 0 THEN
        v_sources := v_sources || books.wallet(p_resident);
        v_amounts := v_amounts || p_amount;
    END IF;
    IF p_relief IS DISTINCT FROM 0 THEN
        v_community := coalesce((SELECT community_id FROM points_entry WHERE key = p_key), v_community);
        v_sources := v_sources || books.pot(v_community, 'relief');
        v_amounts := v_amounts || p_relief;
    END IF;
    RETURN books.post(
        p_key, 'charge', v_community, v_sources, array_fill(v_income, ARRAY[cardinality(v_sources)]), v_amounts,
        p_at, p_by, p_reason, NULL);
END $$;

CREATE OR REPLACE FUNCTION points_adjust(
    p_key text, p_resident bigint, p_amount bigint, p_expires date, p_at timestamptz, p_by bigint, p_reason text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_community bigint := coalesce((SELECT community_id FROM points_entry WHERE key = p_key), books.community_of(p_resident));
    v_issuer bigint[] := ARRAY[books.pot(v_community, 'issuer')];
    v_wallet bigint[] := ARRAY[books.wallet(p_resident)];
BEGIN
    IF p_amount < 0 THEN
        RETURN books.post(
            p_key, 'adjustment', v_community, v_wallet, v_issuer, ARRAY[-p_amount], p_at, p_by, p_reason, NULL);
    END IF;
    RETURN books.post(
        p_key, 'adjustment', v_community, v_issuer, v_wallet, ARRAY[p_amount], p_at, p_by, p_reason, p_expires);
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA books FROM PUBLIC;
