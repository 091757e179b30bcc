"""Prints what one CPython says of its bytecode, as a line of packages/scanner/src/pickle/code/tables.ts: list-opcodes.py.

NAME=number:caches:effect[/effect of the jump]. An effect on the stack is a number, or one for each of the low bits of the
argument (`a,b,c,d`), or `linear a b` (a + b * argument), or `unpack` for UNPACK_EX.
"""

import dis
import opcode
import sys

JUMPS_36 = {
    "FOR_ITER": -1,
    "SETUP_EXCEPT": 6,
    "SETUP_FINALLY": 6,
    "SETUP_WITH": 7,
    "SETUP_ASYNC_WITH": 6,
    "JUMP_IF_TRUE_OR_POP": 0,
    "JUMP_IF_FALSE_OR_POP": 0,
}


def effect(op, argument, jump):
    try:
        if sys.version_info >= (3, 8):
            return dis.stack_effect(op, argument, jump=jump)
        return dis.stack_effect(op, argument)
    except ValueError:
        return None


def rule(op, has_argument, jump):
    if not has_argument:
        return str(effect(op, None, jump) or 0)
    seen = [effect(op, n, jump) for n in range(64)]
    if opcode.opname[op] == "BUILD_SLICE":
        return "linear 1 -1"
    if opcode.opname[op] == "UNPACK_EX":
        return "unpack"
    if None in seen:
        seen = seen[: next(n for n, e in enumerate(seen) if e is None)]
        if not seen:
            return "0"
    if len(set(seen)) == 1:
        return str(seen[0])
    step = seen[1] - seen[0]
    if all(e == seen[0] + step * n for n, e in enumerate(seen)):
        return f"linear {seen[0]} {step}"
    for bits in (2, 4, 8, 16):
        if all(e == seen[n % bits] for n, e in enumerate(seen)):
            return ",".join(map(str, seen[:bits]))
    return "?" if len(seen) > 8 else ",".join(map(str, seen))


def caches(name):
    entries = getattr(opcode, "_inline_cache_entries", None)
    if entries is None:
        return 0
    return entries.get(name, 0) if isinstance(entries, dict) else entries[opcode.opmap[name]]


words = []
for name, op in sorted(opcode.opmap.items(), key=lambda item: item[1]):
    if (
        op > 255
        or name.startswith("INSTRUMENTED")
        or name in ("CACHE", "RESERVED", "INTERPRETER_EXIT", "ENTER_EXECUTOR")
    ):
        continue
    has_argument = op >= opcode.HAVE_ARGUMENT if sys.version_info < (3, 13) else op in opcode.hasarg
    falls = rule(op, has_argument, False)
    jumps = (
        op in opcode.hasjrel
        or op in opcode.hasjabs
        or name in ("SETUP_FINALLY", "SETUP_EXCEPT", "SETUP_WITH")
    )
    text = f"{name}={op}:{caches(name)}:{falls}"
    if jumps:
        taken = (
            str(JUMPS_36[name])
            if sys.version_info < (3, 8) and name in JUMPS_36
            else rule(op, has_argument, True)
        )
        if sys.version_info < (3, 8) and name == "FOR_ITER":
            text = f"{name}={op}:0:1"
        if sys.version_info < (3, 8) and name.endswith("OR_POP"):
            text = f"{name}={op}:0:-1"
        if sys.version_info < (3, 8) and name in ("SETUP_EXCEPT", "SETUP_FINALLY"):
            text = f"{name}={op}:0:0"
        if sys.version_info < (3, 8) and name.startswith("SETUP_") and "WITH" in name:
            text = f"{name}={op}:0:{1 if name == 'SETUP_WITH' else 0}"
        text += f"/{taken}"
    words.append(text)
print(f"{sys.version_info[0]}.{sys.version_info[1]} " + ";".join(words))
