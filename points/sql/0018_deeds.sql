-- 小善举: a small good deed, small fixed points, a daily cap (mission, 14).
INSERT INTO points_rule (code, name, basis, kind, points, day_points, day_times, month_times, notice_from, starts_on, decision, by_id, at)
SELECT 'DEED', '小善举', 'time', 'untimed', 2, NULL, 2, 10, 100, '2000-01-01', '系统默认', u.id, '2000-01-01 00:00Z'
FROM communities_user u WHERE u.username = 'system';
