"""Writes honest pickles of objects of many libraries, each that is installed: write-objects.py DIRECTORY.

Scanned, all must come out clean. Libraries that are absent are named and skipped.
"""

import collections
import contextlib
import dataclasses
import enum
import io
import os
import pickle
import sys
import types
import typing
import warnings

warnings.simplefilter("ignore")
OUT = sys.argv[1]
os.makedirs(OUT, exist_ok=True)
os.environ.setdefault("MPLBACKEND", "Agg")
WRITERS = {}


def writes(function):
    WRITERS[function.__name__] = function
    return function


def dump(name, value, protocols=(2, 4), writer=pickle):
    for protocol in protocols:
        try:
            data = writer.dumps(value, protocol)
        except Exception as error:
            print(f"skipped {name} protocol {protocol}: {type(error).__name__} {error}"[:200])
            continue
        with open(os.path.join(OUT, f"{name}_p{protocol}.pkl"), "wb") as file:
            file.write(data)


class Colour(enum.Enum):
    RED = 1


class Access(enum.IntFlag):
    READ = 1
    WRITE = 2


Point = collections.namedtuple("Point", "x y")


class Typed(typing.NamedTuple):
    x: int = 1


@dataclasses.dataclass
class Settings:
    rate: float = 0.1
    names: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Frozen:
    rate: float = 0.1


class Slotted:
    __slots__ = ("a", "b")


class Stated:
    def __getstate__(self):
        return {"a": 1}

    def __setstate__(self, state):
        self.__dict__.update(state)


class Listed(list):
    pass


class Mapped(dict):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.__dict__ = self


class Plain:
    def __init__(self):
        self.weights = [0.1]
        self.fit = len

    def method(self):
        return 1


class WithNew:
    def __new__(cls, a, *, b=1):
        return super().__new__(cls)

    def __getnewargs_ex__(self):
        return (1,), {"b": 2}


def helper(x):
    return x


def own_classes():
    slotted = Slotted()
    slotted.a, slotted.b = 1, "x"
    mapped = Mapped(a=1)
    things = {
        "enum": [Colour.RED, Access.READ | Access.WRITE, Access(0)], "namedtuple": [Point(1, 2), Typed(3)],
        "dataclass": [Settings(), Frozen()], "slots": slotted, "state": Stated(), "list_subclass": Listed([1, 2]),
        "dict_subclass": mapped, "plain": Plain(), "getnewargs_ex": WithNew(1), "function": helper, "class": Plain,
        "bound_method": Plain().method, "nested": [Plain(), {"m": Plain()}], "error": KeyError("a"),
        "exception_group": getattr(__import__("builtins"), "ExceptionGroup", lambda *a: None)("x", [ValueError(1)]),
    }
    for name, value in things.items():
        dump(f"own_{name}", value, range(6))


@writes
def standard_library():
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


@writes
def numpy():
    import numpy as np
    import numpy.ma
    big = np.arange(6.0).reshape(2, 3)
    things = {
        "arrays": [big, big.T, big.astype("f4"), np.array(["a", "bc"]), np.array([b"x"]), np.array([1, None, "x"], object),
                   np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]), np.zeros(3, "M8[ns]"), np.zeros(2, "m8[D]"),
                   np.array(3), np.zeros((0, 3)), np.zeros(2, bool), np.zeros(2, complex), np.matrix([[1]])],
        "scalars": [np.float64(1), np.int32(2), np.bool_(True), np.str_("x"), np.bytes_(b"x"), np.datetime64("2020-01-01"),
                    np.timedelta64(1, "D"), np.complex128(1j), np.float16(1), np.longdouble(1)],
        "dtypes": [np.dtype("f4"), np.dtype([("a", "i4")]), np.float32, np.int64, np.dtype("M8[us]"), np.dtype(("i4", (2,)))],
        "random": [np.random.RandomState(1), np.random.default_rng(1), np.random.PCG64(1), np.random.MT19937(1),
                   np.random.SeedSequence(1), np.random.Philox(1), np.random.SFC64(1), np.random.get_state()],
        "masked": [np.ma.array([1, 2], mask=[0, 1]), np.ma.masked], "records": [np.rec.array([(1, 2.0)], names="a,b")],
        "functions": [np.sin, np.add, np.mean, np.linalg.norm, np.random.rand, np.log1p, np.expm1, np.nanmean, np.matmul,
                      np.exp, np.random.normal, np.fft.fft, np.argmax, np.ptp, np.cumsum, np.median, np.char.lower],
        "poly": [np.poly1d([1, 2]), np.polynomial.Polynomial([1, 2]), np.polynomial.Chebyshev([1])],
        "info": [np.finfo("f4"), np.iinfo("i4")], "errors": [np.linalg.LinAlgError("x")], "nditer": [np.inf, np.nan],
        "chararray": [np.char.array(["a"])], "vectorized": [np.vectorize],
    }
    for name, value in things.items():
        for index, item in enumerate(value):
            dump(f"np_{name}_{index}", item, range(6))


