"""Expressions: text → a small tree, or a fault with its column. Nothing is ever executed.

Python's own tokenizer and parser read the text; of their tree only the node types
listed here get through, so an attribute, call or literal outside the contract has no
way in. Columns are 1-based and count characters, not bytes.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from dataclasses import dataclass
from datetime import date

MOST_CHARACTERS = 10_000
MOST_DEPTH = 60
MOST_WEIGHT = 20_000
INT64 = range(-(2**63), 2**63)

AGGREGATES = frozenset({"any", "all", "count", "sum", "least", "most"})
SINCE = frozenset({"years_since", "months_since", "days_since"})
# name -> how many arguments it takes (least, most; None is no upper limit)
FUNCTIONS: dict[str, tuple[int, int | None]] = {
    **dict.fromkeys(AGGREGATES | SINCE | {"abs", "known"}, (1, 1)),
    "min": (2, None),
    "max": (2, None),
    "date": (1, 1),
    "coalesce": (2, 2),
    "if_": (3, 3),
}
CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
HOUSEHOLD = "household"
RESERVED = frozenset(FUNCTIONS) | frozenset(CONSTANTS) | {HOUSEHOLD, "and", "or", "not", "in"}

Value = int | str | bool | date | None


class Refused(Exception):
    """The expression is outside the grammar; ``column`` is where."""

    def __init__(self, message: str, column: int) -> None:
        self.message, self.column = message, column
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value
    column: int


@dataclass(frozen=True, slots=True)
class Name:
    """``wage`` or, with ``of_household``, ``household.income``."""

    name: str
    of_household: bool
    column: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function, or an operator by its sign: ``+ - * // % neg not and or == != < <= > >= in``."""

    function: str
    arguments: tuple[Tree, ...]
    column: int
    weight: int = 1


Tree = Literal | Name | Call

_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Mod: "%"}
_COMPARE = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in"}
# How often the compiled form repeats an argument (the last entry holds for all further ones): nested
# divisions would otherwise grow without bound.
_REPEATS: dict[str, tuple[int, ...]] = {
    "//": (2, 4), "%": (2, 6), "if_": (2, 1), "min": (2,), "max": (2,), "abs": (3,), **dict.fromkeys(SINCE, (3,)),
}  # fmt: skip
_SYMBOLS = frozenset({"(", ")", "[", "]", ",", ".", "+", "-", "*", "//", "%", "==", "!=", "<", "<=", ">", ">="})
_INTEGER = re.compile(r"0|[1-9][0-9]*")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def iso_date(text: str) -> date | None:
    """The day that ``YYYY-MM-DD`` names, or None if it names none."""
    if not _ISO_DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def weight(tree: Tree) -> int:
    """How large the compiled form of ``tree`` may become, in nodes."""
    return tree.weight if isinstance(tree, Call) else 1


def build(function: str, arguments: tuple[Tree, ...], column: int) -> Call:
    """A Call with its weight. Raises Refused where the compiled form would be too large."""
    repeats = _REPEATS.get(function, (1,))
    total = 1 + sum(repeats[min(i, len(repeats) - 1)] * weight(one) for i, one in enumerate(arguments))
    if total > MOST_WEIGHT:
        raise Refused("表达式过大", column)
    return Call(function, arguments, column, total)


def parse(text: str) -> Tree:
    """The tree of one expression. Raises Refused with message and column."""
    source = re.sub(r"[\r\n\t]", " ", text)
    lead = len(source) - len(source.lstrip(" "))
    source = source.strip(" ")
    if not source:
        raise Refused("表达式为空", 1)
    if len(source) > MOST_CHARACTERS:
        raise Refused(f"表达式超过 {MOST_CHARACTERS} 个字符", 1)
    try:
        _check_tokens(source)
        return _Reader(source).read()
    except Refused as refused:
        raise Refused(refused.message, refused.column + lead) from None


