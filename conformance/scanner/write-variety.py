"""Writes honest files of many formats with the libraries that are installed; scanned, all must come out clean.

    python -m venv venv && venv/bin/pip install numpy scipy onnx onnxruntime skl2onnx onnxmltools scikit-learn xgboost \
        lightgbm h5py pyarrow gguf safetensors sentencepiece tokenizers tiktoken joblib fasttext-wheel gensim spacy flax \
        orbax-checkpoint msgpack tensorflow-cpu tf2onnx openvino nncf coremltools paddlepaddle
    venv/bin/python conformance/scanner/write-variety.py DIRECTORY
    node conformance/scanner/scan.mjs DIRECTORY

What is missing, or refuses, is named on standard output and left out. One environment hardly holds all: several can write to one
directory after each other.
"""

import gzip
import json
import os
import struct
import sys
import warnings
import zipfile

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="", TF_USE_LEGACY_KERAS="")
warnings.filterwarnings("ignore")
import numpy as np
from parts import attempt, part, run_parts

os.makedirs(sys.argv[1], exist_ok=True)
os.chdir(sys.argv[1])
RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(120, 4)).astype(np.float32)
Y = (X[:, 0] > 0).astype(int)
TEXTS = ["the weather is fine today", "models are loaded with eval mode", "import nothing, system is calm", "os and sys are words too"] * 10


def place(name):
    os.makedirs(name, exist_ok=True)
    return lambda file: os.path.join(name, file)


@part
def onnx_quantised():
    import onnx
    from onnx import helper, numpy_helper
    from onnxruntime.quantization import (CalibrationDataReader, QuantFormat, QuantType, quant_pre_process, quantize_dynamic,
                                          quantize_static)

    at = place("onnx_quantised")
    weights = [numpy_helper.from_array(RANDOM.normal(size=s).astype(np.float32), n) for n, s in (("c", (8, 3, 3, 3)), ("w", (2048, 10)))]
    shape = numpy_helper.from_array(np.array([1, 2048]), "s")
    nodes = [helper.make_node("Conv", ["x", "c"], ["h"], pads=[1, 1, 1, 1]), helper.make_node("Relu", ["h"], ["r"]),
             helper.make_node("Reshape", ["r", "s"], ["f"]), helper.make_node("MatMul", ["f", "w"], ["y"])]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(nodes, "g", [value("x", 1, [1, 3, 16, 16])], [value("y", 1, [1, 10])], [*weights, shape])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), at("float.onnx"))
    attempt("pre", lambda: quant_pre_process(at("float.onnx"), at("pre.onnx")))
    for kind in (QuantType.QInt8, QuantType.QUInt8):
        attempt("dynamic", lambda: quantize_dynamic(at("float.onnx"), at(f"dynamic_{kind}.onnx"), weight_type=kind))

    class Reader(CalibrationDataReader):
        def __init__(self):
            self.data = iter([{"x": RANDOM.normal(size=(1, 3, 16, 16)).astype(np.float32)} for _ in range(3)])

        def get_next(self):
            return next(self.data, None)

    for form in (QuantFormat.QDQ, QuantFormat.QOperator):
        for wide in (False, True):
            attempt("static", lambda: quantize_static(at("float.onnx"), at(f"static_{form}_{wide}.onnx"), Reader(), quant_format=form, per_channel=wide))

    def four_bits():
        from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

        quantizer = MatMulNBitsQuantizer(onnx.load(at("float.onnx")), block_size=32)
        quantizer.process()
        quantizer.model.save_model_to_file(at("bits4.onnx"))

    attempt("nbits", four_bits)

    def converted():
        from onnxruntime.transformers.float16 import convert_float_to_float16

        onnx.save(convert_float_to_float16(onnx.load(at("float.onnx"))), at("half.onnx"))

    attempt("half", converted)


@part
def onnx_optimised():
    import onnxruntime as ort

    at = place("onnx_optimised")
    for level in ("BASIC", "EXTENDED", "ALL"):
        options = ort.SessionOptions()
        options.graph_optimization_level = getattr(ort.GraphOptimizationLevel, f"ORT_ENABLE_{level}")
        options.optimized_model_filepath = at(f"{level}.onnx")
        options.log_severity_level = 4
        ort.InferenceSession("onnx_quantised/float.onnx", options, providers=["CPUExecutionProvider"])
        options.optimized_model_filepath = at(f"{level}.ort")
        options.add_session_config_entry("session.save_model_format", "ORT")
        ort.InferenceSession("onnx_quantised/float.onnx", options, providers=["CPUExecutionProvider"])