@writes
def pandas():
    import numpy as np
    import pandas as pd
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.to_datetime(["2020-01-01", "2020-01-02"]), "d": [1.5, np.nan]})
    things = [
        frame, frame.a, frame.set_index("c"), frame.set_index(["a", "b"]), frame.astype({"b": "category"}), frame.groupby("a").d.sum(),
        frame.convert_dtypes(), pd.Series(pd.period_range("2020", periods=2)), pd.interval_range(0, 3), pd.Timestamp.now(),
        pd.Timestamp("2020", tz="Europe/Paris"), pd.Timedelta("1d"), pd.NaT, pd.NA, pd.Period("2020-01"), pd.Interval(0, 1),
        pd.offsets.BDay(), pd.offsets.MonthEnd(2), pd.DateOffset(months=1), pd.date_range("2020", periods=2, tz="UTC"),
        pd.Categorical(["a"]), pd.arrays.SparseArray([0, 1]), pd.Series([1, 2], dtype="Int64"), pd.Series(["a"], dtype="string"),
        pd.CategoricalDtype(["a"]), pd.DatetimeTZDtype(tz="UTC"), pd.RangeIndex(3), pd.Index(["a"]), pd.MultiIndex.from_tuples([(1, 2)]),
        pd.DataFrame(), pd.Series([True, None], dtype="boolean"), pd.timedelta_range("1d", periods=2), pd.Grouper(key="a"),
        pd.offsets.CustomBusinessDay(), pd.offsets.Week(weekday=1), pd.DataFrame({"a": pd.arrays.SparseArray([0, 1])}),
        pd.Flags if False else pd.Series(dtype=float), frame.rolling(2), frame.groupby("a"), pd.Series([[1]]), frame.resample("D", on="c"),
        pd.tseries.holiday.USFederalHolidayCalendar() if hasattr(pd.tseries, "holiday") else None, pd.IntervalIndex.from_breaks([0, 1]),
        pd.option_context, pd.to_numeric, pd.DataFrame, pd.Series.mean, pd.notnull,
    ]
    for index, item in enumerate(things):
        dump(f"pd_{index}", item, (2, 4, 5))


def every_estimator(prefix, found):
    import numpy as np
    x = np.abs(np.random.RandomState(0).rand(40, 4))
    targets = {"y": (x[:, 0] > 0.5).astype(int), "r": x[:, 1]}
    for name, kind in found:
        fitted = None
        for target in targets.values():
            try:
                fitted = kind().fit(x, target)
                break
            except Exception:
                continue
        try:
            dump(f"{prefix}_{name}", fitted if fitted is not None else kind(), (4,))
        except Exception as error:
            print(f"skipped {prefix} {name}: {error}"[:160])


