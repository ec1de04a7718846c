-- 招募: nobody changes a call once it is published, marks keep to its sheet, and they are written while it is scored, no other time.

CREATE FUNCTION partners_keep_call() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_free text[] := '{status,published_by_id,published_at,withdrawn_reason}';
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status <> 'draft'
        AND (NEW.status = 'draft' OR to_jsonb(NEW) - v_free IS DISTINCT FROM to_jsonb(OLD) - v_free) THEN
        RAISE EXCEPTION 'call % is published', OLD.id USING ERRCODE = 'PA040';
    END IF;
    IF NEW.status NOT IN ('draft', 'withdrawn') AND 100 <> (
        SELECT coalesce(sum(c.weight), 0) FROM partners_criterion c WHERE c.call_id = NEW.id) THEN
        RAISE EXCEPTION 'the sheet of call % does not weigh 100', NEW.id USING ERRCODE = 'PA041';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_call BEFORE INSERT OR UPDATE ON partners_call FOR EACH ROW EXECUTE FUNCTION partners_keep_call();

CREATE FUNCTION partners_keep_sheet() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM partners_call c WHERE c.status <> 'draft' AND c.id IN (
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.call_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.call_id END)) THEN
        RAISE EXCEPTION 'the sheet of a published call is not changed' USING ERRCODE = 'PA040';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER keep_sheet BEFORE INSERT OR UPDATE OR DELETE ON partners_criterion
    FOR EACH ROW EXECUTE FUNCTION partners_keep_sheet();

-- Whether these marks are given by a reviewer of the call, one for each criterion and none above its weight.
CREATE FUNCTION partners_fits_sheet(p partners_review) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM partners_application a JOIN partners_reviewer r ON r.call_id = a.call_id
            WHERE a.id = p.application_id AND r.id = p.reviewer_id)
        AND p.total = (SELECT coalesce(sum(m), 0) FROM unnest(p.marks) m)
        AND (SELECT count(*) = cardinality(p.marks) AND bool_and(coalesce(p.marks[c."order"] <= c.weight, false))
            FROM partners_criterion c JOIN partners_application a ON a.call_id = c.call_id WHERE a.id = p.application_id)
$$;

CREATE FUNCTION partners_keep_marks() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN  -- with the application that nobody may keep for longer (partners/joining/forgetting.py)
        IF EXISTS (SELECT FROM partners_application a JOIN partners_call c ON c.id = a.call_id
            WHERE a.id = OLD.application_id AND c.status IN ('scoring', 'ranked')) THEN
            RAISE EXCEPTION 'marks stay until the call is settled' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF NOT EXISTS (SELECT FROM partners_application a JOIN partners_call c ON c.id = a.call_id
        JOIN partners_reviewer w ON w.id = NEW.reviewer_id AND w.excused_at IS NULL
        WHERE a.id = NEW.application_id AND c.status = 'scoring' FOR KEY SHARE OF c) THEN
        RAISE EXCEPTION 'application % is not being scored', NEW.application_id USING ERRCODE = 'PA042';
    END IF;
    IF NOT partners_fits_sheet(NEW) THEN
        RAISE EXCEPTION 'marks do not keep to the sheet' USING ERRCODE = 'PA043';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_marks BEFORE INSERT OR UPDATE OR DELETE ON partners_review
    FOR EACH ROW EXECUTE FUNCTION partners_keep_marks();

-- A reviewer is excused once, and before all marks are in: afterwards it would choose the result.
CREATE FUNCTION partners_keep_reviewer() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_free text[] := '{excused_by_id,excused_at,excuse}';
BEGIN
    IF OLD.excused_at IS NOT NULL OR to_jsonb(NEW) - v_free IS DISTINCT FROM to_jsonb(OLD) - v_free
        OR NOT EXISTS (SELECT FROM partners_call c WHERE c.id = OLD.call_id AND c.status = 'scoring' FOR KEY SHARE) THEN
        RAISE EXCEPTION 'reviewer % stays', OLD.id USING ERRCODE = 'PA042';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_reviewer BEFORE UPDATE ON partners_reviewer FOR EACH ROW EXECUTE FUNCTION partners_keep_reviewer();

CREATE VIEW partners_joining_breach AS
SELECT 'published call has a sheet that weighs 100' AS promise, c.id AS row_id FROM partners_call c
    WHERE c.status NOT IN ('draft', 'withdrawn')
        AND 100 <> (SELECT coalesce(sum(m.weight), 0) FROM partners_criterion m WHERE m.call_id = c.id)
UNION ALL
SELECT 'marks keep to the sheet and add up', r.id FROM partners_review r WHERE NOT partners_fits_sheet(r)
UNION ALL
SELECT 'ranked call has the marks of every reviewer', a.id
    FROM partners_application a JOIN partners_call c ON c.id = a.call_id AND c.status IN ('ranked', 'settled')
    WHERE a.rank IS NOT NULL AND (SELECT count(*) FROM partners_reviewer w WHERE w.call_id = c.id AND w.excused_at IS NULL)
        <> (SELECT count(*) FROM partners_review r JOIN partners_reviewer w ON w.id = r.reviewer_id AND w.excused_at IS NULL
            WHERE r.application_id = a.id)
UNION ALL
SELECT 'who was admitted was shown to everybody and is a partner', a.id
    FROM partners_application a JOIN partners_partner p ON p.id = a.partner_id
    WHERE a.status = 'admitted' AND (p.admitted_at IS NULL OR NOT EXISTS (
        SELECT FROM communities_noticeitem i JOIN communities_notice n ON n.id = i.notice_id
        WHERE i.about = 'partner:' || a.id AND i.live AND n.published_at IS NOT NULL));
