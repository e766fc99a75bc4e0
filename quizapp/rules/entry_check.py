"""Whether registration asks for what the rules need to know of people (contest-rules §4–5)."""

from __future__ import annotations

from quizapp.rules.contest import Settings, Who
from quizapp.rules.provinces import BY_CODE
from quizapp.rules.remarks import Remarks, rankings

AGE_OF_CONSENT = 16  # below it a parent or guardian consents too (§5)


def check(settings: Settings, remarks: Remarks) -> None:
    """Remark on who may enter and what they are asked."""
    who, fields = settings.who, settings.who.fields
    if not who.status.vi:
        remarks.fault("who.status", "Chưa ghi ai được dự thi.", "Ví dụ: Công dân Việt Nam ở trong nước và nước ngoài.")
    if fields.full_name != "required" and any(ranking.prizes for _, ranking in rankings(settings)):
        remarks.fault(
            "who.fields.full_name",
            "Cuộc thi có giải nên phải biết họ và tên người dự thi.",
            "Bắt buộc họ và tên.",
        )
    _check_age(who, remarks)
    _check_place(who, remarks)
    _check_one_person(who, remarks)
    if len(who.divisions) == 1:
        remarks.warn("who.divisions", "Chỉ có một bảng.", "Thêm bảng thứ hai, hoặc bỏ chia bảng.")
    for division in who.divisions:
        if not division.name.vi:
            remarks.fault("who.divisions", "Có bảng chưa có tên.", "Ghi tên bảng, ví dụ Học sinh.")
    if who.on_list_only and fields.delegate_code != "required":
        remarks.fault(
            "who.fields.delegate_code",
            "Chỉ người trong danh sách được thi, nhưng đăng ký không bắt buộc mã đại biểu.",
            "Bắt buộc mã đại biểu.",
        )
    if fields.delegate_code != "off" and not who.on_list_only:
        remarks.warn(
            "who.fields.delegate_code",
            "Đăng ký hỏi mã đại biểu, nhưng cuộc thi không giới hạn theo danh sách.",
            "Chọn chỉ nhận người trong danh sách, hoặc bỏ mã đại biểu.",
        )


def _check_age(who: Who, remarks: Remarks) -> None:
    if who.min_age and who.fields.birth_date != "required":
        remarks.fault(
            "who.fields.birth_date",
            "Thể lệ đòi đủ %(age)s tuổi, nhưng đăng ký không bắt buộc ngày sinh.",
            "Bắt buộc ngày sinh, hoặc bỏ điều kiện tuổi.",
            age=who.min_age,
        )
    young = who.min_age is None or who.min_age < AGE_OF_CONSENT
    if young and who.fields.birth_date != "required" and not who.on_list_only:
        remarks.warn(
            "who.fields.birth_date",
            "Người dưới 16 tuổi cần cha, mẹ hoặc người giám hộ đồng ý, nhưng không có ngày sinh để biết ai dưới 16.",
            "Bắt buộc ngày sinh, hoặc chỉ nhận người đủ 16 tuổi.",
        )


def _check_place(who: Who, remarks: Remarks) -> None:
    for code in who.provinces:
        if code not in BY_CODE:
            remarks.fault(
                "who.provinces",
                "Mã tỉnh «%(code)s» không có trong danh sách 34 tỉnh, thành phố.",
                "Chọn lại tỉnh, thành phố.",
                code=code,
            )
    if who.provinces and who.fields.address != "required":
        remarks.fault(
            "who.fields.address",
            "Cuộc thi giới hạn theo tỉnh, nhưng đăng ký không bắt buộc địa chỉ.",
            "Bắt buộc tỉnh và xã.",
        )


def _check_one_person(who: Who, remarks: Remarks) -> None:
    """One person, one entry: something must tell people apart (§5)."""
    fields = who.fields
    if who.on_list_only:
        return
    if "required" not in (fields.identity_number, fields.phone):
        remarks.fault(
            "who.fields.phone",
            "Không bắt buộc số điện thoại hay số căn cước thì một người đăng ký được nhiều lần.",
            "Bắt buộc ít nhất một trong hai.",
        )
    elif fields.identity_number != "required" and who.phone_shared_max > 1:
        remarks.warn(
            "who.phone_shared_max",
            "Nhiều người dùng chung một số điện thoại mà không có số căn cước thì khó biết có trùng người.",
            "Bắt buộc số căn cước, hoặc mỗi số điện thoại một người.",
        )
    if who.phone_shared_max > 1 and fields.phone == "off":
        remarks.warn(
            "who.phone_shared_max",
            "Đăng ký không hỏi số điện thoại nên giới hạn dùng chung số không có tác dụng.",
            "Để giới hạn là 1.",
        )
    if who.guardians and fields.identity_number == "off" and fields.phone == "off":
        remarks.warn(
            "who.guardians",
            "Cho dùng số của người giám hộ, nhưng đăng ký không hỏi số nào.",
            "Hỏi số điện thoại hoặc số căn cước.",
        )
