-- Entries know their transaction (for folding), wallets their months, and what is earned pays what is owed.

-- Transaction numbers begin anew in a cluster that was restored from a dump; the base lets ours go on.
CREATE TABLE books.epoch (base bigint NOT NULL, one boolean PRIMARY KEY DEFAULT true CHECK (one));
INSERT INTO books.epoch (base) VALUES (0);
CREATE FUNCTION books.xid() RETURNS bigint
LANGUAGE sql VOLATILE RETURN (SELECT base FROM books.epoch) + pg_current_xact_id()::text::bigint;

DROP FUNCTION books.open_entry(text, bytea, text, bigint, timestamptz, bigint, text, bigint);

-- Open the entry, or find the first one of this key. NULL means: booked before, nothing to do (the caller returns it).
CREATE FUNCTION books.open_entry(
    p_key text, p_digest bytea, p_kind text, p_community bigint, p_at timestamptz, p_by bigint, p_reason text, p_reverses bigint,
    p_settles bigint DEFAULT NULL, p_payer bigint DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_id bigint;
    v_first bytea;
BEGIN
    PERFORM books.check_author(p_at, p_by);
    -- No arbiter is named: two who reverse the same entry at once may collide on `reverses` before they do on `key`.
    INSERT INTO points_entry (key, digest, kind, community_id, at, by_id, reason, reverses_id, settles_id, payer_id, xid)
        VALUES (p_key, p_digest, p_kind, p_community, p_at, p_by, p_reason, p_reverses, p_settles, p_payer,
            (SELECT base FROM books.epoch) + pg_current_xact_id()::text::bigint)  -- books.xid(), without the cost of a call
        ON CONFLICT DO NOTHING RETURNING id INTO v_id;
    IF v_id IS NULL THEN
        SELECT digest INTO v_first FROM points_entry WHERE key = p_key;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'entry % was reversed before', p_reverses USING ERRCODE = 'PB006';
        ELSIF v_first <> p_digest THEN
            RAISE EXCEPTION 'key % was used for other moves', p_key USING ERRCODE = 'PB002';
        END IF;
    END IF;
    RETURN v_id;
END $$;

CREATE FUNCTION books.check_moment(p_at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (p_at >= '2000-01-01 00:00Z' AND p_at < '2100-01-01 00:00Z') IS NOT TRUE THEN
        RAISE EXCEPTION 'the moment % is not of this century', p_at USING ERRCODE = 'PB007';
    END IF;
END $$;

CREATE FUNCTION books.check_author(p_at timestamptz, p_by bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM books.check_moment(p_at);
    IF NOT EXISTS (SELECT FROM communities_user WHERE id = p_by) THEN
        RAISE EXCEPTION 'user % is unknown', p_by USING ERRCODE = 'PB004';
    END IF;
END $$;

CREATE FUNCTION books.month_of(p_at timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE RETURN date_trunc('month', p_at AT TIME ZONE 'Asia/Shanghai')::date;

-- The resident's month, written with the posting. Below zero for what is reversed.
CREATE FUNCTION books.tally(
    p_wallet bigint, p_community bigint, p_month date, p_earned bigint, p_spent bigint, p_expired bigint
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO points_month AS m (wallet_id, community_id, month, earned, spent, expired)
        VALUES (p_wallet, p_community, p_month, p_earned, p_spent, p_expired)
        ON CONFLICT (wallet_id, community_id, month) DO UPDATE
        SET earned = m.earned + p_earned, spent = m.spent + p_spent, expired = m.expired + p_expired;
END $$;

-- A wallet that owes pays from what it has just earned (lot `p_lot`), the oldest debt first; refunds never come here.
CREATE FUNCTION books.settle(p_wallet bigint, p_lot bigint, p_at timestamptz, p_by bigint) RETURNS void
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
        v_left := v_left - v_take;
    END LOOP;
END $$;

-- Moves as arrays; every wallet is locked first, by pk. `p_expires` is the last day of lots that wallets receive.
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
    RETURN v_entry;
END $$;

CREATE FUNCTION books.check_amounts(p_amounts bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF cardinality(p_amounts) = 0 OR (1 <= ALL (p_amounts) AND 1000000000 >= ALL (p_amounts)) IS NOT TRUE THEN
        RAISE EXCEPTION 'amounts are whole points from 1 to 1000000000' USING ERRCODE = 'PB005';
    END IF;
END $$;

-- Which way points go in the general form. Awards are not booked so: each names the rule that priced it (points_award).
CREATE OR REPLACE FUNCTION books.check_moves(p_kind text, p_community bigint, p_sources bigint[], p_destinations bigint[]) RETURNS void
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
    ELSIF (v_right AND v_own) IS NOT TRUE THEN
        RAISE EXCEPTION 'these points do not go this way in a % of community %', p_kind, p_community USING ERRCODE = 'PB008';
    END IF;
END $$;

-- A correction that no rule prices, decided by two people (points/adjusting.py): above zero it gives, below it takes.
CREATE FUNCTION points_adjust(
    p_key text, p_resident bigint, p_amount bigint, p_expires date, p_at timestamptz, p_by bigint, p_reason text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_community bigint := books.community_of(p_resident);
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

REVOKE ALL ON FUNCTION points_adjust FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA books FROM PUBLIC;
