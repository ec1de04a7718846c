-- Who answers for a child is written into the change log like helpers and consents (0001_logs.sql).
CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE ON communities_guardian
    FOR EACH ROW EXECUTE FUNCTION communities_log_change('', 'child_id');
