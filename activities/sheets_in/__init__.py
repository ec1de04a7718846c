"""签到表导入: a paper sign-in sheet as xlsx. Read by a child (reading), judged (cells, judging), written whole, undone whole."""
