-- Who was marked absent gives the place free for somebody who came; an activity that was called off takes nobody in.
-- Own SQLSTATE, mapped to a refusal by activities/signup.py: AC001 the activity was called off.
CREATE OR REPLACE FUNCTION activities_count_place() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_before int := 0;
    v_after int := 0;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status NOT IN ('cancelled', 'absent') THEN v_before := 1; END IF;
    IF TG_OP <> 'DELETE' AND NEW.status NOT IN ('cancelled', 'absent') THEN v_after := 1; END IF;
    IF TG_OP = 'UPDATE' AND OLD.activity_id <> NEW.activity_id THEN
        RAISE EXCEPTION 'a place does not move to another activity' USING ERRCODE = 'restrict_violation';
    END IF;
    IF v_before < v_after THEN
        UPDATE activities_activity SET taken = taken + 1 WHERE id = NEW.activity_id AND status = 'open';
        IF NOT FOUND THEN  -- called off since the look: the row's newest version decides
            RAISE EXCEPTION 'activity % was called off', NEW.activity_id USING ERRCODE = 'AC001';
        END IF;
    ELSIF v_before > v_after THEN
        UPDATE activities_activity SET taken = taken - 1 WHERE id = OLD.activity_id;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE VIEW activities_breach AS
SELECT 'activity counts its participants' AS promise, a.id AS row_id FROM activities_activity a
    WHERE a.taken <> (
        SELECT count(*) FROM activities_participation p WHERE p.activity_id = a.id AND p.status NOT IN ('cancelled', 'absent'))
UNION ALL
SELECT 'activity has a place for everybody who takes part', a.id FROM activities_activity a
    WHERE a.capacity < (
        SELECT count(*) FROM activities_participation p WHERE p.activity_id = a.id AND p.status NOT IN ('cancelled', 'absent'))
UNION ALL
SELECT 'confirmed participation with points has its award', p.id FROM activities_participation p
    WHERE p.status = 'confirmed' AND coalesce(p.points, 0) > 0 AND NOT EXISTS (
        SELECT FROM points_entry e WHERE e.id = p.entry_id AND e.kind = 'award')
UNION ALL
SELECT 'award of a participation gives what its row says to whom it names', p.id FROM activities_participation p
    JOIN points_posting m ON m.entry_id = p.entry_id JOIN points_account a ON a.id = m.destination_id
    WHERE m.amount <> p.points OR a.resident_id IS DISTINCT FROM p.resident_id
UNION ALL
SELECT 'award of a participation belongs to one', n.id FROM points_entry n
    WHERE n.key LIKE 'participation:%' AND n.kind = 'award'
        AND NOT EXISTS (SELECT FROM activities_participation p WHERE p.entry_id = n.id);
