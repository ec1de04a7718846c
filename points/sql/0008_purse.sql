-- 家庭积分: adults of one household who consented pay for one another, out of their own wallets.

CREATE FUNCTION points_share(p_resident bigint, p_at timestamptz, p_by bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_household bigint;
    v_id bigint;
BEGIN
    PERFORM books.check_author(p_at, p_by), books.community_of(p_resident);
    PERFORM books.lock_wallets(ARRAY[books.wallet(p_resident)]);
    SELECT household_id INTO v_household FROM communities_resident WHERE id = p_resident AND status = 'confirmed'
        AND birth_date <= (p_at AT TIME ZONE 'Asia/Shanghai')::date - interval '18 years';
    IF v_household IS NULL THEN
        RAISE EXCEPTION 'resident % has no household, is not confirmed or not of age', p_resident USING ERRCODE = 'PB011';
    END IF;
    SELECT id INTO v_id FROM points_share WHERE resident_id = p_resident AND left_at IS NULL AND household_id = v_household;
    IF NOT FOUND THEN  -- a consent given in another household ends where the new one begins
        UPDATE points_share SET left_at = p_at, left_by_id = p_by WHERE resident_id = p_resident AND left_at IS NULL;
        INSERT INTO points_share (resident_id, household_id, joined_at, joined_by_id)
            VALUES (p_resident, v_household, p_at, p_by) RETURNING id INTO v_id;
    END IF;
    RETURN v_id;
END $$;

-- True when there was a consent to end. The wallet's lock lets a purchase that draws on it end first.
CREATE FUNCTION points_unshare(p_resident bigint, p_at timestamptz, p_by bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM books.check_author(p_at, p_by), books.community_of(p_resident);
    PERFORM books.lock_wallets(ARRAY[books.wallet(p_resident)]);
    UPDATE points_share SET left_at = p_at, left_by_id = p_by WHERE resident_id = p_resident AND left_at IS NULL;
    RETURN FOUND;
END $$;

-- The wallets that `p_resident` may spend from: of those who share in the household in which both live today.
CREATE FUNCTION points_purse(p_resident bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT array_agg(a.id ORDER BY a.id)
    FROM points_share mine
    JOIN communities_resident me ON me.id = mine.resident_id AND me.household_id = mine.household_id
    JOIN points_share s ON s.household_id = mine.household_id AND s.left_at IS NULL
    JOIN communities_resident r ON r.id = s.resident_id AND r.household_id = s.household_id AND r.status = 'confirmed'
        AND r.community_id = me.community_id  -- the entry belongs to one community, and its sums to its residents
    JOIN points_account a ON a.resident_id = r.id
    WHERE mine.resident_id = p_resident AND mine.left_at IS NULL
$$;

-- As points_charge, but one entry draws on several wallets: own lots first, then by last day and wallet.
CREATE FUNCTION points_charge_purse(
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
    RETURN v_entry;
END $$;

REVOKE ALL ON FUNCTION points_share, points_unshare, points_purse, points_charge_purse FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA books FROM PUBLIC;
