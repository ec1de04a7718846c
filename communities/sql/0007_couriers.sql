-- Nobody registers as a courier whose file is closed (0005_closed.sql).
CREATE TRIGGER still_open BEFORE INSERT ON communities_courier FOR EACH ROW EXECUTE FUNCTION communities_still_open();
