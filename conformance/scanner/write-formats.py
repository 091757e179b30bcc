"""Writes honest models of many formats with the libraries that are installed; scanned, all must come out clean.

    python -m venv venv && venv/bin/pip install xgboost lightgbm catboost scikit-learn skops nyoka openvino onnx \
        onnxruntime torch-model-archiver mlflow-skinny coremltools pnnx MNN pandas
    venv/bin/python conformance/scanner/write-formats.py DIRECTORY
    node conformance/scanner/scan.mjs DIRECTORY

A library that is missing, or that refuses a model, is named on standard error and left out. Old binary XGBoost models
come from a second environment with `xgboost==1.7.6 numpy<2`.
"""

import os
import subprocess
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")
RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(200, 5))
CLASSES = (X[:, 0] + X[:, 1] > 0).astype(int)
THREE = RANDOM.integers(0, 3, 200)
NUMBERS = X[:, 0] * 2 + X[:, 1]


def frame():
    import pandas as pd

    table = pd.DataFrame(X, columns=list("abcde"))
    table["kind"] = pd.Categorical(RANDOM.choice(["x", "y", "z"], 200))
    return table


def xgboost_models():
    import xgboost as xgb

    for objective, target in (("binary:logistic", CLASSES), ("reg:squarederror", NUMBERS), ("multi:softprob", THREE)):
        for booster in ("gbtree", "dart", "gblinear"):
            parameters = {"objective": objective, "booster": booster}
            if target is THREE:
                parameters["num_class"] = 3
            model = xgb.train(parameters, xgb.DMatrix(X, label=target), 4)
            name = f"xgb-{objective.replace(':', '-')}-{booster}"
            endings = ("json", "ubj", "deprecated") if xgb.__version__ < "2" else ("json", "ubj")
            for ending in endings:
                model.save_model(f"{name}.{ending}")
    if xgb.__version__ < "2":
        return
    model = xgb.XGBClassifier(n_estimators=4, enable_categorical=True, tree_method="hist").fit(frame(), CLASSES)
    model.save_model("xgb-categories.ubj")
    vectors = xgb.XGBRegressor(n_estimators=3, multi_strategy="multi_output_tree", tree_method="hist")
    vectors.fit(X, np.c_[NUMBERS, NUMBERS * 2]).save_model("xgb-vectors.json")


def lightgbm_models():
    import lightgbm as lgb

    kinds = {
        "binary": ({"objective": "binary"}, CLASSES),
        "linear": ({"objective": "regression", "linear_tree": True}, NUMBERS),
        "classes": ({"objective": "multiclass", "num_class": 3}, THREE),
        "dart": ({"objective": "binary", "boosting": "dart"}, CLASSES),
        "forest": ({"objective": "binary", "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.5}, CLASSES),
    }
    for name, (parameters, target) in kinds.items():
        model = lgb.train({**parameters, "verbose": -1, "num_leaves": 7}, lgb.Dataset(X, target), 5)
        model.save_model(f"lgb-{name}.txt")
    lgb.train({"objective": "binary", "verbose": -1}, lgb.Dataset(frame(), CLASSES), 5).save_model("lgb-categories.txt")
    lgb.train({"objective": "binary", "verbose": -1}, lgb.Dataset(X * 0, CLASSES), 2).save_model("lgb-stump.txt")


def catboost_models():
    import catboost

    common = {"iterations": 5, "depth": 3, "verbose": 0, "allow_writing_files": False}
    for policy in ("SymmetricTree", "Lossguide", "Depthwise"):
        model = catboost.CatBoostRegressor(grow_policy=policy, **common).fit(X, NUMBERS)
        for ending in ("cbm", "json"):
            model.save_model(f"cat-{policy}.{ending}", format=ending)
    model = catboost.CatBoostClassifier(**common).fit(X, CLASSES)
    for kind, ending in (("onnx", "onnx"), ("pmml", "pmml"), ("coreml", "mlmodel"), ("python", "py")):
        model.save_model(f"cat.{ending}", format=kind)
    table = frame().astype({"kind": str})
    table["words"] = RANDOM.choice(["hello world", "good bye", "a b c"], 200)
    catboost.CatBoostClassifier(**common).fit(
        table, CLASSES, cat_features=["kind"], text_features=["words"]
    ).save_model("cat-words.cbm")


def skops_models():
    import skops.io
    from sklearn.utils import all_estimators

    for name, estimator in all_estimators():
        try:
            model = estimator()
            try:
                model.fit(np.abs(X), CLASSES)
            except Exception:  # an unfitted estimator is a file too
                pass
            skops.io.dump(model, f"{name}.skops")
        except Exception as problem:
            print(f"skops: {name} left out: {str(problem)[:80]}", file=sys.stderr)


def pmml_models():
    from nyoka import skl_to_pmml
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    for name, model in (("logistic", LogisticRegression()), ("forest", RandomForestClassifier(3, max_depth=3))):
        steps = Pipeline([("scale", StandardScaler()), ("model", model)]).fit(frame()[list("abc")], CLASSES)
        skl_to_pmml(steps, list("abc"), "target", f"nyoka-{name}.pmml")


def onnx_model(path):
    import onnx
    from onnx import TensorProto, helper

    weights = helper.make_tensor("w", TensorProto.FLOAT, [4, 3], RANDOM.normal(size=12).tolist())
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"]), helper.make_node("Softmax", ["y"], ["z"])],
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4])],
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, [1, 3])],
        [weights],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def openvino_models():
    import openvino
    from openvino import opset13 as ops

    for kind in (np.float32, np.float16, np.int8):
        image = ops.parameter([1, 3, 8, 8], np.float32, name="x")
        weights = ops.constant(RANDOM.normal(size=(4, 3, 3, 3)).astype(kind))
        if kind is not np.float32:
            weights = ops.convert(weights, "f32")
        result = ops.relu(ops.convolution(image, weights, [1, 1], [0, 0], [0, 0], [1, 1]))
        openvino.save_model(openvino.Model([result], [image], "conv"), f"openvino-{np.dtype(kind).name}.xml")
    onnx_model("openvino-source.onnx")
    openvino.save_model(openvino.convert_model("openvino-source.onnx"), "openvino-onnx.xml")


