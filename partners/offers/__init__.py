"""服务项目: what a partner offers for points, and when one can come."""