@writes
def sklearn():
    from sklearn.utils import all_estimators
    import sklearn.pipeline, sklearn.compose, sklearn.preprocessing, sklearn.linear_model, sklearn.feature_extraction.text
    import sklearn.metrics, sklearn.model_selection, sklearn.ensemble, sklearn.gaussian_process as gp
    import numpy as np
    every_estimator("sk", all_estimators())
    x = np.random.RandomState(0).rand(40, 3)
    y = (x[:, 0] > 0.5).astype(int)
    pipe = sklearn.pipeline.make_pipeline(sklearn.preprocessing.FunctionTransformer(np.log1p), sklearn.linear_model.LogisticRegression())
    dump("sk_pipeline", pipe.fit(x, y))
    dump("sk_function_transformer", sklearn.preprocessing.FunctionTransformer(helper))
    dump("sk_columns", sklearn.compose.ColumnTransformer([("a", sklearn.preprocessing.StandardScaler(), [0])]).fit(x))
    dump("sk_grid", sklearn.model_selection.GridSearchCV(sklearn.linear_model.LogisticRegression(), {"C": [1, 2]}, scoring="f1").fit(x, y))
    dump("sk_scorer", [sklearn.metrics.make_scorer(sklearn.metrics.f1_score), sklearn.metrics.get_scorer("accuracy")])
    dump("sk_vector", sklearn.feature_extraction.text.TfidfVectorizer(tokenizer=str.split).fit(["a b", "c d"]))
    dump("sk_count", sklearn.feature_extraction.text.CountVectorizer(analyzer=helper))
    dump("sk_gp", gp.GaussianProcessRegressor(gp.kernels.RBF() + gp.kernels.WhiteKernel()).fit(x, y))
    dump("sk_split", sklearn.model_selection.KFold(3))
    dump("sk_bunch", __import__("sklearn.datasets").datasets.load_iris())
    dump("sk_calibrated", __import__("sklearn.calibration").calibration.CalibratedClassifierCV().fit(x, y))


@writes
def imblearn():
    import imblearn.utils.estimator_checks  # noqa: F401
    from imblearn.utils.testing import all_estimators
    every_estimator("imb", all_estimators())


@writes
def scipy():
    import numpy as np
    import scipy.interpolate, scipy.optimize, scipy.sparse, scipy.spatial, scipy.stats, scipy.signal
    x = np.random.RandomState(0).rand(20, 2)
    things = [scipy.sparse.csr_matrix(np.eye(3)), scipy.sparse.coo_array(np.eye(3)), scipy.sparse.lil_matrix(np.eye(3)),
              scipy.sparse.dok_matrix(np.eye(2)), scipy.spatial.cKDTree(x), scipy.spatial.KDTree(x), scipy.stats.norm(0, 1),
              scipy.stats.norm, scipy.stats.gaussian_kde(x.T), scipy.interpolate.interp1d([1, 2], [3, 4]),
              scipy.interpolate.CubicSpline([1, 2, 3], [1, 2, 3]), scipy.interpolate.UnivariateSpline(range(6), range(6)),
              scipy.spatial.Delaunay(x) if False else None, scipy.optimize.minimize(np.sum, [1.0]), scipy.stats.ttest_ind([1, 2], [2, 4]),
              scipy.spatial.transform.Rotation.from_euler("x", 1), scipy.interpolate.RegularGridInterpolator(([0, 1],), [1, 2]),
              scipy.stats.randint(1, 4), scipy.stats.uniform, scipy.signal.lti([1], [1, 2]), scipy.special.expit,
              scipy.stats.multivariate_normal([0, 0]), scipy.interpolate.BSpline([0, 1, 2, 3], [1, 2], 1), scipy.sparse.eye(3),
              scipy.stats.pearsonr, scipy.spatial.distance.cosine, scipy.stats.loguniform(1, 2), scipy.spatial.ConvexHull if False else None]
    for index, item in enumerate(things):
        dump(f"sp_{index}", item)


@writes
def boosting():
    import numpy as np
    x, y = np.random.rand(40, 3), np.random.randint(0, 2, 40)
    with contextlib.suppress(ImportError):
        import xgboost
        dump("xgb", xgboost.XGBClassifier(n_estimators=2).fit(x, y))
        dump("xgb_booster", xgboost.train({}, xgboost.DMatrix(x, y), 2))
        dump("xgb_rf", xgboost.XGBRFRegressor(n_estimators=2).fit(x, y))
    with contextlib.suppress(ImportError):
        import lightgbm
        model = lightgbm.LGBMClassifier(n_estimators=2, verbose=-1).fit(x, y)
        dump("lgb", model)
        dump("lgb_booster", model.booster_)
        dump("lgb_ranker", lightgbm.LGBMRegressor(objective="quantile", verbose=-1).fit(x, y))
    with contextlib.suppress(ImportError):
        import catboost
        dump("cat", catboost.CatBoostClassifier(iterations=2, verbose=0, allow_writing_files=False).fit(x, y))


