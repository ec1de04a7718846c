-- 托位: an open offer counts like a place, so that nobody else takes it. CHECK group_places is the promise. The UPDATE locks the
-- group's row last.
CREATE FUNCTION childcare_count_place() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_before int := 0;
    v_after int := 0;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        v_before := (OLD.status IN ('held', 'offered'))::int;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        v_after := (NEW.status IN ('held', 'offered'))::int;
    END IF;
    IF v_after > v_before THEN
        UPDATE childcare_group SET taken = taken + 1 WHERE id = NEW.group_id AND status = 'open';
        IF NOT FOUND THEN  -- closed by staff since the look: the row's newest version decides
            RAISE EXCEPTION 'group % is not open', NEW.group_id USING ERRCODE = 'CC020';
        END IF;
    ELSIF v_after < v_before THEN
        UPDATE childcare_group SET taken = taken - 1 WHERE id = OLD.group_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_place AFTER INSERT OR UPDATE OR DELETE ON childcare_place
    FOR EACH ROW EXECUTE FUNCTION childcare_count_place();

CREATE FUNCTION childcare_keep_taken() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.taken := 0;
    ELSIF pg_trigger_depth() < 2 THEN  -- a stale `group.save()` must not set the counter back
        NEW.taken := OLD.taken;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_taken BEFORE INSERT OR UPDATE ON childcare_group
    FOR EACH ROW EXECUTE FUNCTION childcare_keep_taken();

-- A place is of one child in one group; what is over stays over; nobody's last day is before a day on which the child was there.
CREATE FUNCTION childcare_keep_place() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.group_id, NEW.child_id) <> (OLD.group_id, OLD.child_id) OR OLD.status IN ('ended', 'withdrawn') AND NEW.status <> OLD.status THEN
        RAISE EXCEPTION 'place % does not move, nor come back', OLD.id USING ERRCODE = 'CC021';
    END IF;
    IF NEW.ends_on IS DISTINCT FROM OLD.ends_on AND EXISTS (
        SELECT FROM childcare_attendance a WHERE a.place_id = NEW.id AND a.arrived_at IS NOT NULL AND a.day > NEW.ends_on) THEN
        RAISE EXCEPTION 'place % was used after that day', OLD.id USING ERRCODE = 'CC023';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_place BEFORE UPDATE ON childcare_place FOR EACH ROW EXECUTE FUNCTION childcare_keep_place();

-- How many children the open groups of a centre hold at once at the fullest moment: on the first day of one, when one begins.
CREATE FUNCTION childcare_peak(p_centre bigint) RETURNS int
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(max(at_once.children), 0)::int FROM (
        SELECT sum(h.capacity) AS children FROM childcare_group d
        JOIN childcare_group t ON t.centre_id = d.centre_id AND t.status = 'open'
        CROSS JOIN LATERAL unnest(t.weekdays) AS w(day)
        JOIN childcare_group h ON h.centre_id = d.centre_id AND h.status = 'open' AND d.first_on BETWEEN h.first_on AND h.last_on
            AND h.starts <= t.starts AND t.starts < h.ends AND w.day = ANY (h.weekdays)
        WHERE d.centre_id = p_centre AND d.status = 'open' GROUP BY d.id, t.id, w.day
    ) AS at_once
$$;

CREATE FUNCTION childcare_within_licence() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_centre bigint := CASE TG_TABLE_NAME WHEN 'childcare_centre' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'centre_id')::bigint END;
    v_licensed int;
BEGIN
    -- The centre is held, so that two groups are not opened into the same last seats.
    SELECT licensed INTO v_licensed FROM childcare_centre WHERE id = v_centre FOR NO KEY UPDATE;
    IF childcare_peak(v_centre) > v_licensed THEN
        RAISE EXCEPTION 'centre % has more children at once than licensed', v_centre USING ERRCODE = 'CC022';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER within_licence AFTER INSERT OR UPDATE OF status, capacity, weekdays, starts, ends, first_on, last_on, centre_id ON childcare_group
    FOR EACH ROW WHEN (NEW.status = 'open') EXECUTE FUNCTION childcare_within_licence();
CREATE TRIGGER within_licence AFTER UPDATE OF licensed ON childcare_centre
    FOR EACH ROW WHEN (NEW.licensed < OLD.licensed) EXECUTE FUNCTION childcare_within_licence();

CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON childcare_place
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', 'child_id');

CREATE VIEW childcare_places_breach AS
SELECT 'group counts its places and open offers' AS promise, g.id AS row_id FROM childcare_group g
    WHERE g.taken <> (SELECT count(*) FROM childcare_place p WHERE p.group_id = g.id AND p.status IN ('held', 'offered'))
UNION ALL
SELECT 'centre has never more children at once than its licence', c.id FROM childcare_centre c WHERE childcare_peak(c.id) > c.licensed
UNION ALL
SELECT 'nobody waits in front of a free place', g.id FROM childcare_group g
    WHERE g.status = 'open' AND g.taken < g.capacity
        AND EXISTS (SELECT FROM childcare_place p WHERE p.group_id = g.id AND p.status = 'waiting')
UNION ALL
SELECT 'open group runs in its own room', b.id FROM childcare_group g JOIN venues_booking b ON b.series_id = g.series_id
    WHERE b.room_id <> g.room_id OR b.use <> 'care' OR (b.starts_at AT TIME ZONE 'Asia/Shanghai')::time <> g.starts
        OR (b.ends_at AT TIME ZONE 'Asia/Shanghai')::time <> g.ends;
