-- The book of hours: written once, voided once, never deleted (design, 3.9). Own SQLSTATEs, mapped in activities/hours.py:
-- AC002 more minutes of one person on one day than the cap, AC003 not volunteering.
CREATE FUNCTION activities_keep_hours() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_same activities_service;
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION '% of % is refused: records are corrected, not deleted', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    v_same := NEW;
    v_same.reported_at := OLD.reported_at;
    v_same.reported_by_id := OLD.reported_by_id;
    IF OLD.voided_at IS NULL THEN
        v_same.voided_at := NULL;
        v_same.voided_by_id := NULL;
        v_same.void_reason := '';
    END IF;
    IF v_same IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'service % is on record as it is', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_hours BEFORE UPDATE OR DELETE ON activities_service FOR EACH ROW EXECUTE FUNCTION activities_keep_hours();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON activities_service FOR EACH STATEMENT EXECUTE FUNCTION activities_keep_hours();

CREATE FUNCTION activities_count_hours() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.voided_at IS NOT NULL OR NEW.on <> (NEW.starts_at AT TIME ZONE 'Asia/Shanghai')::date
        OR NEW.minutes > extract(epoch FROM NEW.ends_at - NEW.starts_at) / 60 OR NEW.credited % 30 <> 0 THEN
        RAISE EXCEPTION 'service of participation % does not add up', NEW.participation_id USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM activities_participation p JOIN activities_activity a ON a.id = p.activity_id
        WHERE p.id = NEW.participation_id AND p.resident_id = NEW.resident_id AND a.volunteering) THEN
        RAISE EXCEPTION 'participation % is no volunteer service', NEW.participation_id USING ERRCODE = 'AC003';
    END IF;
    -- Two colleagues may confirm two activities of one person at once: each has to see the other's minutes.
    PERFORM pg_advisory_xact_lock(hashint8extended(NEW.resident_id, 4501));
    IF NEW.day_cap IS NOT NULL AND NEW.day_cap < NEW.minutes + coalesce((
        SELECT sum(s.minutes) FROM activities_service s
        WHERE s.resident_id = NEW.resident_id AND s.on = NEW.on AND s.voided_at IS NULL), 0) THEN
        RAISE EXCEPTION 'more than % minutes of resident % on %', NEW.day_cap, NEW.resident_id, NEW.on USING ERRCODE = 'AC002';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER count_hours BEFORE INSERT ON activities_service FOR EACH ROW EXECUTE FUNCTION activities_count_hours();

-- A photo is small (the design's bound), whoever writes it.
ALTER TABLE activities_photo ADD CONSTRAINT photo_bytes CHECK (octet_length(jpeg) BETWEEN 1 AND 512000);

-- Nobody's file takes on anything new once it is closed (communities/sql/0005_closed.sql).
CREATE TRIGGER still_open BEFORE INSERT ON activities_deed FOR EACH ROW EXECUTE FUNCTION communities_still_open();
CREATE TRIGGER still_open BEFORE INSERT ON activities_holding FOR EACH ROW EXECUTE FUNCTION communities_still_open();
CREATE TRIGGER still_open BEFORE INSERT ON activities_honour FOR EACH ROW EXECUTE FUNCTION communities_still_open();
CREATE TRIGGER still_open BEFORE INSERT ON activities_training FOR EACH ROW EXECUTE FUNCTION communities_still_open();
CREATE TRIGGER still_open BEFORE INSERT ON activities_certificate FOR EACH ROW EXECUTE FUNCTION communities_still_open();
CREATE TRIGGER still_open BEFORE INSERT ON activities_star FOR EACH ROW EXECUTE FUNCTION communities_still_open();
