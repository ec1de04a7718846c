-- 每天: an attendance is of a day on which the place is held and the group runs; who left, says the hand-over alone.
CREATE FUNCTION childcare_keep_attendance() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.left_at IS NOT NULL AND (TG_OP = 'DELETE'
        OR (NEW.place_id, NEW.day, NEW.arrived_at) IS DISTINCT FROM (OLD.place_id, OLD.day, OLD.arrived_at)) THEN
        -- What is forgotten after its years goes whole, the hand-over first.
        IF TG_OP = 'UPDATE' OR EXISTS (SELECT FROM childcare_handover h WHERE (h.place_id, h.day) = (OLD.place_id, OLD.day)) THEN
            RAISE EXCEPTION 'attendance % was handed over', OLD.id USING ERRCODE = 'CC031';
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF (TG_OP = 'INSERT' OR (NEW.place_id, NEW.day) IS DISTINCT FROM (OLD.place_id, OLD.day)) AND NOT EXISTS (
        SELECT FROM childcare_place p JOIN childcare_group g ON g.id = p.group_id
        WHERE p.id = NEW.place_id AND p.status IN ('held', 'ended') AND p.starts_on <= NEW.day
            AND (p.ends_on IS NULL OR p.ends_on >= NEW.day)
            AND g.status <> 'draft' AND NEW.day BETWEEN g.first_on AND g.last_on) THEN
        RAISE EXCEPTION 'no place is held on that day' USING ERRCODE = 'CC030';
    END IF;
    IF (NEW.arrived_at AT TIME ZONE 'Asia/Shanghai')::date <> NEW.day THEN
        RAISE EXCEPTION 'arrived on another day' USING ERRCODE = 'CC032';
    END IF;
    IF NEW.left_at IS DISTINCT FROM (CASE WHEN TG_OP = 'UPDATE' THEN OLD.left_at END) AND NOT EXISTS (
        SELECT FROM childcare_handover h WHERE (h.place_id, h.day, h.at) = (NEW.place_id, NEW.day, NEW.left_at)) THEN
        RAISE EXCEPTION 'left without a hand-over' USING ERRCODE = 'CC031';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_attendance BEFORE INSERT OR UPDATE OR DELETE ON childcare_attendance
    FOR EACH ROW EXECUTE FUNCTION childcare_keep_attendance();

-- The child is safe: the alarm of that day ends with it, whoever wrote it and by whatever path.
CREATE FUNCTION childcare_child_is_safe(p_place bigint, p_day date, p_kind text, p_outcome text, p_by bigint, p_at timestamptz)
RETURNS void LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE childcare_alarm SET closed_at = greatest(p_at, opened_at), closed_by_id = p_by, outcome = p_outcome, held_until = NULL
    WHERE (place_id, day, kind) = (p_place, p_day, p_kind) AND closed_at IS NULL
$$;

-- It was another child, or a wrong tap: where nothing that is written says any more that the child is safe, the alarm goes on.
CREATE FUNCTION childcare_child_is_missed(p_place bigint, p_day date)
RETURNS void LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE childcare_alarm SET closed_at = NULL, closed_by_id = NULL, outcome = ''
    WHERE (place_id, day, kind) = (p_place, p_day, 'not_arrived') AND outcome IN ('已到班', '已登记缺勤', '家长已请假')
        AND NOT EXISTS (SELECT FROM childcare_attendance a WHERE (a.place_id, a.day) = (p_place, p_day)
            AND (a.arrived_at IS NOT NULL OR a.absence IN ('leave', 'sick', 'school')))
        AND NOT EXISTS (SELECT FROM childcare_leavenote n WHERE (n.place_id, n.day) = (p_place, p_day) AND n.withdrawn_at IS NULL)
$$;

CREATE FUNCTION childcare_attendance_written() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM childcare_child_is_missed(OLD.place_id, OLD.day);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN NULL;
    END IF;
    IF NEW.arrived_at IS NOT NULL THEN
        PERFORM childcare_child_is_safe(NEW.place_id, NEW.day, 'not_arrived', '已到班', NEW.by_id, NEW.at);
    ELSIF NEW.absence IN ('leave', 'sick', 'school') THEN
        PERFORM childcare_child_is_safe(NEW.place_id, NEW.day, 'not_arrived', '已登记缺勤', NEW.by_id, NEW.at);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER attendance_written AFTER INSERT OR UPDATE OR DELETE ON childcare_attendance
    FOR EACH ROW EXECUTE FUNCTION childcare_attendance_written();

CREATE FUNCTION childcare_leave_said() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.withdrawn_at IS NULL THEN
        PERFORM childcare_child_is_safe(NEW.place_id, NEW.day, 'not_arrived', '家长已请假', NEW.by_id, NEW.at);
    ELSE
        PERFORM childcare_child_is_missed(NEW.place_id, NEW.day);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER leave_said AFTER INSERT OR UPDATE ON childcare_leavenote
    FOR EACH ROW EXECUTE FUNCTION childcare_leave_said();

