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
    LEFT JOIN draws d ON d.posting_id = p.id LEFT JOIN points_lot l ON l.posting_id = p.id
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
    IS DISTINCT FROM (SELECT array_agg((source_id, destination_id, amount) ORDER BY id) FROM points_posting WHERE entry_id = r.reverses_id));
