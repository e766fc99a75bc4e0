"""A formula such as `45 + 2 * (years - 15)`: whole numbers, exact fractions, dates and yes-or-no, and nothing else.

It is read once and computed for many values. It knows only the names it is given, and no way out of itself.
"""

from __future__ import annotations

import ast
import calendar
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from quizapp.rules.question import Text

Value = int | Fraction | date | Text  # yes and no are 1 and 0 of type bool
Values = Mapping[str, Value]

LONGEST = 300  # letters of a formula
LARGEST = 10**15

_Node = Callable[[Values], Value]


class Wrong(Exception):
    """A formula that cannot be read or computed; says what is wrong with it and how to mend it, in Vietnamese."""

    def __init__(self, problem: str, remedy: str, **details: str | int) -> None:
        super().__init__(problem)
        self.problem, self.remedy, self.details = problem, remedy, details


@dataclass(frozen=True)
class Formula:
    """A formula that was read: the names it uses, and how to compute it from their values."""

    names: frozenset[str]
    compute: _Node


def read(source: object, known: Collection[str]) -> Formula:
    """The formula that `source` says in terms of the `known` names; refuses everything else (`Wrong`)."""
    if not isinstance(source, str) or not 0 < len(source) <= LONGEST:
        raise Wrong(
            "Công thức phải là chữ trong ngoặc kép, dài tối đa %(longest)s ký tự.",
            'Viết dạng "45 + 2 * (years - 15)".',
            longest=LONGEST,
        )
    try:
        tree = ast.parse(source.strip(), mode="eval").body
        compute = _node(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Wrong(
            "Công thức «%(value)s» viết sai.",
            "Kiểm tra dấu ngoặc và dấu phép tính; xem các phép tính dùng được trong docs/questions.md.",
            value=source,
        ) from None
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    used = frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called)
    for name in sorted(used.difference(known)):
        raise Wrong(
            "Công thức dùng tên «%(value)s» chưa được đặt ở trên.",
            "Đặt tên này trong vary hoặc let phía trước, hoặc sửa tên cho đúng.",
            value=name,
        )
    return Formula(used, compute)


