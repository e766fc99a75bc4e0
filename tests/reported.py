"""A contest with results and with everything about its people that may never be told: for tests of papers and pages."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from quizapp import models
from quizapp.rules import tally
from quizapp.rules.contest import Collective, Paper, Prize, Ranking, Words
from quizapp.rules.most import Share as Most
from quizapp.rules.spread import Share, Spread, Spreads
from tests import make

# What stands in the database, sealed or typed, and in no page, paper or workbook.
IDENTITY, PHONE, BIRTHDAY, EMAIL = "001190012345", "0912345678", "15/08/1990", "hoa.nguyen@example.vn"
ADDRESS = "Số nhà 12 ngõ 34 phố Đào Tấn"
SECRETS = (IDENTITY, PHONE, BIRTHDAY, "1990-08-15", EMAIL, ADDRESS, "001 190 012 345", "0912 345 678")

PRIZES = (
    Prize(key="nhat", name=Words("Giải Nhất", "First prize"), value=5_000_000),
    Prize(key="nhi", name=Words("Giải Nhì", "Second prize"), slots=2, value=3_000_000, gift=Words("Bằng khen")),
    Prize(key="ba", name=Words("Giải Ba", "Third prize"), slots=3),
)
BY_COUNT = Collective(key="dong", name=Words("Đơn vị có nhiều người dự thi"), measure="C_COUNT", level="Công ty")
BY_RATE = Collective(key="ty-le", name=Words("Đơn vị có tỷ lệ cao"), measure="C_RATE", level="Công ty", value=2_000_000)


def sealed(row, column, text):
    return make.VAULT.seal(text, table="contestant", column=column, row=row)


def person(session, contest, name, agrees=True, **changes):
    """A contestant with every secret that a record may hold."""
    made = make.contestant(session, contest, name=name, **changes)
    made.birth_sealed = sealed(made.code, "birth", "1990-08-15")
    made.birth_known = "day"
    made.phone_sealed = sealed(made.code, "phone", PHONE)
    made.identity_sealed = sealed(made.code, "identity", IDENTITY)
    made.email_sealed = sealed(made.code, "email", EMAIL)
    made.address = sealed(made.code, "address", ADDRESS)
    made.age_from = 35
    make.consent(session, made, *(("take_part", "publish") if agrees else ("take_part",)))
    return made


def contest(session, owner=None, **changes):
    """Two weeks, of which the first is announced: Ada won and agreed to be named, Bob won and did not, Chi agreed but
    won nothing; two companies, of which one has a target; a complaint; a key of four questions."""
    week = timedelta(days=7)
    rules = [
        make.round_rules(
            f"tuan-{n}",
            name=Words(f"Tuần {n}", f"Week {n}"),
            opens_at=make.OPENS + (n - 1) * week,
            closes_at=make.CLOSES + (n - 1) * week,
            paper=Paper(kind="fixed", questions=tuple(f"huu-tri-{q:03}" for q in range(1, 5))),
            ranking=Ranking(prizes=PRIZES),
        )
        for n in (1, 2)
    ]
    values = {
        "name": Words("Cuộc thi “Tìm hiểu Luật Bảo hiểm xã hội 2024”", "The 2024 Social Insurance Law"),
        "superior": Words("Bảo hiểm xã hội Việt Nam", "Viet Nam Social Security"),
        "place": "Hà Nội",
        "collective": (BY_COUNT, BY_RATE),
        "unit_levels": ("Công ty",),
        "purpose": Words("Giúp mọi người nắm luật."),
    }
    made = make.contest(session, rounds=rules, owner=owner, **{**values, **changes})
    big = make.unit(session, made, "Công ty May 10", level="Công ty", headcount=200, target_people=40)
    small = make.unit(session, made, "Ấp văn hóa số 3", level="Công ty", headcount=60, target_attempts=30)
    province = make.unit(session, made, "Ninh Bình", tree="place", level="province", code="37")
    commune = make.unit(session, made, "Xã Gia Viễn", province, tree="place", level="commune")
    people = {
        "ada": person(session, made, "Nguyễn Thị Ada", unit_id=big.id, place_id=commune.id),
        "bob": person(session, made, "Trần Văn Bốp", agrees=False, unit_id=big.id, place_id=commune.id),
        "chi": person(session, made, "Lê Thị Chi", place_id=commune.id),
    }
    row = made.rounds[0]
    row.state, row.cut_at = "COMPLAINTS", make.CLOSES
    row.announced_at, row.complaints_until = make.CLOSES + timedelta(days=2), make.CLOSES + timedelta(days=9)
    row.decision_number, row.decided_on = "12/QĐ-BTC", "2026-03-10"
    announce(session, row, people, big, small, province, commune)
    questions = [make.question(f"huu-tri-{n:03}", stem=make.text(f"Câu hỏi số {n} hỏi gì?")) for n in (1, 2)]
    questions += [make.question("huu-tri-003", kind="number", key=(15,))]
    questions += [make.question("huu-tri-004", kind="order", key=(2, 0, 1), options=3)]
    kept = make.committed(session, row, *questions)
    kept[1].void, kept[1].also = "ACCEPT_ALSO", [3]
    complain(session, made, row, people["chi"])
    session.flush()
    return made, people


def announce(session, row, people, big, small, province, commune):
    """The stored result of the first week: 57 people with 130 attempts, of whom three stand in the ranking here."""
    figures = {
        "registered": 80,
        "started": 140,
        "attempts": 130,
        "people": 57,
        "all_correct": 12,
        "hors_attempts": 7,
        "hors_people": 4,
    }
    spread = Spread(
        units={str(big.id): Share(38, 90), str(small.id): Share(12, 30), "": Share(7, 10)},
        places={str(commune.id): Share(57, 130)},
        divisions={"": Share(57, 130)},
        days={"2026-03-02": Share(40, 100), "2026-03-03": Share(4, 9), "2026-03-08": Share(21, 21)},
        hours={"8": 100, "20": 30},
        scores={"10": 12, "9": 30, "2": 15},
    )
    whole = tally.Figures(**{**figures, "people": 61, "attempts": 150, "people_of_rounds": 70})
    lists = (
        tally.GroupList(
            key="dong",
            lines=(
                tally.GroupLine(rank=1, node=str(big.id), people=38, headcount=200, value=38),
                tally.GroupLine(rank=2, node=str(small.id), people=12, headcount=60, value=12),
            ),
            winners=(tally.Award(scope="dong", prize="dong", code=str(big.id), place=1),),
        ),
        tally.GroupList(
            key="ty-le",
            lines=(
                tally.GroupLine(rank=1, node=str(small.id), people=12, headcount=60, value=12, value_of=60),
                tally.GroupLine(rank=2, node=str(big.id), people=38, headcount=200, value=38, value_of=200),
            ),
            winners=(tally.Award(scope="ty-le", prize="ty-le", code=str(small.id), place=1),),
        ),
    )
    return make.snapshot(
        session,
        row,
        [(people["ada"], 10), (people["bob"], 10), (people["chi"], 9)],
        [("nhat", people["ada"]), ("nhi", people["bob"])],
        now=make.CLOSES + timedelta(days=1),
        figures=figures,
        numbers={
            "contest": whole,
            "target": 12,
            "target_rows": 57,
            "most": {"province": (Most(str(province.id), "Ninh Bình", 57, 130),)},
            "names": {str(big.id): big.name, str(small.id): small.name},
        },
        collective=lists,
        spread=msgspec.to_builtins(Spreads(round=spread, contest=spread)),
    )


def complain(session, contest, row, who):
    session.add(
        models.Complaint(
            contest_id=contest.id,
            round_id=row.id,
            contestant_id=who.id,
            number=1,
            kind="score",
            text=f"Tôi sinh ngày {BIRTHDAY}, căn cước {IDENTITY}, gọi {PHONE} hoặc {EMAIL}: câu 2 chấm sai.",
            contact_sealed=sealed("1", "contact", PHONE),
            made_at=make.CLOSES + timedelta(days=3),
            answer_by=make.CLOSES + timedelta(days=10),
            outcome="KEPT",
            answer=f"Đã gọi số {PHONE}. Giữ nguyên.",
            answered_at=make.CLOSES + timedelta(days=4),
        )
    )
