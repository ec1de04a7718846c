-- 账单: frozen, only what was paid is still written, and that is the sum of the payments that stand. What it says of points is
-- what the ledger moved. Nothing here is deleted once it counts; what was wrong stands in the next bill.

CREATE FUNCTION childcare_paid(p_bill bigint) RETURNS bigint LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(sum(amount_cents), 0)::bigint FROM childcare_payment WHERE bill_id = p_bill AND voided_at IS NULL
$$;

-- Whether a bill says what its lines and its standing offset say.
CREATE FUNCTION childcare_bill_ties(b childcare_bill) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT (b.fee_cents, b.adjust_cents, -b.offset_cents) = (
            SELECT coalesce(sum(amount_cents) FILTER (WHERE kind = 'fee'), 0), coalesce(sum(amount_cents) FILTER (WHERE kind = 'adjustment'), 0), coalesce(sum(amount_cents) FILTER (WHERE kind = 'points'), 0)
            FROM childcare_billline WHERE bill_id = b.id)
        AND (b.points, b.relief, b.offset_cents) = (
            SELECT coalesce(sum(points), 0), coalesce(sum(relief), 0), coalesce(sum(cents), 0)
            FROM childcare_offset WHERE bill_id = b.id AND undone_at IS NULL)
$$;

CREATE FUNCTION childcare_keep_bill() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_money text[] := '{status,paid_cents,paid_at,split}';  -- `split` is sealed anew under a new key (communities/resealing.py)
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'drawn' OR NEW.paid_cents <> 0 THEN
            RAISE EXCEPTION 'a bill begins as drawn' USING ERRCODE = 'CC060';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status <> 'drawn' AND (TG_OP = 'DELETE' OR NEW.status = 'drawn'
        OR to_jsonb(NEW) - v_money IS DISTINCT FROM to_jsonb(OLD) - v_money) THEN
        RAISE EXCEPTION 'bill % is frozen', OLD.id USING ERRCODE = 'CC060';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF OLD.status = 'drawn' AND NEW.status <> 'drawn' AND NOT childcare_bill_ties(NEW) THEN
        RAISE EXCEPTION 'bill % does not say what its lines say', OLD.id USING ERRCODE = 'CC061';
    END IF;
    IF NEW.paid_cents <> childcare_paid(NEW.id) OR NEW.status <> 'drawn' AND (NEW.status = 'paid') <> (NEW.paid_cents >= NEW.due_cents) THEN
        RAISE EXCEPTION 'bill % counts the payments that stand', OLD.id USING ERRCODE = 'CC060';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_bill BEFORE INSERT OR UPDATE OR DELETE ON childcare_bill FOR EACH ROW EXECUTE FUNCTION childcare_keep_bill();

-- Whether a correction has `p_cents` left, beside what other lines hold of it and what was paid out. It is held until the end.
CREATE FUNCTION childcare_has_left(p_adjustment bigint, p_line bigint, p_cents bigint) RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_all bigint;
BEGIN
    SELECT abs(amount_cents) INTO v_all FROM childcare_billadjustment WHERE id = p_adjustment FOR NO KEY UPDATE;
    RETURN p_cents + (SELECT coalesce(abs(sum(amount_cents)), 0) FROM childcare_billline WHERE adjustment_id = p_adjustment AND id <> p_line)
        + (SELECT coalesce(sum(amount_cents + offset_cents), 0) FROM childcare_refund WHERE adjustment_id = p_adjustment) <= v_all;
END $$;

CREATE FUNCTION childcare_keep_line() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- The bill is held, so that nobody writes a line while it is being frozen.
    PERFORM FROM childcare_bill b WHERE b.id IN (
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.bill_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.bill_id END) FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM childcare_bill b WHERE b.status <> 'drawn' AND b.id IN (
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.bill_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.bill_id END)) THEN
        RAISE EXCEPTION 'the bill is frozen' USING ERRCODE = 'CC060';
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.adjustment_id IS NOT NULL AND NOT childcare_has_left(NEW.adjustment_id, NEW.id, abs(NEW.amount_cents)) THEN
        RAISE EXCEPTION 'correction % has not so much left', NEW.adjustment_id USING ERRCODE = 'CC062';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER keep_line BEFORE INSERT OR UPDATE OR DELETE ON childcare_billline
    FOR EACH ROW EXECUTE FUNCTION childcare_keep_line();

