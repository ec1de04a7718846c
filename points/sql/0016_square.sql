-- Who was put into another community before moves were booked: their points go over now, as if they had been carried then.
DO $$
DECLARE v_one record;
BEGIN
    FOR v_one IN
        SELECT a.id AS wallet_id, e.community_id AS booked, r.community_id AS lives, max(e.at) AS at, u.id AS by_id,
            sum(CASE WHEN p.destination_id = a.id THEN p.amount ELSE -p.amount END)::bigint AS amount
        FROM points_account a JOIN communities_resident r ON r.id = a.resident_id
        JOIN points_posting p ON a.id IN (p.source_id, p.destination_id)
        JOIN points_entry e ON e.id = p.entry_id AND e.community_id <> r.community_id
        JOIN communities_user u ON u.username = 'system'
        WHERE NOT EXISTS (SELECT FROM points_entry m WHERE m.wallet_id = a.id)
        GROUP BY a.id, e.community_id, r.community_id, u.id ORDER BY 1, 2
    LOOP
        IF v_one.amount > 0 THEN
            PERFORM books.transfer(v_one.wallet_id, v_one.booked, v_one.lives, v_one.amount,
                'squared:' || v_one.wallet_id || ':' || v_one.booked, v_one.at, v_one.by_id, '居民迁移补记');
        ELSIF v_one.amount < 0 THEN
            PERFORM books.transfer(v_one.wallet_id, v_one.lives, v_one.booked, -v_one.amount,
                'squared:' || v_one.wallet_id || ':' || v_one.booked, v_one.at, v_one.by_id, '居民迁移补记');
        END IF;
    END LOOP;
END $$;
