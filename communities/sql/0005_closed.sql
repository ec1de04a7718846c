-- A file that is closed takes on nothing new. Whoever signs somebody up in the moment of closing waits here for what becomes of it:
-- the foreign key alone waits as well, and then finds that the number is still there.
-- Further SQLSTATE: CL001 the file is closed
CREATE FUNCTION communities_still_open() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- The lock of the foreign key, taken before: it waits for a closing, and no other change of the file waits for it. It answers
    -- with the row as it was, so the question is asked by a statement of its own.
    PERFORM 1 FROM communities_resident WHERE id = NEW.resident_id FOR KEY SHARE;
    IF EXISTS (SELECT FROM communities_resident WHERE id = NEW.resident_id AND status = 'closed') THEN
        RAISE EXCEPTION 'resident % has left', NEW.resident_id USING ERRCODE = 'CL001';
    END IF;
    RETURN NEW;
END
$$;
