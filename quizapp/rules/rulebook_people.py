"""The articles of a rulebook about the contest itself and the people in it: purpose, who may enter, registration, the
staff, personal data (contest-rules §1, §4–5; fairness §10)."""

from __future__ import annotations

from quizapp.rules.contest import Field, Settings
from quizapp.rules.provinces import BY_CODE
from quizapp.rules.question import Text
from quizapp.rules.rulebook_text import Article, Clause, both, clause, counted, listed, points, say

_FIELDS: dict[str, Text] = {
    "full_name": Text("họ và tên", "full name"),
    "birth_date": Text("ngày sinh", "date of birth"),
    "sex": Text("giới tính", "sex"),
    "phone": Text("số điện thoại", "phone number"),
    "identity_number": Text("số căn cước", "identity number"),
    "other_paper": Text("giấy tờ khác (hộ chiếu, mã định danh)", "another paper (passport, personal code)"),
    "email": Text("email", "email"),
    "address": Text("tỉnh, thành phố và xã, phường, đặc khu", "province and commune"),
    "unit": Text("đơn vị công tác hoặc học tập", "unit of work or study"),
    "occupation": Text("nghề nghiệp", "occupation"),
    "insurance_group": Text("nhóm tham gia bảo hiểm xã hội", "social insurance group"),
    "delegate_code": Text("mã đại biểu", "delegate code"),
}


def purpose(settings: Settings) -> Article:
    """What the contest is called, what it is for, and who holds it."""
    clauses = [clause("Tên cuộc thi: {name}.", "Name of the contest: {name}.", name=settings.name)]
    if settings.purpose is not None:
        clauses.append(clause("Mục đích: {purpose}.", "Purpose: {purpose}.", purpose=settings.purpose))
    clauses.append(clause("Đơn vị tổ chức: {by}.", "Held by: {by}.", by=settings.organizer))
    if settings.superior is not None:
        clauses.append(clause("Cơ quan cấp trên: {above}.", "Agency above it: {above}.", above=settings.superior))
    return Article("purpose", Text("Tên gọi, mục đích, đơn vị tổ chức", "Name, purpose, organizer"), tuple(clauses))


def entry(settings: Settings) -> Article:
    """Who may enter, who may not, and who takes part without a prize."""
    who = settings.who
    clauses = [clause("Đối tượng dự thi: {status}.", "Open to: {status}.", status=who.status), _age(settings)]
    if who.provinces:
        clauses.append(
            clause(
                "Người dự thi phải sống, làm việc hoặc học tập tại: {places}. Điều này do người dự thi tự khai khi đăng"
                " ký và được kiểm tra khi trao giải.",
                "Contestants must live, work or study in: {places}. They declare it at registration; it is checked"
                " before a prize is handed over.",
                places=listed([BY_CODE[code].name if code in BY_CODE else Text(code, code) for code in who.provinces]),
            )
        )
    if who.on_list_only:
        clauses.append(
            clause(
                "Chỉ người có tên trong danh sách của Ban Tổ chức được dự thi, bằng mã riêng của mình.",
                "Only people on the organizers' list may enter, with a code of their own.",
            )
        )
    if who.divisions:
        clauses.append(
            Clause(
                say(
                    "Cuộc thi chia thành {count} bảng. Mỗi người dự thi thuộc đúng một bảng; mỗi bảng xếp hạng riêng.",
                    "The contest has {count} divisions. Everybody belongs to exactly one; each has its own ranking.",
                    count=len(who.divisions),
                ),
                points(*(say("Bảng {name}", "{name}", name=one.name) for one in who.divisions)),
            )
        )
    if who.must_take_part is not None:
        clauses.append(
            clause(
                "Đề nghị tham gia đầy đủ: {group}. Việc này dùng để báo cáo, không ảnh hưởng đến điểm và giải.",
                "Asked to take part whole: {group}. This serves reports; it changes neither scores nor prizes.",
                group=who.must_take_part,
            )
        )
    clauses += [_involved(settings), _wrongly_entered()]
    return Article("entry", Text("Đối tượng dự thi", "Who may enter"), tuple(clauses))


def _age(settings: Settings) -> Clause:
    who = settings.who
    if not who.min_age:
        return clause("Không giới hạn tuổi.", "There is no age limit.")
    on = {
        "ATTEMPT": Text("vào ngày bắt đầu lượt thi", "on the day an attempt starts"),
        "OPENING": Text("vào ngày cuộc thi mở", "on the day the contest opens"),
    }[who.age_on]
    return clause(
        "Người dự thi phải đủ {age} tuổi {on}. Người sinh ngày 29/02 được tính tuổi vào ngày 01/3 của năm không nhuận."
        " Chỉ biết năm sinh thì tính từ ngày 01/01 của năm đó; chỉ biết tháng sinh thì tính từ ngày 01 của tháng đó.",
        "Contestants must have turned {age} {on}. A birthday on 29 February counts on 1 March in other years. Where"
        " only the year of birth is known, it counts as 1 January; where only the month is, as its first day.",
        age=who.min_age,
        on=on,
    )


