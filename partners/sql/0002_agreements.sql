-- 协议: what was signed is one text with one fingerprint, and nothing under a signature changes but its end.

-- The whole of an agreement as one text: its own columns, promises, rooms, and the fingerprints of the papers that belong to it.
CREATE FUNCTION partners_document(p partners_agreement) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT jsonb_build_object(
        'number', p.number, 'version', p.version, 'replaces', p.replaces_id, 'title', p.title, 'text', p.text,
        'promise', p.promise, 'partner', p.partner_id, 'community', p.community_id, 'starts_on', p.starts_on, 'ends_on', p.ends_on,
        'mode', p.mode, 'percent', p.percent, 'pairing', p.pairing, 'template', p.template_id,
        'promises', (SELECT coalesce(jsonb_agg(jsonb_build_array(
            m."order", m.item, m.duty, m.focus, m.times, m.people, m.discount, m.deduct_cents) ORDER BY m."order"), '[]')
            FROM partners_promise m WHERE m.agreement_id = p.id),
        'rooms', (SELECT coalesce(jsonb_agg(jsonb_build_array(g.room_id, g.hours, g."when", g.fees) ORDER BY g.id), '[]')
            FROM partners_roomgrant g WHERE g.agreement_id = p.id),
        'attachments', (SELECT coalesce(jsonb_agg(jsonb_build_array(f.title, f.sha256) ORDER BY a."order"), '[]')
            FROM partners_attachment a JOIN partners_paper f ON f.id = a.paper_id WHERE a.agreement_id = p.id AND NOT a.scan)
    )::text
$$;

