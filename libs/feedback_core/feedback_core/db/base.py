"""Metadata and the columns that every tenant table begins with."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, MetaData, Uuid
from sqlalchemy.types import UserDefinedType

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Its name in DDL."""
        return "xid8"


def organisation_id() -> Column[object]:
    """The tenant: leads every key, so that tables can be distributed by it."""
    return Column("organisation_id", Uuid, primary_key=True, nullable=False)


def instant(name: str, *, nullable: bool = False) -> Column[object]:
    """A point in time, always with its zone."""
    return Column(name, DateTime(timezone=True), nullable=nullable)


def revision() -> Column[object]:
    """Counts edits of a row; its ETag, and what ``If-Match`` is held against."""
    return Column("revision", BigInteger, nullable=False, server_default="1")


def belongs_to(table: str, column: str, *, key: str = "id", cascade: bool = False) -> ForeignKeyConstraint:
    """A foreign key inside one organisation."""
    return ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{table}.organisation_id", f"{table}.{key}"],
        ondelete="CASCADE" if cascade else None,
    )
