-- Nobody is seated whose file is closed (communities/sql/0005_closed.sql).
CREATE TRIGGER still_open BEFORE INSERT ON nightschool_enrolment FOR EACH ROW EXECUTE FUNCTION communities_still_open();
