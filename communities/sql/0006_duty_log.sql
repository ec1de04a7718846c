-- Of a duty or a setting the log keeps all of it also when it is given or taken back: a duty that was taken back before it began
-- has no row any more that would say whose it was, and where.
CREATE OR REPLACE FUNCTION communities_log_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
    ELSIF TG_TABLE_NAME IN ('communities_duty', 'communities_setting') THEN
        SELECT jsonb_object_agg(n.key, jsonb_build_array(
            communities_masked(n.key, v_old -> n.key), communities_masked(n.key, v_new -> n.key)))
        INTO v_fields FROM jsonb_each(v_row) n WHERE n.key <> 'id' AND n.value <> 'null';
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
