-- The stock of a gift, counted on the rows that bring and take it, so that every path obeys (nightschool/sql/0001_seats.sql).
-- CHECK gift_stock is the promise. Own SQLSTATE, mapped in partners/gifts.py: PA001 the gift is no longer given.
CREATE FUNCTION partners_count_taken() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_before int := 0;
    v_after int := 0;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status <> 'returned' THEN v_before := 1; END IF;
    IF TG_OP <> 'DELETE' AND NEW.status <> 'returned' THEN v_after := 1; END IF;
    IF TG_OP = 'UPDATE' AND (NEW.gift_id, NEW.resident_id, NEW.price, NEW.entry_id)
        IS DISTINCT FROM (OLD.gift_id, OLD.resident_id, OLD.price, OLD.entry_id) THEN
        RAISE EXCEPTION 'exchange % is of something else', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status <> 'reserved' AND NEW.status <> OLD.status THEN
        RAISE EXCEPTION 'exchange % is settled', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF v_before < v_after THEN
        UPDATE partners_gift SET taken = taken + 1 WHERE id = NEW.gift_id AND closed_at IS NULL;
        IF NOT FOUND THEN  -- closed by staff since the look: the row's newest version decides
            RAISE EXCEPTION 'gift % is closed', NEW.gift_id USING ERRCODE = 'PA001';
        END IF;
    ELSIF v_before > v_after THEN
        UPDATE partners_gift SET taken = taken - 1 WHERE id = OLD.gift_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_taken AFTER INSERT OR UPDATE OR DELETE ON partners_exchange
    FOR EACH ROW EXECUTE FUNCTION partners_count_taken();

CREATE FUNCTION partners_count_stock() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION '% of % is refused: what came in or went is a line of its own', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE partners_gift SET stock = stock + NEW.change WHERE id = NEW.gift_id;
    RETURN NULL;
END $$;

CREATE TRIGGER count_stock AFTER INSERT OR UPDATE OR DELETE ON partners_stocking
    FOR EACH ROW EXECUTE FUNCTION partners_count_stock();

CREATE FUNCTION partners_keep_counted() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.stock := 0;
        NEW.taken := 0;
    ELSIF pg_trigger_depth() < 2 THEN
        NEW.stock := OLD.stock;  -- a stale `gift.save()` must not set the counters back
        NEW.taken := OLD.taken;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_counted BEFORE INSERT OR UPDATE ON partners_gift
    FOR EACH ROW EXECUTE FUNCTION partners_keep_counted();

-- Nobody exchanges anything whose file is closed (communities/sql/0005_closed.sql).
CREATE TRIGGER still_open BEFORE INSERT ON partners_exchange FOR EACH ROW EXECUTE FUNCTION communities_still_open();

CREATE VIEW partners_breach AS
SELECT 'gift counts what is reserved and handed out' AS promise, g.id AS row_id FROM partners_gift g
    WHERE g.taken <> (SELECT count(*) FROM partners_exchange x WHERE x.gift_id = g.id AND x.status <> 'returned')
UNION ALL
SELECT 'gift counts what came in', g.id FROM partners_gift g
    WHERE g.stock <> (SELECT coalesce(sum(s.change), 0) FROM partners_stocking s WHERE s.gift_id = g.id)
UNION ALL
SELECT 'no more of a gift is taken than came in', g.id FROM partners_gift g
    WHERE (SELECT coalesce(sum(s.change), 0) FROM partners_stocking s WHERE s.gift_id = g.id)
        < (SELECT count(*) FROM partners_exchange x WHERE x.gift_id = g.id AND x.status <> 'returned')
UNION ALL
SELECT 'exchange that stands is charged and not refunded', x.id FROM partners_exchange x
    WHERE x.status <> 'returned' AND EXISTS (SELECT FROM points_entry r WHERE r.reverses_id = x.entry_id)
UNION ALL
SELECT 'charge of an exchange is its price, out of its resident''s wallet', x.id FROM partners_exchange x
    WHERE x.price <> (
        SELECT coalesce(sum(p.amount), 0) FROM points_posting p JOIN points_account a ON a.id = p.source_id AND a.kind = 'wallet'
        WHERE p.entry_id = x.entry_id AND a.resident_id = x.resident_id)
UNION ALL
SELECT 'returned exchange is refunded', x.id FROM partners_exchange x
    WHERE x.status = 'returned' AND NOT EXISTS (
        SELECT FROM points_entry r WHERE r.id = x.refund_id AND r.reverses_id = x.entry_id)
UNION ALL
SELECT 'charge of a gift belongs to one exchange', n.id FROM points_entry n
    WHERE n.key LIKE 'gift:%' AND n.kind = 'charge'
        AND NOT EXISTS (SELECT FROM partners_exchange x WHERE x.entry_id = n.id AND n.key = 'gift:' || x.id);