def _involved(settings: Settings) -> Clause:
    who = settings.who
    people = Text(
        "Thành viên Ban Chỉ đạo, Ban Tổ chức, Tổ Thư ký, Tổ ra đề, Ban Giám khảo, người dẫn chương trình và người phục"
        " vụ kỹ thuật",
        "Members of the steering and organizing committees, the secretariat, the question panel and the judging panel,"
        " hosts and technical staff",
    )
    if who.families_involved:
        people = say(
            "{people}, cùng vợ, chồng, cha, mẹ, con của những người này,",
            "{people}, with their spouses, parents and children,",
            people=people,
        )
    rule = {
        "BLOCK": Text("không được dự thi", "may not enter"),
        "HORS_CONCOURS": Text(
            "được làm bài và xem điểm của mình, nhưng không xếp hạng, không xét giải và không tính vào các số liệu",
            "may sit attempts and see their own score, but are in no ranking, receive no prize and count in no figure",
        ),
    }[who.involved]
    return clause(
        "{people} {rule}. Danh sách này được đối chiếu theo số căn cước và số điện thoại, không chỉ theo họ tên.",
        "{people} {rule}. The list is matched on identity number and phone, not on names alone.",
        people=people,
        rule=rule,
    )


def _wrongly_entered() -> Clause:
    return clause(
        "Người dự thi không đúng đối tượng: các lượt thi được lưu nhưng ghi là không hợp lệ kèm lý do, không xếp hạng"
        " và không tính vào số liệu.",
        "Attempts of people who may not enter stay stored, marked invalid with the reason; they are in no ranking and"
        " in no figure.",
    )


def registration(settings: Settings) -> Article:
    """What is asked at registration, and that one person enters once."""
    who = settings.who
    clauses = [_asked(settings, "required"), _asked(settings, "optional")]
    if who.fields.phone_confirmed:
        clauses.append(
            clause(
                "Số điện thoại được xác nhận bằng mã gửi đến máy.",
                "The phone number is confirmed with a code sent to it.",
            )
        )
    clauses += [_once(settings), _guardians(settings)]
    if who.time_accommodation:
        clauses.append(
            clause(
                "Người khuyết tật hoặc khó đọc, khó thao tác được đề nghị thêm thời gian làm bài trước lượt thi đầu"
                " tiên (gấp rưỡi, gấp đôi hoặc không giới hạn). Tổ Thư ký quyết định; việc này không nêu công khai."
                " Khi bằng nhau về thời gian, người không dùng thêm thời gian đứng trước.",
                "People who need it may ask for more time before their first attempt (one and a half times, twice, or"
                " no limit). The secretariat grants it; it is not shown publicly. Among equals on time, those without"
                " extra time stand first.",
            )
        )
    else:
        clauses.append(
            clause(
                "Thời gian làm bài như nhau cho mọi người dự thi.", "Everybody has the same time for their attempts."
            )
        )
    return Article(
        "registration", Text("Đăng ký dự thi", "Registration"), tuple(one for one in clauses if one is not None)
    )


def _asked(settings: Settings, how: Field) -> Clause | None:
    fields = settings.who.fields
    found = [words for name, words in _FIELDS.items() if getattr(fields, name) == how]
    if not found:
        return None
    head = {
        "required": Text("Người dự thi khai:", "Contestants give:"),
        "optional": Text("Có thể khai thêm:", "They may give as well:"),
    }[how]
    return Clause(head, points(*found))


def _once(settings: Settings) -> Clause:
    fields = settings.who.fields
    if settings.who.on_list_only:
        by = Text("mã đại biểu", "delegate code")
    elif fields.identity_number != "off":
        by = Text("số căn cước, nếu không có thì số điện thoại", "identity number, or else the phone number")
    else:
        by = Text("số điện thoại", "phone number")
    once = say(
        "Mỗi người đăng ký một lần, phân biệt theo {by}.", "Everybody registers once, told apart by {by}.", by=by
    )
    if fields.phone == "off":
        return Clause(once)
    return clause(
        "{once} Một số điện thoại dùng được cho tối đa {shared}.",
        "{once} One phone number serves at most {shared}.",
        once=once,
        shared=counted(settings.who.phone_shared_max, "người", "person", "people"),
    )


