"""Writes pickles that make loading run a function of the file: write-code-hooks.py DIRECTORY cp|dill|dillr.

Needs cloudpickle and dill. What the functions call is what the file's state gives them, so none is proven harmless; here it
is `len`, or a file `marker` that is touched. Scanned, all must be malicious.
"""

import sys, os, types, pickle, functools, operator, collections, copy, subprocess, importlib

mode = sys.argv[2]
import dill, cloudpickle

dumps = (
    dill.dumps
    if mode == "dill"
    else cloudpickle.dumps if mode == "cp" else (lambda v: dill.dumps(v, recurse=True))
)
out = sys.argv[1]
os.makedirs(out, exist_ok=True)
M = "marker"


class R:
    def __init__(s, *r):
        s.r = r

    def __reduce__(s):
        return s.r


C = {}


def case(f):
    C[f.__name__] = f
    return f


@case
def prop():
    class A:
        @property
        def x(self):
            import os

            return os.path.exists("q") or self.f("touch marker")

    a = A()
    a.f = os.system
    return R(getattr, (a, "x"))


@case
def prop2():
    class A:
        @property
        def x(self):
            return [f("touch marker") for f in self.fs]

    a = A()
    a.fs = [1]
    return R(getattr, (a, "x"))


@case
def cachedp():
    class A:
        @functools.cached_property
        def x(self):
            return self.g(1)

        def g(self, n):
            return self.h(n)

    return R(operator.attrgetter("x"), (A(),))


@case
def strm():
    class A:
        def __str__(self):
            return self.m(self.c)

    return R(str, (A(),))


@case
def reprm():
    class A:
        def __repr__(self):
            return self.m(self.c)

    return R(repr, (A(),))


@case
def it():
    class A:
        def __iter__(self):
            return self.m(self.c)

    return R(list, (A(),))


@case
def ln():
    class A:
        def __len__(self):
            return self.m(self.c)

    return R(len, (A(),))


@case
def eq():
    class A:
        def __hash__(self):
            return 1

        def __eq__(self, o):
            return self.m(self.c)

    a, b = A(), A()
    a.m = b.m = lambda c: False
    d = {}
    d[a] = 1
    d[b] = 2
    return d


@case
def dele():
    class A:
        def __del__(self):
            self.m(self.c)

    return A()


@case
def setattr_():
    class A:
        __slots__ = ("m", "c")

        def __setattr__(self, k, v):
            v(k)

    a = A()
    object.__setattr__(a, "m", len)
    return a


@case
def app():
    class A(list):
        def extend(self, x):
            self.m(x)

        def append(self, x):
            self.m(x)

    a = A()
    list.append(a, 1)
    return a


@case
def setitem():
    class A(dict):
        def __setitem__(self, k, v):
            v(k)

    a = A()
    dict.__setitem__(a, "x", len)
    return a


@case
def ini():
    class A:
        def __init__(self, f, c):
            f(c)

    return R(A, (len, "x"))


@case
def inibase():
    class A(subprocess.Popen):
        pass

    return R(A, (["touch", "marker"],))


@case
def getattrm():
    class A:
        def __getattr__(self, n):
            return self.__dict__["m"](n)

    a = A()
    a.__dict__["m"] = len
    return a


@case
def meth():
    def f(s):
        return s.run("x")

    return R(types.MethodType(f, 5), ())


@case
def genexpr():
    def f(fs):
        return [g("touch marker") for g in fs]

    return R(f, ([len],))


@case
def filt():
    def f(x):
        return x[0](x[1])

    return R(list, (R(filter, (f, [(len, "a")])),))


@case
def srt():
    def f(x):
        return x[0](x[1])

    return (
        R(
            sorted,
            ([(len, "a")],),
        )
        if 0
        else (
            R(
                max,
                ([1, 2],),
            )
            if 0
            else R(list, (R(map, (f, [(len, "a")])),))
        )
    )


@case
def ncd():
    class A:
        def __init_subclass__(cls):
            cls.z("x")

        z = len

    return R(type, ("B", (A,), {}))


@case
def meta():
    class M_(type):
        def __call__(cls, *a):
            return a[0](a[1])

    class A(metaclass=M_):
        pass

    return R(A, (len, "x"))


@case
def callinst():
    class A:
        def __call__(self, x):
            return self.m(x)

    a = A()
    a.m = len
    return R(a, ("x",))


@case
def desc():
    class D:
        def __set_name__(self, o, n):
            self.m(n)

        m = len

    class A:
        pass

    return R(type, ("B", (), {"x": D()}))


@case
def red():
    def f(a, b):
        return a(b)

    return R(functools.reduce, (f, [len, "x"]))


@case
def dd():
    d = collections.defaultdict(lambda: (lambda: x())())
    return R(operator.getitem, (d, "q"))


@case
def copyr():
    class A:
        def __reduce_ex__(self, p):
            return len, ("x",)

        def __copy__(self):
            return self.m(1)

    a = object.__new__(A)
    return R(copy.copy, (R(object.__new__, (A,)),))


for n, f in C.items():
    try:
        b = dumps(f())
    except Exception as e:
        print("skip", n, type(e).__name__, str(e)[:80])
        continue
    open("%s/%s-%s.pkl" % (out, mode, n), "wb").write(b)
