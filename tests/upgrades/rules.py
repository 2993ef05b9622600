"""The rules of a step of the schema: what it may do while programs that do not know it go on."""

import ast
from collections.abc import Iterator

# What an older program trips over: only a step that says who may still use the database may do it.
TAKES_AWAY = {
    "alter_column",
    "create_check_constraint",
    "create_exclude_constraint",
    "create_foreign_key",
    "create_primary_key",
    "create_unique_constraint",
    "drop_column",
    "drop_constraint",
    "drop_table",
    "execute",
    "rename_table",
}
BESIDE_TRAFFIC = {"add_index", "drop_index"}


def complaints(module: ast.Module) -> Iterator[str]:
    """What is wrong with the step that a module takes forward."""
    forward = (node for node in module.body if not (isinstance(node, ast.FunctionDef) and node.name == "downgrade"))
    calls = [node for part in forward for node in ast.walk(part) if isinstance(node, ast.Call)]
    on_op = [(name, node) for node in calls if (name := _called_on_op(node.func))]
    ours = [node.func.id for node in calls if isinstance(node.func, ast.Name)]
    made = {_first(node) for name, node in on_op if name == "create_table"}
    if "support_since" not in ours or made:
        for name, _ in on_op:
            if name in TAKES_AWAY:
                yield f"{name} takes something from programs that do not know the step"
    for name, node in on_op:
        if name == "add_column" and _is_owed(node):
            yield f"a column of {_first(node)} is owed by programs that do not know it: give it a server_default"
        if name in {"create_index", "drop_index"} and _of(node) not in made:
            yield f"an index of {_of(node)} stops its writers: use steps.add_index, steps.drop_index"
    if BESIDE_TRAFFIC & set(ours) and on_op:
        yield "an index that is made beside traffic commits what came before it: let it be a step of its own"


def _called_on_op(function: ast.expr) -> str:
    """What a call asks of Alembic; nothing when it asks for no change."""
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "op":
        return "" if function.attr in {"f", "get_bind", "get_context"} else function.attr
    return ""


def _first(call: ast.Call) -> str:
    return ast.unparse(call.args[0]).strip("'")


def _of(call: ast.Call) -> str:
    """The table of an index."""
    named = [each.value for each in call.keywords if each.arg == "table_name"]
    return ast.unparse(named[0] if named else call.args[1]).strip("'")


def _is_owed(add_column: ast.Call) -> bool:
    column = add_column.args[1]
    assert isinstance(column, ast.Call)
    given = {each.arg: each.value for each in column.keywords}
    nullable = "nullable" not in given or ast.literal_eval(given["nullable"])
    return not nullable and "server_default" not in given
