"""Act when called, from each shape of function and statement, and by files, sockets and C."""

import functools
import os

from attacks.frame import M, case

CMD = "touch " + M


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
def asy():
    def f():
        import asyncio

        async def m():
            p = await asyncio.create_subprocess_shell(CMD)
            await p.wait()

        asyncio.run(m())

    return f


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
def clsbody():
    def f():
        class A:
            import os

            os.system("touch marker")

        return A

    return f
