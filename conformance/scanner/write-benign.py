"""Writes benign model files with the real libraries that are installed: write-benign.py DIRECTORY.

Run it with Debian's python3 (python3-torch, python3-sklearn, python3-joblib, python3-h5py, python3-onnx, python3-pandas).
"""

import collections
import datetime
import decimal
import fractions
import gzip
import os
import pathlib
import pickle
import sys
import uuid
import warnings

warnings.simplefilter("ignore")
OUT = sys.argv[1]
os.makedirs(OUT, exist_ok=True)


def path(name):
    return os.path.join(OUT, name)


def dump(name, value, protocols=range(6)):
    for protocol in protocols:
        try:
            data = pickle.dumps(value, protocol)
        except Exception as error:
            print(f"skipped {name} protocol {protocol}: {error}")
            continue
        with open(path(f"{name}_p{protocol}.pkl"), "wb") as file:
            file.write(data)


def plain():
    dump("plain_mixed", {
        "none": None, "bools": [True, False], "ints": [0, -1, 255, 256, 65536, 2**31, 2**63, 2**200, -(2**200)],
        "floats": [0.0, -1.5, 1e300, float("inf"), float("nan")], "text": ["", "é", "日本", "os.system", "eval(1)"],
        "bytes": [b"", b"x" * 300, bytearray(b"abc")], "sets": [{1, 2}, frozenset([3])], "nested": [[[]], ({},)],
        "complex": 1 + 2j, "range": range(3), "slice": slice(1, 2), "type": int, "ellipsis": Ellipsis,
    })
    dump("plain_library", [
        collections.OrderedDict(a=1), collections.Counter("abca"), collections.deque([1], 3),
        collections.defaultdict(list, a=[1]), datetime.datetime.now(), datetime.timedelta(1), datetime.timezone.utc,
        decimal.Decimal("1.5"), fractions.Fraction(1, 3), uuid.uuid4(), pathlib.PurePosixPath("/a/b"), ValueError("x"),
    ])
    import argparse, array, functools, ipaddress, itertools, operator, random, re, string, types
    dump("plain_functions", [
        functools.partial(int, base=2), operator.itemgetter(1), operator.attrgetter("a.b"), operator.add,
        itertools.count(3), itertools.chain([1], [2]), iter([1, 2]), reversed([1]), zip([1], [2]), enumerate([1]),
        array.array("d", [1.0]), re.compile("a+", re.I), random.Random(3), ipaddress.ip_network("10.0.0.0/8"),
        argparse.Namespace(lr=0.1), types.SimpleNamespace(a=1), string.Template("$a"), len, max, "abc".upper,
        dict.fromkeys, {1: 2}.items if False else None, re.RegexFlag.IGNORECASE, getattr(uuid, "SafeUUID", None) and uuid.SafeUUID.safe,
    ])


def arrays():
    import numpy as np
    values = {
        "kinds": [np.zeros((2, 3), t) for t in ("f2", "f4", "f8", "i1", "i4", "u8", "b1", "c16", "M8[ns]", "m8[s]", "S5", "U4")],
        "fortran": np.asfortranarray(np.arange(6).reshape(2, 3)), "masked": np.ma.masked_array([1, 2], [0, 1]),
        "object": np.array([1, "a", None], object), "record": np.zeros(2, [("a", "i4"), ("b", "f8", (2,))]),
        "recarray": np.rec.array([(1, 2.0)], dtype=[("x", "i4"), ("y", "f8")]), "scalar": np.float64(1.5),
        "matrix": np.matrix([[1, 2]]), "dtype": np.dtype("f4"), "ufunc": np.sin, "state": np.random.RandomState(1),
        "generator": getattr(np.random, "default_rng", np.random.RandomState)(1), "seed": getattr(np.random, "SeedSequence", int)(3), "empty": np.zeros((0, 3)),
        "poly": np.poly1d([1, 2]), "bytes": np.bytes_(b"x"), "big": np.random.rand(200, 300),
    }
    for name, value in values.items():
        dump(f"numpy_{name}", value)
        if isinstance(value, np.ndarray) and not isinstance(value, np.ma.MaskedArray):
            np.save(path(f"numpy_{name}.npy"), value, allow_pickle=True)
    np.savez(path("numpy_all.npz"), a=values["big"], b=values["fortran"])
    np.savez_compressed(path("numpy_packed.npz"), a=values["big"], o=values["object"])
    import joblib
    for name in ("kinds", "object", "record", "big", "fortran", "masked"):
        joblib.dump(values[name], path(f"joblib_{name}.joblib"))
    for kind, suffix in (("zlib", "z"), ("gzip", "gz"), ("bz2", "bz2"), ("lzma", "lzma"), ("xz", "xz")):
        joblib.dump({"w": values["big"], "n": 3}, path(f"joblib_packed.{suffix}.joblib"), compress=(kind, 3))
    with gzip.open(path("numpy_big.pkl.gz"), "wb") as file:
        pickle.dump(values["big"], file)


