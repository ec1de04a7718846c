-- The seats of a course, counted on the rows that take them, so that every path obeys: pages, REST, shell, raw SQL.
-- CHECK course_seats is the promise; the trigger's UPDATE locks the course row last (design, 3 “Guarded counters”).
CREATE FUNCTION nightschool_count_seat() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_before int := 0;
    v_after int := 0;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status = 'seated' THEN v_before := 1; END IF;
    IF TG_OP <> 'DELETE' AND NEW.status = 'seated' THEN v_after := 1; END IF;
    IF TG_OP = 'UPDATE' AND OLD.course_id <> NEW.course_id THEN
        RAISE EXCEPTION 'a seat does not move to another course' USING ERRCODE = 'restrict_violation';
    END IF;
    IF v_before < v_after THEN
        UPDATE nightschool_course SET taken = taken + 1 WHERE id = NEW.course_id AND status = 'open';
        IF NOT FOUND THEN  -- closed by staff since the look: the row's newest version decides
            RAISE EXCEPTION 'course % is not open', NEW.course_id USING ERRCODE = 'NS001';
        END IF;
    ELSIF v_before > v_after THEN
        UPDATE nightschool_course SET taken = taken - 1 WHERE id = OLD.course_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_seat AFTER INSERT OR UPDATE OR DELETE ON nightschool_enrolment
    FOR EACH ROW EXECUTE FUNCTION nightschool_count_seat();

CREATE FUNCTION nightschool_keep_taken() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.taken := 0;
    ELSIF NEW.taken <> OLD.taken AND pg_trigger_depth() < 2 THEN
        NEW.taken := OLD.taken;  -- a stale `course.save()` must not set the counter back
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_taken BEFORE INSERT OR UPDATE ON nightschool_course
    FOR EACH ROW EXECUTE FUNCTION nightschool_keep_taken();

CREATE VIEW nightschool_breach AS
SELECT 'course counts its seated enrolments' AS promise, c.id AS row_id FROM nightschool_course c
    WHERE c.taken <> (SELECT count(*) FROM nightschool_enrolment e WHERE e.course_id = c.id AND e.status = 'seated')
UNION ALL
SELECT 'course has a seat for everybody seated', c.id FROM nightschool_course c
    WHERE c.capacity < (SELECT count(*) FROM nightschool_enrolment e WHERE e.course_id = c.id AND e.status = 'seated')
UNION ALL
SELECT 'seated enrolment is charged and not refunded', e.id FROM nightschool_enrolment e
    WHERE e.status = 'seated' AND e.price > 0 AND (
        e.entry_id IS NULL OR EXISTS (SELECT FROM points_entry r WHERE r.reverses_id = e.entry_id))
UNION ALL
SELECT 'charge of an enrolment is its price', e.id FROM nightschool_enrolment e
    WHERE e.entry_id IS NOT NULL AND e.price <> (
        SELECT coalesce(sum(p.amount), 0) FROM points_posting p JOIN points_account a ON a.id = p.source_id AND a.kind = 'wallet'
        WHERE p.entry_id = e.entry_id)
UNION ALL
SELECT 'cancelled enrolment is refunded', e.id FROM nightschool_enrolment e
    WHERE e.status = 'cancelled' AND e.price > 0 AND NOT EXISTS (
        SELECT FROM points_entry r WHERE r.id = e.refund_id AND r.reverses_id = e.entry_id)
UNION ALL
SELECT 'charge of an enrolment belongs to one', n.id FROM points_entry n
    WHERE n.key LIKE 'enrolment:%' AND n.kind = 'charge'
        AND NOT EXISTS (SELECT FROM nightschool_enrolment e WHERE e.entry_id = n.id);