CREATE FUNCTION partners_fingerprint(p_text text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT encode(sha256(convert_to(p_text, 'UTF8')), 'hex')
$$;

-- What was written down before there was such a text was signed as it stands.
UPDATE partners_agreement a SET document = partners_document(a), sha256 = partners_fingerprint(partners_document(a));

-- Sent for signing, it is read once, here: no caller can sign a text that is not that of the rows.
CREATE FUNCTION partners_keep_agreement() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_end text[] := '{ended_on,end_reason,ending_on,ending_by_id}';
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status <> 'draft' THEN
            RAISE EXCEPTION 'agreement % is no draft', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    ELSIF TG_OP = 'UPDATE' AND OLD.status IN ('signed', 'void') THEN
        IF to_jsonb(NEW) - v_end IS DISTINCT FROM to_jsonb(OLD) - v_end
            OR OLD.status = 'void' AND NEW IS DISTINCT FROM OLD THEN
            RAISE EXCEPTION 'agreement % is signed: a change is a new version', OLD.id USING ERRCODE = 'PA010';
        END IF;
    ELSIF TG_OP = 'UPDATE' AND OLD.status = 'signing' AND NEW.status IN ('signing', 'signed') THEN
        IF to_jsonb(NEW) - '{status,signed_on}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{status,signed_on}'::text[] THEN
            RAISE EXCEPTION 'agreement % is being signed', OLD.id USING ERRCODE = 'PA010';
        END IF;
    ELSIF TG_OP = 'UPDATE' AND OLD.status = 'signing' AND NEW.status = 'draft' THEN  -- called back: nobody has signed it yet
        IF EXISTS (SELECT FROM partners_signature s WHERE s.agreement_id = OLD.id) THEN
            RAISE EXCEPTION 'agreement % bears a signature', OLD.id USING ERRCODE = 'PA010';
        END IF;
    ELSIF NEW.status IN ('signing', 'signed') THEN  -- sent, or written down as signed on paper
        NEW.document := partners_document(NEW);
        NEW.sha256 := partners_fingerprint(NEW.document);
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status <> 'signed' AND NEW.status = 'signed' THEN
        IF NEW.sent_at IS NULL THEN
            RAISE EXCEPTION 'agreement % was not sent', NEW.id USING ERRCODE = 'PA011';
        ELSIF NEW.signed_on > NEW.ends_on THEN
            RAISE EXCEPTION 'agreement % was over before it was signed', NEW.id USING ERRCODE = 'PA013';
        END IF;
    END IF;
    IF NEW.status = 'signed' AND NEW.sent_at IS NOT NULL AND 2 > (
        SELECT count(*) FROM partners_signature s WHERE s.agreement_id = NEW.id AND s.sha256 = NEW.sha256) THEN
        RAISE EXCEPTION 'agreement % lacks a signature', NEW.id USING ERRCODE = 'PA011';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_agreement BEFORE INSERT OR UPDATE OR DELETE ON partners_agreement
    FOR EACH ROW EXECUTE FUNCTION partners_keep_agreement();

-- Promises, rooms and papers are written while the agreement is a draft. A room's series and a scan come afterwards.
CREATE FUNCTION partners_keep_terms() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_changed boolean := true;
BEGIN
    IF TG_TABLE_NAME = 'partners_roomgrant' AND TG_OP = 'UPDATE' THEN
        v_changed := to_jsonb(NEW) - 'series_id' IS DISTINCT FROM to_jsonb(OLD) - 'series_id';
    ELSIF TG_TABLE_NAME = 'partners_attachment' AND TG_OP = 'INSERT' THEN
        v_changed := NOT (to_jsonb(NEW) ->> 'scan')::boolean;
    END IF;
    IF v_changed AND EXISTS (SELECT FROM partners_agreement a WHERE a.status <> 'draft' AND a.id IN (
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.agreement_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.agreement_id END)) THEN
        RAISE EXCEPTION 'what was signed is not changed' USING ERRCODE = 'PA010';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER keep_terms BEFORE INSERT OR UPDATE OR DELETE ON partners_promise FOR EACH ROW EXECUTE FUNCTION partners_keep_terms();
CREATE TRIGGER keep_terms BEFORE INSERT OR UPDATE OR DELETE ON partners_roomgrant FOR EACH ROW EXECUTE FUNCTION partners_keep_terms();
CREATE TRIGGER keep_terms BEFORE INSERT OR UPDATE OR DELETE ON partners_attachment FOR EACH ROW EXECUTE FUNCTION partners_keep_terms();

CREATE FUNCTION partners_never_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION partners_sign() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM partners_agreement a
        WHERE a.id = NEW.agreement_id AND a.status = 'signing' AND a.sha256 = NEW.sha256 FOR KEY SHARE) THEN
        RAISE EXCEPTION 'agreement % is not to be signed so', NEW.agreement_id USING ERRCODE = 'PA012';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER sign BEFORE INSERT ON partners_signature FOR EACH ROW EXECUTE FUNCTION partners_sign();
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON partners_signature FOR EACH ROW EXECUTE FUNCTION partners_never_changed();
CREATE TRIGGER never_changed BEFORE UPDATE ON partners_paper FOR EACH ROW EXECUTE FUNCTION partners_never_changed();
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON partners_template FOR EACH ROW
    WHEN (OLD.approved_at IS NOT NULL) EXECUTE FUNCTION partners_never_changed();
ALTER TABLE partners_paper ADD CONSTRAINT paper_bytes CHECK (octet_length(jpeg) BETWEEN 1 AND 512000);
ALTER TABLE partners_paper ADD CONSTRAINT paper_fingerprint CHECK (sha256 = encode(sha256(jpeg), 'hex'));

CREATE VIEW partners_agreements_breach AS
SELECT 'signed agreement says what was signed' AS promise, a.id AS row_id FROM partners_agreement a
    WHERE a.status IN ('signing', 'signed')
        AND (a.document <> partners_document(a) OR a.sha256 <> partners_fingerprint(a.document))
UNION ALL
SELECT 'signature is under the text of its agreement', s.id FROM partners_signature s JOIN partners_agreement a ON a.id = s.agreement_id
    WHERE s.sha256 <> a.sha256
UNION ALL
SELECT 'agreement that was sent is signed by both sides', a.id FROM partners_agreement a
    WHERE a.status = 'signed' AND a.sent_at IS NOT NULL
        AND 2 <> (SELECT count(*) FROM partners_signature s WHERE s.agreement_id = a.id);
