"""What stands in a workbook of our own besides the questions: how to fill in each column, in both languages."""

from __future__ import annotations

TITLE = ("Cách điền bảng câu hỏi", "How to fill in the table of questions")
SHEETS = ("Câu hỏi", "Hướng dẫn")  # the table; the help
HEAD = ("Cột", "Column", "Cách điền", "How to fill it in")
TOPICS = ("Mã chủ đề", "Topic", "Tên chủ đề", "Name of the topic")

COLUMNS: dict[str, tuple[str, str]] = {
    "id": (
        "Để trống với câu mới. Giữ nguyên mã khi sửa câu đã có.",
        "Leave empty for a new question. Keep it when you mend one that exists.",
    ),
    "topic": ("Chọn mã chủ đề trong danh sách.", "Choose the topic from the list."),
    "kind": (
        "Chọn trong danh sách: Một đáp án, Nhiều đáp án, Đúng hay sai, Sắp xếp, Điền số.",
        "Choose from the list: one answer, several answers, true or false, ordering, whole number.",
    ),
    "difficulty": (
        "Chọn: Nhận biết, Thông hiểu hoặc Vận dụng.",
        "Choose: know, understand or apply.",
    ),
    "scenario": (
        "Ghi «có» nếu câu hỏi kể một tình huống của một người.",
        "Write «có» if the question tells the case of a person.",
    ),
    "stem": (
        "Câu hỏi, tối đa 220 ký tự. Câu nhiều đáp án ghi rõ «Chọn tất cả các phương án đúng».",
        "The question, at most 220 characters. With several answers it says to choose all that are right.",
    ),
    "A": (
        "Phương án A đến F, mỗi phương án tối đa 110 ký tự. Câu đúng/sai và câu điền số để trống.",
        "Options A to F, at most 110 characters each. Empty for true or false and for numbers.",
    ),
    "answer": (
        "Chữ cái của phương án đúng: B, hoặc AC. Sắp xếp: thứ tự đúng, ví dụ CABD. Đúng/sai: Đúng hoặc Sai. "
        "Điền số: một số nguyên.",
        "The letter of the right option: B, or AC. Ordering: the right order, such as CABD. True or false: Đúng (true) "
        "or Sai (false). Number: a whole number.",
    ),
    "unit": ("Chỉ cho câu điền số: năm, tháng, %, đồng.", "Only for numbers: years, months, %, dong."),
    "explanation": (
        "Vì sao, kèm điều luật; từ 40 đến 400 ký tự.",
        "Why, with the article; 40 to 400 characters.",
    ),
    "short": (
        "Câu hỏi viết gọn để hiện trên luồng phát, tối đa 110 ký tự.",
        "The question in short, for the picture of a stream, at most 110 characters.",
    ),
    "citations": (
        "Căn cứ pháp lý, ví dụ «Điều 64 khoản 1 điểm a». Nhiều căn cứ cách nhau bằng dấu chấm phẩy.",
        "The legal basis, such as «Điều 64 khoản 1 điểm a». Several are separated by semicolons.",
    ),
    "facts": (
        "Mã dữ kiện mà câu hỏi dựa vào, ví dụ H-01. Nhiều mã cách nhau bằng dấu chấm phẩy.",
        "The facts the question rests on, such as H-01. Several are separated by semicolons.",
    ),
    "in_force_from": (
        "Ngày nội dung bắt đầu là luật, dạng 2025-07-01. Thường để trống.",
        "The day from which this is the law, such as 2025-07-01. Usually empty.",
    ),
    "in_force_to": (
        "Ngày cuối cùng nội dung còn là luật. Thường để trống.",
        "The last day on which this is the law. Usually empty.",
    ),
    "stem_en": (
        "Các cột có đuôi _en là bản tiếng Anh của cột cùng tên.",
        "Columns that end in _en are the English of the column with the same name.",
    ),
}