-- An offset is written once for an open bill, taken back once while that is open, and says what it said.
CREATE FUNCTION childcare_keep_offset() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_undone text[] := '{undone_at,undone_by_id,undo_entry_id}';
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (OLD.undone_at IS NOT NULL
        OR to_jsonb(NEW) - v_undone IS DISTINCT FROM to_jsonb(OLD) - v_undone) THEN
        RAISE EXCEPTION 'offset % stands as it was written', OLD.id USING ERRCODE = 'CC062';
    END IF;
    PERFORM FROM childcare_bill WHERE id = NEW.bill_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM childcare_bill WHERE id = NEW.bill_id AND status <> 'drawn') THEN
        RAISE EXCEPTION 'the bill is frozen' USING ERRCODE = 'CC060';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_offset BEFORE INSERT OR UPDATE OR DELETE ON childcare_offset
    FOR EACH ROW EXECUTE FUNCTION childcare_keep_offset();

-- A payment is written for a frozen bill, voided once, and says what it said.
CREATE FUNCTION childcare_keep_payment() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_voided text[] := '{voided_at,voided_by_id,void_reason}';
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (OLD.voided_at IS NOT NULL
        OR to_jsonb(NEW) - v_voided IS DISTINCT FROM to_jsonb(OLD) - v_voided) THEN
        RAISE EXCEPTION 'payment % stands as it was written', OLD.id USING ERRCODE = 'CC064';
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM childcare_bill WHERE id = NEW.bill_id FOR NO KEY UPDATE;
        IF NOT EXISTS (SELECT FROM childcare_bill b WHERE b.id = NEW.bill_id AND b.centre_id = NEW.centre_id AND b.status = 'frozen'
            AND childcare_paid(b.id) + NEW.amount_cents <= b.due_cents) OR NEW.voided_at IS NOT NULL THEN
            RAISE EXCEPTION 'bill % takes no such payment', NEW.bill_id USING ERRCODE = 'CC063';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_payment BEFORE INSERT OR UPDATE OR DELETE ON childcare_payment
    FOR EACH ROW EXECUTE FUNCTION childcare_keep_payment();

CREATE FUNCTION childcare_count_paid() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_paid bigint := childcare_paid(NEW.bill_id);
BEGIN
    UPDATE childcare_bill SET paid_cents = v_paid, status = CASE WHEN v_paid >= due_cents THEN 'paid' ELSE 'frozen' END,
        paid_at = CASE WHEN v_paid >= due_cents THEN NEW.at END WHERE id = NEW.bill_id;
    RETURN NULL;
END $$;

CREATE TRIGGER count_paid AFTER INSERT OR UPDATE ON childcare_payment FOR EACH ROW EXECUTE FUNCTION childcare_count_paid();

-- A correction speaks of a frozen bill; decided, it says what it said.
CREATE FUNCTION childcare_keep_adjustment() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND (OLD.approved_at IS NOT NULL OR OLD.declined_at IS NOT NULL)
        AND (TG_OP = 'DELETE' OR NEW IS DISTINCT FROM OLD) THEN
        RAISE EXCEPTION 'correction % is decided', OLD.id USING ERRCODE = 'CC065';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.bill_id, NEW.amount_cents, NEW.by_id) <> (OLD.bill_id, OLD.amount_cents, OLD.by_id) THEN
        RAISE EXCEPTION 'correction % says what was proposed', OLD.id USING ERRCODE = 'CC065';
    END IF;
    IF NOT EXISTS (SELECT FROM childcare_bill WHERE id = NEW.bill_id AND status <> 'drawn') THEN
        RAISE EXCEPTION 'the bill is not frozen' USING ERRCODE = 'CC065';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_adjustment BEFORE INSERT OR UPDATE OR DELETE ON childcare_billadjustment
    FOR EACH ROW EXECUTE FUNCTION childcare_keep_adjustment();

