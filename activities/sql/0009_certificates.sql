-- A numbered proof stays as it was issued (民政部令第67号, 14-17): it is revoked once, or emptied when the person's file is closed,
-- and never deleted, so that the numbers of a community and year have no gap.
CREATE FUNCTION activities_keep_certificate() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_same activities_certificate;
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION '% of % is refused: certificates are revoked, not deleted', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    v_same := NEW;
    IF OLD.revoked_at IS NULL THEN
        v_same.revoked_at := NULL;
        v_same.revoked_by_id := NULL;
        v_same.revoke_reason := '';
    END IF;
    IF NEW.name = '' AND NEW.volunteer_number = '' AND NEW.remarks = '' AND NEW.lines = '[]' THEN
        v_same.name := OLD.name;
        v_same.volunteer_number := OLD.volunteer_number;
        v_same.lines := OLD.lines;
        v_same.remarks := OLD.remarks;
        v_same.revoke_reason := OLD.revoke_reason;
    END IF;
    IF v_same IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'certificate % is on record as it is', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_certificate BEFORE UPDATE OR DELETE ON activities_certificate FOR EACH ROW EXECUTE FUNCTION activities_keep_certificate();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON activities_certificate FOR EACH STATEMENT EXECUTE FUNCTION activities_keep_certificate();

CREATE TRIGGER still_open BEFORE INSERT ON activities_certificaterequest FOR EACH ROW EXECUTE FUNCTION communities_still_open();
