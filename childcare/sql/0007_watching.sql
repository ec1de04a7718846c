-- 看护资料: what was reported stays reported, and what may not be kept is gone.
CREATE FUNCTION childcare_keep_report() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a report of the audit stays as it was written' USING ERRCODE = 'CC070';
END $$;

CREATE TRIGGER keep_report BEFORE UPDATE OR DELETE ON childcare_auditreport
    FOR EACH ROW EXECUTE FUNCTION childcare_keep_report();

-- Of an incident only the two days are still written, each once.
CREATE FUNCTION childcare_keep_incident() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - '{told_on,reported_on}'::text[] <> to_jsonb(OLD) - '{told_on,reported_on}'::text[]
        OR OLD.told_on IS NOT NULL AND NEW.told_on IS DISTINCT FROM OLD.told_on
        OR OLD.reported_on IS NOT NULL AND NEW.reported_on IS DISTINCT FROM OLD.reported_on THEN
        RAISE EXCEPTION 'incident % stays as it was written', OLD.id USING ERRCODE = 'CC071';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_incident BEFORE UPDATE OR DELETE ON childcare_incident
    FOR EACH ROW EXECUTE FUNCTION childcare_keep_incident();

-- The nightly job has a week before a row that it should have taken is a breach.
CREATE VIEW childcare_watching_breach AS
SELECT 'health is gone ninety days after a child left' AS promise, f.id AS row_id FROM childcare_carefile f
    WHERE f.health IS NOT NULL AND f.left_on < (now() AT TIME ZONE 'Asia/Shanghai')::date - 97
UNION ALL
SELECT 'health is kept for a place, an enrolment, or a time that runs out', f.id FROM childcare_carefile f
    WHERE f.health IS NOT NULL AND f.left_on IS NULL
        AND NOT EXISTS (SELECT FROM childcare_place p WHERE p.child_id = f.child_id AND p.status IN ('waiting', 'offered', 'held'))
        AND NOT EXISTS (SELECT FROM childcare_enrolment e WHERE e.child_id = f.child_id AND e.status IN ('draft', 'submitted'))
UNION ALL
SELECT 'a closed file keeps nothing of a child in care', f.id FROM childcare_carefile f
    JOIN communities_resident r ON r.id = f.child_id WHERE r.status = 'closed'
UNION ALL
SELECT 'a draft that nobody goes on with is gone', e.id FROM childcare_enrolment e
    WHERE e.status = 'draft' AND e.saved_at < now() - interval '38 days'
UNION ALL
SELECT 'what was handed in and never decided is gone', e.id FROM childcare_enrolment e  -- 90 days is the most that can be set
    WHERE e.status = 'submitted' AND e.submitted_at < now() - interval '98 days'
UNION ALL
SELECT 'pick-up persons are gone a year after a child left', p.id FROM childcare_pickup p
    JOIN childcare_carefile f ON f.child_id = p.child_id
    WHERE f.left_on < (now() AT TIME ZONE 'Asia/Shanghai')::date - 374 AND p.name <> '（已清除）';