def frames():
    import numpy as np
    import pandas as pd
    frame = pd.DataFrame({"a": [1, 2, 3], "b": list("xyz"), "c": pd.Categorical(["u", "v", "u"]),
                          "d": pd.date_range("2020", periods=3), "e": pd.array([1, None, 3], "Int64"),
                          "f": pd.array(["a", None, "b"], "string" if pd.__version__ >= "1" else object), "g": pd.to_timedelta([1, 2, 3], "s")})
    dump("pandas_frame", frame)
    dump("pandas_index", [frame.set_index(["a", "b"]), pd.period_range("2020-01", periods=3, freq="M"), pd.RangeIndex(4),
                          pd.Series([1.5, 2]), pd.Timestamp("2020-01-01", tz="UTC"), pd.NaT, pd.Interval(0, 1),
                          pd.interval_range(0, 3), pd.offsets.MonthEnd(2), pd.date_range("2020", periods=3, tz="Europe/Paris"),
                          pd.arrays.SparseArray([0, 0, 1])])
    from scipy import interpolate, sparse, spatial, stats
    matrix = sparse.random(10, 10, 0.2)
    dump("scipy_sparse", [matrix.tocsr(), matrix.tocsc(), matrix.tocoo(), matrix.tolil(), matrix.todia(), matrix.todok(), matrix.tobsr()])
    dump("scipy_other", [spatial.cKDTree(np.random.rand(20, 2)), stats.norm(0, 1), stats.gamma,
                         interpolate.interp1d([0, 1, 2], [1, 2, 3]), interpolate.CubicSpline([0, 1, 2], [1, 2, 3]),
                         interpolate.RegularGridInterpolator(([0, 1], [0, 1]), np.zeros((2, 2))), stats.gaussian_kde(np.random.rand(30))])
    sparse.save_npz(path("scipy_sparse.npz"), matrix.tocsr())


def estimators():
    import joblib
    import numpy as np
    from sklearn import datasets
    try:
        from sklearn.utils import all_estimators
    except ImportError:  # scikit-learn before 0.22
        from sklearn.utils.testing import all_estimators
    features, target = datasets.load_iris(return_X_y=True)
    features, target = np.abs(features[::3]), target[::3]
    for name, cls in all_estimators():
        try:
            model = cls()
            model.fit(features, target)
        except Exception:
            continue
        for protocol in sorted({2, 4, min(5, pickle.HIGHEST_PROTOCOL)}):
            with open(path(f"sk_{name}_p{protocol}.pkl"), "wb") as file:
                pickle.dump(model, file, protocol)
        joblib.dump(model, path(f"sk_{name}.joblib"))
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score, make_scorer
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import FeatureUnion, make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler
    words = ["a b c", "b c d", "os.system('x')", "import os"]
    for model in (CountVectorizer(), TfidfVectorizer(), HashingVectorizer()):
        model.fit(words)
        joblib.dump(model, path(f"sk_{type(model).__name__}.joblib"))
    pipe = make_pipeline(FeatureUnion([("s", StandardScaler()), ("f", FunctionTransformer(np.log1p))]), LogisticRegression())
    search = GridSearchCV(pipe, {"logisticregression__C": [0.1, 1]}, scoring=make_scorer(f1_score, average="macro"), cv=2)
    search.fit(features, target)
    joblib.dump(search, path("sk_search.joblib"), compress=3)
    columns = ColumnTransformer([("s", StandardScaler(), [0, 1]), ("p", "passthrough", slice(2, 4))]).fit(features)
    joblib.dump(columns, path("sk_columns.joblib"))


