-- 两步验证 and 职责: what the account says of its second factor is true, and nobody works, audits and administers at once.

-- communities_user.second_factor_at follows the devices, whoever writes them; pages read it without a query of their own.
CREATE FUNCTION communities_follow_factor() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_user bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.user_id ELSE NEW.user_id END;
BEGIN
    UPDATE communities_user SET second_factor_at = CASE
        WHEN EXISTS (SELECT 1 FROM otp_totp_totpdevice d WHERE d.user_id = v_user AND d.confirmed)
            THEN coalesce(second_factor_at, clock_timestamp())
        END
    WHERE id = v_user;
    RETURN NULL;
END
$$;
CREATE TRIGGER follow_factor AFTER INSERT OR DELETE ON otp_totp_totpdevice
    FOR EACH ROW EXECUTE FUNCTION communities_follow_factor();
CREATE TRIGGER follow_factor_change AFTER UPDATE ON otp_totp_totpdevice
    FOR EACH ROW WHEN (OLD.confirmed IS DISTINCT FROM NEW.confirmed) EXECUTE FUNCTION communities_follow_factor();
CREATE TRIGGER log_factor AFTER UPDATE ON communities_user
    FOR EACH ROW WHEN (OLD.second_factor_at IS DISTINCT FROM NEW.second_factor_at)
    EXECUTE FUNCTION communities_log_change('', '');

-- 业务, 审计, 系统, 监督 (communities/duties.py): one person holds duties of one of them at a time.
CREATE FUNCTION communities_sphere(p_role text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE p_role WHEN 'auditor' THEN 'audit' WHEN 'system_admin' THEN 'system' WHEN 'supervisor' THEN 'supervision'
        ELSE 'business' END
$$;
CREATE FUNCTION communities_duties_apart() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Two colleagues who give at the same moment wait for one another here.
    PERFORM 1 FROM communities_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM communities_duty d
        WHERE d.user_id = NEW.user_id AND d.id IS DISTINCT FROM NEW.id
            AND communities_sphere(d.role) <> communities_sphere(NEW.role)
            AND (d.ends_on IS NULL OR d.ends_on >= NEW.starts_on) AND (NEW.ends_on IS NULL OR NEW.ends_on >= d.starts_on)
    ) THEN
        RAISE EXCEPTION 'duties of two spheres' USING ERRCODE = 'check_violation', CONSTRAINT = 'duties_apart',
            TABLE = 'communities_duty';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER duties_apart BEFORE INSERT OR UPDATE OF user_id, role, starts_on, ends_on ON communities_duty
    FOR EACH ROW EXECUTE FUNCTION communities_duties_apart();
