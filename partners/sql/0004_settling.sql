-- 结算单: frozen by both sides, only its payment is still written. What it says is what the ledger moved in its month.
CREATE FUNCTION partners_keep_statement() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.status IN ('frozen', 'paid') AND (TG_OP = 'DELETE' OR NEW.status NOT IN ('frozen', 'paid')
        OR OLD.status = 'paid' AND NEW IS DISTINCT FROM OLD
        OR to_jsonb(NEW) - '{status,invoice,paid_on,paid_by_id}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{status,invoice,paid_on,paid_by_id}'::text[]) THEN
        RAISE EXCEPTION 'statement % is frozen', OLD.id USING ERRCODE = 'PA020';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER keep_statement BEFORE UPDATE OR DELETE ON partners_statement
    FOR EACH ROW EXECUTE FUNCTION partners_keep_statement();

CREATE FUNCTION partners_keep_line() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- The statement is held, so that nobody writes a line while it is being frozen.
    PERFORM FROM partners_statement s WHERE s.id IN (
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.statement_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.statement_id END)
        FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM partners_statement s WHERE s.status IN ('frozen', 'paid') AND s.id IN (
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.statement_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.statement_id END)) THEN
        RAISE EXCEPTION 'the statement is frozen' USING ERRCODE = 'PA020';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER keep_line BEFORE INSERT OR UPDATE OR DELETE ON partners_statementline
    FOR EACH ROW EXECUTE FUNCTION partners_keep_line();

-- A correction that stands in a frozen statement, or that a second person approved, says what it said.
CREATE FUNCTION partners_keep_correction() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.approved_at IS NOT NULL AND (TG_OP = 'DELETE'
        OR to_jsonb(NEW) - 'line_id' IS DISTINCT FROM to_jsonb(OLD) - 'line_id'
        OR NEW.line_id IS DISTINCT FROM OLD.line_id AND EXISTS (
            SELECT FROM partners_statementline l JOIN partners_statement s ON s.id = l.statement_id AND s.status IN ('frozen', 'paid')
            WHERE l.id = OLD.line_id)) THEN
        RAISE EXCEPTION 'correction % is approved', OLD.id USING ERRCODE = 'PA020';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER keep_correction BEFORE UPDATE OR DELETE ON partners_correction
    FOR EACH ROW EXECUTE FUNCTION partners_keep_correction();

CREATE VIEW partners_settling_breach AS
WITH lines AS (
    SELECT statement_id, sum(amount_cents) FILTER (WHERE kind <> 'deducted') AS payable,
        -sum(amount_cents) FILTER (WHERE kind = 'deducted') AS deducted,
        sum(points) AS points, sum(count) FILTER (WHERE kind IN ('used', 'undone')) AS count
    FROM partners_statementline GROUP BY 1
)
SELECT 'statement is the sum of its lines' AS promise, s.id AS row_id FROM partners_statement s LEFT JOIN lines l ON l.statement_id = s.id
    WHERE (s.payable_cents, s.deduct_cents, s.points, s.count)
        <> (coalesce(l.payable, 0), coalesce(l.deducted, 0), coalesce(l.points, 0), coalesce(l.count, 0))
UNION ALL
SELECT 'frozen statement pays each use as its agreement said', s.id FROM partners_statement s
    WHERE s.status IN ('frozen', 'paid') AND (
        SELECT coalesce(sum(l.amount_cents), 0) FROM partners_statementline l
        WHERE l.statement_id = s.id AND l.kind IN ('used', 'undone')
    ) <> (
        SELECT coalesce(sum(CASE WHEN e.id = r.entry_id THEN r.unit_cents ELSE -r.unit_cents::bigint END), 0)
        FROM partners_redemption r JOIN points_entry e ON e.id IN (r.entry_id, r.undo_entry_id)
        WHERE (r.partner_id, r.community_id) = (s.partner_id, s.community_id)
            AND date_trunc('month', e.at AT TIME ZONE 'Asia/Shanghai') = s.month)
UNION ALL
SELECT 'correction stands once, approved, in a later month, as it was approved', c.id FROM partners_correction c
    JOIN partners_statementline l ON l.id = c.line_id JOIN partners_statement s ON s.id = l.statement_id
    JOIN partners_statement o ON o.id = c.statement_id
    WHERE c.approved_at IS NULL OR l.amount_cents <> c.amount_cents OR l.kind <> 'corrected' OR s.month <= o.month
        OR (s.partner_id, s.community_id) <> (o.partner_id, o.community_id)
UNION ALL
SELECT 'frozen statement is what the ledger moved in its month', s.id FROM partners_statement s
    WHERE s.status IN ('frozen', 'paid') AND s.points <> (
        SELECT coalesce(sum(CASE WHEN a.id = p.destination_id THEN p.amount ELSE -p.amount END), 0)
        FROM points_account a JOIN points_posting p ON a.id IN (p.source_id, p.destination_id) JOIN points_entry e ON e.id = p.entry_id
        WHERE a.community_id = s.community_id AND a.party = s.partner_id
            AND date_trunc('month', e.at AT TIME ZONE 'Asia/Shanghai') = s.month);
