-- Mistakes are reversed, once. Points go back to the lots they came from; a lot that has passed its date gets a grace.

-- What is left in lots past their date leaves the wallet as entries of their own, before anything returns to those lots.
CREATE FUNCTION books.expire_rests(p_from bigint, p_at timestamptz, p_by bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_lot record;
    v_entry bigint;
    v_posting bigint;
    v_key text;
BEGIN
    FOR v_lot IN
        SELECT l.id, l.wallet_id, l.remaining, l.expires_on, books.community_of(a.resident_id) AS community_id
        FROM points_draw d JOIN points_lot l ON l.id = d.lot_id JOIN points_account a ON a.id = l.wallet_id
        WHERE d.posting_id = p_from AND l.remaining > 0 AND l.expires_on < (p_at AT TIME ZONE 'Asia/Shanghai')::date
        ORDER BY l.id
    LOOP
        v_posting := nextval('points_posting_id_seq');
        -- Not the lot's date: points that return late to a lot whose day was swept would find that key used.
        v_key := 'expiry:' || v_lot.id || ':' || v_posting;
        v_entry := books.open_entry(
            v_key, sha256(convert_to(v_key, 'UTF8')), 'expiry', v_lot.community_id, p_at, p_by, '积分到期', NULL);
        UPDATE points_lot SET remaining = 0 WHERE id = v_lot.id;
        INSERT INTO points_draw (posting_id, lot_id, amount) VALUES (v_posting, v_lot.id, v_lot.remaining);
        PERFORM books.move(
            v_posting, v_entry, v_lot.wallet_id, books.pot(v_lot.community_id, 'expired'), v_lot.remaining);
    END LOOP;
END $$;

CREATE FUNCTION books.give_back(p_posting bigint, p_from bigint, p_at timestamptz, p_grace int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_day date := (p_at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    UPDATE points_lot l SET remaining = l.remaining + d.amount,
        expires_on = CASE WHEN l.expires_on < v_day THEN v_day + p_grace ELSE l.expires_on END
        FROM points_draw d WHERE d.posting_id = p_from AND l.id = d.lot_id;
    INSERT INTO points_draw (posting_id, lot_id, amount)
        SELECT p_posting, lot_id, amount FROM points_draw WHERE posting_id = p_from;
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
    ELSIF (p_grace BETWEEN 0 AND 366) IS NOT TRUE THEN
        RAISE EXCEPTION 'a grace of % days', p_grace USING ERRCODE = 'PB007';
    END IF;
    v_entry := books.open_entry(
        p_key, sha256(convert_to('reversal|' || p_entry, 'UTF8')), 'reversal', v_community, p_at, p_by, p_reason, p_entry);
    IF v_entry IS NULL THEN
        RETURN (SELECT id FROM points_entry WHERE key = p_key);
    END IF;
    v_wallets := books.lock_wallets((SELECT array_agg(source_id) || array_agg(destination_id) FROM points_posting WHERE entry_id = p_entry));
    FOR v_old IN SELECT * FROM points_posting WHERE entry_id = p_entry ORDER BY id LOOP
        IF v_old.source_id = ANY (v_wallets) THEN
            PERFORM books.expire_rests(v_old.id, p_at, p_by);
        END IF;
        v_posting := nextval('points_posting_id_seq');
        IF v_old.destination_id = ANY (v_wallets) THEN
            PERFORM books.take_back(v_posting, v_old.id, v_old.amount);
        END IF;
        IF v_old.source_id = ANY (v_wallets) THEN
            PERFORM books.give_back(v_posting, v_old.id, p_at, p_grace);
        END IF;
        PERFORM books.move(v_posting, v_entry, v_old.destination_id, v_old.source_id, v_old.amount);
    END LOOP;
    RETURN v_entry;
END $$;

REVOKE ALL ON FUNCTION points_reverse FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA books FROM PUBLIC;
