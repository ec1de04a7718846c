-- What the change log keeps of a value: of what stands sealed it says that it changed, and no more.
CREATE OR REPLACE FUNCTION communities_masked(p_field text, p_value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE
        WHEN p_value IS NULL OR p_value IN ('null', '""') THEN p_value
        WHEN p_field = 'name' THEN to_jsonb(left(p_value #>> '{}', 1) || '**')
        WHEN p_field IN ('phone', 'own_phone') THEN to_jsonb(left(p_value #>> '{}', 3) || '****' || right(p_value #>> '{}', 4))
        WHEN p_field = 'birth_date' THEN to_jsonb(left(p_value #>> '{}', 4) || '-**-**')
        WHEN p_field IN ('document_sealed', 'document_hash', 'document_tail', 'password', 'pin', 'token', 'number', 'pinyin',
            'initials', 'username', 'decline_reason', 'relation', 'facts', 'health', 'draft', 'sealed', 'state_sealed', 'taken_by',
            'brought_by', 'id_tail', 'code_hash', 'fee_cents', 'due_cents',
            'split', 'cap_cents', 'relief', 'evidence_id', 'excuse', 'school', 'school_class', 'workplace', 'whom', 'note', 'absence') THEN to_jsonb('***'::text)
        ELSE p_value
    END
$$;

CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON communities_evidence
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', 'resident_id');

-- Evidence is decided, ended, and its facts go after their time; what was seen, by whom and until when is never changed.
CREATE FUNCTION communities_guard_evidence() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.resident_id, NEW.way, NEW.seen_on, NEW.starts_on, NEW.ends_on, NEW.recheck_on, NEW.recorded_at, NEW.recorded_by_id, NEW.renews_id)
        IS DISTINCT FROM (OLD.resident_id, OLD.way, OLD.seen_on, OLD.starts_on, OLD.ends_on, OLD.recheck_on, OLD.recorded_at,
            OLD.recorded_by_id, OLD.renews_id)
        OR (OLD.facts IS NULL AND NEW.facts IS NOT NULL)
        OR (OLD.status, NEW.status) NOT IN (('recorded', 'recorded'), ('recorded', 'valid'), ('recorded', 'declined'),
            ('valid', 'valid'), ('valid', 'ended'), ('declined', 'declined'), ('ended', 'ended'))
        OR (OLD.status <> 'recorded' AND (NEW.decided_at, NEW.decided_by_id, NEW.decline)
            IS DISTINCT FROM (OLD.decided_at, OLD.decided_by_id, OLD.decline))
        OR (OLD.status = 'ended' AND (NEW.ended_on, NEW.ended_at, NEW.ended_by_id, NEW.end_reason)
            IS DISTINCT FROM (OLD.ended_on, OLD.ended_at, OLD.ended_by_id, OLD.end_reason))
    THEN
        RAISE EXCEPTION 'evidence % is decided and ended, never changed', OLD.id USING ERRCODE = 'CM010';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_evidence BEFORE UPDATE ON communities_evidence FOR EACH ROW EXECUTE FUNCTION communities_guard_evidence();

-- The picture is for the one who verifies: it goes in the transaction that decides, and none comes afterwards.
CREATE FUNCTION communities_drop_evidence_image() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM communities_evidenceimage WHERE evidence_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER drop_image AFTER UPDATE OF status ON communities_evidence
    FOR EACH ROW WHEN (NEW.status <> 'recorded') EXECUTE FUNCTION communities_drop_evidence_image();

CREATE FUNCTION communities_guard_evidence_image() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Waits for a decision that is being made, and then sees it.
    IF (SELECT status FROM communities_evidence WHERE id = NEW.evidence_id FOR SHARE) IS DISTINCT FROM 'recorded' THEN
        RAISE EXCEPTION 'a picture belongs to evidence that waits' USING ERRCODE = 'CM011';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_image BEFORE INSERT OR UPDATE OF evidence_id ON communities_evidenceimage
    FOR EACH ROW EXECUTE FUNCTION communities_guard_evidence_image();

CREATE VIEW communities_hardship_breach AS
SELECT 'a picture of evidence is gone once it is decided'::text AS promise, i.id AS row_id
FROM communities_evidenceimage i JOIN communities_evidence e ON e.id = i.evidence_id WHERE e.status <> 'recorded'
UNION ALL
SELECT 'evidence stands by a consent that stands', e.id
FROM communities_evidence e WHERE e.status IN ('recorded', 'valid') AND NOT EXISTS (
    SELECT FROM communities_consent c WHERE c.resident_id = e.resident_id AND c.withdrawn_at IS NULL
        AND c.purpose IN ('care_relief', 'hardship'))
UNION ALL
SELECT 'evidence that was renewed has ended', e.id
FROM communities_evidence e JOIN communities_evidence n ON n.renews_id = e.id
WHERE n.status IN ('valid', 'ended') AND e.status = 'valid';