-- The hand-over writes when the child left. A child that is not there cannot be handed over.
CREATE FUNCTION childcare_child_left() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE childcare_attendance SET left_at = NEW.at
        WHERE (place_id, day) = (NEW.place_id, NEW.day) AND arrived_at IS NOT NULL AND left_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the child is not there' USING ERRCODE = 'CC033';
    END IF;
    PERFORM childcare_child_is_safe(NEW.place_id, NEW.day, 'not_collected', '已接走', NEW.by_id, NEW.at);
    RETURN NULL;
END $$;

CREATE TRIGGER child_left AFTER INSERT ON childcare_handover
    FOR EACH ROW EXECUTE FUNCTION childcare_child_left();

-- What was said at a roll call, on the telephone and of being late stays as it was said; only a late mark may be excused, an
-- alarm taken on, held, closed and, where the child is not safe after all, opened again (the change log keeps how it was closed).
CREATE FUNCTION childcare_said_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_free text[] := '{}';
    v_open boolean := false;
BEGIN
    IF TG_TABLE_NAME = 'childcare_latemark' THEN
        v_free := '{excused_at,excused_by_id,excuse}';
        v_open := to_jsonb(OLD) ->> 'excused_at' IS NULL;
    ELSIF TG_TABLE_NAME = 'childcare_alarm' THEN
        v_free := '{step,held_until,closed_at,closed_by_id,outcome}';
        v_open := to_jsonb(OLD) ->> 'closed_at' IS NULL OR to_jsonb(NEW) ->> 'closed_at' IS NULL;
    ELSIF TG_TABLE_NAME = 'childcare_call' THEN
        -- Who closes a file is taken out of it (childcare/watching/closing.py).
        v_free := '{whom,note}';
        v_open := to_jsonb(NEW) ->> 'whom' = '（已清除）' OR to_jsonb(NEW) ->> 'note' LIKE '%（已注销居民）%';
    END IF;
    IF v_open AND to_jsonb(NEW) - v_free = to_jsonb(OLD) - v_free THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what was said stays' USING ERRCODE = 'CC034';
END $$;

CREATE TRIGGER said_stays BEFORE UPDATE ON childcare_rollcall FOR EACH ROW EXECUTE FUNCTION childcare_said_stays();
CREATE TRIGGER said_stays BEFORE UPDATE ON childcare_call FOR EACH ROW EXECUTE FUNCTION childcare_said_stays();
CREATE TRIGGER said_stays BEFORE UPDATE ON childcare_latemark FOR EACH ROW EXECUTE FUNCTION childcare_said_stays();
CREATE TRIGGER said_stays BEFORE UPDATE ON childcare_alarm FOR EACH ROW EXECUTE FUNCTION childcare_said_stays();

-- A correction keeps its history; every arrival of every day would only repeat the table.
CREATE TRIGGER log_change AFTER UPDATE OR DELETE ON childcare_attendance FOR EACH ROW EXECUTE FUNCTION communities_log_change('', '');
CREATE TRIGGER log_change AFTER UPDATE OF closed_at ON childcare_alarm FOR EACH ROW EXECUTE FUNCTION communities_log_change('', '');
CREATE TRIGGER log_change AFTER UPDATE OR DELETE ON childcare_leavenote FOR EACH ROW EXECUTE FUNCTION communities_log_change('', '');
CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON childcare_latemark FOR EACH ROW EXECUTE FUNCTION communities_log_change('', 'child_id');

CREATE VIEW childcare_days_breach AS
SELECT 'child left when it was handed over' AS promise, a.id AS row_id FROM childcare_attendance a
    LEFT JOIN childcare_handover h ON (h.place_id, h.day) = (a.place_id, a.day) WHERE h.at IS DISTINCT FROM a.left_at
UNION ALL
SELECT 'handed over is who was there', h.id FROM childcare_handover h
    WHERE NOT EXISTS (SELECT FROM childcare_attendance a WHERE (a.place_id, a.day) = (h.place_id, h.day) AND a.arrived_at IS NOT NULL)
UNION ALL
SELECT 'attendance is of a day on which the place was held', a.id FROM childcare_attendance a
    JOIN childcare_place p ON p.id = a.place_id
    WHERE p.status NOT IN ('held', 'ended') OR p.starts_on > a.day OR p.ends_on < a.day
UNION ALL
SELECT 'alarm ends when the child is safe', m.id FROM childcare_alarm m
    JOIN childcare_attendance a ON (a.place_id, a.day) = (m.place_id, m.day)
    WHERE m.closed_at IS NULL AND (m.kind = 'not_arrived' AND a.arrived_at IS NOT NULL OR m.kind = 'not_collected' AND a.left_at IS NOT NULL)
UNION ALL
SELECT 'late mark is of a late hand-over', l.id FROM childcare_latemark l JOIN childcare_place p ON p.id = l.place_id
    JOIN childcare_group g ON g.id = p.group_id
    LEFT JOIN childcare_handover h ON (h.place_id, h.day, h.child_id) = (l.place_id, l.day, l.child_id)
    WHERE l.minutes IS DISTINCT FROM floor(extract(epoch FROM h.at - (l.day + g.ends) AT TIME ZONE 'Asia/Shanghai') / 60)
UNION ALL
SELECT 'roll call says of nobody both', r.id FROM childcare_rollcall r WHERE r.present && r.missing;
