-- One chapter: open an account, draw lots, move points, post an entry.
-- Own SQLSTATEs, mapped to refusals by points/ledger.py:
--   PB001 not enough points   PB002 key reused   PB003 already spent   PB004 unknown person, place, account or entry
--   PB005 bad amount   PB006 already reversed   PB007 bad moment or last day   PB008 points do not go this way

CREATE FUNCTION books.wallet(p_resident bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_id bigint;
BEGIN
    SELECT id INTO v_id FROM points_account WHERE resident_id = p_resident;
    IF NOT FOUND THEN
        INSERT INTO points_account (kind, resident_id, balance) VALUES ('wallet', p_resident, 0)
            ON CONFLICT (resident_id) DO NOTHING;
        SELECT id INTO v_id FROM points_account WHERE resident_id = p_resident;
    END IF;
    RETURN v_id;
END $$;

CREATE FUNCTION books.pot(p_community bigint, p_kind text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_id bigint;
BEGIN
    SELECT id INTO v_id FROM points_account WHERE community_id = p_community AND kind = p_kind;
    IF NOT FOUND THEN
        INSERT INTO points_account (kind, community_id) SELECT p_kind, id FROM communities_community WHERE id = p_community
            ON CONFLICT (community_id, kind) WHERE kind <> 'wallet' DO NOTHING;
        SELECT id INTO v_id FROM points_account WHERE community_id = p_community AND kind = p_kind;
        IF NOT FOUND THEN  -- said here, because a foreign key would say it only at COMMIT
            RAISE EXCEPTION 'community % is unknown', p_community USING ERRCODE = 'PB004';
        END IF;
    END IF;
    RETURN v_id;
END $$;

CREATE FUNCTION books.community_of(p_resident bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_id bigint;
BEGIN
    SELECT community_id INTO v_id FROM communities_resident WHERE id = p_resident;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'resident % is unknown', p_resident USING ERRCODE = 'PB004';
    END IF;
    RETURN v_id;
END $$;

-- One order everywhere: wallets by pk, then their lots (which only these functions write, under the wallet's lock).
CREATE FUNCTION books.lock_wallets(p_accounts bigint[]) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT array_agg(w.id) FROM (
        SELECT id FROM points_account WHERE id = ANY (p_accounts) AND kind = 'wallet' ORDER BY id FOR NO KEY UPDATE) w), '{}');
END $$;

-- Spending takes lots first-to-expire-first; a lot past its Shanghai date cannot be spent, swept or not.
CREATE FUNCTION books.draw(p_posting bigint, p_wallet bigint, p_amount bigint, p_day date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_lot record;
    v_left bigint := p_amount;
    v_take bigint;
BEGIN
    FOR v_lot IN
        SELECT id, remaining FROM points_lot
        WHERE wallet_id = p_wallet AND remaining > 0 AND expires_on >= p_day ORDER BY expires_on, id
    LOOP
        v_take := least(v_lot.remaining, v_left);
        UPDATE points_lot SET remaining = remaining - v_take WHERE id = v_lot.id;
        INSERT INTO points_draw (posting_id, lot_id, amount) VALUES (p_posting, v_lot.id, v_take);
        v_left := v_left - v_take;
        EXIT WHEN v_left = 0;
    END LOOP;
    IF v_left > 0 THEN
        RAISE EXCEPTION 'wallet % lacks % points', p_wallet, v_left USING ERRCODE = 'PB001', DETAIL = v_left::text;
    END IF;
END $$;

-- Write one posting; a wallet's side is changed by SQL arithmetic and keeps the running balance.
CREATE FUNCTION books.move(p_posting bigint, p_entry bigint, p_source bigint, p_destination bigint, p_amount bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_out bigint;
    v_in bigint;
BEGIN
    UPDATE points_account SET balance = balance - p_amount WHERE id = p_source AND kind = 'wallet' RETURNING balance INTO v_out;
    UPDATE points_account SET balance = balance + p_amount WHERE id = p_destination AND kind = 'wallet' RETURNING balance INTO v_in;
    INSERT INTO points_posting (id, entry_id, source_id, destination_id, amount, source_balance, destination_balance)
        VALUES (p_posting, p_entry, p_source, p_destination, p_amount, v_out, v_in);
END $$;

-- Open the entry, or find the first one of this key. NULL means: booked before, nothing to do (the caller returns it).
CREATE FUNCTION books.open_entry(
    p_key text, p_digest bytea, p_kind text, p_community bigint, p_at timestamptz, p_by bigint, p_reason text, p_reverses bigint
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_id bigint;
    v_first bytea;
BEGIN
    IF (p_at >= '2000-01-01 00:00Z' AND p_at < '2100-01-01 00:00Z') IS NOT TRUE THEN
        RAISE EXCEPTION 'the moment % is not of this century', p_at USING ERRCODE = 'PB007';
    ELSIF NOT EXISTS (SELECT FROM communities_user WHERE id = p_by) THEN
        RAISE EXCEPTION 'user % is unknown', p_by USING ERRCODE = 'PB004';
    END IF;
    -- No arbiter is named: two who reverse the same entry at once may collide on `reverses` before they do on `key`.
    INSERT INTO points_entry (key, digest, kind, community_id, at, by_id, reason, reverses_id)
        VALUES (p_key, p_digest, p_kind, p_community, p_at, p_by, p_reason, p_reverses)
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

-- Moves as arrays; every wallet is locked first, by pk. `p_expires` is the last day of lots that wallets receive.
CREATE FUNCTION books.post(
    p_key text, p_kind text, p_community bigint, p_sources bigint[], p_destinations bigint[], p_amounts bigint[],
    p_at timestamptz, p_by bigint, p_reason text, p_expires date
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_entry bigint;
    v_posting bigint;
    v_wallets bigint[];
    v_day date := (p_at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    IF cardinality(p_amounts) = 0
        OR EXISTS (SELECT FROM unnest(p_amounts) AS amount WHERE (amount BETWEEN 1 AND 1000000000) IS NOT TRUE) THEN
        RAISE EXCEPTION 'amounts are whole points from 1 to 1000000000' USING ERRCODE = 'PB005';
    ELSIF p_kind = 'award' AND (p_expires BETWEEN v_day AND v_day + 3660) IS NOT TRUE THEN
        RAISE EXCEPTION 'points of % cannot last until %', v_day, p_expires USING ERRCODE = 'PB007';
    END IF;
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
        IF p_destinations[i] = ANY (v_wallets) THEN
            INSERT INTO points_lot (wallet_id, posting_id, earned, remaining, expires_on)
                VALUES (p_destinations[i], v_posting, p_amounts[i], p_amounts[i], p_expires);
        END IF;
    END LOOP;
    RETURN v_entry;
END $$;

-- Which way points go, by kind of entry. The pots that pay are the community's own, and so is one of the wallets.
CREATE FUNCTION books.check_moves(p_kind text, p_community bigint, p_sources bigint[], p_destinations bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_unknown boolean;
    v_right boolean;
    v_own boolean;
BEGIN
    SELECT bool_or(s.id IS NULL OR d.id IS NULL),
        bool_and((p_kind, s.kind, d.kind) IN (
            ('award', 'issuer', 'wallet'), ('charge', 'wallet', 'income'), ('charge', 'wallet', 'partner'),
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

-- The general form: several moves in one entry.
CREATE FUNCTION points_post(
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
    PERFORM books.check_moves(p_kind, p_community, p_sources, p_destinations);
    RETURN books.post(p_key, p_kind, p_community, p_sources, p_destinations, p_amounts, p_at, p_by, p_reason, p_expires);
END $$;

-- A resident earns: issuer → wallet, a new lot.
CREATE FUNCTION points_award(
    p_key text, p_resident bigint, p_amount bigint, p_expires date, p_at timestamptz, p_by bigint, p_reason text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_community bigint := books.community_of(p_resident);
BEGIN
    RETURN books.post(
        p_key, 'award', v_community, ARRAY[books.pot(v_community, 'issuer')], ARRAY[books.wallet(p_resident)],
        ARRAY[p_amount], p_at, p_by, p_reason, p_expires);
END $$;

-- A resident spends: wallet → the provider's income; relief is its own posting, so that a subsidy shows in the books.
CREATE FUNCTION points_charge(
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
        v_sources := v_sources || books.pot(v_community, 'relief');
        v_amounts := v_amounts || p_relief;
    END IF;
    RETURN books.post(
        p_key, 'charge', v_community, v_sources, array_fill(v_income, ARRAY[cardinality(v_sources)]), v_amounts,
        p_at, p_by, p_reason, NULL);
END $$;

REVOKE ALL ON FUNCTION points_post, points_award, points_charge FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA books FROM PUBLIC;