@writes
def statsmodels():
    import numpy as np
    import statsmodels.api as sm
    from statsmodels.tsa.arima.model import ARIMA
    from statsmodels.tsa.holtwinters import ExponentialSmoothing
    import statsmodels.formula.api as smf
    import pandas as pd
    x, y = np.random.rand(50, 2), np.random.rand(50)
    frame = pd.DataFrame({"a": x[:, 0], "y": y, "n": (y > 0.5).astype(int)})
    dump("sm_ols", sm.OLS(y, sm.add_constant(x)).fit())
    dump("sm_glm", sm.GLM(y, x, family=sm.families.Gaussian()).fit())
    dump("sm_logit", smf.logit("n ~ a", frame).fit(disp=0))
    dump("sm_formula", smf.ols("y ~ a", frame).fit())
    dump("sm_arima", ARIMA(y, order=(1, 0, 0)).fit())
    dump("sm_ets", ExponentialSmoothing(y).fit())
    dump("sm_sarimax", sm.tsa.SARIMAX(y).fit(disp=0))
    dump("sm_kde", sm.nonparametric.KDEUnivariate(y))
    dump("sm_mixed", smf.mixedlm("y ~ a", frame, groups=frame.n).fit())


@writes
def small_libraries():
    import numpy as np
    import pandas as pd
    x, y = np.random.rand(60, 3), np.random.randint(0, 2, 60)
    for name, make in {
        "hmm": lambda: __import__("hmmlearn.hmm").hmm.GaussianHMM(2).fit(x),
        "lifelines_km": lambda: __import__("lifelines").KaplanMeierFitter().fit(x[:, 0], y),
        "lifelines_cox": lambda: __import__("lifelines").CoxPHFitter().fit(pd.DataFrame({"t": x[:, 0], "e": y, "a": x[:, 1]}), "t", "e"),
        "encoder_target": lambda: __import__("category_encoders").TargetEncoder(cols=["a"]).fit(pd.DataFrame({"a": list("ab") * 30}), y),
        "encoder_ordinal": lambda: __import__("category_encoders").OrdinalEncoder(cols=["a"]).fit(pd.DataFrame({"a": list("ab") * 30})),
        "encoder_woe": lambda: __import__("category_encoders").WOEEncoder(cols=["a"]).fit(pd.DataFrame({"a": list("ab") * 30}), y),
        "networkx": lambda: __import__("networkx").karate_club_graph(), "networkx_di": lambda: __import__("networkx").DiGraph([(1, 2)]),
        "networkx_multi": lambda: __import__("networkx").MultiGraph([(1, 2)]),
        "sympy": lambda: __import__("sympy").sympify("x**2 + sin(y)"), "sympy_matrix": lambda: __import__("sympy").Matrix([[1, 2]]),
        "omegaconf": lambda: __import__("omegaconf").OmegaConf.create({"a": {"b": [1, "${a}"]}}),
        "pil": lambda: __import__("PIL.Image").Image.new("RGB", (2, 2)), "tqdm": lambda: __import__("tqdm").tqdm,
        "gensim_w2v": lambda: __import__("gensim.models").models.Word2Vec([["a", "b"]] * 5, min_count=1, vector_size=4),
        "gensim_d2v": lambda: __import__("gensim.models.doc2vec").models.doc2vec.Doc2Vec(
            [__import__("gensim.models.doc2vec").models.doc2vec.TaggedDocument(["a"], [1])], min_count=1, vector_size=3),
        "gensim_lda": lambda: __import__("gensim.models").models.LdaModel([[(0, 1)]], num_topics=1),
        "gensim_tfidf": lambda: __import__("gensim.models").models.TfidfModel([[(0, 1)]]),
        "gensim_dict": lambda: __import__("gensim.corpora").corpora.Dictionary([["a"]]),
        "gensim_phrases": lambda: __import__("gensim.models.phrases").models.phrases.Phrases([["a", "b"]] * 9),
        "nltk_punkt": lambda: __import__("nltk.tokenize.punkt").tokenize.punkt.PunktSentenceTokenizer("A b. C d."),
        "nltk_freq": lambda: __import__("nltk").FreqDist("abca"), "nltk_cfd": lambda: __import__("nltk").ConditionalFreqDist([(1, 2)]),
        "nltk_bayes": lambda: __import__("nltk").NaiveBayesClassifier.train([({"a": 1}, "x"), ({"a": 2}, "y")]),
        "nltk_stem": lambda: __import__("nltk.stem").stem.PorterStemmer(), "nltk_tree": lambda: __import__("nltk").Tree("S", ["a"]),
        "nltk_snowball": lambda: __import__("nltk.stem").stem.SnowballStemmer("english"),
        "nltk_lm": lambda: __import__("nltk.lm").lm.MLE(2), "nltk_regexp": lambda: __import__("nltk").RegexpTokenizer("a+"),
        "nltk_tagger": lambda: __import__("nltk").UnigramTagger([[("a", "N")]]),
        "pydantic": lambda: pydantic_model(), "figure": lambda: figure(), "colormap": lambda: __import__("matplotlib.cm").cm.viridis,
        "patsy": lambda: __import__("patsy").dmatrix("a", {"a": [1, 2]}).design_info if False else None,
        "pmdarima": lambda: __import__("pmdarima").ARIMA((1, 0, 0)).fit(x[:, 0]),
        "prophet": lambda: __import__("prophet").Prophet(), "polars": lambda: __import__("polars").DataFrame({"a": [1]}),
        "pyarrow": lambda: __import__("pyarrow").table({"a": [1]}), "pyarrow_schema": lambda: __import__("pyarrow").schema([("a", "int64")]) if False else __import__("pyarrow").table({"a": [1]}).schema,
        "optuna": lambda: __import__("optuna").create_study(), "optuna_trial": lambda: __import__("optuna").trial.create_trial(value=1.0),
        "umap": lambda: __import__("umap").UMAP(n_neighbors=3), "shap": lambda: __import__("shap").Explanation(x),
        "spacy_vocab": lambda: __import__("spacy").blank("en").vocab, "spacy_doc": lambda: __import__("spacy").blank("en")("a b"),
        "spacy_nlp": lambda: __import__("spacy").blank("en"), "requests": lambda: __import__("requests").Session() if False else None,
        "mlxtend": lambda: __import__("mlxtend.classifier").classifier.EnsembleVoteClassifier([]),
        "pyod": lambda: __import__("pyod.models.knn").models.knn.KNN().fit(x), "sktime": lambda: __import__("sktime.forecasting.naive").forecasting.naive.NaiveForecaster().fit(pd.Series(x[:, 0])),
        "jinja": lambda: None, "bs4": lambda: None, "yaml": lambda: None, "autograd": lambda: None,
        "pytz": lambda: [__import__("pytz").timezone("Europe/Paris"), __import__("pytz").utc, __import__("pytz").FixedOffset(60)],
        "dateutil": lambda: [__import__("dateutil.relativedelta").relativedelta.relativedelta(days=1), __import__("dateutil.tz").tz.tzutc(),
                             __import__("dateutil.tz").tz.tzoffset("x", 60)],
        "regex": lambda: __import__("regex").compile("a+"), "sortedcontainers": lambda: __import__("sortedcontainers").SortedDict(a=1),
        "tslearn": lambda: __import__("tslearn.clustering").clustering.TimeSeriesKMeans(2).fit(x),
    }.items():
        try:
            value = make()
        except BaseException as error:
            print(f"skipped {name}: {type(error).__name__} {error}"[:160])
            continue
        dump(f"lib_{name}", value)


