-- 原号码: by the own phone a colleague's own file is known (communities/kin.py). Whichever road a number takes away from the two,
-- that they were one is remembered: nobody gives a file another number in order to decide about it.
CREATE FUNCTION communities_number_was() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'communities_resident' THEN
        INSERT INTO communities_formernumber (user_id, resident_id, at)
            SELECT u.id, OLD.id, now() FROM communities_user u WHERE u.own_phone = OLD.phone AND u.own_phone <> '';
        RETURN NULL;
    END IF;
    IF OLD.own_phone <> '' AND OLD.own_phone <> NEW.own_phone THEN
        INSERT INTO communities_formernumber (user_id, resident_id, at)
            SELECT OLD.id, r.id, now() FROM communities_resident r WHERE r.phone = OLD.own_phone AND r.phone <> '';
    END IF;
    IF OLD.phone <> '' AND OLD.phone IS DISTINCT FROM NEW.phone THEN  -- whom that phone helps (communities/helping.py)
        INSERT INTO communities_formernumber (user_id, resident_id, at)
            SELECT u.id, h.resident_id, now() FROM communities_user u
            JOIN communities_helper h ON h.account_id = OLD.id AND h.ended_at IS NULL
            WHERE u.own_phone = OLD.phone AND u.own_phone <> '';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER number_was AFTER UPDATE OF phone ON communities_resident
    FOR EACH ROW WHEN (OLD.phone <> '' AND OLD.phone <> NEW.phone) EXECUTE FUNCTION communities_number_was();
CREATE TRIGGER number_was AFTER UPDATE OF phone, own_phone ON communities_user
    FOR EACH ROW WHEN (OLD.phone IS DISTINCT FROM NEW.phone OR OLD.own_phone <> NEW.own_phone)
    EXECUTE FUNCTION communities_number_was();
