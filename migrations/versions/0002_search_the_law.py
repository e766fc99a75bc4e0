"""Search the law: its articles in folded words, for the full-text search of either database"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE law_search USING fts5("
            "article UNINDEXED, digest UNINDEXED, title, around, body, tokenize = 'unicode61')"
        )
    else:
        op.execute(
            "CREATE TABLE law_search ("
            "article integer PRIMARY KEY, digest text NOT NULL, "
            "title text NOT NULL, around text NOT NULL, body text NOT NULL, "
            "words tsvector GENERATED ALWAYS AS ("
            "setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', around), 'C') || "
            "setweight(to_tsvector('simple', body), 'B')) STORED)"
        )
        op.execute("CREATE INDEX law_search_words ON law_search USING gin (words)")


def downgrade():
    op.execute("DROP TABLE law_search")
