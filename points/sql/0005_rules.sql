-- Rules are versions that are never changed; what an award was priced by is kept with it.
-- Further SQLSTATEs: PB009 nothing to take back   PB010 the rule was not in force   PB011 no household purse
-- PB012 the kind of a rule is settled

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON points_rule FOR EACH ROW EXECUTE FUNCTION books.append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON points_rule FOR EACH STATEMENT EXECUTE FUNCTION books.append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON points_credit FOR EACH ROW EXECUTE FUNCTION books.append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON points_credit FOR EACH STATEMENT EXECUTE FUNCTION books.append_only();

-- A version of a sub-district's own, from a day after `p_at`: never backwards. Later rows of the same day replace earlier ones.
-- The kind of a code is settled by its first row: minutes are counted as minutes and times as times ever after.
CREATE FUNCTION points_change_rule(
    p_sub_district bigint, p_code text, p_name text, p_basis text, p_kind text, p_points int, p_day_points int,
    p_day_times int, p_month_times int, p_notice_from int, p_starts_on date, p_decision text, p_by bigint, p_at timestamptz
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_id bigint;
BEGIN
    PERFORM books.check_author(p_at, p_by);
    IF (p_starts_on > (p_at AT TIME ZONE 'Asia/Shanghai')::date AND p_starts_on < '2100-01-01') IS NOT TRUE THEN
        RAISE EXCEPTION 'a rule of % cannot begin on %', p_at, p_starts_on USING ERRCODE = 'PB007';
    END IF;
    PERFORM FROM communities_subdistrict WHERE id = p_sub_district FOR NO KEY UPDATE;  -- one change after the other
    IF NOT FOUND THEN
        RAISE EXCEPTION 'sub-district % is unknown', p_sub_district USING ERRCODE = 'PB004';
    ELSIF EXISTS (SELECT FROM points_rule WHERE code = p_code AND kind <> p_kind
            AND (sub_district_id = p_sub_district OR sub_district_id IS NULL)) THEN
        RAISE EXCEPTION 'the kind of % is settled', p_code USING ERRCODE = 'PB012';
    END IF;
    INSERT INTO points_rule (sub_district_id, code, name, basis, kind, points, day_points, day_times, month_times,
            notice_from, starts_on, decision, by_id, at)
        VALUES (p_sub_district, p_code, p_name, p_basis, p_kind, p_points, p_day_points, p_day_times, p_month_times,
            p_notice_from, p_starts_on, p_decision, p_by, p_at)
        RETURNING id INTO v_id;
    RETURN v_id;
END $$;

-- What every sub-district begins with (domain guide, 4.2).
INSERT INTO points_rule (code, name, basis, kind, points, day_points, day_times, month_times, notice_from, starts_on, decision, by_id, at)
SELECT d.code, d.name, CASE d.kind WHEN 'timed' THEN 'hour' ELSE 'time' END, d.kind, d.points, d.day_points, d.day_times,
    d.month_times, d.notice_from, '2000-01-01', '系统默认', u.id, '2000-01-01 00:00Z'
FROM communities_user u, (VALUES
    ('ENV', '环境整治、清洁', 'timed', 10, 40, NULL::int, NULL::int, 100),
    ('CIV', '文明劝导、路口执勤', 'timed', 10, 40, NULL, NULL, 100),
    ('ELD', '助老探访、代办', 'timed', 12, 48, NULL, NULL, 100),
    ('KID', '托管看护助理', 'timed', 12, 48, NULL, NULL, 100),
    ('PAT', '治安巡逻', 'timed', 10, 40, NULL, NULL, 100),
    ('PRO', '专业服务', 'timed', 15, 60, NULL, NULL, 100),
    ('EMG', '应急服务', 'timed', 15, 80, NULL, NULL, 100),
    ('SORT', '垃圾分类督导', 'timed', 10, 40, NULL, NULL, 100),
    ('MEET', '居民议事会、听证', 'untimed', 5, NULL, NULL, 2, 100),
    ('IDEA', '建议被采纳', 'untimed', 20, NULL, NULL, 2, 100),
    ('LECT', '参加公益宣讲', 'untimed', 3, NULL, NULL, 4, 100),
    ('PHOTO', '随手拍上报有效', 'untimed', 3, NULL, 5, NULL, 100),
    ('PHOTO_SOLVED', '随手拍问题已解决', 'untimed', 5, NULL, 5, NULL, 100),
    ('POST', '认领岗位满月履职', 'untimed', 30, NULL, NULL, 1, 100),
    ('HONOR_STREET', '受街道表彰', 'exempt', 30, NULL, NULL, NULL, 1),
    ('HONOR_DISTRICT', '受区表彰', 'exempt', 50, NULL, NULL, NULL, 1),
    ('HONOR_CITY', '受市表彰', 'exempt', 80, NULL, NULL, NULL, 1),
    ('ADJ', '人工调整', 'exempt', 0, NULL, NULL, NULL, 1)
) AS d (code, name, kind, points, day_points, day_times, month_times, notice_from)
WHERE u.username = 'system';

REVOKE ALL ON FUNCTION points_change_rule FROM PUBLIC;
