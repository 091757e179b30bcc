"""Act when called, by a module or function whose name they make or find only then."""

import builtins
import importlib
import sys

from attacks.frame import M, case

CMD = "touch " + M


@case("call")
def ladder():
    def f():
        b = getattr(builtins, "ev" + "al")
        return b("__import__('o'+'s').system('touch marker')")

    return f


@case("call")
def ladder2():
    def f():
        x = ().__class__.__base__.__subclasses__()
        for c in x:
            if c.__name__ == "_wrap_close":
                return c.__init__.__globals__["system"](CMD)

    return f


@case("call")
def sysmod():
    def f():
        return sys.modules["os"].system(CMD)

    return f


@case("call")
def npos():
    import numpy as np

    def f():
        return np.f2py.os.system(CMD) if hasattr(np, "f2py") else __import__("numpy").f2py.os.system(CMD)

    return f


@case("call")
def imp():
    def f():
        return importlib.import_module("o" + "s").system(CMD)

    return f


@case("call")
def strings():
    def f():
        n = "".join(chr(c) for c in [111, 115])
        return getattr(__import__(n), "metsys"[::-1])(CMD)

    return f