def pydantic_model():
    import pydantic
    global Config

    class Config(pydantic.BaseModel):
        a: int = 1
    return Config()


def figure():
    import matplotlib.pyplot as plt
    made, axis = plt.subplots()
    axis.plot([1, 2])
    return made


@writes
def torch():
    import torch
    from torch import nn
    network = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.BatchNorm1d(3), nn.Dropout(), nn.LSTM(3, 3))
    optimizer = torch.optim.Adam(network.parameters())
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 1)
    cosine = torch.optim.lr_scheduler.LambdaLR(optimizer, helper)
    objects = {
        "state": network.state_dict(), "module": network, "optimizer": optimizer.state_dict(), "scheduler": schedule.state_dict(),
        "scheduler_lambda": cosine.state_dict(), "rng": {"python": __import__("random").getstate(), "torch": torch.get_rng_state()},
        "args": __import__("argparse").Namespace(lr=1), "optimizer_object": optimizer, "transformer": nn.Transformer(8, 2, 1, 1),
        "quantized": torch.quantize_per_tensor(torch.rand(2, 2), 0.1, 1, torch.qint8), "sparse": torch.eye(2).to_sparse(),
        "parameter": nn.Parameter(torch.rand(2)), "distribution": torch.distributions.Normal(0.0, 1.0), "dtype": [torch.float32, torch.device("cpu")],
        "subclass": own_module(), "numpy": {"a": torch.rand(2).numpy()}, "mixed": {"epoch": 1, "best": torch.tensor(1.0), "cfg": Settings()},
        "dataset": torch.utils.data.TensorDataset(torch.rand(2, 2)), "generator": None, "complex": torch.rand(2, dtype=torch.complex64),
        "hooked": hooked(), "activation": [nn.functional.relu, torch.tanh, nn.GELU(), torch.sigmoid, torch.nn.functional.gelu],
    }
    for name, value in objects.items():
        for zipped in (True, False):
            try:
                torch.save(value, os.path.join(OUT, f"torch_{name}_{'zip' if zipped else 'old'}.pt"), _use_new_zipfile_serialization=zipped)
            except Exception as error:
                print(f"skipped torch {name}: {error}"[:160])


