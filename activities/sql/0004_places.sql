-- Who waits in line has no place yet; after the end somebody marked absent by mistake can still be written down.
CREATE OR REPLACE FUNCTION activities_count_place() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_before int := 0;
    v_after int := 0;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status NOT IN ('cancelled', 'absent', 'waiting') THEN v_before := 1; END IF;
    IF TG_OP <> 'DELETE' AND NEW.status NOT IN ('cancelled', 'absent', 'waiting') THEN v_after := 1; END IF;
    IF TG_OP = 'UPDATE' AND OLD.activity_id <> NEW.activity_id THEN
        RAISE EXCEPTION 'a place does not move to another activity' USING ERRCODE = 'restrict_violation';
    END IF;
    IF v_before < v_after THEN
        UPDATE activities_activity SET taken = taken + 1 WHERE id = NEW.activity_id AND status IN ('open', 'finished');
        IF NOT FOUND THEN  -- called off since the look: the row's newest version decides
            RAISE EXCEPTION 'activity % was called off', NEW.activity_id USING ERRCODE = 'AC001';
        END IF;
    ELSIF v_before > v_after THEN
        UPDATE activities_activity SET taken = taken - 1 WHERE id = OLD.activity_id;
    END IF;
    RETURN NULL;
END $$;

-- What was announced stays the kind of thing that it was: hours and points depend on it.
CREATE FUNCTION activities_keep_kind() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.status <> 'draft' AND (NEW.kind, NEW.volunteering, NEW.community_id)
        IS DISTINCT FROM (OLD.kind, OLD.volunteering, OLD.community_id) THEN
        RAISE EXCEPTION 'activity % was announced as something else', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_kind BEFORE UPDATE ON activities_activity FOR EACH ROW EXECUTE FUNCTION activities_keep_kind();
