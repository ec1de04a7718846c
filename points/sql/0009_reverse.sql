-- An award that was spent can still be taken back: what the wallet lacks stays as a debt. Charges return to their lots as before.

CREATE OR REPLACE FUNCTION books.expire_rests(p_from bigint, p_at timestamptz, p_by bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    WHILE (SELECT e.people > 0 FROM books.expire(ARRAY(SELECT lot_id FROM points_draw WHERE posting_id = p_from), p_at, p_by) e) LOOP
    END LOOP;
END $$;

-- What is left in these lots past their day leaves the wallets, one entry a wallet. The wallets are locked.
CREATE FUNCTION books.expire(p_lots bigint[], p_at timestamptz, p_by bigint, OUT people bigint, OUT points bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_day date := (p_at AT TIME ZONE 'Asia/Shanghai')::date;
    v_xid bigint := books.xid();
BEGIN
    PERFORM books.pot(id, 'expired') FROM (
        SELECT DISTINCT r.community_id AS id FROM points_lot l JOIN points_account a ON a.id = l.wallet_id
        JOIN communities_resident r ON r.id = a.resident_id WHERE l.id = ANY (p_lots) ORDER BY 1) c;
    WITH due AS MATERIALIZED (
        SELECT id, wallet_id, remaining FROM (
            SELECT id, wallet_id, remaining, sum(remaining) OVER (PARTITION BY wallet_id ORDER BY expires_on, id) AS up_to_here
            FROM points_lot WHERE id = ANY (p_lots) AND remaining > 0 AND expires_on < v_day) l
        WHERE up_to_here <= 1000000000  -- more than a posting can hold waits for the next call
    ), sums AS MATERIALIZED (
        SELECT s.wallet_id, s.total, r.community_id, nextval('points_posting_id_seq') AS posting_id
        FROM (SELECT wallet_id, sum(remaining)::bigint AS total FROM due GROUP BY 1) s
        JOIN points_account a ON a.id = s.wallet_id JOIN communities_resident r ON r.id = a.resident_id
    ), entries AS (
        INSERT INTO points_entry (key, digest, kind, community_id, at, by_id, reason, xid)
        SELECT 'expiry:' || wallet_id || ':' || posting_id, sha256(convert_to('expiry:' || wallet_id || ':' || posting_id, 'UTF8')),
            'expiry', community_id, p_at, p_by, '积分到期', v_xid
        FROM sums RETURNING id, key
    ), emptied AS (
        UPDATE points_lot l SET remaining = 0 FROM due WHERE l.id = due.id
    ), paid AS (
        UPDATE points_account a SET balance = a.balance - s.total FROM sums s WHERE a.id = s.wallet_id RETURNING s.*, a.balance
    ), draws AS (
        INSERT INTO points_draw (posting_id, lot_id, amount)
        SELECT s.posting_id, due.id, due.remaining FROM due JOIN sums s ON s.wallet_id = due.wallet_id
    ), months AS (
        INSERT INTO points_month AS m (wallet_id, community_id, month, earned, spent, expired)
        SELECT wallet_id, community_id, books.month_of(p_at), 0, 0, total FROM sums
        ON CONFLICT (wallet_id, community_id, month) DO UPDATE SET expired = m.expired + excluded.expired
    ), postings AS (
        INSERT INTO points_posting (id, entry_id, source_id, destination_id, amount, source_balance)
        SELECT p.posting_id, e.id, p.wallet_id, pot.id, p.total, p.balance
        FROM paid p JOIN entries e ON e.key = 'expiry:' || p.wallet_id || ':' || p.posting_id
        JOIN points_account pot ON pot.community_id = p.community_id AND pot.kind = 'expired'
        RETURNING amount)
    SELECT count(*), coalesce(sum(amount), 0) INTO people, points FROM postings;
END $$;

-- The sweep: the wallets of the next `p_limit` lots past their day at `p_at`. Called until it finds nobody.
CREATE FUNCTION points_expire(p_at timestamptz, p_by bigint, p_limit int, OUT people bigint, OUT points bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_day date := (p_at AT TIME ZONE 'Asia/Shanghai')::date;
    v_wallets bigint[];
BEGIN
    PERFORM books.check_author(p_at, p_by);
    v_wallets := books.lock_wallets(ARRAY(
        SELECT DISTINCT wallet_id FROM (
            SELECT wallet_id FROM points_lot WHERE remaining > 0 AND expires_on < v_day ORDER BY expires_on, wallet_id LIMIT p_limit) l));
    SELECT e.people, e.points INTO people, points FROM books.expire(ARRAY(
        SELECT id FROM points_lot WHERE wallet_id = ANY (v_wallets) AND remaining > 0 AND expires_on < v_day), p_at, p_by) e;
END $$;

-- Takes `p_amount`, which posting `p_from` once gave, out of the wallet: the rest of its own lot, then what else can be spent,
-- first to expire first. What had expired is not owed; what was spent and cannot be found is (p_owed).
CREATE FUNCTION books.take_back(
    p_posting bigint, p_from bigint, p_wallet bigint, p_amount bigint, p_day date, OUT taken bigint, OUT owed bigint, OUT lapsed bigint
)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_own record;
    v_rest bigint;
BEGIN
    SELECT id, remaining INTO v_own FROM points_lot WHERE posting_id = p_from;
    taken := v_own.remaining;
    IF taken > 0 THEN
        UPDATE points_lot SET remaining = 0 WHERE id = v_own.id;
        INSERT INTO points_draw (posting_id, lot_id, amount) VALUES (p_posting, v_own.id, taken);
    END IF;
    SELECT coalesce(sum(d.amount), 0) INTO lapsed FROM points_draw d
        JOIN points_posting p ON p.id = d.posting_id JOIN points_entry e ON e.id = p.entry_id
        WHERE d.lot_id = v_own.id AND e.kind = 'expiry' AND NOT EXISTS (SELECT FROM points_entry r WHERE r.reverses_id = e.id);
    owed := p_amount - taken - lapsed;
    SELECT least(owed, coalesce(sum(remaining), 0)) INTO v_rest FROM points_lot
        WHERE wallet_id = p_wallet AND remaining > 0 AND expires_on >= p_day;
    IF v_rest > 0 THEN
        PERFORM books.draw(p_posting, p_wallet, v_rest, p_day);
        taken := taken + v_rest;
        owed := owed - v_rest;
    END IF;
END $$;

DROP FUNCTION books.take_back(bigint, bigint, bigint);

CREATE OR REPLACE FUNCTION points_reverse(
    p_key text, p_entry bigint, p_at timestamptz, p_by bigint, p_reason text, p_grace int
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_first record;
    v_entry bigint;
BEGIN
    SELECT kind, community_id, books.month_of(at) AS month INTO v_first
        FROM points_entry WHERE id = p_entry AND kind NOT IN ('reversal', 'settlement');
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

CREATE FUNCTION books.mirror(
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
END $$;

REVOKE ALL ON FUNCTION points_expire FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA books FROM PUBLIC;
