-- 交接: no child leaves but with whom it may, by whom it may be let go, after the check. Asked of whoever writes the row.
CREATE FUNCTION childcare_handover_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Of what is older than its three years nothing is promised any more (domain guide, 13.4).
    IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' THEN
        IF OLD.day < (now() AT TIME ZONE 'Asia/Shanghai')::date - interval '3 years' THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'a hand-over stays as it was written' USING ERRCODE = 'CC050';
END $$;

CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON childcare_handover FOR EACH ROW EXECUTE FUNCTION childcare_handover_stays();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON childcare_handover FOR EACH STATEMENT EXECUTE FUNCTION childcare_handover_stays();

-- On duty at the centre on the day, by a clear check that still counts.
CREATE FUNCTION childcare_on_duty(p_staffer bigint, p_centre bigint, p_day date) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM childcare_turn t JOIN childcare_staffer s ON s.id = t.staffer_id
        WHERE (t.staffer_id, t.centre_id, t.day) = (p_staffer, p_centre, p_day) AND s.centre_id = p_centre
            AND s.record_due >= p_day AND (s.left_on IS NULL OR s.left_on >= p_day)
        FOR SHARE;
    RETURN FOUND;
END $$;

-- Whether a bar stands against who comes; read after the child's row was held, so that none is being written meanwhile. Of what is
-- typed in from paper `p_at` is its hour: what was written later did not stand then. All others ask of any bar.
CREATE FUNCTION childcare_is_barred(p_child bigint, p_key text, p_resident bigint, p_at timestamptz DEFAULT 'infinity') RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM childcare_barred b WHERE b.child_id = p_child AND b.ended_at IS NULL AND b.at <= p_at
        AND (b.name_key = p_key OR b.resident_id = p_resident))
$$;

