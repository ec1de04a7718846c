-- 迁移: somebody moves to another community of the sub-district. The wallet stays as it is, with lots, debts and history; that its
-- points now stand in the other community's books is said by an entry between two pots, A.transit → B.transit (ADR 0015).
-- Further SQLSTATE: PB013 nobody moves like this

-- The points of one wallet go over from one community's books to another's; more than a posting holds goes as several.
CREATE FUNCTION books.transfer(
    p_wallet bigint, p_from bigint, p_to bigint, p_amount bigint, p_key text, p_at timestamptz, p_by bigint, p_reason text
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_entry bigint;
BEGIN
    PERFORM books.pot(id, 'transit') FROM unnest(ARRAY[least(p_from, p_to), greatest(p_from, p_to)]) AS id;
    INSERT INTO points_entry (key, digest, kind, community_id, at, by_id, reason, wallet_id, xid)
        VALUES (p_key, sha256(convert_to(p_key, 'UTF8')), 'move', p_from, p_at, p_by, left(p_reason, 200), p_wallet, books.xid())
        RETURNING id INTO v_entry;
    INSERT INTO points_posting (entry_id, source_id, destination_id, amount)
        SELECT v_entry, books.pot(p_from, 'transit'), books.pot(p_to, 'transit'), least(p_amount - before, 1000000000)
        FROM generate_series(0, p_amount - 1, 1000000000) AS before;
END $$;

-- An entry belongs to the community where it was booked. What it gave to, or took from, the wallet of somebody who lives elsewhere by
-- now goes over in the same transaction: a reversal, a settlement, or whoever waited at the wallet while its owner moved.
-- The wallets are locked, so that nobody moves meanwhile.
CREATE FUNCTION books.carry(p_entries bigint[], p_at timestamptz, p_by bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_one record;
BEGIN
    FOR v_one IN
        SELECT e.community_id AS booked, r.community_id AS lives, a.id AS wallet_id, e.id || ':' || a.id AS key,
            '居民现属' || c.name || '：' || e.reason AS reason,
            sum(CASE WHEN p.destination_id = a.id THEN p.amount ELSE -p.amount END)::bigint AS amount
        FROM points_entry e JOIN points_posting p ON p.entry_id = e.id
        JOIN points_account a ON a.id IN (p.source_id, p.destination_id) AND a.kind = 'wallet'
        JOIN communities_resident r ON r.id = a.resident_id AND r.community_id <> e.community_id
        JOIN communities_community c ON c.id = r.community_id
        WHERE e.id = ANY (p_entries) GROUP BY e.id, a.id, r.community_id, c.name ORDER BY e.id, a.id
    LOOP
        IF v_one.amount > 0 THEN
            PERFORM books.transfer(
                v_one.wallet_id, v_one.booked, v_one.lives, v_one.amount, 'carry:' || v_one.key, p_at, p_by, v_one.reason);
        ELSIF v_one.amount < 0 THEN
            PERFORM books.transfer(
                v_one.wallet_id, v_one.lives, v_one.booked, -v_one.amount, 'carry:' || v_one.key, p_at, p_by, v_one.reason);
        END IF;
    END LOOP;
END $$;

-- The only way to another community: the file and the books in one act, under the wallet's lock. Says how many points went along.
-- The consent to a household purse ends, unless the whole household has moved there already.
CREATE FUNCTION points_move(p_resident bigint, p_community bigint, p_at timestamptz, p_by bigint, p_reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_from bigint := books.community_of(p_resident);
    v_wallet bigint := books.wallet(p_resident);
    v_points bigint;
BEGIN
    PERFORM books.check_author(p_at, p_by);
    PERFORM books.pot(p_community, 'transit');
    PERFORM books.lock_wallets(ARRAY[v_wallet]);
    SELECT community_id INTO v_from FROM communities_resident WHERE id = p_resident FOR NO KEY UPDATE;
    IF v_from = p_community OR (SELECT count(DISTINCT sub_district_id) FROM communities_community WHERE id IN (v_from, p_community)) > 1 THEN
        RAISE EXCEPTION 'resident % does not move from community % to %', p_resident, v_from, p_community USING ERRCODE = 'PB013';
    END IF;
    UPDATE points_share s SET left_at = p_at, left_by_id = p_by WHERE s.resident_id = p_resident AND s.left_at IS NULL
        AND NOT EXISTS (SELECT FROM communities_household h WHERE h.id = s.household_id AND h.community_id = p_community);
    SELECT balance INTO v_points FROM points_account WHERE id = v_wallet;
    IF v_points > 0 THEN
        PERFORM books.transfer(
            v_wallet, v_from, p_community, v_points, 'move:' || v_wallet || ':' || nextval('points_entry_id_seq'), p_at, p_by, p_reason);
    END IF;
    PERFORM set_config('books.moving', p_resident::text, true);
    UPDATE communities_resident SET community_id = p_community, estate_id = NULL, grid_id = NULL WHERE id = p_resident;
    PERFORM set_config('books.moving', '', true);
    RETURN v_points;
END $$;

-- The setting alone would not do: anybody may say it. Only points_move says it as the owner of the table.
CREATE FUNCTION points_moves_with_the_books() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
        OR current_setting('books.moving', true) IS DISTINCT FROM OLD.id::text THEN
        RAISE EXCEPTION 'resident % moves with the points only: points_move', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER moves_with_the_books BEFORE UPDATE ON communities_resident FOR EACH ROW
    WHEN (NEW.community_id IS DISTINCT FROM OLD.community_id OR NEW.id <> OLD.id) EXECUTE FUNCTION points_moves_with_the_books();

REVOKE ALL ON FUNCTION points_move FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA books FROM PUBLIC;
