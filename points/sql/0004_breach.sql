-- Every promise of the books as one view: a row is a breach. Tests, check_books and the desk read this one.
CREATE VIEW points_breach AS
WITH sides AS (
    SELECT source_id AS account_id, id, -amount AS change, source_balance AS after FROM points_posting
    UNION ALL
    SELECT destination_id, id, amount, destination_balance FROM points_posting
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
    SELECT e.id, e.digest, CASE e.kind WHEN 'reversal' THEN 'reversal|' || e.reverses_id WHEN 'expiry' THEN e.key ELSE
        concat_ws('|', e.kind, array_agg(p.source_id ORDER BY p.id), array_agg(p.destination_id ORDER BY p.id), array_agg(p.amount ORDER BY p.id))
        END AS moves
    FROM points_entry e JOIN points_posting p ON p.entry_id = e.id GROUP BY e.id
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
UNION ALL
SELECT 'reversal mirrors its entry', r.id FROM points_entry r WHERE r.reverses_id IS NOT NULL AND (
    (SELECT array_agg((destination_id, source_id, amount) ORDER BY id) FROM points_posting WHERE entry_id = r.id)
    IS DISTINCT FROM (SELECT array_agg((source_id, destination_id, amount) ORDER BY id) FROM points_posting WHERE entry_id = r.reverses_id))
UNION ALL
SELECT 'reversal touches the lots of its entry', r.id FROM points_entry r
    LEFT JOIN lots l ON l.entry_id = r.id LEFT JOIN lots first ON first.entry_id = r.reverses_id
    WHERE r.reverses_id IS NOT NULL AND l.touched IS DISTINCT FROM first.touched
UNION ALL
SELECT 'nothing is spent from a lot past its day', d.id
    FROM points_draw d JOIN points_lot l ON l.id = d.lot_id JOIN points_posting p ON p.id = d.posting_id
    JOIN points_entry e ON e.id = p.entry_id
    WHERE e.kind = 'charge' AND (e.at AT TIME ZONE 'Asia/Shanghai')::date > l.expires_on
UNION ALL
SELECT 'points go the way of their kind', p.id
    FROM points_posting p JOIN points_entry e ON e.id = p.entry_id
    JOIN points_account s ON s.id = p.source_id JOIN points_account d ON d.id = p.destination_id
    WHERE e.kind <> 'reversal' AND (s.kind <> 'wallet' AND s.community_id <> e.community_id OR (e.kind, s.kind, d.kind) NOT IN (
        ('award', 'issuer', 'wallet'), ('expiry', 'wallet', 'expired'), ('charge', 'wallet', 'income'), ('charge', 'wallet', 'partner'),
        ('charge', 'relief', 'income'), ('charge', 'relief', 'partner')))
UNION ALL
SELECT 'entry keeps the digest of its moves', id FROM said WHERE digest <> sha256(convert_to(moves, 'UTF8'))
UNION ALL
SELECT 'entries, postings and draws refuse to be changed', c.oid::bigint FROM pg_class c
    WHERE c.oid IN ('points_entry'::regclass, 'points_posting'::regclass, 'points_draw'::regclass) AND 2 > (
        SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname IN ('append_only', 'no_truncate') AND t.tgenabled IN ('O', 'A'));
