-- 物资台账: what came in counts when a second person has accepted it, batch by batch; nothing past its date is promised or
-- handed out. CHECKs gift_stock and batch_remaining are the promises. Own SQLSTATE, mapped in partners/exchanging.py and
-- partners/stock: PA030 what is left is past its date, PA031 the batch cannot be handed out.

-- What was there before batches were kept. Its lines and its exchanges name no slip.
INSERT INTO partners_stockslip (gift_id, kind, change, remaining, supplier, receipt, reason, status, by_id, at, settled_by_id, settled_at, refused_why)
SELECT g.id, 'opening', g.stock - h.handed, g.stock - h.handed, '', '', '', 'accepted', g.made_by_id, g.made_at, g.made_by_id, g.made_at, ''
FROM partners_gift g CROSS JOIN LATERAL (
    SELECT count(*) AS handed FROM partners_exchange x WHERE x.gift_id = g.id AND x.status = 'handed') h
WHERE g.stock > h.handed;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

CREATE OR REPLACE FUNCTION partners_count_taken() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_before int := 0;
    v_after int := 0;
    v_left int;
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
        UPDATE partners_gift SET taken = taken + 1 WHERE id = NEW.gift_id AND closed_at IS NULL
            RETURNING stock - taken INTO v_left;
        IF NOT FOUND THEN  -- closed by staff since the look: the row's newest version decides
            RAISE EXCEPTION 'gift % is closed', NEW.gift_id USING ERRCODE = 'PA001';
        END IF;
        -- The gift's row is held, so what is read now is what counts.
        IF v_left < (SELECT coalesce(sum(b.remaining), 0) FROM partners_stockslip b WHERE b.gift_id = NEW.gift_id
            AND b.remaining > 0 AND b.best_before < (NEW.at AT TIME ZONE 'Asia/Shanghai')::date) THEN
            RAISE EXCEPTION 'what is left of gift % is past its date', NEW.gift_id USING ERRCODE = 'PA030';
        END IF;
    ELSIF v_before > v_after THEN
        UPDATE partners_gift SET taken = taken - 1 WHERE id = OLD.gift_id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION partners_draw_batch() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.status = 'reserved' AND NEW.status = 'handed' THEN
        UPDATE partners_stockslip SET remaining = remaining - 1 WHERE id = NEW.batch_id AND gift_id = NEW.gift_id
            AND batch_id IS NULL AND status = 'accepted'
            AND (best_before IS NULL OR best_before >= (NEW.settled_at AT TIME ZONE 'Asia/Shanghai')::date);
        IF NOT FOUND THEN
            RAISE EXCEPTION 'batch % is not for handing out', NEW.batch_id USING ERRCODE = 'PA031';
        END IF;
    ELSIF NEW.batch_id IS DISTINCT FROM OLD.batch_id OR OLD.status = 'handed' AND NEW.settled_at IS DISTINCT FROM OLD.settled_at THEN
        RAISE EXCEPTION 'exchange % was handed out of another batch', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER draw_batch AFTER UPDATE ON partners_exchange FOR EACH ROW EXECUTE FUNCTION partners_draw_batch();

CREATE OR REPLACE FUNCTION partners_count_stock() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION '% of % is refused: what came in or went is a line of its own', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE partners_stockslip SET remaining = remaining + NEW.change WHERE id = (
        SELECT coalesce(s.batch_id, s.id) FROM partners_stockslip s WHERE s.id = NEW.slip_id AND s.status = 'accepted'
            AND (s.gift_id, s.change) = (NEW.gift_id, NEW.change));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no accepted slip says this' USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE partners_gift SET stock = stock + NEW.change WHERE id = NEW.gift_id;
    RETURN NULL;
END $$;

CREATE FUNCTION partners_keep_slip() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    c_settling text[] := '{status,settled_by_id,settled_at,refused_why,remaining}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'waiting' OR NEW.kind = 'opening' OR NEW.batch_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM partners_stockslip b WHERE b.id = NEW.batch_id AND b.gift_id = NEW.gift_id AND b.batch_id IS NULL) THEN
            RAISE EXCEPTION 'a slip waits for a second person' USING ERRCODE = 'restrict_violation';
        END IF;
        NEW.remaining := 0;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - c_settling IS DISTINCT FROM to_jsonb(OLD) - c_settling
        OR OLD.status <> 'waiting' AND to_jsonb(NEW) - 'remaining' IS DISTINCT FROM to_jsonb(OLD) - 'remaining' THEN
        RAISE EXCEPTION 'slip % stands as it was', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF pg_trigger_depth() < 2 THEN
        NEW.remaining := OLD.remaining;  -- nobody but the triggers counts
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_slip BEFORE INSERT OR UPDATE OR DELETE ON partners_stockslip
    FOR EACH ROW EXECUTE FUNCTION partners_keep_slip();

CREATE FUNCTION partners_keep_count() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'entered' THEN
        RAISE EXCEPTION 'count % stands as it was', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_count BEFORE UPDATE OR DELETE ON partners_stockcount FOR EACH ROW EXECUTE FUNCTION partners_keep_count();

CREATE VIEW partners_stock_breach AS
SELECT 'batch has left what came in less what went' AS promise, b.id AS row_id FROM partners_stockslip b
    WHERE b.batch_id IS NULL AND b.remaining <> CASE WHEN b.status = 'accepted' THEN b.change ELSE 0 END
        + (SELECT coalesce(sum(s.change), 0) FROM partners_stockslip s WHERE s.batch_id = b.id AND s.status = 'accepted')
        - (SELECT count(*) FROM partners_exchange x WHERE x.batch_id = b.id AND x.status = 'handed')
UNION ALL
SELECT 'gift has in stock what its batches have left and what was handed out', g.id FROM partners_gift g
    WHERE g.stock <> (SELECT coalesce(sum(b.remaining), 0) FROM partners_stockslip b WHERE b.gift_id = g.id)
        + (SELECT count(*) FROM partners_exchange x WHERE x.gift_id = g.id AND x.status = 'handed')
UNION ALL
SELECT 'accepted slip has its line in the stock book, and no other has', s.id FROM partners_stockslip s
    WHERE s.kind <> 'opening' AND (s.status = 'accepted') <> EXISTS (
        SELECT FROM partners_stocking l WHERE l.slip_id = s.id AND (l.gift_id, l.change) = (s.gift_id, s.change))
UNION ALL
SELECT 'nobody accepts what they brought or took themselves', s.id FROM partners_stockslip s
    WHERE s.status = 'accepted' AND s.kind <> 'opening' AND s.settled_by_id = s.by_id
UNION ALL
SELECT 'nothing is handed out past its date', x.id FROM partners_exchange x JOIN partners_stockslip b ON b.id = x.batch_id
    WHERE x.status = 'handed' AND b.best_before < (x.settled_at AT TIME ZONE 'Asia/Shanghai')::date
UNION ALL
SELECT 'difference of a confirmed count is in the stock book', l.id FROM partners_countline l JOIN partners_stockcount c ON c.id = l.count_id
    WHERE c.status = 'confirmed' AND l.counted - l.booked <> coalesce(
        (SELECT s.change FROM partners_stockslip s WHERE s.id = l.slip_id AND s.batch_id = l.batch_id AND s.status = 'accepted'), 0);