-- Whoever is still there after midnight belongs to the day before, until six in the morning.
CREATE FUNCTION childcare_day_of(p_day date, p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p_day = (p_at AT TIME ZONE 'Asia/Shanghai')::date
        OR p_day = ((p_at - interval '6 hours') AT TIME ZONE 'Asia/Shanghai')::date
$$;

CREATE FUNCTION childcare_ask_handover() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_centre bigint;
    v_alone boolean;
    v_child bigint;
    v_key text;
    v_adult bigint;
    v_tail text := '';
    v_good boolean;
    v_on date := (NEW.at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    PERFORM FROM communities_resident WHERE id = NEW.child_id FOR SHARE;
    SELECT g.centre_id, p.alone INTO v_centre, v_alone FROM childcare_place p JOIN childcare_group g ON g.id = p.group_id
        WHERE p.id = NEW.place_id AND p.child_id = NEW.child_id AND p.status IN ('held', 'ended') AND p.starts_on <= NEW.day
            AND (p.ends_on IS NULL OR p.ends_on >= NEW.day) AND childcare_day_of(NEW.day, NEW.at);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no place of the child on that day' USING ERRCODE = 'CC051';
    END IF;
    PERFORM FROM childcare_attendance a WHERE (a.place_id, a.day) = (NEW.place_id, NEW.day) AND a.arrived_at <= NEW.at
        AND a.left_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the child is not there' USING ERRCODE = 'CC052';
    END IF;
    IF NOT childcare_on_duty(NEW.staffer_id, v_centre, NEW.day) THEN
        RAISE EXCEPTION 'not on duty' USING ERRCODE = 'CC053';
    END IF;
    IF NEW.second_id IS NOT NULL AND NOT childcare_on_duty(NEW.second_id, v_centre, NEW.day) THEN
        RAISE EXCEPTION 'the second is not on duty' USING ERRCODE = 'CC057';
    END IF;

    -- Who comes: whose child, still good at that moment, with which document.
    IF NEW.way = 'guardian' THEN
        SELECT w.child_id, w.ended_at IS NULL OR NEW.on_paper AND w.ended_at > NEW.at, r.document_tail, r.id
            INTO v_child, v_good, v_tail, v_adult
            FROM communities_guardian w JOIN communities_resident r ON r.id = w.guardian_id WHERE w.id = NEW.guardian_id FOR SHARE OF w;
    ELSIF NEW.way = 'carer' THEN
        SELECT c.child_id, c.ended_at IS NULL OR NEW.on_paper AND c.ended_at > NEW.at, c.name_key INTO v_child, v_good, v_key
            FROM childcare_carer c WHERE c.id = NEW.carer_id FOR SHARE;
    ELSIF NEW.way = 'pickup' THEN
        SELECT p.child_id, p.valid_from <= v_on AND p.valid_until >= NEW.day AND NOT (p.once AND p.used_at IS NOT NULL)
                AND (p.revoked_at IS NULL OR NEW.on_paper AND p.revoked_at > NEW.at), p.id_tail, p.name_key
            INTO v_child, v_good, v_tail, v_key
            FROM childcare_pickup p WHERE p.id = NEW.pickup_id FOR NO KEY UPDATE;
    ELSIF NEW.way = 'code' THEN
        SELECT c.child_id, c.day IN (NEW.day, v_on) AND c.used_at IS NULL AND c.revoked_at IS NULL, c.id_tail, c.name_key
            INTO v_child, v_good, v_tail, v_key
            FROM childcare_pickupcode c WHERE c.id = NEW.code_id FOR NO KEY UPDATE;
    ELSE
        v_child := NEW.child_id;
        v_good := v_alone
            AND EXISTS (SELECT FROM childcare_carefile f WHERE f.child_id = NEW.child_id AND f.grade >= 4)
            AND EXISTS (SELECT FROM communities_consent k WHERE k.resident_id = NEW.child_id AND k.purpose = 'care_alone'
                AND k.given_at <= NEW.at AND (k.withdrawn_at IS NULL OR NEW.on_paper AND k.withdrawn_at > NEW.at));
    END IF;
    IF v_child IS DISTINCT FROM NEW.child_id THEN
        RAISE EXCEPTION 'this person comes for another child' USING ERRCODE = 'CC054';
    END IF;
    IF childcare_is_barred(NEW.child_id, v_key, v_adult, CASE WHEN NEW.on_paper THEN NEW.at ELSE 'infinity' END) THEN
        RAISE EXCEPTION 'barred' USING ERRCODE = 'CC055';
    END IF;
    IF v_good IS NOT TRUE THEN
        RAISE EXCEPTION 'not good at that moment' USING ERRCODE = CASE NEW.way WHEN 'alone' THEN 'CC058' ELSE 'CC059' END;
    END IF;
    IF NEW.seen_tail <> '' AND v_tail <> '' AND NEW.seen_tail <> v_tail THEN
        RAISE EXCEPTION 'the document is another one' USING ERRCODE = 'CC056';
    END IF;
    -- A client has seen nobody: only what can be compared proves who came.
    IF NEW.way <> 'code' AND (NEW.check_used <> 'document' OR coalesce(v_tail, '') = '')
        AND EXISTS (SELECT FROM communities_user WHERE id = NEW.by_id AND kind = 'service') THEN
        RAISE EXCEPTION 'nothing proves who came' USING ERRCODE = 'CC05A';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ask_handover BEFORE INSERT ON childcare_handover FOR EACH ROW EXECUTE FUNCTION childcare_ask_handover();

CREATE FUNCTION childcare_handed_over() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE childcare_pickup SET used_at = NEW.at WHERE id = NEW.pickup_id AND once;
    UPDATE childcare_pickupcode SET used_at = NEW.at WHERE id = NEW.code_id;
    RETURN NULL;
END $$;

CREATE TRIGGER handed_over AFTER INSERT ON childcare_handover FOR EACH ROW EXECUTE FUNCTION childcare_handed_over();

-- What was said of a person stays; what was revoked or used never comes back; nobody is sent whom a bar names.
CREATE FUNCTION childcare_keep_pickup() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (
        NEW.child_id <> OLD.child_id OR OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
        OR OLD.used_at IS NOT NULL AND NEW.used_at IS DISTINCT FROM OLD.used_at
        OR OLD.revoked_at IS NULL AND to_jsonb(NEW) - '{used_at,revoked_at,revoked_by_id}'::text[]
            <> to_jsonb(OLD) - '{used_at,revoked_at,revoked_by_id}'::text[]) THEN
        RAISE EXCEPTION 'a pick-up person is revoked, not changed' USING ERRCODE = 'CC050';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.revoked_at IS NULL THEN
        PERFORM FROM communities_resident WHERE id = NEW.child_id FOR SHARE;
        IF childcare_is_barred(NEW.child_id, NEW.name_key, NULL) THEN
            RAISE EXCEPTION 'barred' USING ERRCODE = 'CC055';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_pickup BEFORE INSERT OR UPDATE ON childcare_pickup FOR EACH ROW EXECUTE FUNCTION childcare_keep_pickup();

CREATE FUNCTION childcare_keep_code() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (
        (NEW.child_id, NEW.day, NEW.code_hash) IS DISTINCT FROM (OLD.child_id, OLD.day, OLD.code_hash)
        OR NEW.tries < OLD.tries
        OR OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
        OR OLD.used_at IS NOT NULL AND NEW.used_at IS DISTINCT FROM OLD.used_at
        OR OLD.revoked_at IS NULL AND OLD.used_at IS NULL
            AND (NEW.name, NEW.name_key, NEW.id_tail) IS DISTINCT FROM (OLD.name, OLD.name_key, OLD.id_tail)) THEN
        RAISE EXCEPTION 'a code is revoked, not changed' USING ERRCODE = 'CC050';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.revoked_at IS NULL THEN
        PERFORM FROM communities_resident WHERE id = NEW.child_id FOR SHARE;
        IF childcare_is_barred(NEW.child_id, NEW.name_key, NULL) THEN
            RAISE EXCEPTION 'barred' USING ERRCODE = 'CC055';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_code BEFORE INSERT OR UPDATE ON childcare_pickupcode FOR EACH ROW EXECUTE FUNCTION childcare_keep_code();

-- Nor does anybody look after the child whom a bar names.
CREATE FUNCTION childcare_keep_carer() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.ended_at IS NULL THEN
        PERFORM FROM communities_resident WHERE id = NEW.child_id FOR SHARE;
        IF childcare_is_barred(NEW.child_id, NEW.name_key, NULL) THEN
            RAISE EXCEPTION 'barred' USING ERRCODE = 'CC055';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_carer BEFORE INSERT OR UPDATE OF name_key, child_id ON childcare_carer
    FOR EACH ROW EXECUTE FUNCTION childcare_keep_carer();

-- A bar is lifted, not changed; sealed anew it may be (manage.py reseal), and while it stands it may be told whose file it is, where
-- it knew the name alone, or the file of somebody who is no guardian of the child any more.
CREATE FUNCTION childcare_keep_barred() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        -- Forgotten with the file: who has no place any more is collected by nobody.
        IF OLD.ended_at IS NOT NULL OR NOT EXISTS (
            SELECT FROM childcare_place p WHERE p.child_id = OLD.child_id AND p.status IN ('waiting', 'offered', 'held')
        ) THEN
            RETURN OLD;
        END IF;
    ELSIF to_jsonb(NEW) - '{facts,lifted,ended_at,ended_by_id,resident_id}'::text[]
            = to_jsonb(OLD) - '{facts,lifted,ended_at,ended_by_id,resident_id}'::text[]
        AND (OLD.ended_at IS NULL OR NEW.ended_at IS NOT DISTINCT FROM OLD.ended_at)
        AND (NEW.resident_id IS NOT DISTINCT FROM OLD.resident_id OR OLD.ended_at IS NULL AND NEW.resident_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM communities_guardian g WHERE g.child_id = OLD.child_id AND g.guardian_id = OLD.resident_id AND g.ended_at IS NULL
        )) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a bar is lifted, not changed' USING ERRCODE = 'CC050';
END $$;

CREATE TRIGGER keep_barred BEFORE UPDATE OR DELETE ON childcare_barred FOR EACH ROW EXECUTE FUNCTION childcare_keep_barred();

CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON childcare_pickup
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', 'child_id');
CREATE TRIGGER log_change AFTER INSERT OR UPDATE OF used_at, revoked_at OR DELETE ON childcare_pickupcode
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', 'child_id');
CREATE TRIGGER log_change AFTER INSERT OR UPDATE OF ended_at OR DELETE ON childcare_barred
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', 'child_id');

CREATE VIEW childcare_handover_breach AS
SELECT 'hand-over is of the child whose place it is' AS promise, h.id AS row_id FROM childcare_handover h
    JOIN childcare_place p ON p.id = h.place_id WHERE p.child_id <> h.child_id OR NOT childcare_day_of(h.day, h.at)
UNION ALL
SELECT 'handed over is to somebody of that child', h.id FROM childcare_handover h
    LEFT JOIN communities_guardian w ON w.id = h.guardian_id LEFT JOIN childcare_pickup p ON p.id = h.pickup_id
    LEFT JOIN childcare_carer r ON r.id = h.carer_id LEFT JOIN childcare_pickupcode c ON c.id = h.code_id
    WHERE h.way <> 'alone' AND coalesce(w.child_id, p.child_id, r.child_id, c.child_id) IS DISTINCT FROM h.child_id
UNION ALL
SELECT 'handed over is to a pick-up person who was good that day', h.id FROM childcare_handover h
    JOIN childcare_pickup p ON p.id = h.pickup_id
    WHERE p.valid_from > (h.at AT TIME ZONE 'Asia/Shanghai')::date OR p.valid_until < h.day OR p.revoked_at < h.at OR p.once AND p.used_at IS DISTINCT FROM h.at
UNION ALL
SELECT 'code is used by its one hand-over, on its day', c.id FROM childcare_pickupcode c
    LEFT JOIN childcare_handover h ON h.code_id = c.id
    WHERE h.at IS DISTINCT FROM c.used_at OR c.day NOT IN (h.day, (h.at AT TIME ZONE 'Asia/Shanghai')::date) OR c.revoked_at < c.used_at
UNION ALL
SELECT 'handed over is by who worked at that centre', h.id FROM childcare_handover h
    JOIN childcare_place p ON p.id = h.place_id JOIN childcare_group g ON g.id = p.group_id
    JOIN childcare_staffer s ON s.id IN (h.staffer_id, h.second_id) WHERE s.centre_id <> g.centre_id
UNION ALL
SELECT 'nobody is sent whom a bar names', p.id FROM childcare_pickup p
    JOIN childcare_barred b ON b.child_id = p.child_id AND b.name_key = p.name_key AND b.ended_at IS NULL WHERE p.revoked_at IS NULL;
