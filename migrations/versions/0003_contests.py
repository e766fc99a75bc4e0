"""Contests"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "contest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("seed_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("pepper_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("draft", sa.JSON(), nullable=True),
        sa.Column("closed_file_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    with op.batch_alter_table("contest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contest_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contest_published_at"), ["published_at"], unique=False)

    op.create_table(
        "exclusion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("work", sa.String(length=120), nullable=False),
        sa.Column("identity_tag", sa.String(length=64), nullable=True),
        sa.Column("phone_tag", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("exclusion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exclusion_contest_id"), ["contest_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exclusion_identity_tag"), ["identity_tag"], unique=False)
        batch_op.create_index(batch_op.f("ix_exclusion_phone_tag"), ["phone_tag"], unique=False)

    op.create_table(
        "list_upload",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("rows_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("list_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_list_upload_contest_id"), ["contest_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_list_upload_made_at"), ["made_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_list_upload_person_id"), ["person_id"], unique=False)

    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("overall", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
        sa.Column("paper_set_at", sa.BigInteger(), nullable=True),
        sa.Column("paper_root", sa.String(length=64), nullable=True),
        sa.Column("cut_at", sa.BigInteger(), nullable=True),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("target_rows", sa.Integer(), nullable=True),
        sa.Column("frozen_at", sa.BigInteger(), nullable=True),
        sa.Column("frozen_by", sa.String(length=32), nullable=True),
        sa.Column("decision_number", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.String(length=10), nullable=True),
        sa.Column("announced_at", sa.BigInteger(), nullable=True),
        sa.Column("complaints_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contest_id", "key"),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index("round_times", ["state", "opens_at", "closes_at"], unique=False)

    op.create_table(
        "rulebook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contest_id", "version"),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("tree", sa.String(length=5), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("typed", sa.Boolean(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("headcount_proposed", sa.Integer(), nullable=True),
        sa.Column("headcount_locked_at", sa.BigInteger(), nullable=True),
        sa.Column("target_people", sa.Integer(), nullable=True),
        sa.Column("target_attempts", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["unit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index("unit_of_contest", ["contest_id", "tree", "parent_id"], unique=False)

    op.create_table(
        "visit_count",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("contest_id", "hour"),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("thing", sa.String(length=120), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.String(length=32), nullable=True),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_by", sa.String(length=32), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index("change_of_contest", ["contest_id", "state"], unique=False)

    op.create_table(
        "contest_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contest_id", "person_id", "role", "unit_id"),
    )
    with op.batch_alter_table("contest_role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contest_role_person_id"), ["person_id"], unique=False)

    op.create_table(
        "contestant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("key_tag", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("birth_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("birth_known", sa.String(length=5), nullable=False),
        sa.Column("age_from", sa.Integer(), nullable=True),
        sa.Column("sex", sa.String(length=1), nullable=False),
        sa.Column("phone_tag", sa.String(length=64), nullable=True),
        sa.Column("phone_slot", sa.Integer(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("identity_tag", sa.String(length=64), nullable=True),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("other_tag", sa.String(length=64), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("occupation", sa.String(length=40), nullable=False),
        sa.Column("insurance_group", sa.String(length=16), nullable=False),
        sa.Column("division", sa.String(length=60), nullable=True),
        sa.Column("delegate_code", sa.String(length=40), nullable=True),
        sa.Column("team", sa.String(length=120), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("barred_rounds", sa.JSON(), nullable=False),
        sa.Column("guardian", sa.Boolean(), nullable=False),
        sa.Column("guardian_name", sa.String(length=120), nullable=False),
        sa.Column("guardian_phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("guardian_at", sa.BigInteger(), nullable=True),
        sa.Column("accommodation", sa.Integer(), nullable=False),
        sa.Column("invite_code", sa.String(length=12), nullable=True),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("distance_m", sa.Integer(), nullable=True),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["invited_by_id"], ["contestant.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["unit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contest_id", "code"),
        sa.UniqueConstraint("contest_id", "invite_code"),
        sa.UniqueConstraint("contest_id", "key_tag"),
        sa.UniqueConstraint("contest_id", "person_id"),
        sa.UniqueConstraint("contest_id", "phone_tag", "phone_slot"),
    )
    with op.batch_alter_table("contestant", schema=None) as batch_op:
        batch_op.create_index("contestant_by_name", ["contest_id", "sort_key"], unique=False)
        batch_op.create_index("contestant_phone", ["contest_id", "phone_tag"], unique=False)
        batch_op.create_index("contestant_place", ["place_id"], unique=False)
        batch_op.create_index("contestant_registered", ["contest_id", "registered_at"], unique=False)
        batch_op.create_index("contestant_status", ["contest_id", "status"], unique=False)
        batch_op.create_index("contestant_unit", ["unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contestant_identity_tag"), ["identity_tag"], unique=False)
        batch_op.create_index(batch_op.f("ix_contestant_person_id"), ["person_id"], unique=False)

    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("sign", sa.String(length=24), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.String(length=32), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("round_id", "sign", "codes"),
    )
    op.create_table(
        "lots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("prize", sa.String(length=60), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("planned_by", sa.String(length=32), nullable=True),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("held_by", sa.JSON(), nullable=False),
        sa.Column("held_at", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lots_round_id"), ["round_id"], unique=False)

    op.create_table(
        "round_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("reserve", sa.Boolean(), nullable=False),
        sa.Column("void", sa.String(length=12), nullable=True),
        sa.Column("also", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("round_id", "question_id"),
    )
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("rulebook", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("awards", sa.JSON(), nullable=False),
        sa.Column("collective", sa.JSON(), nullable=False),
        sa.Column("spread", sa.JSON(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("complete_at", sa.BigInteger(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("round_id", "n"),
    )
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snapshot_contest_id"), ["contest_id"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(length=24), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("contestant_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("prize", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["contestant_id"], ["contestant.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contestant_id", "scope", "prize"),
        sa.UniqueConstraint("serial"),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_contest_id"), ["contest_id"], unique=False)

    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("contestant_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("about_code", sa.String(length=40), nullable=True),
        sa.Column("question_id", sa.String(length=80), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("answer_by", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=32), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("snapshot_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["contestant_id"], ["contestant.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contest_id", "number"),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_contest_id"), ["contest_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_contestant_id"), ["contestant_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contestant_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contestant_id"], ["contestant.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_contestant_id"), ["contestant_id"], unique=False)

    op.create_table(
        "delegate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("team", sa.String(length=120), nullable=False),
        sa.Column("division", sa.String(length=60), nullable=True),
        sa.Column("contestant_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["contestant_id"], ["contestant.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contest_id", "code"),
    )
    op.create_table(
        "essay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("contestant_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=True),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("handed_in_at", sa.BigInteger(), nullable=True),
        sa.Column("mark", sa.Integer(), nullable=True),
        sa.Column("like", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["contestant_id"], ["contestant.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("round_id", "contestant_id"),
    )
    with op.batch_alter_table("essay", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_essay_contestant_id"), ["contestant_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("contestant_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["contestant_id"], ["contestant.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("round_id", "contestant_id"),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_contestant_id"), ["contestant_id"], unique=False)

    op.create_table(
        "move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contestant_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contestant_id"], ["contestant.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["unit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_move_contestant_id"), ["contestant_id"], unique=False)

    op.create_table(
        "participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("contestant_id", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("given_back", sa.Integer(), nullable=False),
        sa.Column("valid", sa.Integer(), nullable=False),
        sa.Column("prediction", sa.Integer(), nullable=True),
        sa.Column("predicted_at", sa.BigInteger(), nullable=True),
        sa.Column("watch_word_at", sa.BigInteger(), nullable=True),
        sa.Column("best_attempt_id", sa.String(length=32), nullable=True),
        sa.Column("best_points", sa.Integer(), nullable=True),
        sa.Column("best_full", sa.Integer(), nullable=True),
        sa.Column("best_correct", sa.Integer(), nullable=True),
        sa.Column("best_duration_ms", sa.Integer(), nullable=True),
        sa.Column("best_submitted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contestant_id"], ["contestant.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("round_id", "contestant_id"),
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participation_contestant_id"), ["contestant_id"], unique=False)
        batch_op.create_index("participation_board", ["round_id", "best_points", "best_duration_ms"], unique=False)
        batch_op.create_index(
            "participation_full", ["round_id", "best_full", "best_points", "best_submitted_at"], unique=False
        )
        batch_op.create_index("participation_valid", ["round_id", "valid"], unique=False)

    op.create_table(
        "phone_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contestant_id", sa.Integer(), nullable=False),
        sa.Column("phone_tag", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contestant_id"], ["contestant.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("phone_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phone_code_contestant_id"), ["contestant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_phone_code_phone_tag"), ["phone_tag"], unique=False)

    op.create_table(
        "snapshot_line",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(length=60), nullable=True),
        sa.Column("contestant_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["contestant_id"], ["contestant.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("snapshot_id", "position"),
    )
    with op.batch_alter_table("snapshot_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snapshot_line_contestant_id"), ["contestant_id"], unique=False)
        batch_op.create_index("snapshot_line_of", ["snapshot_id", "contestant_id"], unique=False)

    op.create_table(
        "tallying",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=True),
        sa.Column("snapshot_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("tallying", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tallying_round_id"), ["round_id"], unique=False)

    op.create_table(
        "winner_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("contestant_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.BigInteger(), nullable=True),
        sa.Column("checked_by", sa.String(length=32), nullable=True),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.Column("collected", sa.String(length=12), nullable=False),
        sa.Column("collected_note", sa.LargeBinary(), nullable=True),
        sa.Column("collected_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contestant_id"], ["contestant.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("round_id", "contestant_id"),
    )
    with op.batch_alter_table("winner_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_winner_check_contestant_id"), ["contestant_id"], unique=False)

    op.create_table(
        "essay_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("essay_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.String(length=32), nullable=True),
        sa.Column("judge", sa.String(length=80), nullable=False),
        sa.Column("third", sa.Boolean(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("assigned_at", sa.BigInteger(), nullable=False),
        sa.Column("marked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["essay_id"], ["essay.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["judge_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("essay_id", "judge_id"),
    )
    with op.batch_alter_table("essay_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_essay_mark_judge_id"), ["judge_id"], unique=False)

    op.create_table(
        "saying",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("contestant_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.String(length=32), nullable=True),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["contestant_id"], ["contestant.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("saying", schema=None) as batch_op:
        batch_op.create_index("saying_of_round", ["round_id", "contestant_id", "id"], unique=False)

    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("round_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("contestant_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("no", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("deal_no", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("points", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("full", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("answered", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("asked", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("last_answers", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("response_ms", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("connected", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("invalid_reason", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("given_back_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("place_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("device_tag", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("address_tag", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("device_kind", sa.String(length=8), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("proxy", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.drop_index(batch_op.f("attempt_due"))
        batch_op.create_index("attempt_of_round", ["round_id", "started_at"], unique=False)
        batch_op.create_index("attempt_open", ["handed_in_at", "deadline_at"], unique=False)
        batch_op.create_index(
            "attempt_report",
            [
                "round_id",
                "contestant_id",
                "no",
                "started_at",
                "handed_in_at",
                "answered",
                "points",
                "full",
                "device_kind",
                "invalid_reason",
                "given_back_at",
            ],
            unique=False,
            sqlite_where=sa.text("round_id IS NOT NULL"),
            postgresql_where=sa.text("round_id IS NOT NULL"),
        )
        batch_op.create_unique_constraint("attempt_number", ["contestant_id", "round_id", "no"])
        batch_op.create_foreign_key("fk_contestant_id", "contestant", ["contestant_id"], ["id"], ondelete="CASCADE")
        batch_op.create_foreign_key("fk_round_id", "round", ["round_id"], ["id"], ondelete="CASCADE")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("keeper_id", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_person_keeper_id"), ["keeper_id"], unique=False)
        batch_op.create_foreign_key("fk_keeper_id", "person", ["keeper_id"], ["id"], ondelete="SET NULL")

    with op.batch_alter_table("show", schema=None) as batch_op:
        batch_op.add_column(sa.Column("round_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_show_round_id"), ["round_id"], unique=False)
        batch_op.create_foreign_key("fk_round_id", "round", ["round_id"], ["id"], ondelete="CASCADE")

    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.add_column(sa.Column("round_question_id", sa.Integer(), nullable=True))
        batch_op.alter_column("version_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_foreign_key("fk_round_question_id", "round_question", ["round_question_id"], ["id"])
