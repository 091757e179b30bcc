"""Act when called, by a function that they hold: in a closure, a default, a global, an attribute, an argument."""

import functools
import os
import subprocess
import types

from attacks.frame import M, case

CMD = "touch " + M


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
def match_():
    def f():
        return {"a": os.popen}["a"](CMD).read()

    return f


@case("call")
def comp():
    def f():
        return [g(CMD) for g in [os.system]]

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
def prop():
    class A:
        @property
        def x(self):
            return os.system(CMD)

    return functools.partial(getattr, A(), "x")