def own_module():
    from torch import nn
    global Net

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.ModuleList([nn.Conv2d(1, 1, 3)])
            self.act = nn.functional.relu
    return Net()


def hooked():
    from torch import nn
    layer = nn.Linear(1, 1)
    layer.register_forward_hook(helper)
    return layer


@writes
def torch_libraries():
    import numpy as np
    import torch

    def save(name, make):
        try:
            torch.save(make(), os.path.join(OUT, f"torchlib_{name}.pt"))
        except BaseException as error:
            print(f"skipped {name}: {type(error).__name__} {error}"[:160])

    def training_args():
        import transformers
        return transformers.TrainingArguments("out", report_to=[])

    def yolo():
        from ultralytics.nn.tasks import DetectionModel
        return {"epoch": 1, "model": DetectionModel("yolov8n.yaml", verbose=False).half(), "ema": None, "train_args": {}, "date": "x"}

    def classify():
        from ultralytics.nn.tasks import ClassificationModel
        return {"model": ClassificationModel("yolov8n-cls.yaml", verbose=False)}

    def lightning():
        import pytorch_lightning as pl
        from pytorch_lightning.utilities.parsing import AttributeDict
        checkpoint = pl.callbacks.ModelCheckpoint(dirpath="x")
        return {"state_dict": {"a": torch.rand(1)}, "hyper_parameters": AttributeDict(a=1), "callbacks": {"m": checkpoint.state_dict()},
                "pytorch-lightning_version": "2.0", "loops": {}, "optimizer_states": [], "lr_schedulers": []}

    def fastai_learner():
        from fastai.tabular.all import TabularDataLoaders, tabular_learner, Categorify, FillMissing, Normalize, CategoryBlock
        import pandas as pd
        frame = pd.DataFrame({"a": list("ab") * 20, "b": np.random.rand(40), "y": np.random.randint(0, 2, 40)})
        loaders = TabularDataLoaders.from_df(frame, y_names="y", cat_names=["a"], cont_names=["b"], procs=[Categorify, FillMissing, Normalize],
                                             y_block=CategoryBlock(), bs=8)
        learner = tabular_learner(loaders)
        learner.dls = loaders.new_empty()
        return learner

    def fastai_vision():
        from fastai.vision.all import DataBlock, ImageBlock, CategoryBlock, Resize, Learner, PILImage, xresnet18
        from PIL import Image
        block = DataBlock((ImageBlock, CategoryBlock), get_items=own_items, get_y=own_label, item_tfms=Resize(16))
        loaders = block.dataloaders(OUT, bs=2, num_workers=0)
        learner = Learner(loaders, xresnet18(n_out=2))
        learner.dls = loaders.new_empty()
        return learner

    def sentence():
        from sentence_transformers import models
        return models.Pooling(4)

    def accelerate_state():
        from accelerate.utils import DistributedType
        return {"type": DistributedType.NO}

    def omega():
        from omegaconf import OmegaConf
        return {"cfg": OmegaConf.create({"model": {"lr": 0.1, "a": "${model.lr}"}}), "model": {"w": torch.rand(1)}}

    def skorch_net():
        import skorch
        return skorch.NeuralNetClassifier(torch.nn.Linear, module__in_features=2, module__out_features=2).initialize()

    def bert():
        import transformers
        return transformers.BertModel(transformers.BertConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, vocab_size=9))

    def generation():
        import transformers
        return [transformers.GenerationConfig(), transformers.BertConfig(), transformers.BatchEncoding({"a": [1]})]

    def timm_model():
        import timm
        return timm.create_model("resnet18")

    def timm_vit():
        import timm
        return timm.create_model("vit_tiny_patch16_224")

    def geometric():
        from torch_geometric.data import Data
        return Data(x=torch.rand(2, 2))

    def sb3():
        import gymnasium
        import stable_baselines3
        model = stable_baselines3.PPO("MlpPolicy", gymnasium.make("CartPole-v1"), n_steps=8, batch_size=8)
        model.save(os.path.join(OUT, "sb3_ppo.zip"))
        stable_baselines3.DQN("MlpPolicy", gymnasium.make("CartPole-v1")).save(os.path.join(OUT, "sb3_dqn.zip"))
        return {"a": 1}

    def vision():
        import torchvision
        return torchvision.models.resnet18()

    def spaces():
        import gymnasium
        return gymnasium.spaces.Dict(a=gymnasium.spaces.Box(0, 1, (2,)), b=gymnasium.spaces.Discrete(3))

    def dictionaries():
        from easydict import EasyDict
        from yacs.config import CfgNode
        from addict import Dict
        from ml_collections import ConfigDict
        from box import Box
        return [EasyDict(a=1), CfgNode({"a": 1}), Dict(a=1), ConfigDict({"a": 1}), Box(a=1)]

    for make in (training_args, yolo, classify, lightning, fastai_learner, fastai_vision, sentence, accelerate_state, omega, skorch_net, bert,
                 generation, timm_model, timm_vit, geometric, sb3, vision, spaces, dictionaries):
        save(make.__name__, make)