def networks():
    import torch
    from torch import nn
    models = {
        "conv": nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 2)),
        "rnn": nn.ModuleDict({"l": nn.LSTM(4, 8, 2), "g": nn.GRU(4, 8), "e": nn.Embedding(10, 4)}),
        "transformer": nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 2, 32), 2),
        "many": nn.ModuleList([nn.GELU(), nn.LayerNorm(4), nn.Dropout(), nn.MultiheadAttention(8, 2), nn.PReLU(), nn.Softmax(1),
                               nn.CrossEntropyLoss(), nn.Upsample(2), nn.GroupNorm(2, 4), nn.ConvTranspose2d(2, 2, 3)]),
    }
    for name, model in models.items():
        optimizer = torch.optim.AdamW(model.parameters())
        checkpoint = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "args": {"lr": 0.1}}
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 3)
        for legacy in (False, True):
            kind = "legacy" if legacy else "zip"
            options = {"_use_new_zipfile_serialization": not legacy}
            torch.save(model, path(f"torch_{name}_{kind}.pth"), **options)
            torch.save(model.state_dict(), path(f"torch_{name}_{kind}_state.pt"), **options)
            torch.save({**checkpoint, "scheduler": scheduler.state_dict(), "opt": optimizer}, path(f"torch_{name}_{kind}.ckpt"), **options)
        with open(path(f"torch_{name}.pkl"), "wb") as file:
            pickle.dump(model.state_dict(), file)
    for dtype in (torch.float64, torch.bfloat16, torch.half, torch.int8, torch.bool, torch.complex64):
        torch.save(torch.zeros(3, dtype=dtype), path(f"torch_{str(dtype)[6:]}.pt"))
    torch.save([torch.zeros(2, 2).to_sparse(), torch.Size([1]), torch.device("cpu"), torch.float32, nn.Parameter(torch.ones(2)),
                torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8), torch.Generator().get_state()], path("torch_misc.pt"))
    torch.save(torch.ones(2), path("torch_tensor_legacy.pt"), _use_new_zipfile_serialization=False)
    torch.jit.script(nn.Sequential(nn.Linear(2, 2), nn.ReLU())).save(path("torch_script.pt"))
    torch.jit.trace(models["conv"].eval(), torch.zeros(1, 3, 4, 4)).save(path("torch_traced.pt"))


def others():
    import h5py
    import numpy as np
    with h5py.File(path("h5_plain.h5"), "w") as file:
        for i in range(40):
            file.create_dataset(f"layer_{i}/kernel:0", data=np.random.rand(4, 4), compression="gzip" if i % 2 else None)
        file.attrs["layer_names"] = [f"layer_{i}".encode() for i in range(40)]
        file.attrs["model_config"] = '{"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Dense", "config": {"units": 3}}]}}'
        file["soft"] = h5py.SoftLink("/layer_1")
    with h5py.File(path("h5_latest.h5"), "w", libver="latest") as file:
        for i in range(40):
            file.create_dataset(f"g/d{i}", data=np.random.rand(4))
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    weights = numpy_helper.from_array(np.random.rand(2, 2).astype("f4"), "w")
    graph = helper.make_graph([helper.make_node("MatMul", ["x", "w"], ["y"]), helper.make_node("FusedGelu", ["y"], ["z"], domain="com.microsoft")],
                              "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 2])],
                              [helper.make_tensor_value_info("z", TensorProto.FLOAT, [1, 2])], [weights])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]), path("model.onnx"))


def boosters():
    import joblib
    import numpy as np
    features, target = np.random.rand(60, 3), np.arange(60) % 2
    models = {}
    try:
        import lightgbm
        models["lightgbm"] = lightgbm.LGBMClassifier(n_estimators=3, verbose=-1).fit(features, target)
    except ImportError:
        print("skipped lightgbm")
    try:
        import xgboost
        models["xgboost"] = xgboost.XGBClassifier(n_estimators=3).fit(features, target)
        models["xgboost"].save_model(path("xgboost.json"))
        models["xgboost"].save_model(path("xgboost.ubj"))
        dump("xgboost_booster", models["xgboost"].get_booster())
    except ImportError:
        print("skipped xgboost")
    for name, model in models.items():
        dump(name, model)
        joblib.dump(model, path(f"{name}.joblib"))


for step in (boosters, plain, arrays, frames, estimators, networks, others):
    try:
        step()
    except Exception as error:  # one missing library must not stop the others
        print(f"skipped {step.__name__}: {error}")
print(len(os.listdir(OUT)), "files")
