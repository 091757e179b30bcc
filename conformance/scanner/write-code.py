"""Writes honest pickles that carry functions and classes by value: write-code.py DIRECTORY.

With cloudpickle, dill (as it is, `recurse`, `byref`), MLflow and UMAP, each that is installed; Python 3.6 and later. Scanned,
all must come out clean.
"""

import abc, collections, enum, functools, json, math, os, pickle, sys, typing, threading, logging

K = 3.0


def plain(x):
    return x * K


def closure(n):
    seen = {}

    def inner(x, *, scale=2.0):
        seen[x] = n
        return x * n * scale

    return inner


def flow(xs):
    out = []
    for i, x in enumerate(xs):
        if x is None:
            continue
        try:
            y = math.sqrt(x)
        except (ValueError, TypeError) as e:
            y = 0.0
        else:
            y += 1
        finally:
            out.append(i)
        while y > 10:
            y -= 1
            if y == 5:
                break
        else:
            y = 1
        out.append(f"{y:.2f}-{x!r}")
    with threading.Lock() as l, open(os.devnull) as f:
        pass
    d = {k: v for k, v in zip(out, out)}
    s = {a for a in out}
    g = (a for a in out if a)
    a, *b = out
    del d
    assert out, "no"
    return [z for z in out], s, g, out[1:2], lambda q: q + K, {**{}, "a": 1}, [*out, *b], (1, 2)[0]


def gen(n):
    for i in range(n):
        got = yield i
        yield from gen(got)


async def co(x):
    async with x as y:
        async for z in y:
            await z
    return [w async for w in y]


def kw(*args, a=1, **kws):
    return plain(*args, **kws), plain(x=a), print("a", "b", sep="", file=sys.stderr)


def nested():
    class C(Base):
        y: int = 3

        def m(self):
            return super().run(self.y)

    try:
        raise ValueError("x") from None
    except ValueError:
        raise
    return C


class Base:
    lim = 2

    def __init__(self, a=1):
        self.a = a

    def run(self, x):
        return [plain(i) + self.a for i in x]

    def __call__(self, x):
        return self.run(x)

    @property
    def p(self):
        return self.a

    @p.setter
    def p(self, v):
        self.a = v

    @staticmethod
    def s(x):
        return x

    @classmethod
    def c(cls, x):
        return cls(x)


class Sub(Base):
    def run(self, x):
        return super().run(x)

    def __eq__(self, o):
        return isinstance(o, Sub) and self.a == o.a

    def __hash__(self):
        return hash(self.a)

    def __repr__(self):
        return "Sub(%r)" % (self.a,)


class Stateful:
    def __init__(self):
        self.v = [1]
        self.lock = None

    def __getstate__(self):
        d = self.__dict__.copy()
        d.pop("lock")
        return d

    def __setstate__(self, d):
        self.__dict__.update(d)
        self.lock = threading.Lock()


class Files:
    def load_context(self, context):
        import pickle, joblib

        with open(context.artifacts["m"], "rb") as f:
            self.m = pickle.load(f)
        self.n = joblib.load(os.path.join(os.getcwd(), context.artifacts["n"]))
        self.cfg = json.load(open(os.path.join(os.path.dirname(__file__), "x.json")))
        self.env = os.environ.get("A", "b")

    def predict(self, context, x):
        logging.getLogger("x").info("got %s", len(x))
        return getattr(self.m, "predict")(x)

    def save(self, path):
        os.makedirs(path, exist_ok=True)
        with open(path + "/m.pkl", "wb") as f:
            pickle.dump(self.__dict__, f)


class Abstract(abc.ABC):
    @abc.abstractmethod
    def f(self): ...
class Concrete(Abstract):
    def f(self):
        return 1


class Slots:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a = 1
        self.b = 2


class Attr:
    def __init__(self, inner):
        self.inner = inner

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.inner, name)


class Colour(enum.Enum):
    RED = 1

    def hi(self):
        return self.name


Point = collections.namedtuple("Point", "x y")


class Typed(typing.NamedTuple):
    a: int = 1
    b: str = "q"


class Err(Exception):
    def __init__(self, a):
        super().__init__(a)
        self.a = a


class Ctx:
    def __enter__(self):
        return self

    def __exit__(self, *a):
        return False


@functools.lru_cache(None)
def cached(x):
    return x


def decorated(f):
    @functools.wraps(f)
    def w(*a, **k):
        return f(*a, **k)

    return w


deco = decorated(plain)
sys_version = sys.version_info
if sys.version_info >= (3, 7):
    import dataclasses

    @dataclasses.dataclass
    class Data:
        x: int = 1
        y: list = dataclasses.field(default_factory=list)

        def total(self):
            return self.x + len(self.y)

    @dataclasses.dataclass(frozen=True, order=True)
    class Frozen:
        x: int = 1


CASES = dict(
    plain=plain,
    lam=lambda x, y=3: x + y,
    closure=closure(3),
    flow=flow,
    gen=gen,
    co=co,
    kw=kw,
    nested=nested,
    base=Base(2),
    sub=Sub(3),
    cls=Sub,
    stateful=Stateful(),
    files=Files(),
    concrete=Concrete(),
    slots=Slots(),
    attr=Attr(Base()),
    colour=Colour.RED,
    point=Point(1, 2),
    typed=Typed(),
    err=Err(1),
    ctx=Ctx(),
    deco=deco,
    partial=functools.partial(plain, 2),
    bound=Base(2).run,
    dd=collections.defaultdict(lambda: 0, a=1),
    inst_key={Sub(1): 2},
    inset={Sub(1), Sub(2)},
    many=[plain, flow, Base, Sub(1)],
)
if sys.version_info >= (3, 7):
    CASES.update(data=Data(), frozen=Frozen(), frozenkey={Frozen(): 1})
out = sys.argv[1]
os.makedirs(out, exist_ok=True)
writers = {}
try:
    import cloudpickle

    writers["cp"] = cloudpickle.dumps
except ImportError:
    pass
try:
    import dill

    writers["dill"] = dill.dumps
    writers["dillr"] = lambda v: dill.dumps(v, recurse=True)
    writers["dillb"] = lambda v: dill.dumps(v, byref=True)
except ImportError:
    pass
n = 0
for w, dumps in writers.items():
    for name, v in CASES.items():
        try:
            b = dumps(v)
        except Exception as e:
            print("skip", w, name, type(e).__name__, str(e)[:80])
            continue
        open(os.path.join(out, "%s-%s.pkl" % (w, name)), "wb").write(b)
        n += 1
print(sys.version_info[:2], n)

try:
    import numpy
    import umap

    model = umap.UMAP(n_neighbors=5, n_epochs=10).fit(numpy.random.RandomState(0).rand(40, 4))
    for protocol in (2, 4):
        with open(os.path.join(out, "umap-%d.pkl" % protocol), "wb") as file:
            pickle.dump(model, file, protocol)
except ImportError:
    print("skipped umap")
try:
    import mlflow.pyfunc

    class Add(mlflow.pyfunc.PythonModel):
        def __init__(self, n):
            self.n = n

        def load_context(self, context):
            with open(context.artifacts["model"], "rb") as file:
                self.model = pickle.load(file)

        def predict(self, context, model_input, params=None):
            return model_input.apply(lambda column: column + self.n)

    mlflow.pyfunc.save_model(os.path.join(out, "mlflow"), python_model=Add(5), pip_requirements=["mlflow"])
except ImportError:
    print("skipped mlflow")