def own_items(path):
    from PIL import Image
    import pathlib
    made = []
    for label in "ab":
        for index in range(4):
            name = pathlib.Path(path) / f"{label}{index}.png"
            Image.new("RGB", (16, 16)).save(name)
            made.append(name)
    return made


def own_label(path):
    return path.name[0]


@writes
def carried_code():
    """dill and cloudpickle files of plain data; functions carry code and are told apart by write-code."""
    import datetime
    import numpy as np
    for name in ("dill", "cloudpickle"):
        try:
            writer = __import__(name)
        except ImportError:
            print(f"skipped {name}")
            continue
        data = {"a": [1, (2.0, "x")], "b": np.arange(3), "d": datetime.datetime.now(), "o": collections.OrderedDict(a=1),
                "c": collections.Counter("a"), "s": {1}, "r": range(3), "z": np.float32(1), "t": int, "f": np.sin, "l": len,
                "n": np.dtype("f4"), "none": type(None), "types": [dict, list, bytes, type], "ellipsis": ...}
        dump(f"{name}_plain", data, writer=writer)
        with contextlib.suppress(ImportError):
            import sklearn.linear_model
            dump(f"{name}_sklearn", sklearn.linear_model.LogisticRegression().fit(np.random.rand(9, 2), [0, 1, 0] * 3), writer=writer)
        with contextlib.suppress(ImportError):
            import pandas
            dump(f"{name}_pandas", pandas.DataFrame({"a": [1]}), writer=writer)


own_classes()
for label, write in WRITERS.items():
    try:
        write()
    except ImportError as error:
        print(f"skipped {label}: {error}")
    except BaseException as error:
        print(f"skipped the rest of {label}: {type(error).__name__} {error}"[:200])