def _guardians(settings: Settings) -> Clause:
    children = Text(
        "Người dưới 16 tuổi dự thi khi cha, mẹ hoặc người giám hộ đồng ý; người từ đủ 7 tuổi còn phải tự mình đồng ý."
        " Tên của người dưới 16 tuổi chỉ được công bố nếu sự đồng ý đó bao gồm việc công bố.",
        "People under 16 enter with the consent of a parent or guardian, and from 7 with their own as well. Their names"
        " are published only where that consent covers it.",
    )
    if not settings.who.guardians:
        return Clause(children)
    return clause(
        "{children} Người không có giấy tờ hoặc điện thoại được dùng số của người giám hộ, và không bị coi là trùng với"
        " người đó.",
        "{children} People without papers or a phone may use those of a guardian, without colliding with the guardian.",
        children=children,
    )


def data(settings: Settings) -> Article:
    """What becomes of personal data."""
    contact = settings.contact or Text("Tổ Thư ký", "the secretariat")
    return Article(
        "data",
        Text("Bảo vệ dữ liệu cá nhân", "Personal data"),
        (
            clause(
                "{by} giữ dữ liệu cá nhân của người dự thi, chỉ để tổ chức cuộc thi: kiểm tra điều kiện, liên hệ, xếp"
                " hạng, trao giải, giải quyết khiếu nại và thống kê.",
                "{by} holds the contestants' personal data, only to run the contest: to check who may enter, to reach"
                " them, to rank, to award, to answer complaints, and for statistics.",
                by=settings.organizer,
            ),
            clause(
                "Người dự thi đồng ý riêng cho từng mục đích: tham gia, công bố tên khi đạt giải, nhận tin về cuộc thi"
                " sau. Chỉ mục đích đầu là cần để dự thi. Có thể rút lại sự đồng ý bất cứ lúc nào.",
                "Contestants consent to each purpose apart: taking part, publishing their name if they win, news of"
                " later contests. Only the first is needed to enter. Consent may be taken back at any time.",
            ),
            clause(
                "Rút sự đồng ý tham gia trước khi vòng thi đóng hay sau đó thì không còn tên trên trang công khai và"
                " không nhận giải; các con số tổng hợp giữ nguyên.",
                "Who takes back the consent to take part, before or after closing, is no longer named publicly and"
                " receives no prize; totals stay as they are.",
            ),
            clause(
                "Số căn cước, ngày sinh và số điện thoại đầy đủ không bao giờ được công bố. Số căn cước chỉ dùng để đối"
                " chiếu; số đầy đủ chỉ hỏi người đạt giải.",
                "Identity numbers, birth dates and full phone numbers are never published. The identity number serves"
                " to compare only; the full number is asked of winners alone.",
            ),
            clause(
                "Dữ liệu cá nhân được xóa sau khi kết thúc hồ sơ cuộc thi {days}; bằng chứng về sự đồng ý giữ lâu hơn"
                " theo pháp luật.",
                "Personal data are erased {days} after the file of the contest is closed; the proof of consent is kept"
                " longer, as the law asks.",
                days=counted(settings.keep_days, "ngày", "day", "days"),
            ),
            clause(
                "Để xem, sửa, nhận bản sao, hạn chế hoặc xóa dữ liệu của mình, liên hệ: {contact}.",
                "To see, correct, copy, restrict or delete one's data: {contact}.",
                contact=contact,
            ),
        ),
    )


def provisions(settings: Settings) -> Article:
    """Who decides, how the rulebook may change, and whom to ask."""
    clauses = [
        Clause(both(settings.decides.of)),
        clause(
            "Khi cuộc thi đã mở, thể lệ chỉ thay đổi bằng một bản mới có ngày và lý do, do hai người của Tổ Thư ký cùng"
            " xác nhận. Mọi bản đều được lưu và công bố.",
            "Once the contest is open, the rulebook changes only by a new version with its date and reason, confirmed"
            " by two members of the secretariat. Every version is kept and published.",
        ),
        clause(
            "Điểm, xếp hạng và giải được máy tính ra từ chính các quy định này; cùng dữ liệu luôn cho cùng kết quả.",
            "Scores, rankings and prizes are computed from these very provisions; the same data always give the same"
            " result.",
        ),
    ]
    if settings.witnesses:
        clauses.append(
            clause(
                "Mã niêm phong của hồ sơ được gửi cho bên làm chứng: {witnesses}.",
                "The seals of the record are sent to these witnesses: {witnesses}.",
                witnesses=", ".join(settings.witnesses),
            )
        )
    if settings.contact is not None:
        clauses.append(clause("Liên hệ: {contact}.", "Contact: {contact}.", contact=settings.contact))
    return Article("provisions", Text("Điều khoản chung", "General provisions"), tuple(clauses))
