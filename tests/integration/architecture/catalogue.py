"""What PostgreSQL itself says about the tables: keys, indexes, policies, grants."""

from dataclasses import dataclass

import psycopg

TABLES = """
    SELECT c.relname FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'
     ORDER BY 1
"""

UNIQUE_INDEXES = """
    SELECT t.relname, i.relname, x.indisprimary, array_agg(a.attname::text ORDER BY k.position)
      FROM pg_index x
      JOIN pg_class i ON i.oid = x.indexrelid
      JOIN pg_class t ON t.oid = x.indrelid
     CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k(number, position)
      JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
     WHERE t.relnamespace = 'public'::regnamespace AND x.indisunique AND t.relname <> 'alembic_version'
     GROUP BY 1, 2, 3 ORDER BY 1, 2
"""

FOREIGN_KEYS = """
    SELECT f.conrelid::regclass::text, f.conname,
           (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = f.conrelid AND a.attnum = f.conkey[1]),
           (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = f.confrelid AND a.attnum = f.confkey[1])
      FROM pg_constraint f
     WHERE f.contype = 'f' AND f.connamespace = 'public'::regnamespace
     ORDER BY 1, 2
"""

POLICIES = """
    SELECT tablename, policyname, roles::text[], permissive, cmd, qual, with_check
      FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2
"""

SECURED = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity ORDER BY 1"

SNAPSHOT = (
    """
    SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default, character_maximum_length
      FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2
    """,
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
    """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
    """,
    """
    SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants
     WHERE table_schema = 'public' ORDER BY 1, 2, 3
    """,
    """
    SELECT table_name, column_name, grantee, privilege_type FROM information_schema.role_column_grants
     WHERE table_schema = 'public' ORDER BY 1, 2, 3, 4
    """,
    POLICIES,
    SECURED,
)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The catalogue of one database, read as its owner."""

    url: str

    def rows(self, query: str, *parameters: object) -> list[tuple[object, ...]]:
        """What a query finds."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(query, parameters).fetchall()

    def tables(self) -> list[str]:
        """Every table but Alembic's."""
        return [str(name) for (name,) in self.rows(TABLES)]

    def may(self, role: str, privilege: str, table: str) -> bool:
        """Whether a role has a privilege on a table, or on any column of it."""
        column_privilege = privilege in {"SELECT", "INSERT", "UPDATE"}
        function = "has_any_column_privilege" if column_privilege else "has_table_privilege"
        return self.rows(f"SELECT {function}(%s, %s, %s)", role, table, privilege) == [(True,)]

    def snapshot(self) -> list[list[tuple[object, ...]]]:
        """Everything that migrations make, to be compared."""
        return [self.rows(query) for query in SNAPSHOT]
