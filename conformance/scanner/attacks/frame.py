"""What the attacks of write-code-attacks.py share. An attack is named after its function, and acts when loaded or when called."""

M = "marker"
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