-- What is given back is left of an approved correction in the family's favour; written once, it stays as it was written.
CREATE FUNCTION childcare_keep_refund() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_bill childcare_bill;
    v_back record;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'refund % stands as it was written', OLD.id USING ERRCODE = 'CC066';
    END IF;
    IF NOT childcare_has_left(NEW.adjustment_id, 0, NEW.amount_cents + NEW.offset_cents) OR NOT EXISTS (
        SELECT FROM childcare_billadjustment a JOIN childcare_bill b ON b.id = a.bill_id
        WHERE a.id = NEW.adjustment_id AND a.approved_at IS NOT NULL AND a.amount_cents < 0 AND b.centre_id = NEW.centre_id) THEN
        RAISE EXCEPTION 'correction % gives nothing back', NEW.adjustment_id USING ERRCODE = 'CC066';
    END IF;
    -- Points are never cashed: of a bill no more goes out than was paid for it in money.
    SELECT b.* INTO v_bill FROM childcare_billadjustment a JOIN childcare_bill b ON b.id = a.bill_id
        WHERE a.id = NEW.adjustment_id FOR NO KEY UPDATE OF b;
    SELECT coalesce(sum(r.amount_cents), 0) AS cents, coalesce(sum(r.points), 0) AS points INTO v_back FROM childcare_refund r
        JOIN childcare_billadjustment a ON a.id = r.adjustment_id WHERE a.bill_id = v_bill.id;
    IF v_bill.paid_cents < NEW.amount_cents + v_back.cents THEN
        RAISE EXCEPTION 'refund of bill % is more than was paid in money', v_bill.id USING ERRCODE = 'CC066';
    END IF;
    -- Nor do more points come back than were used, nor for more than they had paid, nor to whoever has left for good.
    IF v_bill.points < NEW.points + v_back.points OR NEW.offset_cents * v_bill.points <> NEW.points * v_bill.offset_cents THEN
        RAISE EXCEPTION 'refund of bill % is more than was paid in points', v_bill.id USING ERRCODE = 'CC066';
    END IF;
    PERFORM FROM communities_resident WHERE id = v_bill.payer_id FOR KEY SHARE;
    IF NEW.points > 0 AND EXISTS (SELECT FROM communities_resident WHERE id = v_bill.payer_id AND status = 'closed') THEN
        RAISE EXCEPTION 'resident % has left', v_bill.payer_id USING ERRCODE = 'CL001';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_refund BEFORE INSERT OR UPDATE OR DELETE ON childcare_refund
    FOR EACH ROW EXECUTE FUNCTION childcare_keep_refund();

CREATE FUNCTION childcare_bills_stay() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'bills are not emptied' USING ERRCODE = 'CC060';
END $$;

CREATE TRIGGER no_truncate BEFORE TRUNCATE ON childcare_bill FOR EACH STATEMENT EXECUTE FUNCTION childcare_bills_stay();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON childcare_billline FOR EACH STATEMENT EXECUTE FUNCTION childcare_bills_stay();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON childcare_offset FOR EACH STATEMENT EXECUTE FUNCTION childcare_bills_stay();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON childcare_payment FOR EACH STATEMENT EXECUTE FUNCTION childcare_bills_stay();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON childcare_billadjustment FOR EACH STATEMENT EXECUTE FUNCTION childcare_bills_stay();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON childcare_refund FOR EACH STATEMENT EXECUTE FUNCTION childcare_bills_stay();

-- Who changed what of a family's bill: its sums stand in the rows themselves.
CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON childcare_bill
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', 'child_id');

CREATE VIEW childcare_billing_breach AS
WITH moved AS (  -- what the entry of each offset moved: out of the payer's wallet, out of the subsidy, and nothing else
    SELECT o.id, e.key, e.kind,
        -- Of one that was taken back: out of the wallet of whoever paid then; the payer may be another by now.
        sum(p.amount) FILTER (WHERE s.resident_id = b.payer_id OR s.kind = 'wallet' AND o.undone_at IS NOT NULL) AS points,
        coalesce(sum(p.amount) FILTER (WHERE s.kind = 'relief'), 0) AS relief, sum(p.amount) AS whole,
        bool_and(d.kind = 'income' AND d.community_id = c.community_id) AS arrived
    FROM childcare_offset o JOIN childcare_bill b ON b.id = o.bill_id JOIN childcare_centre c ON c.id = b.centre_id
    JOIN points_entry e ON e.id = o.entry_id JOIN points_posting p ON p.entry_id = e.id
    JOIN points_account s ON s.id = p.source_id JOIN points_account d ON d.id = p.destination_id GROUP BY 1, 2, 3
), stood AS (  -- of each bill: what its offset moved, and what was used anew of it after points were given back
    SELECT o.bill_id, o.entry_id FROM childcare_offset o
    UNION ALL
    SELECT a.bill_id, r.rest_entry_id FROM childcare_refund r JOIN childcare_billadjustment a ON a.id = r.adjustment_id
)
SELECT 'care bill is the sum of its lines and its offset' AS promise, b.id AS row_id FROM childcare_bill b WHERE NOT childcare_bill_ties(b)
UNION ALL
SELECT 'care offset is what the ledger moved', o.id FROM childcare_offset o LEFT JOIN moved m ON m.id = o.id
    WHERE (m.key, m.kind, m.points, m.relief, m.whole, m.arrived)
        IS DISTINCT FROM ('care-offset:' || o.id, 'charge', o.points::numeric, o.relief::numeric, (o.points + o.relief)::numeric, true)
