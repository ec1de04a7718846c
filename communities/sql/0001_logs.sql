-- 变更记录 and 查看记录: written by these functions alone, read by auditors, edited by nobody.

-- A name keeps its first character, a number its ends; what is sealed shows only that it changed.
CREATE FUNCTION communities_masked(p_field text, p_value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE
        WHEN p_value IS NULL OR p_value IN ('null', '""') THEN p_value
        WHEN p_field = 'name' THEN to_jsonb(left(p_value #>> '{}', 1) || '**')
        WHEN p_field IN ('phone', 'own_phone') THEN to_jsonb(left(p_value #>> '{}', 3) || '****' || right(p_value #>> '{}', 4))
        WHEN p_field = 'birth_date' THEN to_jsonb(left(p_value #>> '{}', 4) || '-**-**')
        WHEN p_field IN ('document_sealed', 'document_hash', 'document_tail', 'password', 'pin', 'token', 'number', 'pinyin', 'initials')
            THEN to_jsonb('***'::text)
        ELSE p_value
    END
$$;

-- Arguments of the trigger: the column that names the community, and the one that names the resident; '' for none.
CREATE FUNCTION communities_log_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_old jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) ELSE '{}' END;
    v_new jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) ELSE '{}' END;
    v_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) ELSE to_jsonb(OLD) END;
    v_resident bigint := nullif(v_row ->> nullif(TG_ARGV[1], ''), '')::bigint;
    v_fields jsonb := '{}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT coalesce(jsonb_object_agg(n.key, jsonb_build_array(
            communities_masked(n.key, v_old -> n.key), communities_masked(n.key, n.value))), '{}')
        INTO v_fields FROM jsonb_each(v_new) n
        WHERE n.value IS DISTINCT FROM v_old -> n.key AND n.key NOT IN ('last_login');
        IF v_fields = '{}' THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO communities_change (at, by_id, community_id, resident_id, what, "row", action, fields, request, address)
    VALUES (
        now(), nullif(current_setting('hehuoren.by', true), '')::bigint,
        coalesce(nullif(v_row ->> nullif(TG_ARGV[0], ''), '')::bigint,
            (SELECT community_id FROM communities_resident WHERE id = v_resident)),
        v_resident, replace(TG_TABLE_NAME, 'communities_', ''), (v_row ->> 'id')::bigint, left(TG_OP, 1), v_fields,
        coalesce(current_setting('hehuoren.request', true), ''), coalesce(current_setting('hehuoren.address', true), '')
    );
    RETURN NULL;
END
$$;

CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON communities_resident
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('community_id', 'id');
CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON communities_consent
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', 'resident_id');
CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON communities_helper
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', 'resident_id');
CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON communities_card
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', 'resident_id');
CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON communities_duty
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('community_id', '');
CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON communities_setting
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', '');
-- A resident's account changes with every sign-in; of accounts the desk's are kept.
CREATE TRIGGER log_change AFTER UPDATE OF name, phone, own_phone, is_active, username, kind, password ON communities_user
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', '');

CREATE FUNCTION communities_look(
    p_by bigint, p_community bigint, p_resident bigint, p_what text, p_purpose text, p_request text, p_address text
) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO communities_look (at, by_id, community_id, resident_id, what, purpose, request, address)
    VALUES (now(), p_by, p_community, p_resident, p_what, p_purpose, p_request, p_address) RETURNING id
$$;

-- What is older than the rule keeps it (domain guide, 13.4: three years) may go, and nothing newer.
CREATE FUNCTION communities_forget_logs(p_before timestamptz) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_before timestamptz := least(p_before, now() - interval '3 years'); v_gone bigint; v_more bigint;
BEGIN
    PERFORM set_config('hehuoren.forgetting', 'yes', true);
    DELETE FROM communities_change WHERE at < v_before;
    GET DIAGNOSTICS v_gone = ROW_COUNT;
    DELETE FROM communities_look WHERE at < v_before;
    GET DIAGNOSTICS v_more = ROW_COUNT;
    PERFORM set_config('hehuoren.forgetting', '', true);
    RETURN v_gone + v_more;
END
$$;

CREATE FUNCTION communities_log_is_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('hehuoren.forgetting', true) = 'yes' AND OLD.at < now() - interval '3 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE FUNCTION communities_log_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON communities_change FOR EACH ROW EXECUTE FUNCTION communities_log_is_kept();
CREATE TRIGGER stays BEFORE TRUNCATE ON communities_change EXECUTE FUNCTION communities_log_stays();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON communities_look FOR EACH ROW EXECUTE FUNCTION communities_log_is_kept();
CREATE TRIGGER stays BEFORE TRUNCATE ON communities_look EXECUTE FUNCTION communities_log_stays();
