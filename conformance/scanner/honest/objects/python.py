"""Objects of Python's own library."""

import collections
import io
import typing

from honest.objects.frame import dump, writes


@writes
def standard_library():
    from __main__ import Colour, helper
    import argparse, array, codecs, configparser, datetime, decimal, fractions, functools, ipaddress, itertools, json
    import locale, logging, math, numbers, operator, pathlib, queue, random, re, statistics, string, struct, time, uuid
    import zoneinfo, http.cookies, inspect, calendar, types as t, weakref, heapq, bisect, textwrap
    config = configparser.ConfigParser()
    config.read_string("[a]\nb=1\n")
    cookie = http.cookies.SimpleCookie("a=b")
    root = logging.getLogger("train")
    things = {
        "datetime": [datetime.datetime.now(), datetime.date.today(), datetime.time(1, 2, fold=1),
                     datetime.timezone(datetime.timedelta(hours=1), "x"), datetime.datetime.now(datetime.timezone.utc)],
        "zoneinfo": [zoneinfo.ZoneInfo("UTC"), datetime.datetime.now(zoneinfo.ZoneInfo("UTC"))],
        "decimal": [decimal.Decimal("1.5"), decimal.Context(prec=3), decimal.getcontext()],
        "fraction": fractions.Fraction(1, 3), "uuid": [uuid.uuid4(), uuid.uuid1(), uuid.uuid5(uuid.NAMESPACE_DNS, "a")],
        "path": [pathlib.Path("a/b"), pathlib.PurePosixPath("/x"), pathlib.PureWindowsPath("c:/x")],
        "collections": [collections.OrderedDict(a=1), collections.defaultdict(list, a=[1]), collections.defaultdict(int),
                        collections.defaultdict(dict), collections.defaultdict(set), collections.defaultdict(float),
                        collections.Counter("aab"), collections.deque([1], 5), collections.ChainMap({"a": 1}),
                        collections.UserDict(a=1), collections.UserList([1]), collections.UserString("x"),
                        collections.defaultdict(collections.Counter), collections.OrderedDict],
        "partial": [functools.partial(int, base=2), functools.partial(print), functools.partial(helper, 1),
                    functools.partial(sorted, reverse=True), functools.partial(max, key=len)],
        "operator": [operator.itemgetter(0, 1), operator.attrgetter("a.b", "c"), operator.methodcaller("lower"),
                     operator.add, operator.mul, operator.itemgetter("a")],
        "itertools": [itertools.count(1), itertools.cycle([1]), itertools.repeat(1, 3), itertools.chain([1]),
                      itertools.accumulate([1, 2]), itertools.product([1], [2]), itertools.islice([1, 2], 1)],
        "iterators": [iter([1]), iter((1,)), iter("a"), iter({1: 2}), iter({1}), reversed([1]), enumerate([1]),
                      zip([1], [2]), map(len, ["a"]), filter(None, [1]), iter(range(3)), iter({1: 2}.items())],
        "builtin_functions": [len, max, sum, print, isinstance, getattr, sorted, str.lower, str.strip, str.split,
                              dict.get, "abc".upper, [].append, float.fromhex, int, list, type, object, str.join],
        "math": [math.sqrt, math.log, math.exp, statistics.mean, statistics.median, random.random, random.choice],
        "random": [random.Random(1), random.getstate(), random.SystemRandom],
        "regex": [re.compile("a+b", re.I), re.IGNORECASE, re.compile(b"x"), re.sub, re.escape],
        "struct": struct.Struct("<I").format, "array": [array.array("d", [1.0]), array.array("u", "ab")],
        "ip": [ipaddress.ip_address("::1"), ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_interface("10.0.0.1/8")],
        "types": [t.SimpleNamespace(a=1), list[int], dict[str, int], typing.List[int], typing.Optional[int],
                  typing.Union[int, str], typing.Any, typing.Callable, typing.Dict[str, typing.Any], type(None),
                  typing.Tuple[int, ...], type(...), type(NotImplemented), int | None, typing.Literal["a"]],
        "argparse": [argparse.Namespace(lr=0.1, out=pathlib.Path("x"))], "logging": [root, logging.Logger("x")],
        "config": config, "cookie": cookie, "time": time.localtime(),
        "signature": inspect.signature(helper), "parameter": inspect.Parameter.empty, "normal": statistics.NormalDist(),
        "template": string.Template("$a"), "formatter": logging.Formatter("%(message)s"),
        "abc": [numbers.Number, collections.abc.Mapping], "calendar": calendar.TextCalendar(), "json": json.JSONEncoder(),
        "exceptions": [ValueError("x"), OSError(2, "no", "f"), KeyError(1), StopIteration(), UnicodeDecodeError("utf8", b"", 0, 1, "x"),
                       json.JSONDecodeError("x", "y", 0), subprocess_error(), TimeoutError(), ImportError("x", name="y")],
        "textwrap": textwrap.TextWrapper(), "mapping_proxy_items": list(vars(Colour).keys()), "bytesio": io.BytesIO(b"x"),
        "stringio": io.StringIO("x"), "codec": codecs.lookup("utf8").name, "complex": [1j, memoryview(b"x").tobytes()],
        "user_dict_of_partial": {"loss": functools.partial(helper, x=1)}, "bool_types": [bool, True, ...],
        "slices": [slice(1, 2, 3), range(2, 10, 3), frozenset([1]), bytearray(b"x"), {1, 2}],
    }
    for name, value in things.items():
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            dump(f"std_{name}_{index}", item, range(6))


def subprocess_error():
    import subprocess
    return subprocess.CalledProcessError(1, "ls")
