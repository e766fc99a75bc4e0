"""Live rounds"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    # SQLite gives the number of a removed row again unless its table is made otherwise; keys are made out for numbers.
    anew = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    op.create_table(
        "comment_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("show_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["show_id"], ["show.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("comment_list", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_list_show_id"), ["show_id"], unique=False)

    op.create_table(
        "comment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=True),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("contestant_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["contestant_id"], ["contestant.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["list_id"], ["comment_list.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index("comment_of_list", ["list_id", "position"], unique=False)

    op.create_table(
        "lag",
        sa.Column("turn_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("latency_ms", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("turn_id", "attempt_id"),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("latency_ms", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("latency_method", sa.String(length=8), nullable=False, server_default=""))

    with op.batch_alter_table("delegate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("by_card", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("host_press", schema=None) as batch_op:
        batch_op.add_column(sa.Column("person_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key("fk_person_id", "person", ["person_id"], ["id"], ondelete="SET NULL")

    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("watch_word_tries", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("watch_word_sealed", sa.LargeBinary(), nullable=True))

    with op.batch_alter_table("saying", schema=None) as batch_op:
        batch_op.add_column(sa.Column("m", sa.String(length=32), nullable=True))

    with op.batch_alter_table("show", recreate=anew, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("stream", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("offset_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("offset_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("recording", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("autopilot", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("autopilot_since", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("scene", sa.String(length=16), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("predicting_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("predicting_until", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("predicting_told", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("proposal", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("rehearses_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("fk_rehearses_id", "show", ["rehearses_id"], ["id"], ondelete="CASCADE")

    with op.batch_alter_table("turn", recreate=anew, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("reserve", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("standby", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("cue_ms", sa.Integer(), nullable=True))