@part
def onnx_external():
    import onnx
    import onnxruntime as ort

    for name, options in (("one", {"location": "model.onnx_data"}), ("many", {"all_tensors_to_one_file": False}), ("below", {"location": "weights/all.bin"})):
        at = place(f"onnx_external/{name}")
        os.makedirs(at("weights"), exist_ok=True)
        attempt(name, lambda: onnx.save_model(onnx.load("onnx_quantised/float.onnx"), at("model.onnx"), save_as_external_data=True, size_threshold=100, **options))
    at = place("onnx_external/prepacked")
    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.optimized_model_filepath = at("model.onnx")
    for key, value in (("optimized_model_external_initializers_file_name", "model.bin"), ("optimized_model_external_initializers_min_size_in_bytes", "10"),
                       ("save_external_prepacked_constant_initializers", "1")):
        options.add_session_config_entry("session." + key, value)
    ort.InferenceSession("onnx_external/one/model.onnx", options, providers=["CPUExecutionProvider"])


@part
def onnx_written_by_hand():
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    at = place("onnx_parts")
    value = helper.make_tensor_value_info
    own = helper.make_function("my.company", "Twice", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])], [helper.make_opsetid("", 17)])
    typed = helper.make_function("local", "Scale", ["a"], ["b"], [helper.make_node("Constant", [], ["c"]), helper.make_node("Mul", ["a", "c"], ["b"])],
                                 [helper.make_opsetid("", 17)], ["factor"])
    typed.node[0].attribute.append(onnx.AttributeProto(name="value_float", ref_attr_name="factor", type=onnx.AttributeProto.FLOAT))
    nodes = [helper.make_node("Twice", ["x"], ["t"], domain="my.company"), helper.make_node("Scale", ["t"], ["y"], domain="local", factor=2.0)]
    graph = helper.make_graph(nodes, "g", [value("x", 1, [2])], [value("y", 1, [2])])
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("my.company", 1), helper.make_opsetid("local", 1)]
    onnx.save(helper.make_model(graph, functions=[own, typed], opset_imports=opsets, ir_version=9), at("functions.onnx"))

    sparse = helper.make_sparse_tensor(numpy_helper.from_array(np.ones(3, np.float32), "sp"), numpy_helper.from_array(np.array([1, 5, 7])), [4, 4])
    graph = helper.make_graph([helper.make_node("MatMul", ["x", "sp"], ["y"])], "g", [value("x", 1, [1, 4])], [value("y", 1, [1, 4])], sparse_initializer=[sparse])
    model = helper.make_model(graph, opset_imports=opsets[:1], ir_version=9)
    training = model.training_info.add()
    training.algorithm.CopyFrom(helper.make_graph([helper.make_node("Gradient", ["x"], ["gx"], domain="ai.onnx.preview.training", xs=["x"], y="y"),
                                                   helper.make_node("Adam", ["r", "t", "x", "gx", "v", "h"], ["a", "b", "c"], domain="ai.onnx.preview.training")], "a", [], []))
    helper.set_model_props(model, {"author": "somebody", "licence": "MIT", "classes": str(["a", "b"])})
    onnx.save(model, at("training_sparse.onnx"))

    branch = lambda name: helper.make_graph([helper.make_node("Constant", [], [name], value=numpy_helper.from_array(np.ones(2, np.float32)))], name + "_g", [], [value(name, 1, [2])])
    nodes = [helper.make_node("If", ["c"], ["y"], then_branch=branch("p"), else_branch=branch("q")),
             helper.make_node("StringNormalizer", ["s"], ["n"], stopwords=["os", "system"], is_case_sensitive=0),
             helper.make_node("TfIdfVectorizer", ["n"], ["v"], max_gram_length=1, max_skip_count=0, min_gram_length=1, mode="TF", ngram_counts=[0], ngram_indexes=[0, 1],
                              pool_strings=["eval", "exec"])]
    graph = helper.make_graph(nodes, "g", [value("c", 9, []), value("s", 8, [2])], [value("y", 1, [2]), value("v", 1, None)],
                              [helper.make_tensor("names", TensorProto.STRING, [2], [b"cat", b"dog"])])
    onnx.save(helper.make_model(graph, opset_imports=opsets[:1], ir_version=9), at("branches_text.onnx"))
    kinds = [getattr(TensorProto, name) for name in ("BFLOAT16", "FLOAT16", "FLOAT8E4M3FN", "FLOAT8E5M2", "INT4", "UINT4", "COMPLEX64", "BOOL") if hasattr(TensorProto, name)]
    tensors = [helper.make_tensor(f"t{kind}", kind, [4], [1, 0, 1, 0]) for kind in kinds]
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "g", [value("x", 1, [2])], [value("y", 1, [2])], tensors)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10), at("types.onnx"))
    nodes = [helper.make_node(name, ["x"], [f"y{i}"], domain="com.microsoft") for i, name in enumerate(("Gelu", "FastGelu", "QuickGelu", "BiasGelu"))]
    graph = helper.make_graph(nodes, "g", [value("x", 1, [2])], [value("y0", 1, [2])])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)], ir_version=9), at("microsoft.onnx"))
    attempt("textproto", lambda: onnx.save(model, at("model.textproto"), format="textproto"))
    attempt("json", lambda: onnx.save(model, at("model.onnxjson"), format="json"))
    attempt("onnxtxt", lambda: onnx.save(onnx.load(at("functions.onnx")), at("functions.onnxtxt"), format="onnxtxt"))


