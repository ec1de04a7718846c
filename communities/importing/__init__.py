"""导入: a messy sheet becomes files. Uploaded (batches), read by a child (sheets), judged (cells, judging), written, undone."""
