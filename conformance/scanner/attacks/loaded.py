"""Act when they are loaded: what Python runs of a class or function while it unpickles."""

import collections
import functools
import os
import subprocess

from attacks.frame import M, R, case

# Functions below import some of these again; CPython 3.11 and later compile calls of what the module imports too in another way.
CMD = "touch " + M


@case("load")
def called_now():
    def f():
        import os

        os.system(CMD)

    return R(f, ())


@case("load")
def mapped():
    def f(x):
        __import__("os").system(x)

    return R(list, (R(map, (f, [CMD])),))


@case("load")
def setstate():
    class A:
        def __getstate__(self):
            return {"a": CMD}

        def __setstate__(self, s):
            import subprocess

            subprocess.call(s["a"], shell=True)

    return A()


@case("load")
def new():
    class A:
        def __new__(cls):
            import os

            os.system(CMD)
            return object.__new__(cls)

    a = object.__new__(A)
    return a


@case("load")
def key():
    class A:
        def __hash__(self):
            if getattr(self, "cmd", None):
                os.system(self.cmd)
            return 1

    a = A()
    d = {a: 1}
    a.cmd = CMD
    return d


@case("load")
def getattribute():
    class A:
        def __getattr__(self, n):
            import os

            os.system("touch marker")
            raise AttributeError(n)

    a = object.__new__(A)
    a.x = 1
    return a


@case("load")
def reducer():
    class A:
        def __init__(self, c):
            os.popen(c).read()

    return R(A, (CMD,))


@case("load")
def metaclass():
    class M_(type):
        def __init__(cls, *a, **k):
            super().__init__(*a)
            os.system(CMD)

    return R(M_, ("B", (), {}))


@case("load")
def initsub():
    class A:
        def __init_subclass__(cls):
            os.system("touch marker")

    return R(type, ("B", (A,), {}))


@case("load")
def factory():
    def f():
        return os.system(CMD)

    d = collections.defaultdict(f)
    import operator

    return R(operator.getitem, (d, "x"))


@case("load")
def partialcall():
    def f(x):
        return os.system(x)

    return R(functools.partial(f, CMD), ())
