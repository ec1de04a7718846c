-- What was drawn stays as it was drawn: the salt is opened once and belongs to its commitment, and nothing of a draw goes away.
CREATE FUNCTION nightschool_keep_draw() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION '% of % is refused: a draw stays', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.course_id, NEW.commitment, NEW.committed_at, NEW.sealed) IS DISTINCT FROM (OLD.course_id, OLD.commitment, OLD.committed_at, OLD.sealed)
        OR (OLD.drawn_at IS NOT NULL AND (NEW.salt, NEW.entries, NEW.drawn_at, NEW.drawn_by_id)
            IS DISTINCT FROM (OLD.salt, OLD.entries, OLD.drawn_at, OLD.drawn_by_id)) THEN
        RAISE EXCEPTION 'the draw of course % is on record as it is', OLD.course_id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.salt <> '' AND encode(sha256(convert_to(NEW.salt, 'UTF8')), 'hex') <> NEW.commitment THEN
        RAISE EXCEPTION 'the salt of course % is not the one that was promised', NEW.course_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_draw BEFORE UPDATE OR DELETE ON nightschool_draw FOR EACH ROW EXECUTE FUNCTION nightschool_keep_draw();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON nightschool_draw FOR EACH STATEMENT EXECUTE FUNCTION nightschool_keep_draw();

-- How a course gives its seats is fixed when it opens: people have come for it.
CREATE FUNCTION nightschool_keep_mode() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.status <> 'draft' AND (NEW.mode, NEW.community_id) IS DISTINCT FROM (OLD.mode, OLD.community_id) THEN
        RAISE EXCEPTION 'course % was opened otherwise', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_mode BEFORE UPDATE ON nightschool_course FOR EACH ROW EXECUTE FUNCTION nightschool_keep_mode();

ALTER TABLE nightschool_coursephoto ADD CONSTRAINT course_photo_bytes CHECK (octet_length(jpeg) BETWEEN 1 AND 40960);

-- Nobody joins anything whose file is closed (communities/sql/0005_closed.sql).
CREATE TRIGGER still_open BEFORE INSERT ON nightschool_waiting FOR EACH ROW EXECUTE FUNCTION communities_still_open();
CREATE TRIGGER still_open BEFORE INSERT ON nightschool_application FOR EACH ROW EXECUTE FUNCTION communities_still_open();
CREATE TRIGGER still_open BEFORE INSERT ON nightschool_priorityloss FOR EACH ROW EXECUTE FUNCTION communities_still_open();
