-- Mistakes are reversed, once. Points go back to the lots they came from; a lot that has passed its date gets a grace.

-- What is left in a lot past its date leaves the wallet as an entry of its own, before anything returns to that lot.
CREATE FUNCTION books.expire_rest(p_lot bigint, p_at timestamptz, p_by bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_lot record;
    v_entry bigint;
    v_posting bigint;
    v_key text;
BEGIN
    SELECT l.id, l.wallet_id, l.remaining, l.expires_on, books.community_of(a.resident_id) AS community_id INTO v_lot
    FROM points_lot l JOIN points_account a ON a.id = l.wallet_id WHERE l.id = p_lot;
    v_key := format('expiry:%s:%s', v_lot.id, v_lot.expires_on);
    v_entry := books.open_entry(v_key, sha256(convert_to(v_key, 'UTF8')), 'expiry', v_lot.community_id, p_at, p_by, '积分到期', NULL);
    v_posting := nextval('points_posting_id_seq');
    UPDATE points_lot SET remaining = 0 WHERE id = v_lot.id;
    INSERT INTO points_draw (posting_id, lot_id, amount) VALUES (v_posting, v_lot.id, v_lot.remaining);
    PERFORM books.move(v_posting, v_entry, v_lot.wallet_id, books.pot(v_lot.community_id, 'expired'), v_lot.remaining);
END $$;

CREATE FUNCTION books.give_back(p_posting bigint, p_from bigint, p_at timestamptz, p_by bigint, p_grace int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_draw record;
    v_day date := (p_at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    FOR v_draw IN
        SELECT d.lot_id, d.amount, l.expires_on < v_day AS late, l.remaining
        FROM points_draw d JOIN points_lot l ON l.id = d.lot_id WHERE d.posting_id = p_from ORDER BY d.lot_id
    LOOP
        IF v_draw.late AND v_draw.remaining > 0 THEN
            PERFORM books.expire_rest(v_draw.lot_id, p_at, p_by);
        END IF;
        UPDATE points_lot SET remaining = remaining + v_draw.amount,
            expires_on = CASE WHEN v_draw.late THEN v_day + p_grace ELSE expires_on END WHERE id = v_draw.lot_id;
        INSERT INTO points_draw (posting_id, lot_id, amount) VALUES (p_posting, v_draw.lot_id, v_draw.amount);
    END LOOP;
END $$;

CREATE FUNCTION books.take_back(p_posting bigint, p_from bigint, p_amount bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_lot bigint;
BEGIN
    UPDATE points_lot SET remaining = remaining - p_amount
        WHERE posting_id = p_from AND remaining >= p_amount RETURNING id INTO v_lot;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the points of posting % were spent', p_from USING ERRCODE = 'PB003';
    END IF;
    INSERT INTO points_draw (posting_id, lot_id, amount) VALUES (p_posting, v_lot, p_amount);
END $$;

CREATE FUNCTION points_reverse(
    p_key text, p_entry bigint, p_at timestamptz, p_by bigint, p_reason text, p_grace int
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_community bigint;
    v_entry bigint;
    v_posting bigint;
    v_wallets bigint[];
    v_old record;
BEGIN
    SELECT community_id INTO v_community FROM points_entry WHERE id = p_entry AND kind <> 'reversal';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'entry % is unknown', p_entry USING ERRCODE = 'PB004';
    END IF;
    v_entry := books.open_entry(
        p_key, sha256(convert_to('reversal|' || p_entry, 'UTF8')), 'reversal', v_community, p_at, p_by, p_reason, p_entry);
    IF v_entry IS NULL THEN
        RETURN (SELECT id FROM points_entry WHERE key = p_key);
    END IF;
    v_wallets := books.lock_wallets((SELECT array_agg(source_id) || array_agg(destination_id) FROM points_posting WHERE entry_id = p_entry));
    FOR v_old IN SELECT * FROM points_posting WHERE entry_id = p_entry ORDER BY id LOOP
        v_posting := nextval('points_posting_id_seq');
        IF v_old.destination_id = ANY (v_wallets) THEN
            PERFORM books.take_back(v_posting, v_old.id, v_old.amount);
        END IF;
        IF v_old.source_id = ANY (v_wallets) THEN
            PERFORM books.give_back(v_posting, v_old.id, p_at, p_by, p_grace);
        END IF;
        PERFORM books.move(v_posting, v_entry, v_old.destination_id, v_old.source_id, v_old.amount);
    END LOOP;
    RETURN v_entry;
END $$;

REVOKE ALL ON FUNCTION points_reverse FROM PUBLIC;
