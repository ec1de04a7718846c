-- No community has a hot row: its days and snapshots are folded by a job, and a read adds the tail that is not folded yet.
-- What is folded is decided by the transaction, never by “id > last”: numbers are drawn in one order and committed in another.

-- What the wallets earned, spent and lost by month, as the entries that stand say it. (In a view a function is called with the
-- reader's rights, so the month is written out.)
CREATE VIEW books.months AS
SELECT w.id AS wallet_id, e.community_id, date_trunc('month', e.at AT TIME ZONE 'Asia/Shanghai')::date AS month,
    coalesce(sum(CASE WHEN p.destination_id = w.id THEN p.amount ELSE -p.amount END) FILTER (WHERE e.kind IN ('award', 'adjustment')), 0)::bigint AS earned,
    coalesce(sum(p.amount) FILTER (WHERE e.kind = 'charge'), 0)::bigint AS spent,
    coalesce(sum(p.amount) FILTER (WHERE e.kind = 'expiry'), 0)::bigint AS expired
FROM points_posting p
JOIN points_entry e ON e.id = p.entry_id AND e.kind NOT IN ('reversal', 'settlement')
JOIN points_account w ON w.id IN (p.source_id, p.destination_id) AND w.kind = 'wallet'
WHERE NOT EXISTS (SELECT FROM points_entry r WHERE r.reverses_id = e.id)
GROUP BY 1, 2, 3;

INSERT INTO points_month (wallet_id, community_id, month, earned, spent, expired) SELECT * FROM books.months;

CREATE VIEW books.newest_snapshot AS
SELECT c.id AS community_id, s.day, coalesce(s.folded_to, 0) AS folded_to, coalesce(s.issued, 0) AS issued,
    coalesce(s.taken_back, 0) AS taken_back, coalesce(s.spent, 0) AS spent, coalesce(s.returned, 0) AS returned,
    coalesce(s.expired, 0) AS expired
FROM communities_community c
LEFT JOIN LATERAL (SELECT * FROM points_snapshot s WHERE s.community_id = c.id ORDER BY s.folded_to DESC LIMIT 1) s ON true;

-- The entries that are not folded yet, in the shape of points_flow, with the transaction that wrote them. A function, because
-- the planner cannot know that they are few: it is told where to begin, and to go by the index.
CREATE FUNCTION points_tail() RETURNS TABLE (
    community_id bigint, provider_id bigint, day date, kind text, source_kind text, destination_kind text, amount bigint, xid bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE v_some record;
BEGIN
    FOR v_some IN SELECT n.folded_to, array_agg(n.community_id) AS communities FROM books.newest_snapshot n GROUP BY 1 LOOP
        RETURN QUERY SELECT e.community_id,
            CASE s.kind WHEN 'relief' THEN d.community_id ELSE coalesce(s.community_id, d.community_id) END, (e.at AT TIME ZONE 'Asia/Shanghai')::date,
            e.kind::text, s.kind::text, d.kind::text, p.amount, e.xid
        FROM points_entry e JOIN points_posting p ON p.entry_id = e.id
        JOIN points_account s ON s.id = p.source_id JOIN points_account d ON d.id = p.destination_id
        WHERE e.community_id = ANY (v_some.communities) AND e.xid >= v_some.folded_to;
    END LOOP;
END $$;

-- What the pages read: the folded days and the tail.
CREATE VIEW points_flow_now AS
SELECT community_id, provider_id, day, kind, source_kind, destination_kind, amount, postings FROM points_flow
UNION ALL
SELECT community_id, provider_id, day, kind, source_kind, destination_kind, sum(amount)::bigint, count(*) FROM points_tail()
    GROUP BY 1, 2, 3, 4, 5, 6;

CREATE VIEW books.tail_total AS
SELECT community_id, sum(amount) FILTER (WHERE kind <> 'reversal' AND source_kind = 'issuer') AS issued,
    sum(amount) FILTER (WHERE destination_kind = 'issuer') AS taken_back,
    sum(amount) FILTER (WHERE source_kind = 'wallet' AND destination_kind IN ('income', 'partner')) AS spent,
    sum(amount) FILTER (WHERE kind = 'reversal' AND destination_kind = 'wallet') AS returned,
    sum(amount) FILTER (WHERE destination_kind = 'expired') AS expired
FROM points_tail() GROUP BY 1;

-- A community's sums since the beginning: the newest snapshot and the tail. In its residents' wallets is what is outstanding.
CREATE VIEW points_total AS
SELECT community_id, issued, taken_back, spent, returned, expired, issued - taken_back - spent + returned - expired AS outstanding
FROM (
    SELECT n.community_id, n.issued + coalesce(t.issued, 0)::bigint AS issued,
        n.taken_back + coalesce(t.taken_back, 0)::bigint AS taken_back, n.spent + coalesce(t.spent, 0)::bigint AS spent,
        n.returned + coalesce(t.returned, 0)::bigint AS returned, n.expired + coalesce(t.expired, 0)::bigint AS expired
    FROM books.newest_snapshot n LEFT JOIN books.tail_total t ON t.community_id = n.community_id) sums;

-- Whether the books come from another cluster, and nobody has run migrate yet: what is booked now would be missing in 对账.
CREATE FUNCTION points_restored() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT base FROM books.epoch) + pg_snapshot_xmax(pg_current_snapshot())::text::bigint
        < (SELECT max(folded_to) FROM books.newest_snapshot), false);
END $$;

-- Fold every entry whose transaction is older than the oldest that still runs; returns how many postings that were.
-- One folder at a time: who comes second finds nothing to do.
CREATE FUNCTION points_fold(p_at timestamptz) RETURNS bigint
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
            n.expired + coalesce(sum(amount) FILTER (WHERE destination_kind = 'expired'), 0) AS expired
        FROM books.newest_snapshot n LEFT JOIN due d ON d.community_id = n.community_id
        GROUP BY n.community_id, n.issued, n.taken_back, n.spent, n.returned, n.expired
    ), snapshots AS (
        INSERT INTO points_snapshot (community_id, day, folded_to, at, issued, taken_back, spent, returned, expired)
        SELECT community_id, day, v_to, p_at, issued, taken_back, spent, returned, expired FROM sums
        ON CONFLICT (community_id, day) DO UPDATE SET folded_to = excluded.folded_to, at = excluded.at, issued = excluded.issued,
            taken_back = excluded.taken_back, spent = excluded.spent, returned = excluded.returned, expired = excluded.expired)
    SELECT coalesce(sum(postings), 0) INTO v_folded FROM due;
    RETURN v_folded;
END $$;

-- After a restore from a dump: our transaction numbers go on above every one that was ever given. `migrate` asks (points/grants.py).
CREATE FUNCTION books.begin_epoch() RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE books.epoch SET base = 1 + greatest((SELECT max(folded_to) FROM points_snapshot), (SELECT max(xid) FROM points_entry))
        WHERE points_restored();
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION books.begin_epoch FROM PUBLIC;
REVOKE ALL ON FUNCTION points_fold, points_tail, points_restored FROM PUBLIC;
