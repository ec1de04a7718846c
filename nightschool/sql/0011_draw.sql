-- What was drawn stays as it was drawn, person by person; and a view that follows every drawn order from its salt and list.
CREATE FUNCTION nightschool_keep_application() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.course_id, NEW.resident_id, NEW.number) IS DISTINCT FROM (OLD.course_id, OLD.resident_id, OLD.number)
        OR (OLD.rank IS NOT NULL AND (NEW.rank, NEW.lots) IS DISTINCT FROM (OLD.rank, OLD.lots)) THEN
        RAISE EXCEPTION 'application % is on record as it is', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_application BEFORE UPDATE ON nightschool_application FOR EACH ROW EXECUTE FUNCTION nightschool_keep_application();

-- The order of one draw, as docs/draw.md says: the least of the hashes of somebody's lots, ascending, then the number.
CREATE FUNCTION nightschool_drawn(p_salt text, p_entries text) RETURNS TABLE (number int, lots int, rank bigint)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT e.number, e.lots, row_number() OVER (ORDER BY min(encode(sha256(convert_to(p_salt || ':' || e.number || ':' || k, 'UTF8')), 'hex') COLLATE "C"), e.number)
    FROM (
        SELECT split_part(line, ' ', 1)::int AS number, split_part(line, ' ', 2)::int AS lots
        FROM regexp_split_to_table(p_entries, E'\n') AS line WHERE line <> ''
    ) e CROSS JOIN LATERAL generate_series(1, e.lots) AS k
    GROUP BY e.number, e.lots
$$;

CREATE VIEW nightschool_draw_breach AS
SELECT 'an open course by draw has promised its salt' AS promise, c.id AS row_id FROM nightschool_course c
    WHERE c.mode = 'draw' AND c.status = 'open' AND NOT EXISTS (SELECT FROM nightschool_draw d WHERE d.course_id = c.id)
UNION ALL
SELECT 'the salt of a draw is the one that was promised', d.id FROM nightschool_draw d
    WHERE d.salt <> '' AND encode(sha256(convert_to(d.salt, 'UTF8')), 'hex') <> d.commitment
UNION ALL
SELECT 'a drawn order follows from salt and list', d.id FROM nightschool_draw d
    WHERE d.drawn_at IS NOT NULL AND EXISTS (
        SELECT FROM nightschool_drawn(d.salt, d.entries) drawn
        FULL JOIN (SELECT a.number, a.lots, a.rank FROM nightschool_application a WHERE a.course_id = d.course_id AND a.rank IS NOT NULL) kept
            USING (number)
        WHERE drawn.rank IS DISTINCT FROM kept.rank OR drawn.lots IS DISTINCT FROM kept.lots)
UNION ALL
SELECT 'nobody is seated past somebody drawn earlier', a.id FROM nightschool_application a
    WHERE a.rank IS NOT NULL AND a.status = 'seated' AND EXISTS (
        SELECT FROM nightschool_application b
        WHERE b.course_id = a.course_id AND b.rank < a.rank AND b.status IN ('applied', 'waiting'));