@part
def skl2onnx_models():
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import StringTensorType
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import GradientBoostingClassifier, IsolationForest, RandomForestRegressor, VotingClassifier
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler, StandardScaler
    from sklearn.svm import SVC

    at = place("skl2onnx")
    labels = [i % 2 for i in range(len(TEXTS))]
    for vectorizer in (TfidfVectorizer(), CountVectorizer(ngram_range=(1, 2))):
        def text(vectorizer=vectorizer):
            model = make_pipeline(vectorizer, LogisticRegression()).fit(TEXTS, labels)
            data = to_onnx(model, initial_types=[("text", StringTensorType([None, 1]))], options={"zipmap": False})
            open(at(type(vectorizer).__name__ + ".onnx"), "wb").write(data.SerializeToString())

        attempt("text", text)
    models = [GradientBoostingClassifier(n_estimators=3), IsolationForest(n_estimators=3), RandomForestRegressor(n_estimators=3), GaussianProcessRegressor(),
              KNeighborsClassifier(), MLPClassifier((5,), max_iter=5), SVC(probability=True), make_pipeline(StandardScaler(), LogisticRegression()),
              VotingClassifier([("a", LogisticRegression())], flatten_transform=False), make_pipeline(ColumnTransformer([("n", StandardScaler(), [0, 1]), ("o", MinMaxScaler(), [2])]), LogisticRegression())]
    for at_, model in enumerate(models):
        def fitted(at_=at_, model=model):
            data = to_onnx(model.fit(X, Y), X[:1], target_opset={"": 17, "ai.onnx.ml": 3})
            open(at(f"{at_}_{type(model).__name__}.onnx"), "wb").write(data.SerializeToString())

        attempt(type(model).__name__, fitted)


@part
def onnxmltools_models():
    import lightgbm
    import onnxmltools
    import xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    at = place("onnxmltools")
    types = [("x", FloatTensorType([None, 4]))]
    attempt("xgb", lambda: onnxmltools.utils.save_model(onnxmltools.convert_xgboost(xgboost.XGBClassifier(n_estimators=3).fit(X, Y), initial_types=types), at("xgboost.onnx")))
    attempt("lgb", lambda: onnxmltools.utils.save_model(onnxmltools.convert_lightgbm(lightgbm.LGBMClassifier(n_estimators=3, verbose=-1).fit(X, Y), initial_types=types), at("lightgbm.onnx")))


