-- 服务项目: what residents could read and take is what was reviewed. A change is a copy, reviewed anew (partners/offers).
CREATE FUNCTION partners_keep_offer() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.reviewed_at IS NOT NULL AND OLD.status IN ('open', 'closed') AND (
        NEW.partner_id, NEW.community_id, NEW.title, NEW.note, NEW.price, NEW.worth_cents, NEW."group", NEW.booking, NEW.made_by_id, NEW.reviewed_by_id)
        IS DISTINCT FROM (
        OLD.partner_id, OLD.community_id, OLD.title, OLD.note, OLD.price, OLD.worth_cents, OLD."group", OLD.booking, OLD.made_by_id, OLD.reviewed_by_id) THEN
        RAISE EXCEPTION 'offer % was reviewed as it stands', OLD.id USING ERRCODE = 'restrict_violation';
    ELSIF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('draft', 'submitted'), ('returned', 'submitted'), ('submitted', 'returned'), ('submitted', 'open'),
        ('draft', 'closed'), ('returned', 'closed'), ('submitted', 'closed'), ('open', 'closed')) THEN
        RAISE EXCEPTION 'offer % does not become % from %', OLD.id, NEW.status, OLD.status USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_offer BEFORE UPDATE ON partners_offer FOR EACH ROW EXECUTE FUNCTION partners_keep_offer();

CREATE VIEW partners_offers_breach AS
SELECT 'appointment is in a slot of its offer' AS promise, a.id AS row_id
    FROM partners_appointment a JOIN partners_slot s ON s.id = a.slot_id JOIN partners_voucher v ON v.id = a.voucher_id
    WHERE s.offer_id <> v.offer_id
UNION ALL
SELECT 'appointment that stands is of a voucher that can still be used or was', a.id
    FROM partners_appointment a JOIN partners_voucher v ON v.id = a.voucher_id
    WHERE a.status IN ('asked', 'confirmed') AND v.status = 'returned'
UNION ALL
SELECT 'address is kept for visits at home alone', a.id
    FROM partners_appointment a JOIN partners_voucher v ON v.id = a.voucher_id JOIN partners_offer o ON o.id = v.offer_id
    WHERE a.address IS NOT NULL AND o.booking <> 'home';
