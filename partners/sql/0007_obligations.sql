-- 履约: what was confirmed, evaluated and rated stands as it was; nobody is suspended or told to leave twice (unique indexes).
CREATE FUNCTION partners_keep_delivery() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'reported'
        OR to_jsonb(NEW) - '{status,settled_by_id,settled_at,settled_note}'::text[]
            IS DISTINCT FROM to_jsonb(OLD) - '{status,settled_by_id,settled_at,settled_note}'::text[] THEN
        RAISE EXCEPTION 'delivery % stands as it was', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_delivery BEFORE UPDATE OR DELETE ON partners_delivery FOR EACH ROW EXECUTE FUNCTION partners_keep_delivery();
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON partners_evaluation FOR EACH ROW EXECUTE FUNCTION partners_never_changed();

-- Words go when a file is closed; stars stay.
CREATE FUNCTION partners_keep_rating() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'remark' IS DISTINCT FROM to_jsonb(OLD) - 'remark' THEN
        RAISE EXCEPTION 'rating % stands as it was', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_rating BEFORE UPDATE OR DELETE ON partners_rating FOR EACH ROW EXECUTE FUNCTION partners_keep_rating();

-- Nobody complains about or rates anything whose file is closed (communities/sql/0005_closed.sql).
CREATE TRIGGER still_open BEFORE INSERT ON partners_complaint FOR EACH ROW EXECUTE FUNCTION communities_still_open();
CREATE TRIGGER still_open BEFORE INSERT ON partners_rating FOR EACH ROW EXECUTE FUNCTION communities_still_open();

CREATE VIEW partners_obligations_breach AS
SELECT 'delivery is confirmed by a colleague or by residents who were there' AS promise, d.id AS row_id FROM partners_delivery d
    WHERE d.status = 'confirmed' AND d.settled_by_id IS NULL
        AND NOT EXISTS (SELECT FROM partners_rating r WHERE r.delivery_id = d.id AND r.at <= d.settled_at)
UNION ALL
SELECT 'delivery is of a day within the term of its agreement', d.id
    FROM partners_delivery d JOIN partners_promise p ON p.id = d.promise_id JOIN partners_agreement a ON a.id = p.agreement_id
    WHERE d."on" < a.starts_on OR d."on" > a.ends_on
UNION ALL
SELECT 'partner that is to leave has no agreement that runs on', l.id
    FROM partners_leaving l JOIN partners_agreement a ON a.id = l.agreement_id
    WHERE l.status IN ('decided', 'done') AND a.ended_on IS NULL
        AND a.ends_on >= (l.decided_at AT TIME ZONE 'Asia/Shanghai')::date;
