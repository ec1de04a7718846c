-- What the change log keeps of a value. Free text and names to sign in by show only that they changed: the log outlives the
-- file by years, and a closed file leaves nothing behind that says who it was.
CREATE OR REPLACE FUNCTION communities_masked(p_field text, p_value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE
        WHEN p_value IS NULL OR p_value IN ('null', '""') THEN p_value
        WHEN p_field = 'name' THEN to_jsonb(left(p_value #>> '{}', 1) || '**')
        WHEN p_field IN ('phone', 'own_phone') THEN to_jsonb(left(p_value #>> '{}', 3) || '****' || right(p_value #>> '{}', 4))
        WHEN p_field = 'birth_date' THEN to_jsonb(left(p_value #>> '{}', 4) || '-**-**')
        WHEN p_field IN ('document_sealed', 'document_hash', 'document_tail', 'password', 'pin', 'token', 'number', 'pinyin',
            'initials', 'username', 'decline_reason', 'relation') THEN to_jsonb('***'::text)
        ELSE p_value
    END
$$;