UNION ALL
SELECT 'care offset is taken back in the ledger when it is taken back', o.id FROM childcare_offset o
    LEFT JOIN points_entry r ON r.reverses_id = o.entry_id LEFT JOIN childcare_refund f ON f.entry_id = r.id
    WHERE r.id IS DISTINCT FROM coalesce(o.undo_entry_id, f.entry_id)
UNION ALL
SELECT 'care points given back are what the ledger gave back, the subsidy to the subsidy', f.id FROM childcare_refund f
    JOIN childcare_billadjustment a ON a.id = f.adjustment_id JOIN childcare_bill b ON b.id = a.bill_id
    JOIN childcare_centre c ON c.id = b.centre_id
    LEFT JOIN points_entry e ON e.id = f.entry_id LEFT JOIN points_entry k ON k.id = f.rest_entry_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(p.amount) FILTER (WHERE d.resident_id = b.payer_id), 0) - coalesce(sum(p.amount) FILTER (WHERE s.resident_id = b.payer_id), 0) AS points,
            coalesce(sum(p.amount) FILTER (WHERE d.kind = 'relief'), 0) - coalesce(sum(p.amount) FILTER (WHERE s.kind = 'relief'), 0) AS relief,
            coalesce(sum(p.amount) FILTER (WHERE s.kind = 'income' AND s.community_id = c.community_id), 0)
                - coalesce(sum(p.amount) FILTER (WHERE d.kind = 'income' AND d.community_id = c.community_id), 0) AS whole
        FROM points_posting p JOIN points_account s ON s.id = p.source_id JOIN points_account d ON d.id = p.destination_id
        WHERE p.entry_id IN (f.entry_id, f.rest_entry_id)) m
    WHERE (m.points, m.relief * b.points, m.whole) <> (f.points::numeric, (f.points * b.relief)::numeric, m.points + m.relief)
        OR (e.key, k.key) IS DISTINCT FROM (
            CASE WHEN f.entry_id IS NOT NULL THEN 'care-refund:' || f.id END, CASE WHEN f.rest_entry_id IS NOT NULL THEN 'care-refund-rest:' || f.id END)
        OR f.offset_cents * b.points <> f.points * b.offset_cents
        OR e.id IS NOT NULL AND NOT EXISTS (SELECT FROM stood s WHERE s.bill_id = b.id AND s.entry_id = e.reverses_id)
        OR EXISTS (SELECT FROM points_entry x LEFT JOIN childcare_refund n ON n.entry_id = x.id WHERE x.reverses_id = f.rest_entry_id AND n.id IS NULL)
UNION ALL
SELECT 'care bill counts the payments that stand', b.id FROM childcare_bill b
    WHERE b.paid_cents <> childcare_paid(b.id) OR b.status = 'paid' AND b.paid_cents < b.due_cents
UNION ALL
SELECT 'care reduction has evidence of the child', b.id FROM childcare_bill b JOIN communities_evidence e ON e.id = b.evidence_id
    WHERE e.resident_id <> b.child_id OR NOT b.month BETWEEN e.starts_on AND e.ends_on
UNION ALL
SELECT 'care correction stands as it was approved, in later bills of the child or given back', a.id FROM childcare_billadjustment a
    JOIN childcare_bill o ON o.id = a.bill_id LEFT JOIN childcare_refund r ON r.adjustment_id = a.id
    CROSS JOIN LATERAL (
        SELECT sum(l.amount_cents) AS taken, bool_or(b.month <= o.month OR b.child_id <> o.child_id OR b.centre_id <> o.centre_id) AS astray,
            bool_or(sign(l.amount_cents) <> sign(a.amount_cents)) AS turned
        FROM childcare_billline l JOIN childcare_bill b ON b.id = l.bill_id WHERE l.adjustment_id = a.id) t
    WHERE (t.taken IS NOT NULL OR r.id IS NOT NULL) AND (a.approved_at IS NULL OR t.astray OR t.turned
        OR abs(coalesce(t.taken, 0)) + coalesce(r.amount_cents + r.offset_cents, 0) > abs(a.amount_cents));
