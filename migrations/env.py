"""Runs the steps of this folder on the connection it is given."""

from alembic import context

from quizapp.models import Base, Instant


def render_item(kind, item, autogen_context):
    """Steps name plain column types, so that they stay true whatever becomes of the code."""
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Instant) else False


def is_ours(name, kind, parents):
    """The index of the law's words is made by hand: each database has its own kind."""
    return not (kind == "table" and name.startswith("law_search"))


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_item=render_item,
    render_as_batch=True,
    include_name=is_ours,
)
with context.begin_transaction():
    context.run_migrations()
