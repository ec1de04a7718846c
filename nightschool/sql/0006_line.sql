-- Seats with a line: an open offer counts like a seat, so that nobody else takes it; what is taken online is counted besides.
-- CHECKs course_seats and course_online_seats are the promises. The UPDATE locks the course row last.
CREATE FUNCTION nightschool_count(p_course bigint, p_taken int, p_online int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF p_taken > 0 THEN
        UPDATE nightschool_course SET taken = taken + p_taken, online = online + p_online WHERE id = p_course AND status = 'open';
        IF NOT FOUND THEN  -- closed by staff since the look: the row's newest version decides
            RAISE EXCEPTION 'course % is not open', p_course USING ERRCODE = 'NS001';
        END IF;
    ELSIF p_taken <> 0 OR p_online <> 0 THEN
        UPDATE nightschool_course SET taken = taken + p_taken, online = online + p_online WHERE id = p_course;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION nightschool_count_seat() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_counts text := CASE TG_TABLE_NAME WHEN 'nightschool_enrolment' THEN 'seated' ELSE 'offered' END;
    v_before int := 0;
    v_after int := 0;
    v_was_online int := 0;
    v_is_online int := 0;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status = v_counts THEN
        v_before := 1;
        v_was_online := (OLD.channel IN ('phone', 'api'))::int;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.status = v_counts THEN
        v_after := 1;
        v_is_online := (NEW.channel IN ('phone', 'api'))::int;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.course_id <> NEW.course_id THEN
        RAISE EXCEPTION 'a seat does not move to another course' USING ERRCODE = 'restrict_violation';
    END IF;
    IF v_before <> v_after OR v_was_online <> v_is_online THEN
        PERFORM nightschool_count(
            CASE TG_OP WHEN 'DELETE' THEN OLD.course_id ELSE NEW.course_id END, v_after - v_before, v_is_online - v_was_online);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_offer AFTER INSERT OR UPDATE OR DELETE ON nightschool_waiting
    FOR EACH ROW EXECUTE FUNCTION nightschool_count_seat();

CREATE OR REPLACE FUNCTION nightschool_keep_taken() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.taken := 0;
        NEW.online := 0;
    ELSIF pg_trigger_depth() < 2 THEN  -- a stale `course.save()` must not set the counters back
        NEW.taken := OLD.taken;
        NEW.online := OLD.online;
    END IF;
    RETURN NEW;
END $$;
