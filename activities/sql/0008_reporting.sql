-- Who takes back 已上报 is written down in the log of changes (communities/sql/0001_logs.sql); marking is on the row itself.
CREATE TRIGGER log_unreported AFTER UPDATE OF reported_at ON activities_service
    FOR EACH ROW WHEN (OLD.reported_at IS NOT NULL)
    EXECUTE FUNCTION communities_log_change('community_id', 'resident_id');
