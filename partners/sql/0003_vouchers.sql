-- 服务券: stock, slots and uses, counted and kept on the rows, so that every path obeys. CHECKs offer_stock and slot_places and
-- unique redeemed_once are the promises. Own SQLSTATE, mapped in partners/vouchers: PA002 the offer is not on the shelf.
CREATE FUNCTION partners_count_voucher() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_before int := 0;
    v_after int := 0;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status <> 'returned' THEN v_before := 1; END IF;
    IF TG_OP <> 'DELETE' AND NEW.status <> 'returned' THEN v_after := 1; END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.offer_id, NEW.partner_id, NEW.community_id, NEW.resident_id, NEW.price, NEW.entry_id, NEW.token)
            IS DISTINCT FROM (OLD.offer_id, OLD.partner_id, OLD.community_id, OLD.resident_id, OLD.price, OLD.entry_id, OLD.token) THEN
            RAISE EXCEPTION 'voucher % is of something else', OLD.id USING ERRCODE = 'restrict_violation';
        ELSIF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
            ('issued', 'used'), ('used', 'issued'), ('issued', 'expired'), ('issued', 'returned'), ('issued', 'frozen'),
            ('frozen', 'issued'), ('frozen', 'returned'), ('frozen', 'expired'), ('expired', 'returned'),
            -- a shop without a network is written down the day after; what is undone too late is over
            ('expired', 'used'), ('used', 'expired')) THEN
            RAISE EXCEPTION 'voucher % does not become % from %', OLD.id, NEW.status, OLD.status USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    IF v_before < v_after THEN
        UPDATE partners_offer SET taken = taken + 1 WHERE id = NEW.offer_id AND status = 'open'
            AND (partner_id, community_id) = (NEW.partner_id, NEW.community_id);
        IF NOT FOUND THEN  -- taken off since the look: the row's newest version decides
            RAISE EXCEPTION 'offer % is not on the shelf', NEW.offer_id USING ERRCODE = 'PA002';
        END IF;
    ELSIF v_before > v_after THEN
        UPDATE partners_offer SET taken = taken - 1 WHERE id = OLD.offer_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_voucher AFTER INSERT OR UPDATE OR DELETE ON partners_voucher
    FOR EACH ROW EXECUTE FUNCTION partners_count_voucher();

CREATE FUNCTION partners_count_appointment() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status IN ('asked', 'confirmed') THEN
        UPDATE partners_slot SET taken = taken - 1 WHERE id = OLD.slot_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.status IN ('asked', 'confirmed') THEN
        UPDATE partners_slot SET taken = taken + 1 WHERE id = NEW.slot_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_appointment AFTER INSERT OR UPDATE OR DELETE ON partners_appointment
    FOR EACH ROW EXECUTE FUNCTION partners_count_appointment();

-- The columns that are named count what triggers see, and nobody else writes them; gifts as well, from now on.
CREATE OR REPLACE FUNCTION partners_keep_counted() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        RETURN jsonb_populate_record(NEW, (SELECT jsonb_object_agg(c.name, 0) FROM unnest(TG_ARGV) AS c(name)));
    ELSIF pg_trigger_depth() < 2 THEN  -- a stale `save()` must not set the counters back
        RETURN jsonb_populate_record(NEW, (SELECT jsonb_object_agg(c.name, to_jsonb(OLD) -> c.name) FROM unnest(TG_ARGV) AS c(name)));
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER keep_counted ON partners_gift;
CREATE TRIGGER keep_counted BEFORE INSERT OR UPDATE ON partners_gift
    FOR EACH ROW EXECUTE FUNCTION partners_keep_counted('stock', 'taken');
CREATE TRIGGER keep_counted BEFORE INSERT OR UPDATE ON partners_offer FOR EACH ROW EXECUTE FUNCTION partners_keep_counted('taken');
CREATE TRIGGER keep_counted BEFORE INSERT OR UPDATE ON partners_slot FOR EACH ROW EXECUTE FUNCTION partners_keep_counted('taken');

