-- The places of an activity, counted on the rows that take them; CHECK activity_places is the promise.
CREATE FUNCTION activities_count_place() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_before int := 0;
    v_after int := 0;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status <> 'cancelled' THEN v_before := 1; END IF;
    IF TG_OP <> 'DELETE' AND NEW.status <> 'cancelled' THEN v_after := 1; END IF;
    IF TG_OP = 'UPDATE' AND OLD.activity_id <> NEW.activity_id THEN
        RAISE EXCEPTION 'a place does not move to another activity' USING ERRCODE = 'restrict_violation';
    END IF;
    IF v_before <> v_after THEN
        UPDATE activities_activity SET taken = taken + v_after - v_before
            WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.activity_id ELSE NEW.activity_id END;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_place AFTER INSERT OR UPDATE OR DELETE ON activities_participation
    FOR EACH ROW EXECUTE FUNCTION activities_count_place();

CREATE FUNCTION activities_keep_taken() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.taken := 0;
    ELSIF NEW.taken <> OLD.taken AND pg_trigger_depth() < 2 THEN
        NEW.taken := OLD.taken;  -- a stale save of the activity must not set the counter back
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_taken BEFORE INSERT OR UPDATE ON activities_activity
    FOR EACH ROW EXECUTE FUNCTION activities_keep_taken();

CREATE VIEW activities_breach AS
SELECT 'activity counts its participants' AS promise, a.id AS row_id FROM activities_activity a
    WHERE a.taken <> (SELECT count(*) FROM activities_participation p WHERE p.activity_id = a.id AND p.status <> 'cancelled')
UNION ALL
SELECT 'confirmed participation with points has its award', p.id FROM activities_participation p
    WHERE p.status = 'confirmed' AND coalesce(p.points, 0) > 0 AND NOT EXISTS (
        SELECT FROM points_entry e WHERE e.id = p.entry_id AND e.kind = 'award')
UNION ALL
SELECT 'award of a participation belongs to one', n.id FROM points_entry n
    WHERE n.key LIKE 'participation:%' AND n.kind = 'award'
        AND NOT EXISTS (SELECT FROM activities_participation p WHERE p.entry_id = n.id);
