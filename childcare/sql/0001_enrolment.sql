-- 报名和档案: health stands on file only under its own consent, what was decided stands, and who changed what is written down.
CREATE FUNCTION childcare_keep_health() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- The child's row is held by who agrees and who withdraws, so the two do not pass each other.
    IF NEW.health IS NOT NULL AND NOT EXISTS (
        SELECT FROM communities_consent c
        WHERE c.resident_id = NEW.child_id AND c.purpose = 'care_health' AND c.withdrawn_at IS NULL) THEN
        RAISE EXCEPTION 'no consent to health' USING ERRCODE = 'CC010';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_health BEFORE INSERT OR UPDATE OF health ON childcare_carefile
    FOR EACH ROW EXECUTE FUNCTION childcare_keep_health();

CREATE FUNCTION childcare_keep_enrolment() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.status NOT IN ('draft', 'submitted') AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'enrolment % is decided', OLD.id USING ERRCODE = 'CC011';
    END IF;
    IF OLD.status = 'submitted' AND NEW.status = 'draft' OR NEW.status IN ('accepted', 'declined') AND OLD.status = 'draft' THEN
        RAISE EXCEPTION 'enrolment % cannot go there', OLD.id USING ERRCODE = 'CC011';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_enrolment BEFORE UPDATE ON childcare_enrolment
    FOR EACH ROW EXECUTE FUNCTION childcare_keep_enrolment();

CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON childcare_enrolment
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', 'guardian_id');
CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON childcare_carefile
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', 'child_id');
CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON childcare_contact
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', 'child_id');
CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON childcare_carer
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', 'child_id');

CREATE VIEW childcare_enrolment_breach AS
SELECT 'health is on file under a standing consent alone' AS promise, f.id AS row_id FROM childcare_carefile f
    WHERE f.health IS NOT NULL AND NOT EXISTS (
        SELECT FROM communities_consent c
        WHERE c.resident_id = f.child_id AND c.purpose = 'care_health' AND c.withdrawn_at IS NULL)
UNION ALL
SELECT 'an accepted enrolment led to a place of its child', e.id FROM childcare_enrolment e
    LEFT JOIN childcare_place p ON p.id = e.place_id
    WHERE e.status = 'accepted' AND (p.id IS NULL OR p.child_id <> e.child_id);
