"""Whether a wording that the grammar allows goes together: each value is a text or a number, at every step."""

from __future__ import annotations

from jinja2 import nodes

from wiseops.domain.errors import Refused
from wiseops.domain.templates.fields import FILTERS, LISTS

_ORDERS = frozenset({"lt", "lteq", "gt", "gteq"})
_NUMBERS = frozenset({"step"})


def check(tree: nodes.Template) -> None:
    """Raises Refused, in words for a person, for what some account or step could not render."""
    for node in tree.find_all(nodes.Filter):
        _arguments(node)
        _kind(node)
    for compare in tree.find_all(nodes.Compare):
        kinds = {_kind(expression) for expression in [compare.expr, *(operand.expr for operand in compare.ops)]}
        if kinds != {int} and any(operand.op in _ORDERS for operand in compare.ops):
            raise _refused(compare, "Only numbers are less or more: step, a length, or one that you write.")


def _kind(node: nodes.Node) -> type:
    """What a value is, a text or a number; object where it may be either."""
    match node:
        case nodes.Filter(name="length", node=nodes.Name(name=name)) if name in LISTS:
            return int
        case nodes.Filter(node=nodes.Node() as inner):
            return _filtered(node, _kind(inner))
        case nodes.Const():
            return int if type(node.value) is float else type(node.value)
        case nodes.Name(name=name) if name in _NUMBERS:
            return int
        case _:
            return str


def _arguments(node: nodes.Filter) -> None:
    """Refuses what the filter does not take."""
    names = [*FILTERS[node.name][: len(node.args)], *(pair.key for pair in node.kwargs)]
    given = [*node.args, *(pair.value for pair in node.kwargs)]
    if len(names) < len(given) or len(set(names)) < len(names) or not set(names) <= set(FILTERS[node.name]):
        raise _refused(node, f"The filter “{node.name}” takes {' and '.join(FILTERS[node.name]) or 'nothing'}.")
    if node.name == "trim" and not all(isinstance(value.as_const(), str) for value in given):
        raise _refused(node, "The filter “trim” takes a text: the characters to leave out.")


def _filtered(node: nodes.Filter, kind: type) -> type:
    """What a value of this kind becomes."""
    if node.name == "length":
        if kind is not str:
            raise _refused(node, "Only a text or a list has a length.")
        return int
    if node.name == "default":
        others = [*node.args[:1], *(pair.value for pair in node.kwargs if pair.key == "default_value")]
        return kind if {type(other.as_const()) for other in others} <= {kind} and (others or kind is str) else object
    return str


def _refused(node: nodes.Node, message: str) -> Refused:
    return Refused(f"Line {node.lineno}: {message}")
