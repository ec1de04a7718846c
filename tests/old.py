"""Rows of a database that is not yet upgraded."""

from typing import Any

import psycopg

# What a NOT NULL column of an old table holds when a test does not say.
PLAIN = {
    "boolean": "false", "smallint": "0", "integer": "0", "bigint": "0", "character varying": "''", "text": "''",
    "timestamp with time zone": "'2026-03-02T02:00:00Z'", "date": "'2026-03-02'", "ARRAY": "'{}'", "jsonb": "'{}'",
    "bytea": "''",
}  # fmt: skip


class Old:
    """Rows as the tables of that time took them."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self.connection = connection

    def plant(self, table: str, **said: Any) -> int:
        """One row; what is not said is plain. Its number."""
        asked = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'"
        needed = {name: PLAIN[kind] for name, kind in self.connection.execute(asked, [table]) if name not in said}
        columns = ", ".join(f'"{name}"' for name in (*needed, *said))
        values = ", ".join([*needed.values(), *["%s"] * len(said)])
        row = self.connection.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({values}) RETURNING id", list(said.values())
        )
        return int(row.fetchone()[0])  # type: ignore[index]

    def award(self, key: str, resident: int, minutes: int, asked: int, by: int) -> int:
        (rule,) = self.connection.execute(
            "SELECT id FROM points_rule WHERE code = 'ENV' AND sub_district_id IS NULL"
        ).fetchone()  # type: ignore[misc]
        row = self.connection.execute(
            "SELECT entry_id FROM points_award(%s, %s, %s, %s, %s, '2026-03-02', 80, 400, '2027-12-31', '2026-03-03T02:00:00Z', %s, '志愿服务《扫雪》')",
            [[key], [resident], [minutes], [asked], rule, by],
        )
        return int(row.fetchone()[0])  # type: ignore[index]
