-- Nobody is signed up or written down whose file is closed (communities/sql/0005_closed.sql).
CREATE TRIGGER still_open BEFORE INSERT ON activities_participation FOR EACH ROW EXECUTE FUNCTION communities_still_open();
