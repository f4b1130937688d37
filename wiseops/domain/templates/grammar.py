"""Which Jinja an admin may write: names we know, a condition, a loop over the items, a few filters. Nothing else."""

from __future__ import annotations

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from wiseops.domain.errors import Refused
from wiseops.domain.templates.fields import FILTERS, LISTS, ROW, SCALARS

LONGEST_SOURCE = 10_000
DEEPEST = 20
_ROOTS = frozenset(name.split(".")[0] for name in SCALARS if "." in name)
_COMPARES = frozenset({"eq", "ne", "lt", "lteq", "gt", "gteq"})


def sandbox() -> ImmutableSandboxedEnvironment:
    """An environment without globals, tests, or any filter that is not on the list; for plain text."""
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # texts and SMS, never HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    environment.tests.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    return environment


_PARSER = sandbox()


def check(source: str, *, loops: bool) -> nodes.Template:
    """What it says, read. Raises Refused, in words for a person, for anything that is not on the allow-list."""
    if len(source) > LONGEST_SOURCE:
        raise Refused(f"The text is longer than {LONGEST_SOURCE} characters.")
    try:
        tree = _PARSER.parse(source)
    except TemplateSyntaxError as error:
        raise Refused(f"Line {error.lineno}: {error.message}") from None
    except (RecursionError, ValueError, OverflowError):
        raise Refused("The text cannot be read as a template.") from None
    for node in tree.body:
        _statement(node, None, loops=loops, depth=0)
    return tree


def _statement(node: nodes.Node, row: str | None, *, loops: bool, depth: int) -> None:
    if depth > DEEPEST:
        raise _refused(node, "Too many conditions inside one another.")
    match node:
        case nodes.Output():
            for part in node.nodes:
                if not isinstance(part, nodes.TemplateData):
                    _value(part, row)
        case nodes.If():
            _condition(node.test, row, 0)
            for inner in [*node.body, *node.elif_, *node.else_]:
                _statement(inner, row, loops=loops, depth=depth + 1)
        case nodes.For():
            _loop(node, row, loops=loops, depth=depth)
        case _:
            raise _refused(node, f"“{_word(node)}” is not allowed here. Use texts, values, if and for.")


def _loop(node: nodes.For, row: str | None, *, loops: bool, depth: int) -> None:
    if not loops:
        raise _refused(node, "There is no room for a list here. Use totals and numbers.")
    if row is not None:
        raise _refused(node, "A loop inside a loop is not allowed.")
    if not (isinstance(node.iter, nodes.Name) and node.iter.name in LISTS):
        raise _refused(node, f"A loop goes over {' or '.join(LISTS)}, nothing else.")
    if not isinstance(node.target, nodes.Name) or node.test or node.recursive:
        raise _refused(node, f"Write the loop as: for item in {node.iter.name}.")
    name = node.target.name
    if name.startswith("_") or name in _ROOTS or name in SCALARS or name in LISTS:
        raise _refused(node, f"“{name}” means something already. Write: for item in {node.iter.name}.")
    for inner in node.body:
        _statement(inner, name, loops=loops, depth=depth + 1)
    for inner in node.else_:
        _statement(inner, None, loops=loops, depth=depth + 1)


def _condition(node: nodes.Node, row: str | None, depth: int) -> None:
    """What an if may ask: a value, a list being empty, comparisons, and, or, not."""
    if depth > DEEPEST:
        raise _refused(node, "The condition is too deep.")
    match node:
        case nodes.And() | nodes.Or():
            _condition(node.left, row, depth + 1)
            _condition(node.right, row, depth + 1)
        case nodes.Not():
            _condition(node.node, row, depth + 1)
        case nodes.Compare():
            for expression in [node.expr, *(operand.expr for operand in node.ops)]:
                _value(expression, row)
            if any(operand.op not in _COMPARES for operand in node.ops):
                raise _refused(node, "“in” is not allowed. Compare with ==, !=, <, <=, > or >=.")
        case nodes.Name() if node.name in LISTS:
            return
        case _:
            _value(node, row)


def _value(node: nodes.Node, row: str | None) -> None:
    """One value: a known name, a constant, or one of them through filters."""
    filters = 0
    while isinstance(node, nodes.Filter):
        filters += 1
        _filter(node, filters)
        if node.name == "length" and isinstance(node.node, nodes.Name) and node.node.name in LISTS:
            return
        assert node.node is not None
        node = node.node
    match node:
        case nodes.Const():
            return
        case nodes.Getattr(node=nodes.Name(name=name), attr=attr) if _known(name, attr, row):
            return
        case nodes.Name(name=name) if name in SCALARS:
            return
        case nodes.Name(name=name) if name in LISTS:
            raise _refused(node, f"“{name}” is a list. Write: for item in {name}.")
        case nodes.Name(name=name) | nodes.Getattr(node=nodes.Name(name=name)):
            written = f"{name}.{node.attr}" if isinstance(node, nodes.Getattr) else name
            raise _refused(node, f"“{written}” is not known. {_choice(name, row)}")
        case _:
            raise _refused(node, f"“{_word(node)}” is not allowed here. Use the values of the table.")


def _known(name: str, attr: str, row: str | None) -> bool:
    return attr in ROW if name == row else f"{name}.{attr}" in SCALARS


def _filter(node: nodes.Filter, count: int) -> None:
    if node.name not in FILTERS or count > len(FILTERS):
        raise _refused(node, f"The filter “{node.name}” is not known. There are {', '.join(FILTERS)}.")
    arguments = [*node.args, *(pair.value for pair in node.kwargs)]
    if node.dyn_args or node.dyn_kwargs or not all(isinstance(value, nodes.Const) for value in arguments):
        raise _refused(node, f"The filter “{node.name}” takes only fixed texts and numbers.")


def _choice(name: str, row: str | None) -> str:
    if name == row:
        return f"A row has {', '.join(ROW)}."
    own = [known for known in SCALARS if known.startswith(f"{name}.")]
    return f"There is {', '.join(own)}." if own else f"There are {', '.join([*SCALARS, *LISTS])}."


def _word(node: nodes.Node) -> str:
    return type(node).__name__.lower()


def _refused(node: nodes.Node, message: str) -> Refused:
    return Refused(f"Line {node.lineno}: {message}")