def is_truth(value: object) -> bool:
    """Whether a value is yes or no."""
    return isinstance(value, bool)


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _node(node: ast.expr) -> _Node:
    """What computes one part of a formula."""
    if isinstance(node, ast.Constant):
        return _constant(node)
    if isinstance(node, ast.Name):
        return _name(node.id)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _operation(_OPERATIONS[type(node.op)], _node(node.left), _node(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
        return _turned(isinstance(node.op, ast.Not), _node(node.operand))
    if isinstance(node, ast.Compare) and all(type(op) in _COMPARISONS for op in node.ops):
        parts = [_node(part) for part in (node.left, *node.comparators)]
        return _compared([_COMPARISONS[type(op)] for op in node.ops], parts)
    if isinstance(node, ast.BoolOp):
        return _joined(isinstance(node.op, ast.And), [_node(part) for part in node.values])
    if isinstance(node, ast.IfExp):
        return _chosen(_node(node.test), _node(node.body), _node(node.orelse))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return _called(node.func.id, [_node(part) for part in node.args])
    raise Wrong(
        "Công thức có phần không dùng được: «%(value)s».",
        "Chỉ dùng số nguyên, các tên đã đặt, + - * / // %%, so sánh, and, or, not, if … else và các hàm trong mẫu.",
        value=ast.unparse(node)[:60],
    )


def _constant(node: ast.Constant) -> _Node:
    value = node.value
    if isinstance(value, str):
        text = Text(value, value)
        return lambda _: text
    if isinstance(value, int) and value <= LARGEST:  # also True and False
        return lambda _: value
    raise Wrong(
        "Công thức có giá trị không dùng được: «%(value)s».",
        "Chỉ dùng số nguyên; số thập phân viết thành phân số, ví dụ 81/2 thay cho 40.5.",
        value=str(value)[:60],
    )


def _name(name: str) -> _Node:
    return lambda values: values[name]


def _operation(operate: Callable[[Value, Value], Value], left: _Node, right: _Node) -> _Node:
    return lambda values: _bounded(operate(left(values), right(values)))


def _turned(is_not: bool, inner: _Node) -> _Node:
    if is_not:
        return lambda values: not _truth(inner(values))
    return lambda values: -_number(inner(values))


def _compared(comparisons: list[Callable[[Value, Value], bool]], parts: list[_Node]) -> _Node:
    def compute(values: Values) -> Value:
        found = [part(values) for part in parts]
        return all([compare(a, b) for compare, a, b in zip(comparisons, found, found[1:], strict=False)])

    return compute


def _joined(is_and: bool, parts: list[_Node]) -> _Node:
    join = all if is_and else any
    return lambda values: join(_truth(part(values)) for part in parts)


def _chosen(test: _Node, then: _Node, otherwise: _Node) -> _Node:
    return lambda values: then(values) if _truth(test(values)) else otherwise(values)


def _called(name: str, arguments: list[_Node]) -> _Node:
    if name not in _FUNCTIONS:
        raise Wrong("Không có hàm «%(value)s».", "Dùng một trong các hàm: %(known)s.", value=name, known=_KNOWN)
    count, function = _FUNCTIONS[name]
    if len(arguments) != count and (count or len(arguments) < 2):
        raise Wrong(
            "Hàm «%(value)s» được gọi với %(count)s giá trị.",
            "Xem số giá trị của từng hàm trong docs/questions.md.",
            value=name,
            count=len(arguments),
        )
    return lambda values: _bounded(function(*(argument(values) for argument in arguments)))


# ── Computing ───────────────────────────────────────────────────────────────────────────────────────────────────


def _number(value: Value) -> int | Fraction:
    if isinstance(value, (int, Fraction)) and not is_truth(value):
        return value
    raise _unfit("Phép tính cần một số nhưng gặp giá trị loại khác.")


def _whole(value: Value) -> int:
    number = _number(value)
    if isinstance(number, int) and -(10**6) <= number <= 10**6:
        return number
    raise _unfit("Phép tính cần một số nguyên không quá lớn nhưng gặp giá trị loại khác.")


def _day(value: Value) -> date:
    if isinstance(value, date):
        return value
    raise _unfit("Phép tính cần một ngày nhưng gặp giá trị loại khác.")


def _truth(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    raise _unfit("Phép tính cần một điều kiện đúng hoặc sai nhưng gặp giá trị loại khác.")


def _unfit(problem: str) -> Wrong:
    return Wrong(problem, "Kiểm tra từng tên trong công thức là số, ngày hay chữ.")


def _bounded(value: Value) -> Value:
    """A value no larger than money gets; a fraction that is whole as a whole number."""
    if isinstance(value, (int, Fraction)) and not (-LARGEST <= value <= LARGEST and value.denominator <= LARGEST):
        raise Wrong("Kết quả của công thức quá lớn hoặc quá lẻ.", "Sửa công thức hoặc thu hẹp các giá trị.")
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value


def _plus(a: Value, b: Value) -> Value:
    return _later(a, b) if isinstance(a, date) else _number(a) + _number(b)


def _minus(a: Value, b: Value) -> Value:
    if isinstance(a, date):
        return (a - b).days if isinstance(b, date) else _later(a, -_number(b))
    return _number(a) - _number(b)


def _divisor(value: Value) -> Fraction:
    if value == 0:
        raise Wrong("Công thức chia cho 0.", "Thêm điều kiện vào where để số chia khác 0.")
    return Fraction(_number(value))


def _later(day: Value, days: Value) -> Value:
    try:
        return _day(day) + timedelta(days=_whole(days))
    except OverflowError:
        raise _no_day() from None


def months_later(day: Value, months: Value) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    start, months_in_all = _day(day), _whole(months)
    year, month = divmod(start.year * 12 + start.month - 1 + months_in_all, 12)
    if not 1 <= year <= 9999:
        raise _no_day()
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def full_months(first: Value, last: Value) -> int:
    """How many whole months lie between two days."""
    a, b = _day(first), _day(last)
    return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day)


def _made_date(year: Value, month: Value, day: Value) -> Value:
    try:
        return date(_whole(year), _whole(month), _whole(day))
    except ValueError:
        raise _no_day() from None


def _no_day() -> Wrong:
    return Wrong("Công thức cho ra một ngày không có trong lịch.", "Sửa công thức hoặc thêm điều kiện vào where.")


def _end_of_month(day: Value) -> Value:
    last = _day(day)
    return last.replace(day=calendar.monthrange(last.year, last.month)[1])


def _same_sort(a: Value, b: Value) -> bool:
    return any(isinstance(a, sort) and isinstance(b, sort) for sort in ((int, Fraction), date, Text))


def _equal(a: Value, b: Value) -> bool:
    if not _same_sort(a, b):
        raise _unfit("Phép tính cần hai giá trị cùng loại.")
    return a.vi == b.vi if isinstance(a, Text) and isinstance(b, Text) else a == b


def _less(a: Value, b: Value) -> bool:
    return _day(a) < _day(b) if isinstance(a, date) else _number(a) < _number(b)


def _extreme(choose: Callable[[Value, Value], bool]) -> Callable[..., Value]:
    """The first of many values before which, by `choose`, no other comes."""

    def extreme(*values: Value) -> Value:
        best = values[0]
        for value in values[1:]:
            best = value if choose(value, best) else best
        return best

    return extreme


_OPERATIONS: dict[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: _plus,
    ast.Sub: _minus,
    ast.Mult: lambda a, b: _number(a) * _number(b),
    ast.Div: lambda a, b: _number(a) / _divisor(b),
    ast.FloorDiv: lambda a, b: _number(a) // _divisor(b),
    ast.Mod: lambda a, b: _number(a) % _divisor(b),
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Value, Value], bool]] = {
    ast.Eq: _equal,
    ast.NotEq: lambda a, b: not _equal(a, b),
    ast.Lt: _less,
    ast.Gt: lambda a, b: _less(b, a),
    ast.LtE: lambda a, b: not _less(b, a),
    ast.GtE: lambda a, b: not _less(a, b),
}
_FUNCTIONS: dict[str, tuple[int, Callable[..., Value]]] = {  # how many arguments; 0 is two or more
    "min": (0, _extreme(_less)),
    "max": (0, _extreme(lambda a, b: _less(b, a))),
    "abs": (1, lambda a: max(_number(a), -_number(a))),
    "floor": (1, lambda a: math.floor(_number(a))),
    "ceil": (1, lambda a: math.ceil(_number(a))),
    "round": (1, lambda a: math.floor(_number(a) + Fraction(1, 2))),
    "date": (3, _made_date),
    "year": (1, lambda a: _day(a).year),
    "month": (1, lambda a: _day(a).month),
    "day": (1, lambda a: _day(a).day),
    "add_days": (2, _later),
    "add_months": (2, months_later),
    "add_years": (2, lambda a, n: months_later(a, _whole(n) * 12)),
    "end_of_month": (1, _end_of_month),
    "full_months": (2, full_months),
}
_KNOWN = ", ".join(_FUNCTIONS)