def _check_tokens(source: str) -> None:
    """Refuse by token what the tree no longer shows: number and string forms, comments, deep brackets."""
    open_brackets = run = before = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            column = token.start[1] + 1
            if token.type == tokenize.NUMBER and not _INTEGER.fullmatch(token.string):
                raise Refused(f"数字 {token.string[:40]} 不是十进制整数", column)
            if token.type == tokenize.STRING and (token.string[0] not in "'\"" or token.string[:3] in {"'''", '"""'}):
                raise Refused("文字应写在一对引号里，不带前缀", column)
            if token.type == tokenize.STRING and before == tokenize.STRING:
                raise Refused("两段文字不能连写", column)
            if token.type == tokenize.COMMENT or (token.type == tokenize.ERRORTOKEN and token.string.strip()):
                raise Refused(f"不认识的符号 {token.string[:20]}", column)
            if token.type == tokenize.OP and token.string not in _SYMBOLS:
                raise Refused(f"不允许的符号 {token.string}", column)
            open_brackets += (token.string in {"(", "["}) - (token.string in {")", "]"})
            run = run + 1 if token.string in {"not", "-"} else 0
            if max(open_brackets, run) > MOST_DEPTH:
                raise Refused(f"嵌套超过 {MOST_DEPTH} 层", column)
            before = token.type
    except (tokenize.TokenError, SyntaxError, IndentationError) as error:
        raise Refused("表达式没有写完", len(source)) from error


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.bytes = source.encode()

    def column(self, node: ast.expr) -> int:
        return len(self.bytes[: node.col_offset].decode(errors="replace")) + 1

    def read(self) -> Tree:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # "1 in[2]", odd escapes: judged below, not printed
                tree = ast.parse(self.source, mode="eval")
        except SyntaxError as error:
            at = min(error.offset or len(self.source), len(self.source)) if error.lineno == 1 else len(self.source)
            raise Refused("表达式写法有误", at) from error
        except (RecursionError, MemoryError, ValueError) as error:
            raise Refused("表达式嵌套过深", 1) from error
        return self.visit(tree.body, 1)

    def visit(self, node: ast.expr, depth: int) -> Tree:
        column = self.column(node)
        if depth > MOST_DEPTH:
            raise Refused(f"嵌套超过 {MOST_DEPTH} 层", column)
        match node:
            case ast.Constant(value=value):
                return self.constant(value, column)
            case ast.Name(id=name):
                if name in CONSTANTS:
                    return Literal(CONSTANTS[name], column)
                return Name(name, False, column)
            case ast.Attribute(value=ast.Name(id="household"), attr=name):
                return Name(name, True, column)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))) if type(value) is int:
                return self.constant(-value, column)
            case ast.UnaryOp(op=ast.USub() | ast.Not() as sign, operand=operand):
                return build("neg" if isinstance(sign, ast.USub) else "not", self.each([operand], depth), column)
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _BINARY:
                return build(_BINARY[type(operator)], self.each([left, right], depth), column)
            case ast.BoolOp(op=connective, values=values):
                return build("and" if isinstance(connective, ast.And) else "or", self.each(values, depth), column)
            case ast.Compare():
                return self.compare(node, column, depth)
            case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
                return self.call(function, arguments, column, depth)
        raise Refused("此处的写法不在允许之列", column)

    def each(self, nodes: list[ast.expr], depth: int) -> tuple[Tree, ...]:
        return tuple(self.visit(node, depth + 1) for node in nodes)

    def constant(self, value: object, column: int) -> Literal:
        if type(value) is int:
            if value not in INT64:
                raise Refused("整数超出 64 位", column)
            return Literal(value, column)
        if isinstance(value, str):
            if any(ch < " " or "\ud800" <= ch <= "\udfff" for ch in value):
                raise Refused("文字里有不允许的字符", column)
            return Literal(value, column)
        raise Refused(f"不认识 {value!r}：真假写 true、false，未知写 null", column)

    def compare(self, node: ast.Compare, column: int, depth: int) -> Tree:
        links: list[Tree] = []
        left: Tree | None = self.visit(node.left, depth + 1)
        for operator, right in zip(node.ops, node.comparators, strict=True):
            sign = _COMPARE.get(type(operator))
            if sign is None:
                raise Refused("此处的比较不在允许之列；“不在其中”写 not (x in [..])", self.column(right))
            if left is None:
                raise Refused("列表只能写在 in 的右边", column)
            if sign != "in":
                following = self.visit(right, depth + 1)
                links.append(build(sign, (left, following), column))
                left = following
            elif isinstance(right, ast.List) and right.elts:
                links.append(build("in", (left, *self.each(right.elts, depth)), column))
                left = None
            else:
                raise Refused("in 的右边应是不空的列表 [..]", self.column(right))
        return links[0] if len(links) == 1 else build("and", tuple(links), column)

    def call(self, function: str, arguments: list[ast.expr], column: int, depth: int) -> Tree:
        if function not in FUNCTIONS:
            raise Refused(f"没有函数 {function}", column)
        least, most = FUNCTIONS[function]
        if len(arguments) < least or (most is not None and len(arguments) > most):
            wanted = f"{least} 个" if most == least else f"至少 {least} 个"
            raise Refused(f"{function} 应有{wanted}参数，写了 {len(arguments)} 个", column)
        if function == "date":
            match arguments[0]:
                case ast.Constant(value=str(text)) if (day := iso_date(text)) is not None:
                    return Literal(day, column)
            raise Refused("date 里应是 'YYYY-MM-DD' 写法的真实日期", self.column(arguments[0]))
        return build(function, self.each(arguments, depth), column)