@part
def gguf_files():
    import gguf

    at = place("gguf")
    for order in gguf.GGUFEndian:
        writer = gguf.GGUFWriter(at(f"{order.name}.gguf"), "llama", endianess=order)
        writer.add_block_count(1)
        writer.add_context_length(128)
        writer.add_license("mit")
        writer.add_chat_template("{% for message in messages %}{{ message['role'] + ': ' + message['content'] }}{% endfor %}")
        writer.add_tokenizer_model("gpt2")
        writer.add_token_list(["<s>", "eval", "os.system", "Ġimport"])
        writer.add_token_scores([0.0, 0.5, 0.25, 1.0])
        writer.add_array("list", [1, 2, 3])
        writer.add_bool("flag", True)
        writer.add_float64("wide", 1e300)
        writer.add_tensor("token_embd.weight", RANDOM.normal(size=(64, 32)).astype(np.float32))
        writer.add_tensor("half", RANDOM.normal(size=(8, 32)).astype(np.float16))
        quantised = gguf.quants.quantize(RANDOM.normal(size=(4, 64)).astype(np.float32), gguf.GGMLQuantizationType.Q8_0)
        writer.add_tensor("blk.0.q", quantised, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


@part
def tensorflowjs_models():
    """By the documentation of the format: TensorFlow.js, "Save and load models" (model.json, and shards that it names)."""
    at = place("tfjs_layers")
    weights = RANDOM.normal(size=44).astype("<f4").tobytes()
    open(at("group1-shard1of2.bin"), "wb").write(weights[:100])
    open(at("group1-shard2of2.bin"), "wb").write(weights[100:])
    manifest = [{"paths": ["group1-shard1of2.bin", "group1-shard2of2.bin"], "weights": [
        {"name": "dense/kernel", "shape": [4, 10], "dtype": "float32"}, {"name": "dense/bias", "shape": [4], "dtype": "float32", "quantization": {"dtype": "uint8", "min": -1.0, "scale": 0.01, "original_dtype": "float32"}}]}]
    layers = [{"class_name": "InputLayer", "config": {"batch_input_shape": [None, 4], "dtype": "float32", "sparse": False, "ragged": False, "name": "input"}},
              {"class_name": "Dense", "config": {"name": "dense", "trainable": True, "units": 10, "activation": "softmax", "use_bias": True,
                                                 "kernel_initializer": {"class_name": "VarianceScaling", "config": {"scale": 1, "mode": "fan_avg", "distribution": "normal", "seed": None}},
                                                 "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": None, "bias_regularizer": None, "activity_regularizer": None,
                                                 "kernel_constraint": None, "bias_constraint": None}}]
    topology = {"keras_version": "2.15.0", "backend": "tensorflow", "model_config": {"class_name": "Sequential", "config": {"name": "sequential", "layers": layers}},
                "training_config": {"loss": "categorical_crossentropy", "metrics": ["accuracy"], "optimizer_config": {"class_name": "Adam", "config": {"learning_rate": 0.001}}}}
    json.dump({"format": "layers-model", "generatedBy": "keras v2.15.0", "convertedBy": "TensorFlow.js Converter v4.22.0", "modelTopology": topology, "weightsManifest": manifest}, open(at("model.json"), "w"))
    at = place("tfjs_graph")
    open(at("group1-shard1of1.bin"), "wb").write(weights)
    nodes = [{"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}, "shape": {"shape": {"dim": [{"size": "-1"}, {"size": "4"}]}}}},
             {"name": "w", "op": "Const", "attr": {"dtype": {"type": "DT_FLOAT"}, "value": {"tensor": {"dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "4"}, {"size": "10"}]}}}}},
             {"name": "Identity", "op": "_FusedMatMul", "input": ["x", "w"], "attr": {"fused_ops": {"list": {"s": ["UmVsdQ=="]}}, "T": {"type": "DT_FLOAT"}, "num_args": {"i": "1"}}}]
    json.dump({"format": "graph-model", "generatedBy": "2.17.0", "convertedBy": "TensorFlow.js Converter v4.22.0", "userDefinedMetadata": {"signature": {"inputs": {"x": {"name": "x:0"}}}},
               "modelTopology": {"node": nodes, "library": {}, "versions": {"producer": 1882}}, "weightsManifest": [{"paths": ["group1-shard1of1.bin"], "weights": manifest[0]["weights"]}],
               "modelInitializer": {"node": []}}, open(at("model.json"), "w"))


@part
def hdf5_files():
    import h5py

    at = place("hdf5")
    data = RANDOM.normal(size=(200, 50)).astype(np.float32)
    for version in ("earliest", "v110", "latest"):
        with h5py.File(at(f"{version}.h5"), "w", libver=version) as file:
            for name, options in (("gzip", {"compression": "gzip"}), ("lzf", {"compression": "lzf"}), ("shuffle", {"compression": "gzip", "shuffle": True, "fletcher32": True}),
                                  ("scale", {"scaleoffset": 3}), ("chunks", {"chunks": (10, 10), "maxshape": (None, None)}), ("plain", {})):
                file.create_dataset("data/" + name, data=data, **options)
            file["text"] = np.array(["eval", "os.system"], dtype=h5py.string_dtype())
            file["fixed"] = np.array([b"abc", b"defg"])
            file.create_dataset("ragged", (3,), dtype=h5py.vlen_dtype(np.int32))[0] = [1, 2, 3]
            file["reference"] = np.array([file["text"].ref, file["data"].ref], dtype=h5py.ref_dtype)
            file["region"] = np.array([file["data/plain"].regionref[1:3]], dtype=h5py.regionref_dtype)
            file["soft"] = h5py.SoftLink("/data/plain")
            file["hard"] = file["data/plain"]
            file["compound"] = np.zeros(4, [("id", "<i8"), ("name", "S8"), ("position", "<f4", (3,))])
            file["enum"] = np.array([1, 0], dtype=h5py.enum_dtype({"off": 0, "on": 1}, basetype="i1"))
            file["bool"], file["complex"], file["empty"] = np.array([True]), np.ones(3, complex), h5py.Empty("f")
            file["big"] = data.astype(">f4")
            file.attrs["long"] = np.arange(5000)
            file.attrs["names"] = ["layer_%d" % i for i in range(50)]
            file["dtype"] = np.dtype([("a", "f4")])
            many = file.create_group("many", track_order=True)
            for i in range(40):
                many.create_dataset(str(i), data=i)
                many.attrs[f"a{i}"] = i
            file["data/plain"].dims[0].label = "rows"
    with h5py.File(at("user_block.h5"), "w", userblock_size=512) as file:
        file["x"] = data


@part
def matlab_files():
    from scipy.io import savemat

    at = place("matlab")
    content = {"w": X, "names": np.array(["a", "bb"], object), "s": {"x": 1, "y": [1, 2]}, "c": X[:2].astype(complex), "e": np.zeros((0, 3))}
    for name, options in (("v5", {}), ("v5_packed", {"do_compression": True}), ("v4", {"format": "4"})):
        attempt(name, lambda: savemat(at(f"{name}.mat"), {"w": X} if name == "v4" else content, **options))

    def hdf():
        import h5py

        with h5py.File(at("v73.mat"), "w", userblock_size=512) as file:
            file["w"] = X.T
            file["w"].attrs["MATLAB_class"] = np.bytes_("single")
            cells = [file.create_dataset(f"#refs#/{letter}", data=np.array([[ord(letter)]], np.uint16)) for letter in "ab"]
            file["names"] = np.array([[cell.ref for cell in cells]], dtype=h5py.ref_dtype)
            file["names"].attrs["MATLAB_class"] = np.bytes_("cell")
        with open(at("v73.mat"), "r+b") as file:
            head = b"MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Fri Nov 21 13:00:00 2026 HDF5 schema 1.00 .".ljust(116) + bytes(8) + b"\0\2IM"
            file.write(head)

    attempt("v7.3", hdf)


@part
def tables():
    import pyarrow as pa
    import pyarrow.feather
    import pyarrow.orc
    import pyarrow.parquet

    at = place("tables")
    table = pa.table({"x": X[:, 0], "text": (TEXTS * 3)[:120], "list": [[1, 2]] * 120, "kind": pa.array(["a", "b"] * 60).dictionary_encode()})
    for packed in ("snappy", "gzip", "zstd", "lz4", "brotli", "none"):
        attempt(packed, lambda: pa.parquet.write_table(table, at(f"{packed}.parquet"), compression=packed))
    for packed in ("lz4", "zstd", "uncompressed"):
        pa.feather.write_feather(table, at(f"{packed}.feather"), compression=packed)
    with pa.OSFile(at("stream.arrows"), "wb") as file, pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)
    pa.orc.write_table(table.drop_columns(["kind"]), at("table.orc"))


@part
def vocabularies():
    import sentencepiece
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    at = place("vocabularies")
    open(at("corpus.txt"), "w").write("\n".join(TEXTS * 20))
    for kind in ("unigram", "bpe", "word", "char"):
        attempt(kind, lambda: sentencepiece.SentencePieceTrainer.train(input=at("corpus.txt"), model_prefix=at(kind), vocab_size=60 if kind in ("unigram", "bpe") else 25, model_type=kind, hard_vocab_limit=False, minloglevel=3))
    for model, trainer in ((models.BPE(), trainers.BpeTrainer(vocab_size=300, special_tokens=["<s>"])), (models.WordPiece(unk_token="[UNK]"), trainers.WordPieceTrainer(vocab_size=200, special_tokens=["[UNK]"])),
                           (models.Unigram(), trainers.UnigramTrainer(vocab_size=80)), (models.WordLevel(unk_token="[UNK]"), trainers.WordLevelTrainer(special_tokens=["[UNK]"]))):
        tokenizer = Tokenizer(model)
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
        tokenizer.decoder = decoders.ByteLevel()
        tokenizer.train_from_iterator(TEXTS, trainer)
        name = type(model).__name__
        tokenizer.save(at(f"{name}.tokenizer.json"))
        tokenizer.model.save(place("vocabularies/" + name)(""))
    import base64

    open(at("ranks.tiktoken"), "wb").write(b"\n".join(base64.b64encode(bytes([i])) + b" %d" % i for i in range(256)) + b"\n")


@part
def word_vectors():
    at = place("vectors")
    words = ["eval", "system", "os", "posix", "import", "weather"] * 40

    def fasttext():
        import fasttext

        open(at("train.txt"), "w").write("\n".join(f"__label__{i % 2} {text}" for i, text in enumerate(TEXTS * 5)))
        model = fasttext.train_supervised(at("train.txt"), dim=8, epoch=2, verbose=0)
        model.save_model(at("supervised.bin"))
        fasttext.train_unsupervised(at("train.txt"), dim=8, epoch=1, minCount=1, verbose=0, bucket=2000).save_model(at("unsupervised.bin"))

    attempt("fasttext", fasttext)
    with open(at("word2vec.bin"), "wb") as file:
        file.write(b"%d 50\n" % len(words))
        for i, word in enumerate(words):
            file.write(f"{word}{i} ".encode() + RANDOM.normal(size=50).astype("<f4").tobytes() + b"\n")
    with open(at("glove.txt"), "w") as file:
        for i, word in enumerate(words):
            file.write(f"{word}{i} " + " ".join("%.4f" % x for x in RANDOM.normal(size=20)) + "\n")

    def gensim_models():
        from gensim.models import Doc2Vec, FastText, KeyedVectors, LdaModel, Word2Vec
        from gensim.corpora import Dictionary, MmCorpus

        sentences = [text.split() for text in TEXTS]
        model = Word2Vec(sentences, vector_size=10, min_count=1)
        model.save(at("gensim.model"))
        model.wv.save(at("gensim.kv"))
        model.wv.save_word2vec_format(at("gensim.bin"), binary=True)
        model.wv.save_word2vec_format(at("gensim.bin.gz"), binary=True)
        model.wv.save_word2vec_format(at("gensim.txt"))
        FastText(sentences, vector_size=10, min_count=1, bucket=1000).save(at("gensim_fasttext.model"), sep_limit=1000)
        dictionary = Dictionary(sentences)
        dictionary.save(at("gensim.dict"))
        MmCorpus.serialize(at("corpus.mm"), [dictionary.doc2bow(s) for s in sentences])
        LdaModel([dictionary.doc2bow(s) for s in sentences], 2, dictionary).save(at("lda.model"))

    attempt("gensim", gensim_models)


@part
def joblib_cache():
    import joblib

    memory = joblib.Memory("joblib_cache", verbose=0)
    memory.cache(np.cumsum)(X)
    memory.cache(np.linalg.svd)(X)


@part
def sharded_safetensors():
    from safetensors.numpy import save_file

    at = place("sharded")
    index = {"metadata": {"total_size": 4096, "total_parameters": 1024}, "weight_map": {}}
    for shard in (1, 2):
        name = f"model-0000{shard}-of-00002.safetensors"
        save_file({f"layer.{shard}.weight": RANDOM.normal(size=(16, 16)).astype(np.float32), f"layer.{shard}.empty": np.zeros((0, 4), np.float16)}, at(name), metadata={"format": "pt"})
        index["weight_map"].update({f"layer.{shard}.weight": name, f"layer.{shard}.empty": name})
    json.dump(index, open(at("model.safetensors.index.json"), "w"), indent=2)


@part
def flax_checkpoints():
    at = place("flax")

    def msgpack_state():
        import flax.serialization
        import jax.numpy as jnp

        state = {"params": {"dense": {"kernel": jnp.ones((4, 4)), "bias": jnp.zeros(4, jnp.bfloat16)}}, "step": 3, "rng": np.array([0, 42], np.uint32), "name": "eval"}
        open(at("flax_model.msgpack"), "wb").write(flax.serialization.msgpack_serialize(state))
        open(at("checkpoint_3"), "wb").write(flax.serialization.to_bytes(state))

    def orbax():
        import jax.numpy as jnp
        import orbax.checkpoint as ocp

        tree = {"params": {"kernel": jnp.ones((64, 64)), "bias": jnp.arange(5.0)}, "step": 3}
        base = os.path.abspath("flax")
        for ocdbt in (True, False):
            handler = ocp.PyTreeCheckpointHandler(use_ocdbt=ocdbt, use_zarr3=ocdbt)
            ocp.Checkpointer(handler).save(os.path.join(base, f"orbax_{ocdbt}"), tree, force=True)
        ocp.StandardCheckpointer().save(os.path.join(base, "standard"), tree, force=True)
        manager = ocp.CheckpointManager(os.path.join(base, "manager"))
        manager.save(1, args=ocp.args.Composite(state=ocp.args.StandardSave(tree), extra=ocp.args.JsonSave({"a": 1})))
        manager.wait_until_finished()

    attempt("flax", msgpack_state)
    attempt("orbax", orbax)


@part
def spacy_folders():
    import spacy
    from spacy.tokens import Doc, DocBin

    model = spacy.blank("en")
    model.add_pipe("sentencizer")
    model.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "os.system"}])
    categories = model.add_pipe("textcat")
    categories.add_label("A")
    categories.add_label("B")
    model.add_pipe("tagger").add_label("N")
    model.add_pipe("ner").add_label("X")
    model.initialize()
    place("spacy")
    model.to_disk("spacy/model")
    bin_ = DocBin(store_user_data=True)
    for text in TEXTS[:4]:
        bin_.add(model.make_doc(text))
    bin_.to_disk("spacy/train.spacy")


@part
def tensorflow_models():
    import tensorflow as tf

    at = place("tensorflow")
    model = tf.keras.Sequential([tf.keras.layers.Input((8, 8, 3)), tf.keras.layers.Conv2D(4, 3), tf.keras.layers.BatchNormalization(), tf.keras.layers.Flatten(), tf.keras.layers.Dense(3, activation="softmax")])
    model.compile("adam", "mse")
    model.fit(RANDOM.normal(size=(8, 8, 8, 3)), RANDOM.normal(size=(8, 3)), verbose=0)
    for name in ("model.keras", "model.h5"):
        attempt(name, lambda: model.save(at(name)))
    model.save_weights(at("model.weights.h5"))
    attempt("export", lambda: model.export(at("exported")))
    tf.train.Checkpoint(model=model, optimizer=model.optimizer).save(at("checkpoint/ckpt"))
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    open(at("model.tflite"), "wb").write(converter.convert())
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    open(at("dynamic.tflite"), "wb").write(converter.convert())
    converter.representative_dataset = lambda: ([RANDOM.normal(size=(1, 8, 8, 3)).astype(np.float32)] for _ in range(3))
    open(at("int8.tflite"), "wb").write(converter.convert())
    # Associated files of TFLite's metadata are a zip file behind the model.
    with open(at("labelled.tflite"), "wb") as file:
        file.write(open(at("model.tflite"), "rb").read())
    with zipfile.ZipFile(at("labelled.tflite"), "a") as archive:
        archive.writestr("labels.txt", "cat\ndog\nsystem\n")
        archive.writestr("vocab.txt", "[PAD]\neval\nos\n")
    with tf.io.TFRecordWriter(at("data.tfrecord")) as writer:
        for text in TEXTS[:5]:
            writer.write(tf.train.Example(features=tf.train.Features(feature={"t": tf.train.Feature(bytes_list=tf.train.BytesList(value=[text.encode()]))})).SerializeToString())
    with tf.summary.create_file_writer("tensorflow/logs").as_default():
        tf.summary.scalar("loss", 0.5, step=1)
        tf.summary.text("note", "os.system is a word", step=1)

    def onnx():
        import tf2onnx

        tf2onnx.convert.from_function(tf.function(lambda x: model(x)), [tf.TensorSpec((1, 8, 8, 3))], output_path=at("tf2onnx.onnx"))

    attempt("tf2onnx", onnx)


@part
def openvino_int8():
    import nncf
    import openvino as ov
    from openvino import opset13 as op

    at = place("openvino")
    x = op.parameter([1, 3, 16, 16], np.float32, name="x")
    convolution = op.convolution(x, op.constant(RANDOM.normal(size=(8, 3, 3, 3)).astype(np.float32)), [1, 1], [1, 1], [1, 1], [1, 1])
    flat = op.reshape(op.relu(convolution), op.constant([1, 2048]), False)
    model = ov.Model([op.matmul(flat, op.constant(RANDOM.normal(size=(2048, 64)).astype(np.float32)), False, False)], [x], "m")
    ov.save_model(model, at("half.xml"))
    ov.save_model(model, at("float.xml"), compress_to_fp16=False)
    ov.save_model(nncf.quantize(model, nncf.Dataset([RANDOM.normal(size=(1, 3, 16, 16)).astype(np.float32)] * 3), subset_size=3), at("int8.xml"))
    for mode in ("INT8_ASYM", "INT4_SYM", "NF4"):
        attempt(mode, lambda: ov.save_model(nncf.compress_weights(model.clone(), mode=getattr(nncf.CompressWeightsMode, mode), **({} if "8" in mode else {"all_layers": True, "group_size": 64})), at(f"{mode}.xml")))
    compiled = ov.Core().compile_model(model, "CPU")
    attempt("blob", lambda: open(at("compiled.blob"), "wb").write(compiled.export_model().getvalue()))


@part
def coreml_packages():
    import coremltools as ct
    from coremltools.converters.mil import Builder as mb

    at = place("coreml")

    @mb.program(input_specs=[mb.TensorSpec(shape=(1, 3, 16, 16))])
    def program(x):
        x = mb.conv(x=x, weight=RANDOM.normal(size=(32, 3, 3, 3)).astype(np.float32), pad_type="same")
        return mb.relu(x=x)

    model = ct.convert(program, convert_to="mlprogram", minimum_deployment_target=ct.target.iOS16)
    model.author, model.license, model.short_description = "somebody", "MIT", "calls eval and os.system in words"
    model.save(at("model.mlpackage"))
    from coremltools.optimize.coreml import OptimizationConfig, OpLinearQuantizerConfig, OpPalettizerConfig, linear_quantize_weights, palettize_weights

    linear_quantize_weights(model, OptimizationConfig(OpLinearQuantizerConfig(weight_threshold=1))).save(at("int8.mlpackage"))
    attempt("palette", lambda: palettize_weights(model, OptimizationConfig(OpPalettizerConfig(nbits=4, weight_threshold=1))).save(at("palette.mlpackage")))
    attempt("nn", lambda: ct.convert(program, convert_to="neuralnetwork").save(at("network.mlmodel")))


@part
def paddle_models():
    import paddle

    at = place("paddle")
    layer = paddle.nn.Sequential(paddle.nn.Linear(4, 8), paddle.nn.ReLU(), paddle.nn.Linear(8, 2))
    paddle.save(layer.state_dict(), at("model.pdparams"))
    optimizer = paddle.optimizer.Adam(parameters=layer.parameters())
    layer(paddle.ones([2, 4])).mean().backward()
    optimizer.step()
    paddle.save(optimizer.state_dict(), at("model.pdopt"))
    paddle.save({"epoch": 1, "lr": 0.1, "w": paddle.ones([2])}, at("extra.pdparams"))
    attempt("jit", lambda: paddle.jit.save(layer, at("inference"), input_spec=[paddle.static.InputSpec([None, 4])]))


run_parts()
