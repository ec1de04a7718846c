-- One slice of a past: {wallets} residents in sixteen communities with a hundred postings each over two years, ten points in
-- and ten out, the last award left over. Written by the owner with triggers and foreign keys off; every promise holds.
CREATE TEMP TABLE slice AS
SELECT n, r.id AS resident_id, r.community_id, nextval('points_account_id_seq') AS wallet_id
FROM (SELECT row_number() OVER (ORDER BY id) AS n, id, community_id FROM communities_resident
      WHERE name = '新居民' AND NOT EXISTS (SELECT FROM points_account a WHERE a.resident_id = communities_resident.id)) r;
CREATE TEMP TABLE pots AS
SELECT c.id AS community_id, (SELECT id FROM points_account a WHERE a.community_id = c.id AND a.kind = 'issuer') AS issuer,
    (SELECT id FROM points_account a WHERE a.community_id = c.id AND a.kind = 'income') AS income
FROM communities_community c;
INSERT INTO points_account (id, kind, resident_id, balance) SELECT wallet_id, 'wallet', resident_id, 20 FROM slice;
CREATE TEMP TABLE moves AS
SELECT nextval('points_entry_id_seq') AS entry_id, nextval('points_posting_id_seq') AS posting_id, s.wallet_id, s.community_id,
    k, k % 2 = 1 OR k = 100 AS is_award, p.issuer, p.income,
    timestamptz '2024-11-01 02:00Z' + k * interval '7 days' + (s.n % 3600) * interval '1 second' AS at,
    date '2024-11-01' + k * 7 AS day
FROM generate_series(1, 100) AS k CROSS JOIN slice s JOIN pots p ON p.community_id = s.community_id ORDER BY k, s.n;
INSERT INTO points_entry (id, key, digest, kind, community_id, at, by_id, reason, xid)
SELECT entry_id, 'load:' || entry_id, sha256(convert_to(CASE WHEN is_award
        THEN concat_ws('|', 'credit', wallet_id, 60, 10, (SELECT id FROM points_rule WHERE code = 'ENV'), day)
        ELSE concat_ws('|', 'charge', ARRAY[wallet_id], ARRAY[income], ARRAY[10]) END, 'UTF8')),
    CASE WHEN is_award THEN 'award' ELSE 'charge' END, community_id, at, (SELECT id FROM communities_user WHERE username = 'system'),
    CASE WHEN is_award THEN '志愿服务' ELSE '夜校' END, pg_current_xact_id()::text::bigint
FROM moves ORDER BY entry_id;
INSERT INTO points_credit (entry_id, wallet_id, rule_id, served_on, quantity, asked, given, cap_day, cap_month)
SELECT entry_id, wallet_id, (SELECT id FROM points_rule WHERE code = 'ENV'), day, 60, 10, 10, 80, 400 FROM moves WHERE is_award ORDER BY entry_id;
INSERT INTO points_posting (id, entry_id, source_id, destination_id, amount, source_balance, destination_balance)
SELECT posting_id, entry_id, CASE WHEN is_award THEN issuer ELSE wallet_id END, CASE WHEN is_award THEN wallet_id ELSE income END, 10,
    CASE WHEN is_award THEN NULL ELSE 0 END, CASE WHEN k = 100 THEN 20 WHEN is_award THEN 10 END
FROM moves ORDER BY posting_id;
INSERT INTO points_lot (wallet_id, posting_id, earned, remaining, expires_on)
SELECT wallet_id, posting_id, 10, CASE WHEN k >= 99 THEN 10 ELSE 0 END,
    make_date(extract(year FROM at AT TIME ZONE 'Asia/Shanghai')::int + 1, 12, 31)
FROM moves WHERE is_award ORDER BY posting_id;
INSERT INTO points_draw (posting_id, lot_id, amount)
SELECT m.posting_id, l.id, 10 FROM moves m JOIN moves a ON a.wallet_id = m.wallet_id AND a.k = m.k - 1
JOIN points_lot l ON l.posting_id = a.posting_id WHERE NOT m.is_award;
INSERT INTO points_month (wallet_id, community_id, month, earned, spent, expired)
SELECT wallet_id, community_id, date_trunc('month', at AT TIME ZONE 'Asia/Shanghai')::date, sum(CASE WHEN is_award THEN 10 ELSE 0 END),
    sum(CASE WHEN is_award THEN 0 ELSE 10 END), 0 FROM moves GROUP BY 1, 2, 3;
DROP TABLE slice, pots, moves;
