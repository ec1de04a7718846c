-- 员工: on duty is only whose record was asked for, was clear, and still counts (未成年人保护法 62).
-- What is known of one person: the file and every other of the same account, also at another centre and of whoever has left.
CREATE FUNCTION childcare_files(p_staffer bigint) RETURNS SETOF bigint LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p_staffer
    UNION
    SELECT other.id FROM childcare_staffer mine JOIN childcare_staffer other ON other.account_id = mine.account_id
        WHERE mine.id = p_staffer
$$;

CREATE FUNCTION childcare_due(p_staffer bigint) RETURNS date LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    -- What was taken back counts for nothing. An answer that is not clear stands, of whatever day it is and in whichever file of the
    -- same account, until a clear one of a later day was asked for and written after it, in this file.
    SELECT max(good.until) FROM childcare_recordcheck good
    WHERE good.staffer_id = p_staffer AND good.clear AND good.voided_at IS NULL
        AND good.checked_on = (SELECT max(checked_on) FROM childcare_recordcheck
            WHERE staffer_id = p_staffer AND clear AND voided_at IS NULL)
        AND NOT EXISTS (SELECT FROM childcare_recordcheck bad
            WHERE bad.staffer_id IN (SELECT childcare_files(p_staffer)) AND NOT bad.clear AND bad.voided_at IS NULL
                AND (bad.checked_on >= good.checked_on OR bad.id > good.id))
$$;

-- The checks say until when, in every file of the same account; turns from p_from on that nothing covers any more go (none: NULL).
CREATE FUNCTION childcare_refresh(p_staffer bigint, p_from date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_file bigint;
BEGIN
    PERFORM FROM childcare_staffer WHERE id IN (SELECT childcare_files(p_staffer)) ORDER BY id FOR NO KEY UPDATE;
    FOR v_file IN SELECT file FROM childcare_files(p_staffer) file ORDER BY file LOOP
        -- Written by the trigger keep_due. The file itself always; another only when something changed.
        UPDATE childcare_staffer SET record_due = childcare_due(v_file)
            WHERE id = v_file AND (id = p_staffer OR record_due IS DISTINCT FROM childcare_due(v_file));
        DELETE FROM childcare_turn t USING childcare_staffer s WHERE s.id = v_file AND t.staffer_id = v_file
            AND (s.record_due IS NULL OR t.day > s.record_due) AND t.day >= p_from;
    END LOOP;
END $$;

-- One that is not clear takes the turns from its day of writing on away, and a clear one that was taken back those from that day on.
CREATE FUNCTION childcare_checked() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM childcare_refresh(OLD.staffer_id, NULL);
    ELSE
        PERFORM childcare_refresh(NEW.staffer_id, (coalesce(NEW.voided_at, NEW.at) AT TIME ZONE 'Asia/Shanghai')::date);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER checked AFTER INSERT OR UPDATE OR DELETE ON childcare_recordcheck
    FOR EACH ROW EXECUTE FUNCTION childcare_checked();

CREATE FUNCTION childcare_keep_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM childcare_staffer WHERE id = OLD.staffer_id AND left_on IS NOT NULL) THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.voided_at IS NULL AND NEW.voided_at IS NOT NULL
        AND to_jsonb(NEW) - '{voided_at,voided_by_id,void_reason}'::text[] = to_jsonb(OLD) - '{voided_at,voided_by_id,void_reason}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a record check stays as it was written' USING ERRCODE = 'CC043';
END $$;

CREATE TRIGGER keep_check BEFORE UPDATE OR DELETE ON childcare_recordcheck
    FOR EACH ROW EXECUTE FUNCTION childcare_keep_check();

-- record_due says what the checks say, whoever writes it.
CREATE FUNCTION childcare_keep_due() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.record_due := childcare_due(NEW.id);
    RETURN NEW;
END $$;

CREATE TRIGGER keep_due BEFORE INSERT OR UPDATE OF record_due ON childcare_staffer
    FOR EACH ROW EXECUTE FUNCTION childcare_keep_due();

-- A check is of one person: a file that has one keeps its account, and gets as its first one of the same name alone; until then it
-- keeps the name, by which the check was asked for.
CREATE FUNCTION childcare_keep_account() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM childcare_recordcheck WHERE staffer_id = OLD.id)
        AND (NEW.account_id IS DISTINCT FROM OLD.account_id OR OLD.account_id IS NULL AND NEW.name <> OLD.name)
        AND NOT (OLD.account_id IS NULL AND EXISTS (SELECT FROM communities_user WHERE id = NEW.account_id AND name = OLD.name)) THEN
        RAISE EXCEPTION 'the checks are of another person' USING ERRCODE = 'CC044';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_account BEFORE UPDATE OF account_id, name ON childcare_staffer
    FOR EACH ROW WHEN (NEW.account_id IS DISTINCT FROM OLD.account_id OR NEW.name <> OLD.name)
    EXECUTE FUNCTION childcare_keep_account();

-- An account that is given to a file brings its other files with it.
CREATE FUNCTION childcare_account_given() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM childcare_refresh(NEW.id, (now() AT TIME ZONE 'Asia/Shanghai')::date);
    RETURN NULL;
END $$;

CREATE TRIGGER account_given AFTER UPDATE OF account_id ON childcare_staffer
    FOR EACH ROW WHEN (NEW.account_id IS DISTINCT FROM OLD.account_id) EXECUTE FUNCTION childcare_account_given();

CREATE FUNCTION childcare_ask_turn() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_who childcare_staffer;
BEGIN
    SELECT * INTO v_who FROM childcare_staffer WHERE id = NEW.staffer_id FOR SHARE;
    IF v_who.centre_id <> NEW.centre_id THEN
        RAISE EXCEPTION 'staffer of another centre' USING ERRCODE = 'CC042';
    END IF;
    IF v_who.left_on < NEW.day THEN
        RAISE EXCEPTION 'staffer has left' USING ERRCODE = 'CC041';
    END IF;
    IF v_who.record_due IS NULL OR v_who.record_due < NEW.day THEN
        RAISE EXCEPTION 'no clear record check covers the day' USING ERRCODE = 'CC040';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ask_turn BEFORE INSERT OR UPDATE ON childcare_turn
    FOR EACH ROW EXECUTE FUNCTION childcare_ask_turn();

CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON childcare_staffer
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', '');
CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON childcare_recordcheck
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', '');

CREATE TRIGGER log_change AFTER UPDATE OR DELETE ON childcare_turn
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', '');

CREATE VIEW childcare_staffing_breach AS
SELECT 'record due is what the checks say' AS promise, s.id AS row_id FROM childcare_staffer s
    WHERE s.record_due IS DISTINCT FROM childcare_due(s.id)
UNION ALL
SELECT 'on duty is who works there', t.id FROM childcare_turn t JOIN childcare_staffer s ON s.id = t.staffer_id
    WHERE s.centre_id <> t.centre_id OR s.left_on < t.day
UNION ALL
SELECT 'on duty from today on is who was checked', t.id FROM childcare_turn t JOIN childcare_staffer s ON s.id = t.staffer_id
    WHERE t.day >= (now() AT TIME ZONE 'Asia/Shanghai')::date AND (s.record_due IS NULL OR s.record_due < t.day);
