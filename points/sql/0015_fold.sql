-- What moved with a resident is in the sums of both: 转出 where it left, 转入 where it came.

CREATE OR REPLACE VIEW books.newest_snapshot AS
SELECT c.id AS community_id, s.day, coalesce(s.folded_to, 0) AS folded_to, coalesce(s.issued, 0) AS issued,
    coalesce(s.taken_back, 0) AS taken_back, coalesce(s.spent, 0) AS spent, coalesce(s.returned, 0) AS returned,
    coalesce(s.expired, 0) AS expired, coalesce(s.moved_out, 0) AS moved_out, coalesce(s.moved_in, 0) AS moved_in
FROM communities_community c
LEFT JOIN LATERAL (SELECT * FROM points_snapshot s WHERE s.community_id = c.id ORDER BY s.folded_to DESC LIMIT 1) s ON true;

-- One posting between two communities is two rows here, of the same transaction: both are folded at once, or neither is.
CREATE OR REPLACE FUNCTION points_tail() RETURNS TABLE (
    community_id bigint, provider_id bigint, day date, kind text, source_kind text, destination_kind text, amount bigint, xid bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE v_some record;
BEGIN
    FOR v_some IN SELECT n.folded_to, array_agg(n.community_id) AS communities FROM books.newest_snapshot n GROUP BY 1 LOOP
        RETURN QUERY SELECT CASE WHEN way.arrives THEN d.community_id ELSE e.community_id END,
            CASE WHEN way.arrives THEN s.community_id WHEN s.kind IN ('relief', 'transit') THEN d.community_id
                ELSE coalesce(s.community_id, d.community_id) END,
            (e.at AT TIME ZONE 'Asia/Shanghai')::date,
            CASE WHEN e.kind <> 'move' THEN e.kind WHEN way.arrives THEN 'move_in' ELSE 'move_out' END::text,
            s.kind::text, d.kind::text, p.amount, e.xid
        FROM points_entry e JOIN points_posting p ON p.entry_id = e.id
        JOIN points_account s ON s.id = p.source_id JOIN points_account d ON d.id = p.destination_id
        JOIN (VALUES (false), (true)) AS way(arrives) ON e.kind = 'move' OR NOT way.arrives
        WHERE e.community_id = ANY (v_some.communities) AND e.xid >= v_some.folded_to;
    END LOOP;
END $$;

CREATE OR REPLACE VIEW books.tail_total AS
SELECT community_id, sum(amount) FILTER (WHERE kind <> 'reversal' AND source_kind = 'issuer') AS issued,
    sum(amount) FILTER (WHERE destination_kind = 'issuer') AS taken_back,
    sum(amount) FILTER (WHERE source_kind = 'wallet' AND destination_kind IN ('income', 'partner')) AS spent,
    sum(amount) FILTER (WHERE kind = 'reversal' AND destination_kind = 'wallet') AS returned,
    sum(amount) FILTER (WHERE destination_kind = 'expired') AS expired,
    sum(amount) FILTER (WHERE kind = 'move_out') AS moved_out, sum(amount) FILTER (WHERE kind = 'move_in') AS moved_in
FROM points_tail() GROUP BY 1;

CREATE OR REPLACE VIEW points_total AS
SELECT community_id, issued, taken_back, spent, returned, expired,
    issued - taken_back - spent + returned - expired - moved_out + moved_in AS outstanding, moved_out, moved_in
FROM (
    SELECT n.community_id, n.issued + coalesce(t.issued, 0)::bigint AS issued,
        n.taken_back + coalesce(t.taken_back, 0)::bigint AS taken_back, n.spent + coalesce(t.spent, 0)::bigint AS spent,
        n.returned + coalesce(t.returned, 0)::bigint AS returned, n.expired + coalesce(t.expired, 0)::bigint AS expired,
        n.moved_out + coalesce(t.moved_out, 0)::bigint AS moved_out, n.moved_in + coalesce(t.moved_in, 0)::bigint AS moved_in
    FROM books.newest_snapshot n LEFT JOIN books.tail_total t ON t.community_id = n.community_id) sums;

CREATE OR REPLACE FUNCTION points_fold(p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_to bigint;
    v_folded bigint;
BEGIN
    PERFORM books.check_moment(p_at);
    IF NOT pg_try_advisory_xact_lock(7203018) THEN
        RETURN 0;
    END IF;
    v_to := (SELECT base FROM books.epoch) + pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    IF points_restored() THEN
        RAISE EXCEPTION 'the transactions of this cluster are younger than the books: run migrate as the owner';
    END IF;
    WITH due AS MATERIALIZED (
        SELECT community_id, provider_id, day, kind, source_kind, destination_kind, sum(amount)::bigint AS amount, count(*) AS postings
        FROM points_tail() WHERE xid < v_to GROUP BY 1, 2, 3, 4, 5, 6
    ), flows AS (
        INSERT INTO points_flow AS f (community_id, provider_id, day, kind, source_kind, destination_kind, amount, postings)
        SELECT * FROM due
        ON CONFLICT (community_id, day, kind, source_kind, destination_kind, provider_id)
        DO UPDATE SET amount = f.amount + excluded.amount, postings = f.postings + excluded.postings
    ), sums AS (
        SELECT n.community_id, (p_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
            n.issued + coalesce(sum(amount) FILTER (WHERE kind <> 'reversal' AND source_kind = 'issuer'), 0) AS issued,
            n.taken_back + coalesce(sum(amount) FILTER (WHERE destination_kind = 'issuer'), 0) AS taken_back,
            n.spent + coalesce(sum(amount) FILTER (WHERE source_kind = 'wallet' AND destination_kind IN ('income', 'partner')), 0) AS spent,
            n.returned + coalesce(sum(amount) FILTER (WHERE kind = 'reversal' AND destination_kind = 'wallet'), 0) AS returned,
            n.expired + coalesce(sum(amount) FILTER (WHERE destination_kind = 'expired'), 0) AS expired,
            n.moved_out + coalesce(sum(amount) FILTER (WHERE d.kind = 'move_out'), 0) AS moved_out,
            n.moved_in + coalesce(sum(amount) FILTER (WHERE d.kind = 'move_in'), 0) AS moved_in
        FROM books.newest_snapshot n LEFT JOIN due d ON d.community_id = n.community_id
        GROUP BY n.community_id, n.issued, n.taken_back, n.spent, n.returned, n.expired, n.moved_out, n.moved_in
    ), snapshots AS (
        INSERT INTO points_snapshot (community_id, day, folded_to, at, issued, taken_back, spent, returned, expired,
            moved_out, moved_in)
        SELECT community_id, day, v_to, p_at, issued, taken_back, spent, returned, expired, moved_out, moved_in FROM sums
        ON CONFLICT (community_id, day) DO UPDATE SET folded_to = excluded.folded_to, at = excluded.at, issued = excluded.issued,
            taken_back = excluded.taken_back, spent = excluded.spent, returned = excluded.returned, expired = excluded.expired,
            moved_out = excluded.moved_out, moved_in = excluded.moved_in)
    SELECT coalesce(sum(postings), 0) INTO v_folded FROM due;
    RETURN v_folded;
END $$;