-- A use is written once; it may be undone, and looked at.
CREATE FUNCTION partners_keep_redemption() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.undone_at IS NOT NULL AND NEW.undone_at IS DISTINCT FROM OLD.undone_at
        OR to_jsonb(NEW) - '{undo_entry_id,undone_at,undone_by_id,undo_reason,looked_at,looked_by_id,looked_note}'::text[]
            IS DISTINCT FROM to_jsonb(OLD) - '{undo_entry_id,undone_at,undone_by_id,undo_reason,looked_at,looked_by_id,looked_note}'::text[] THEN
        RAISE EXCEPTION 'redemption % stands as it was', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_redemption BEFORE UPDATE OR DELETE ON partners_redemption
    FOR EACH ROW EXECUTE FUNCTION partners_keep_redemption();

-- Nobody exchanges anything whose file is closed (communities/sql/0005_closed.sql).
CREATE TRIGGER still_open BEFORE INSERT ON partners_voucher FOR EACH ROW EXECUTE FUNCTION communities_still_open();

CREATE VIEW partners_vouchers_breach AS
SELECT 'offer counts the vouchers that stand' AS promise, o.id AS row_id FROM partners_offer o
    WHERE o.taken <> (SELECT count(*) FROM partners_voucher v WHERE v.offer_id = o.id AND v.status <> 'returned')
UNION ALL
SELECT 'no more of an offer is taken than there is', o.id FROM partners_offer o
    WHERE o.stock < (SELECT count(*) FROM partners_voucher v WHERE v.offer_id = o.id AND v.status <> 'returned')
UNION ALL
SELECT 'slot counts the appointments that stand', s.id FROM partners_slot s
    WHERE s.taken <> (SELECT count(*) FROM partners_appointment a WHERE a.slot_id = s.id AND a.status IN ('asked', 'confirmed'))
UNION ALL
SELECT 'charge of a voucher is its price, into the income of its community', v.id FROM partners_voucher v
    WHERE v.price <> (
        SELECT coalesce(sum(p.amount), 0) FROM points_posting p
        JOIN points_account s ON s.id = p.source_id AND s.kind = 'wallet'
        JOIN points_account d ON d.id = p.destination_id AND d.kind = 'income' AND d.community_id = v.community_id
        WHERE p.entry_id = v.entry_id)
UNION ALL
SELECT 'voucher that stands is not refunded', v.id FROM partners_voucher v
    WHERE v.status <> 'returned' AND EXISTS (SELECT FROM points_entry r WHERE r.reverses_id = v.entry_id)
UNION ALL
SELECT 'returned voucher is refunded', v.id FROM partners_voucher v
    WHERE v.status = 'returned' AND NOT EXISTS (SELECT FROM points_entry r WHERE r.id = v.refund_id AND r.reverses_id = v.entry_id)
UNION ALL
SELECT 'charge of a voucher belongs to one voucher', n.id FROM points_entry n
    WHERE n.key LIKE 'voucher:%' AND n.kind = 'charge'
        AND NOT EXISTS (SELECT FROM partners_voucher v WHERE v.entry_id = n.id AND n.key = 'voucher:' || v.id)
UNION ALL
SELECT 'used voucher has a use that stands, and no other has', v.id FROM partners_voucher v
    WHERE (v.status = 'used') <> EXISTS (SELECT FROM partners_redemption r WHERE r.voucher_id = v.id AND r.undone_at IS NULL)
UNION ALL
SELECT 'use moves the price of its voucher to its partner', r.id FROM partners_redemption r JOIN partners_voucher v ON v.id = r.voucher_id
    WHERE (r.partner_id, r.community_id, r.points) <> (v.partner_id, v.community_id, v.price) OR r.points <> (
        SELECT coalesce(sum(p.amount), 0) FROM points_posting p
        JOIN points_entry e ON e.id = p.entry_id AND e.kind = 'redemption' AND e.at = r.at
        JOIN points_account d ON d.id = p.destination_id AND d.party = r.partner_id AND d.community_id = r.community_id
        WHERE p.entry_id = r.entry_id)
UNION ALL
SELECT 'undone use is reversed, and no other is', r.id FROM partners_redemption r
    WHERE (r.undone_at IS NOT NULL) <> EXISTS (SELECT FROM points_entry n WHERE n.reverses_id = r.entry_id)
        OR r.undo_entry_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM points_entry n WHERE n.id = r.undo_entry_id AND n.reverses_id = r.entry_id)
UNION ALL
SELECT 'redemption in the books belongs to one use', n.id FROM points_entry n
    WHERE n.kind = 'redemption' AND NOT EXISTS (SELECT FROM partners_redemption r WHERE r.entry_id = n.id);