def ort_models():
    import onnxruntime

    onnx_model("ort-source.onnx")
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = "matmul.ort"
    options.add_session_config_entry("session.save_model_format", "ORT")
    onnxruntime.InferenceSession("ort-source.onnx", options, providers=["CPUExecutionProvider"])


def mnn_models():
    onnx_model("mnn-source.onnx")
    converter = os.path.join(os.path.dirname(sys.executable), "mnnconvert")
    arguments = ["-f", "ONNX", "--modelFile", "mnn-source.onnx", "--MNNModel", "matmul.mnn", "--bizCode", "x"]
    subprocess.run([converter, *arguments], check=True, capture_output=True)


def torch_exports():
    import torch

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.convolution = torch.nn.Conv2d(3, 8, 3)

        def forward(self, image):
            return torch.relu(self.convolution(image))

    image = torch.rand(1, 3, 8, 8)
    traced = torch.jit.trace(Net().eval(), image)
    try:
        import coremltools

        inputs = [coremltools.TensorType(shape=image.shape)]
        for kind, name in (("mlprogram", "net.mlpackage"), ("neuralnetwork", "net.mlmodel")):
            coremltools.convert(traced, inputs=inputs, convert_to=kind, skip_model_load=True).save(name)
    except ImportError as problem:
        print(f"coremltools: {problem}", file=sys.stderr)
    try:
        import pnnx

        pnnx.export(Net().eval(), "pnnx.pt", (image,))
    except ImportError as problem:
        print(f"pnnx: {problem}", file=sys.stderr)


def archives():
    import model_archiver  # noqa: F401

    with open("handler.py", "w") as handler:
        handler.write("def handle(data, context):\n    return data\n")
    with open("weights.bin", "wb") as weights:
        weights.write(bytes(64))
    archiver = os.path.join(os.path.dirname(sys.executable), "torch-model-archiver")
    for name, handler in (("own", "handler.py"), ("built-in", "image_classifier")):
        arguments = ["--model-name", name, "--version", "1.0", "--handler", handler, "--serialized-file", "weights.bin"]
        subprocess.run([archiver, *arguments, "--force"], check=True, capture_output=True)


def mlflow_models():
    import mlflow.lightgbm
    import mlflow.sklearn
    from sklearn.linear_model import LogisticRegression

    mlflow.sklearn.save_model(LogisticRegression().fit(X, CLASSES), "mlflow-sklearn", pip_requirements=["scikit-learn"])


WRITERS = (
    xgboost_models,
    lightgbm_models,
    catboost_models,
    skops_models,
    pmml_models,
    openvino_models,
    ort_models,
    mnn_models,
    torch_exports,
    archives,
    mlflow_models,
)


def main(directory):
    top = os.path.abspath(directory)
    for writer in WRITERS:
        place = os.path.join(top, writer.__name__)
        os.makedirs(place, exist_ok=True)
        os.chdir(place)
        try:
            writer()
        except Exception as problem:
            print(f"skipped: {writer.__name__}: {str(problem)[:120]}", file=sys.stderr)


main(sys.argv[1])
