-- A partner's own account at a community: what its vouchers brought in there. A voucher that is used moves its points from the
-- community's income, where the resident's charge went, to the partner; who the partner is, is a number that says nothing here.

CREATE OR REPLACE FUNCTION books.pot(p_community bigint, p_kind text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_id bigint;
BEGIN  -- asked as the index `pot_once` is made: a community has as many partners' accounts as partners
    SELECT id INTO v_id FROM points_account WHERE community_id = p_community AND kind = p_kind AND kind <> 'wallet' AND party IS NULL;
    IF NOT FOUND THEN
        INSERT INTO points_account (kind, community_id) SELECT p_kind, id FROM communities_community WHERE id = p_community
            ON CONFLICT (community_id, kind) WHERE kind <> 'wallet' AND party IS NULL DO NOTHING;
        SELECT id INTO v_id FROM points_account WHERE community_id = p_community AND kind = p_kind AND kind <> 'wallet' AND party IS NULL;
        IF NOT FOUND THEN  -- said here, because a foreign key would say it only at COMMIT
            RAISE EXCEPTION 'community % is unknown', p_community USING ERRCODE = 'PB004';
        END IF;
    END IF;
    RETURN v_id;
END $$;

CREATE FUNCTION books.partner(p_community bigint, p_party bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_id bigint;
BEGIN
    IF (p_party > 0) IS NOT TRUE THEN
        RAISE EXCEPTION 'partner % is unknown', p_party USING ERRCODE = 'PB004';
    END IF;
    SELECT id INTO v_id FROM points_account WHERE community_id = p_community AND party = p_party;
    IF NOT FOUND THEN
        INSERT INTO points_account (kind, community_id, party)
            SELECT 'partner', id, p_party FROM communities_community WHERE id = p_community
            ON CONFLICT (community_id, party) WHERE party IS NOT NULL DO NOTHING;
        SELECT id INTO v_id FROM points_account WHERE community_id = p_community AND party = p_party;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'community % is unknown', p_community USING ERRCODE = 'PB004';
        END IF;
    END IF;
    RETURN v_id;
END $$;

-- 核销: income → partner. No wallet is touched, so nothing is locked; points_reverse undoes it.
CREATE FUNCTION points_redeem(
    p_key text, p_community bigint, p_party bigint, p_amount bigint, p_at timestamptz, p_by bigint, p_reason text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN books.post(
        p_key, 'redemption', p_community, ARRAY[books.pot(p_community, 'income')], ARRAY[books.partner(p_community, p_party)],
        ARRAY[p_amount], p_at, p_by, p_reason, NULL);
END $$;

REVOKE ALL ON FUNCTION points_redeem FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA books FROM PUBLIC;

-- The promises of 0017, with one more way that points go.
CREATE OR REPLACE VIEW points_breach AS
WITH sides AS (
    SELECT source_id AS account_id, id, entry_id, -amount AS change, source_balance AS after FROM points_posting
    UNION ALL
    SELECT destination_id, id, entry_id, amount, destination_balance FROM points_posting
), wallets AS (
    SELECT a.id, a.balance, coalesce(s.total, 0) AS posted, coalesce(l.total, 0) AS held
    FROM points_account a
    LEFT JOIN (SELECT account_id, sum(change) AS total FROM sides GROUP BY 1) s ON s.account_id = a.id
    LEFT JOIN (SELECT wallet_id, sum(remaining) AS total FROM points_lot GROUP BY 1) l ON l.wallet_id = a.id
    WHERE a.kind = 'wallet'
), drawn AS (
    SELECT d.lot_id, sum(CASE WHEN p.source_id = l.wallet_id THEN -d.amount ELSE d.amount END) AS change
    FROM points_draw d JOIN points_lot l ON l.id = d.lot_id JOIN points_posting p ON p.id = d.posting_id GROUP BY 1
), draws AS (
    SELECT posting_id, sum(amount) AS total FROM points_draw GROUP BY 1
), chain AS (
    SELECT s.account_id, s.id, s.after,
        s.change + coalesce(lag(s.after) OVER (PARTITION BY s.account_id ORDER BY s.id), 0) AS expected
    FROM sides s JOIN points_account a ON a.id = s.account_id AND a.kind = 'wallet'
), touched AS (
    SELECT p.entry_id, d.lot_id, sum(d.amount) AS total FROM points_draw d JOIN points_posting p ON p.id = d.posting_id GROUP BY 1, 2
    UNION ALL
    SELECT p.entry_id, l.id, l.earned FROM points_lot l JOIN points_posting p ON p.id = l.posting_id
), lots AS (
    SELECT entry_id, array_agg((lot_id, total) ORDER BY lot_id) AS touched FROM touched GROUP BY 1
), said AS (
    SELECT e.id, e.digest, CASE
        WHEN e.kind = 'reversal' THEN 'reversal|' || e.reverses_id
        WHEN e.kind IN ('expiry', 'settlement', 'move') THEN e.key
        WHEN c.entry_id IS NOT NULL THEN concat_ws('|', 'credit', c.wallet_id, c.quantity, c.asked, c.rule_id, c.served_on)
        WHEN e.payer_id IS NOT NULL THEN concat_ws('|', 'purse', e.payer_id, sum(p.amount) FILTER (WHERE s.kind = 'wallet'),
            coalesce(sum(p.amount) FILTER (WHERE s.kind <> 'wallet'), 0), min(p.destination_id))
        ELSE concat_ws('|', e.kind, array_agg(p.source_id ORDER BY p.id), array_agg(p.destination_id ORDER BY p.id), array_agg(p.amount ORDER BY p.id))
        END AS moves
    FROM points_entry e LEFT JOIN points_credit c ON c.entry_id = e.id
    LEFT JOIN points_posting p ON p.entry_id = e.id LEFT JOIN points_account s ON s.id = p.source_id GROUP BY e.id, c.entry_id
), taken AS (  -- what a reversal took from the wallets that its entry had given to
    SELECT r.id, w.wallet_id, w.given, coalesce(sum(p.amount), 0) AS taken
    FROM points_entry r
    JOIN (SELECT p.entry_id, p.destination_id AS wallet_id, sum(p.amount) AS given FROM points_posting p
          JOIN points_account a ON a.id = p.destination_id AND a.kind = 'wallet' GROUP BY 1, 2) w ON w.entry_id = r.reverses_id
    LEFT JOIN points_posting p ON p.entry_id = r.id AND p.source_id = w.wallet_id GROUP BY 1, 2, 3
), folded AS (
    SELECT CASE WHEN way.arrives THEN d.community_id ELSE e.community_id END AS community_id,
        CASE WHEN way.arrives THEN s.community_id WHEN s.kind IN ('relief', 'transit') THEN d.community_id
            ELSE coalesce(s.community_id, d.community_id) END AS provider_id,
        (e.at AT TIME ZONE 'Asia/Shanghai')::date AS day,
        CASE WHEN e.kind <> 'move' THEN e.kind WHEN way.arrives THEN 'move_in' ELSE 'move_out' END AS kind,
        s.kind AS source_kind, d.kind AS destination_kind, sum(p.amount) AS amount, count(*) AS postings
    FROM points_entry e JOIN books.newest_snapshot n ON n.community_id = e.community_id AND e.xid < n.folded_to
    JOIN points_posting p ON p.entry_id = e.id
    JOIN points_account s ON s.id = p.source_id JOIN points_account d ON d.id = p.destination_id
    JOIN (VALUES (false), (true)) AS way(arrives) ON e.kind = 'move' OR NOT way.arrives
    GROUP BY 1, 2, 3, 4, 5, 6
), standing AS (  -- in whose books the points of each wallet stand
    SELECT wallet_id, community_id, sum(change) AS points FROM (
        SELECT s.account_id AS wallet_id, e.community_id, s.change FROM sides s JOIN points_entry e ON e.id = s.entry_id
        JOIN points_account a ON a.id = s.account_id AND a.kind = 'wallet'
        UNION ALL
        SELECT e.wallet_id, a.community_id, s.change FROM sides s JOIN points_entry e ON e.id = s.entry_id AND e.kind = 'move'
        JOIN points_account a ON a.id = s.account_id) moved
    GROUP BY 1, 2
), flows AS (
    SELECT community_id, sum(amount) FILTER (WHERE kind <> 'reversal' AND source_kind = 'issuer') AS issued,
        sum(amount) FILTER (WHERE destination_kind = 'issuer') AS taken_back,
        sum(amount) FILTER (WHERE source_kind = 'wallet' AND destination_kind IN ('income', 'partner')) AS spent,
        sum(amount) FILTER (WHERE kind = 'reversal' AND destination_kind = 'wallet') AS returned,
        sum(amount) FILTER (WHERE destination_kind = 'expired') AS expired,
        sum(amount) FILTER (WHERE kind = 'move_out') AS moved_out, sum(amount) FILTER (WHERE kind = 'move_in') AS moved_in
    FROM points_flow GROUP BY 1
), counted AS (  -- credits that stand, with the sums that their caps speak of
    SELECT c.entry_id, c.cap_day, c.cap_month, r.day_points,
        sum(c.given) OVER (PARTITION BY c.wallet_id, c.served_on, r.kind) AS of_day,
        sum(c.given) OVER (PARTITION BY c.wallet_id, c.served_on, r.kind, r.code) AS of_rule,
        sum(c.given) OVER (PARTITION BY c.wallet_id, date_trunc('month', c.served_on), r.kind) AS of_month,
        max(c.cap_day) OVER (PARTITION BY c.wallet_id, c.served_on, r.kind) AS most_day,
        max(r.day_points) OVER (PARTITION BY c.wallet_id, c.served_on, r.kind, r.code) AS most_rule,
        count(*) OVER (PARTITION BY c.wallet_id, c.served_on, r.kind, r.code) AS times_day,
        max(r.day_times) OVER (PARTITION BY c.wallet_id, c.served_on, r.kind, r.code) AS most_times_day,
        count(*) OVER (PARTITION BY c.wallet_id, date_trunc('month', c.served_on), r.kind, r.code) AS times_month,
        max(r.month_times) OVER (PARTITION BY c.wallet_id, date_trunc('month', c.served_on), r.kind, r.code) AS most_times_month,
        max(c.cap_month) OVER (PARTITION BY c.wallet_id, date_trunc('month', c.served_on), r.kind) AS most_month
    FROM points_credit c JOIN points_rule r ON r.id = c.rule_id AND r.kind <> 'exempt'
    WHERE c.given > 0 AND NOT EXISTS (SELECT FROM points_entry e WHERE e.reverses_id = c.entry_id)
)
SELECT 'wallet balance is the sum of its postings' AS promise, id AS row_id FROM wallets WHERE balance <> posted
UNION ALL
SELECT 'wallet balance is the sum of its lots', id FROM wallets WHERE balance <> held
UNION ALL
SELECT 'running balance follows from the one before', id FROM chain WHERE after IS DISTINCT FROM expected
UNION ALL
SELECT 'lot remaining is earned less draws plus returns', l.id
    FROM points_lot l LEFT JOIN drawn d ON d.lot_id = l.id WHERE l.remaining <> l.earned + coalesce(d.change, 0)
UNION ALL
SELECT 'posting out of a wallet is drawn from lots in full', p.id
    FROM points_posting p JOIN points_account a ON a.id = p.source_id AND a.kind = 'wallet'
    LEFT JOIN draws d ON d.posting_id = p.id WHERE d.total IS DISTINCT FROM p.amount
UNION ALL
SELECT 'posting into a wallet opens one lot or returns to lots in full', p.id
    FROM points_posting p JOIN points_account a ON a.id = p.destination_id AND a.kind = 'wallet'
    LEFT JOIN draws d ON d.posting_id = p.id LEFT JOIN points_lot l ON l.posting_id = p.id AND l.wallet_id = a.id
    WHERE coalesce(d.total, 0) + coalesce(l.earned, 0) <> p.amount
UNION ALL
SELECT 'draw is of the wallet that its posting names', d.id
    FROM points_draw d JOIN points_lot l ON l.id = d.lot_id JOIN points_posting p ON p.id = d.posting_id
    WHERE l.wallet_id NOT IN (p.source_id, p.destination_id)
UNION ALL
SELECT 'entry has postings', e.id FROM points_entry e WHERE NOT EXISTS (SELECT FROM points_posting p WHERE p.entry_id = e.id)
    AND NOT EXISTS (SELECT FROM points_credit c WHERE c.entry_id = e.id AND c.given = 0)
    AND NOT EXISTS (SELECT FROM points_debt d WHERE d.entry_id = e.id)
UNION ALL
SELECT 'reversal mirrors its entry', r.id FROM points_entry r WHERE r.reverses_id IS NOT NULL AND (
    SELECT array_agg((p.destination_id, p.source_id, p.amount) ORDER BY p.id) FROM points_posting p
        JOIN points_account s ON s.id = p.source_id AND s.kind <> 'wallet' WHERE p.entry_id = r.id)
    IS DISTINCT FROM (SELECT array_agg((p.source_id, p.destination_id, p.amount) ORDER BY p.id) FROM points_posting p
        JOIN points_account d ON d.id = p.destination_id AND d.kind <> 'wallet' WHERE p.entry_id = r.reverses_id)
UNION ALL
SELECT 'award taken back is taken, owed or expired', t.id FROM taken t
    LEFT JOIN points_debt d ON d.entry_id = t.id AND d.wallet_id = t.wallet_id
    WHERE t.given <> t.taken + coalesce(d.owed + d.lapsed, 0)
UNION ALL
SELECT 'debt is what was owed less what was settled', d.id FROM points_debt d WHERE d.remaining <> d.owed - (
    SELECT coalesce(sum(p.amount), 0) FROM points_entry e JOIN points_posting p ON p.entry_id = e.id AND p.source_id = d.wallet_id
    WHERE e.settles_id = d.id)
UNION ALL
SELECT 'settlement comes from the wallet that owes', e.id FROM points_entry e JOIN points_debt d ON d.id = e.settles_id
    JOIN points_posting p ON p.entry_id = e.id WHERE p.source_id <> d.wallet_id
UNION ALL
SELECT 'reversal touches the lots of its entry', r.id FROM points_entry r
    LEFT JOIN lots l ON l.entry_id = r.id LEFT JOIN lots first ON first.entry_id = r.reverses_id
    WHERE r.reverses_id IS NOT NULL AND NOT EXISTS (SELECT FROM taken t WHERE t.id = r.id) AND l.touched IS DISTINCT FROM first.touched
UNION ALL
SELECT 'nothing is spent from a lot past its day', d.id
    FROM points_draw d JOIN points_lot l ON l.id = d.lot_id JOIN points_posting p ON p.id = d.posting_id
    JOIN points_entry e ON e.id = p.entry_id
    WHERE e.kind = 'charge' AND (e.at AT TIME ZONE 'Asia/Shanghai')::date > l.expires_on
UNION ALL
SELECT 'points go the way of their kind', p.id
    FROM points_posting p JOIN points_entry e ON e.id = p.entry_id
    JOIN points_account s ON s.id = p.source_id JOIN points_account d ON d.id = p.destination_id
    WHERE e.kind <> 'reversal' AND (s.kind <> 'wallet' AND s.community_id <> e.community_id
        OR e.kind = 'redemption' AND (d.community_id <> e.community_id OR d.party IS NULL) OR (e.kind, s.kind, d.kind) NOT IN (
        ('award', 'issuer', 'wallet'), ('expiry', 'wallet', 'expired'), ('charge', 'wallet', 'income'), ('charge', 'wallet', 'partner'),
        ('charge', 'relief', 'income'), ('charge', 'relief', 'partner'), ('adjustment', 'issuer', 'wallet'),
        ('adjustment', 'wallet', 'issuer'), ('settlement', 'wallet', 'issuer'), ('move', 'transit', 'transit'),
        ('redemption', 'income', 'partner')))
UNION ALL
SELECT 'entry keeps the digest of its moves', id FROM said WHERE digest <> sha256(convert_to(moves, 'UTF8'))
UNION ALL
SELECT 'award gives what its credit says to whom it names', c.entry_id FROM points_credit c LEFT JOIN points_entry e ON e.id = c.entry_id
    WHERE e.kind IS DISTINCT FROM 'award' OR c.given <> (
        SELECT coalesce(sum(p.amount), 0) FROM points_posting p WHERE p.entry_id = c.entry_id AND p.destination_id = c.wallet_id)
UNION ALL
SELECT 'award names the rule that priced it', e.id FROM points_entry e
    WHERE e.kind = 'award' AND e.xid > 0 AND NOT EXISTS (SELECT FROM points_credit c WHERE c.entry_id = e.id)
UNION ALL
SELECT 'credit is priced by a rule of its day', c.entry_id FROM points_credit c LEFT JOIN points_rule r ON r.id = c.rule_id
    JOIN points_entry e ON e.id = c.entry_id
    WHERE r.id IS NULL OR c.served_on < r.starts_on OR c.served_on > (e.at AT TIME ZONE 'Asia/Shanghai')::date
        OR r.kind <> 'exempt' AND c.asked > CASE r.basis WHEN 'hour' THEN c.quantity / 30 * r.points::bigint / 2
            ELSE c.quantity * r.points::bigint END
UNION ALL
SELECT 'no day or month is credited above its caps', entry_id FROM counted
    WHERE of_day > most_day OR of_rule > most_rule OR of_month > most_month
        OR times_day > most_times_day OR times_month > most_times_month
UNION ALL
SELECT 'month of a wallet is the sum of its postings', coalesce(m.wallet_id, b.wallet_id) FROM points_month m
    FULL JOIN books.months b ON b.wallet_id = m.wallet_id AND b.community_id = m.community_id AND b.month = m.month
    WHERE (coalesce(m.earned, 0), coalesce(m.spent, 0), coalesce(m.expired, 0))
        <> (coalesce(b.earned, 0), coalesce(b.spent, 0), coalesce(b.expired, 0))
UNION ALL
SELECT 'flow of a day is the sum of its postings', coalesce(f.id, d.community_id) FROM points_flow f FULL JOIN folded d
    ON (d.community_id, d.provider_id, d.day, d.kind, d.source_kind, d.destination_kind)
        = (f.community_id, f.provider_id, f.day, f.kind, f.source_kind, f.destination_kind)
    WHERE f.amount IS DISTINCT FROM d.amount OR f.postings IS DISTINCT FROM d.postings
UNION ALL
SELECT 'newest snapshot is the sum of the flows', n.community_id FROM books.newest_snapshot n LEFT JOIN flows f ON f.community_id = n.community_id
    WHERE (n.issued, n.taken_back, n.spent, n.returned, n.expired, n.moved_out, n.moved_in)
        <> (coalesce(f.issued, 0), coalesce(f.taken_back, 0), coalesce(f.spent, 0), coalesce(f.returned, 0), coalesce(f.expired, 0),
            coalesce(f.moved_out, 0), coalesce(f.moved_in, 0))
UNION ALL
SELECT 'points of a wallet stand in the community where its resident lives', a.id
    FROM standing s JOIN points_account a ON a.id = s.wallet_id JOIN communities_resident r ON r.id = a.resident_id
    WHERE s.points <> CASE WHEN s.community_id = r.community_id THEN a.balance ELSE 0 END
UNION ALL
SELECT 'nobody moves without the books', c.oid::bigint FROM pg_class c WHERE c.oid = 'communities_resident'::regclass AND NOT EXISTS (
    SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'moves_with_the_books' AND t.tgenabled IN ('O', 'A'))
UNION ALL
SELECT 'entries, postings and draws refuse to be changed', c.oid::bigint FROM pg_class c
    WHERE c.oid IN ('points_entry'::regclass, 'points_posting'::regclass, 'points_draw'::regclass, 'points_rule'::regclass,
        'points_credit'::regclass) AND 2 > (
        SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname IN ('append_only', 'no_truncate') AND t.tgenabled IN ('O', 'A'));
