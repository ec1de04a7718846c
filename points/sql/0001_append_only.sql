-- Entries, postings and draws are written once. Mistakes are reversed, never changed (design, 3.4).
CREATE SCHEMA books;  -- the functions' inner rooms: the application's role has no USAGE here

CREATE FUNCTION books.append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON points_entry FOR EACH ROW EXECUTE FUNCTION books.append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON points_posting FOR EACH ROW EXECUTE FUNCTION books.append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON points_draw FOR EACH ROW EXECUTE FUNCTION books.append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON points_entry FOR EACH STATEMENT EXECUTE FUNCTION books.append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON points_posting FOR EACH STATEMENT EXECUTE FUNCTION books.append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON points_draw FOR EACH STATEMENT EXECUTE FUNCTION books.append_only();
