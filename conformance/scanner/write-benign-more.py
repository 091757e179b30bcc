"""Writes benign models of further libraries, as far as they are installed: write-benign-more.py DIRECTORY.

Each part says so when its library is absent. Models are tiny and fitted on random numbers.
"""

import io
import json
import os
import pickle
import sys
import warnings

from parts import attempt, part, run_parts

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="", KERAS_BACKEND=os.environ.get("KERAS_BACKEND", ""))
if not os.environ["KERAS_BACKEND"]:
    del os.environ["KERAS_BACKEND"]
warnings.simplefilter("ignore")
OUT = sys.argv[1]
os.makedirs(OUT, exist_ok=True)
os.chdir(OUT)


def dump(name, value, protocols=(2, 4)):
    import joblib

    for protocol in protocols:
        with open("%s_p%d.pkl" % (name, protocol), "wb") as file:
            attempt(name, lambda: pickle.dump(value, file, protocol))
        if os.path.getsize(file.name) == 0:
            os.remove(file.name)
    attempt(name, lambda: joblib.dump(value, name + ".joblib", compress=3))
    if os.path.exists(name + ".joblib") and os.path.getsize(name + ".joblib") < 20:
        os.remove(name + ".joblib")


def data(rows=60):
    import numpy as np

    np.random.seed(0)
    return np.random.rand(rows, 3), np.arange(rows) % 2


@part
def xgboost():
    import xgboost as xgb

    features, target = data()
    models = {
        "classifier": xgb.XGBClassifier(n_estimators=3), "regressor": xgb.XGBRegressor(n_estimators=3),
        "forest": xgb.XGBRFClassifier(n_estimators=3), "linear": xgb.XGBRegressor(booster="gblinear", n_estimators=3),
        "dart": xgb.XGBClassifier(booster="dart", n_estimators=3), "softprob": xgb.XGBClassifier(objective="multi:softprob", num_class=2, n_estimators=2),
    }
    for name, model in models.items():
        def fit(name=name, model=model):
            model.fit(features, target)
            dump("xgb_" + name, model)
            dump("xgb_%s_booster" % name, model.get_booster())
            for suffix in ("json", "ubj", "model", "bin", "deprecated"):
                attempt("xgb " + suffix, lambda: model.get_booster().save_model("xgb_%s.%s" % (name, suffix)))
            attempt("xgb text", lambda: model.get_booster().dump_model("xgb_%s_dump.txt" % name))
            attempt("xgb dump", lambda: model.get_booster().dump_model("xgb_%s_dump.json" % name, dump_format="json"))
        attempt("xgb " + name, fit)
    attempt("xgb ranker", lambda: dump("xgb_ranker", xgb.XGBRanker(n_estimators=2).fit(features, target, group=[30, 30])))
    attempt("xgb dmatrix", lambda: xgb.DMatrix(features, label=target).save_binary("xgb_matrix.buffer"))


@part
def lightgbm():
    import lightgbm as lgb

    features, target = data()
    for name, model in {"classifier": lgb.LGBMClassifier(n_estimators=3, verbose=-1), "regressor": lgb.LGBMRegressor(n_estimators=3, verbose=-1), "goss": lgb.LGBMClassifier(boosting_type="goss", n_estimators=3, verbose=-1)}.items():
        model.fit(features, target)
        dump("lgb_" + name, model)
        dump("lgb_%s_booster" % name, model.booster_)
        model.booster_.save_model("lgb_%s.txt" % name)
        model.booster_.save_model("lgb_%s.model" % name)
        with open("lgb_%s.json" % name, "w") as file:
            json.dump(model.booster_.dump_model(), file)
    attempt("lgb ranker", lambda: dump("lgb_ranker", lgb.LGBMRanker(n_estimators=2, verbose=-1).fit(features, target, group=[30, 30])))


@part
def catboost():
    import catboost as cat

    features, target = data()
    for name, model in {"classifier": cat.CatBoostClassifier(iterations=3, verbose=0, allow_writing_files=False), "regressor": cat.CatBoostRegressor(iterations=3, verbose=0, allow_writing_files=False)}.items():
        model.fit(features, target)
        dump("cat_" + name, model)
        for form in ("cbm", "json", "onnx", "cpp", "python", "coreml", "pmml"):
            attempt("cat " + form, lambda: model.save_model("cat_%s.%s" % (name, {"coreml": "mlmodel", "python": "py"}.get(form, form)), format=form))


@part
def statsmodels():
    import numpy as np
    import statsmodels.api as sm
    import statsmodels.formula.api as smf
    import pandas as pd

    features, target = data()
    frame = pd.DataFrame(features, columns=list("abc")).assign(y=np.arange(60) % 7 + 0.5)
    dump("sm_ols", sm.OLS(frame.y, sm.add_constant(features)).fit())
    dump("sm_logit", sm.Logit(target, features).fit(disp=0))
    dump("sm_glm", sm.GLM(frame.y, features, family=sm.families.Poisson()).fit())
    attempt("sm formula", lambda: dump("sm_formula", smf.ols("y ~ a + b", frame).fit()))
    from statsmodels.tsa.arima.model import ARIMA
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    attempt("sm arima", lambda: dump("sm_arima", ARIMA(frame.y.values, order=(1, 0, 0)).fit()))
    attempt("sm holt", lambda: dump("sm_holt", ExponentialSmoothing(frame.y.values).fit()))
    sm.OLS(frame.y, features).fit().save("sm_saved.pickle")


@part
def imblearn():
    from imblearn import ensemble, over_sampling, pipeline, under_sampling
    from sklearn.linear_model import LogisticRegression

    features, target = data(80)
    target[:30] = 0
    for name, sampler in {"smote": over_sampling.SMOTE(k_neighbors=2), "ros": over_sampling.RandomOverSampler(), "rus": under_sampling.RandomUnderSampler(), "tomek": under_sampling.TomekLinks(), "adasyn": over_sampling.ADASYN(n_neighbors=2)}.items():
        attempt(name, lambda: dump("imb_" + name, pipeline.make_pipeline(sampler, LogisticRegression()).fit(features, target)))
    for name in ("BalancedRandomForestClassifier", "EasyEnsembleClassifier", "RUSBoostClassifier", "BalancedBaggingClassifier"):
        attempt(name, lambda: dump("imb_" + name, getattr(ensemble, name)(n_estimators=3).fit(features, target)))


@part
def category_encoders():
    import category_encoders as ce
    import pandas as pd

    frame = pd.DataFrame({"c": list("abcab") * 8, "d": list("xyxyx") * 8})
    target = [0, 1, 0, 1, 1] * 8
    for name in ("OneHotEncoder", "TargetEncoder", "OrdinalEncoder", "BinaryEncoder", "HashingEncoder", "WOEEncoder", "CatBoostEncoder", "LeaveOneOutEncoder", "HelmertEncoder", "CountEncoder", "JamesSteinEncoder"):
        attempt(name, lambda: dump("ce_" + name, getattr(ce, name)().fit(frame, target)))


@part
def converted_onnx():
    import numpy as np
    import skl2onnx
    from skl2onnx.common.data_types import FloatTensorType
    from sklearn import cluster, decomposition, ensemble, linear_model, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm, tree

    features, target = data()
    models = [linear_model.LogisticRegression(), linear_model.LinearRegression(), ensemble.RandomForestClassifier(5), ensemble.GradientBoostingClassifier(n_estimators=5), svm.SVC(probability=True), neighbors.KNeighborsClassifier(3), tree.DecisionTreeRegressor(), naive_bayes.GaussianNB(), neural_network.MLPClassifier((4,), max_iter=20), cluster.KMeans(2), decomposition.PCA(2), pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.Ridge())]
    for model in models:
        def convert(model=model):
            model.fit(features, target)
            result = skl2onnx.convert_sklearn(model, initial_types=[("x", FloatTensorType([None, 3]))])
            with open("skl_%s.onnx" % type(model).__name__, "wb") as file:
                file.write(result.SerializeToString())
        attempt(type(model).__name__, convert)


@part
def onnx_kinds():
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    info = helper.make_tensor_value_info
    weight = numpy_helper.from_array(np.random.rand(4, 4).astype("f4"), "w")
    graph = helper.make_graph([helper.make_node("MatMul", ["x", "w"], ["y"], name="m"), helper.make_node("Relu", ["y"], ["z"])], "g", [info("x", TensorProto.FLOAT, [1, 4])], [info("z", TensorProto.FLOAT, [1, 4])], [weight])
    model = helper.make_model(graph, producer_name="pytorch")
    onnx.save(model, "kinds_plain.onnx")
    onnx.save_model(model, "kinds_external.onnx", save_as_external_data=True, all_tensors_to_one_file=True, location="kinds_external.onnx.data", size_threshold=0)
    then = helper.make_graph([helper.make_node("Identity", ["x"], ["t"])], "then", [], [info("t", TensorProto.FLOAT, None)])
    other = helper.make_graph([helper.make_node("Neg", ["x"], ["e"])], "else", [], [info("e", TensorProto.FLOAT, None)])
    branch = helper.make_graph([helper.make_node("If", ["c"], ["o"], then_branch=then, else_branch=other)], "b", [info("c", TensorProto.BOOL, []), info("x", TensorProto.FLOAT, [1])], [info("o", TensorProto.FLOAT, None)])
    onnx.save(helper.make_model(branch), "kinds_if.onnx")
    quantised = helper.make_graph([helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "s", "p"]), helper.make_node("MatMulInteger", ["q", "wq", "p"], ["i"]), helper.make_node("Cast", ["i"], ["z"], to=TensorProto.FLOAT)], "q", [info("x", TensorProto.FLOAT, [1, 4])], [info("z", TensorProto.FLOAT, [1, 4])], [numpy_helper.from_array(np.ones((4, 4), "i1"), "wq")])
    onnx.save(helper.make_model(quantised), "kinds_quantised.onnx")
    model.metadata_props.add(key="author", value="Jane <jane@example.org>")
    model.doc_string = "Trained with https://example.org/repo"
    with open("kinds_text.onnxtxt", "w") as file:
        file.write(str(model))
    onnx.save(model, "kinds_metadata.onnx")


@part
def hdf5():
    import h5py
    import numpy as np

    with h5py.File("h5_kinds.h5", "w") as file:
        file["a"] = np.arange(5)
        file["text"] = "os.system"
        file.create_dataset("strings", data=["a", "b"], dtype=h5py.string_dtype())
        file.create_dataset("vlen", (3,), dtype=h5py.vlen_dtype(np.dtype("i4")))
        file.create_dataset("grow", (2, 2), maxshape=(None, 2), chunks=True, compression="lzf", shuffle=True)
        file.create_dataset("enum", data=[0, 1], dtype=h5py.enum_dtype({"A": 0, "B": 1}))
        file.create_dataset("compound", data=np.zeros(2, [("x", "f4"), ("y", "i4")]))
        file["hard"] = file["a"]
        file["soft"] = h5py.SoftLink("/a")
        group = file.create_group("deep/er/still")
        group.attrs["note"] = "see https://example.org"
        file["reference"] = file["a"].ref
    with h5py.File("h5_userblock.h5", "w", userblock_size=512) as file:
        file["x"] = np.zeros(3)


def keras_models(keras):
    layers = keras.layers
    yield "dense", keras.Sequential([layers.Input((4,)), layers.Dense(3, activation="relu"), layers.Dropout(0.1), layers.Dense(2, activation="softmax", kernel_regularizer="l2")])
    yield "conv", keras.Sequential([layers.Input((8, 8, 3)), layers.Rescaling(1.0 / 255), layers.Conv2D(4, 3), layers.BatchNormalization(), layers.MaxPooling2D(), layers.GlobalAveragePooling2D(), layers.Dense(1)])
    yield "rnn", keras.Sequential([layers.Input((5,)), layers.Embedding(10, 4), layers.Bidirectional(layers.LSTM(3)), layers.Dense(1)])
    first, second = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    yield "functional", keras.Model([first, second], layers.Dense(1)(layers.Concatenate()([layers.Dense(2)(first), second])))
    yield "norm", keras.Sequential([layers.Input((4, 8)), layers.LayerNormalization(), layers.GRU(3)])


def save_keras(prefix, keras):
    for name, model in keras_models(keras):
        def save(name=name, model=model):
            model.compile("adam", "mse", metrics=["mae"])
            for suffix in ("keras", "h5"):
                attempt("%s %s %s" % (prefix, name, suffix), lambda: model.save("%s_%s.%s" % (prefix, name, suffix)))
            attempt(prefix, lambda: model.save_weights("%s_%s.weights.h5" % (prefix, name)))
            attempt(prefix, lambda: dump("%s_%s" % (prefix, name), model))
            with open("%s_%s.json" % (prefix, name), "w") as file:
                file.write(model.to_json())
        attempt(prefix + " " + name, save)


@part
def keras3():
    import keras

    save_keras("keras3", keras)


@part
def tensorflow():
    import tensorflow as tf

    try:
        import tf_keras

        save_keras("tf_keras", tf_keras)
        for name, model in keras_models(tf_keras):
            attempt("saved model", lambda: model.save("saved_model_" + name, save_format="tf"))
    except ImportError:
        save_keras("tf_keras", tf.keras)
    net = tf.keras.Sequential([tf.keras.layers.Input((4,)), tf.keras.layers.Dense(2)])
    attempt("export", lambda: net.export("saved_model_export"))

    class Module(tf.Module):
        def __init__(self):
            super().__init__()
            self.w = tf.Variable(tf.ones((2, 2)))
            self.table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["a"], [1]), -1)

        @tf.function(input_signature=[tf.TensorSpec((None, 2))])
        def __call__(self, x):
            return tf.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, tf.matmul(v, self.w)), (0, x))[1]

    module = Module()
    tf.saved_model.save(module, "saved_model_module")
    tf.train.Checkpoint(w=module.w).save("checkpoint/ckpt")
    converter = tf.lite.TFLiteConverter.from_concrete_functions([module.__call__.get_concrete_function()], module)
    attempt("tflite", lambda: open("module.tflite", "wb").write(converter.convert()))
    def quantised():
        lite = tf.lite.TFLiteConverter.from_keras_model(net)
        lite.optimizations = [tf.lite.Optimize.DEFAULT]
        with open("quantised.tflite", "wb") as file:
            file.write(lite.convert())
    attempt("tflite quantised", quantised)
    with tf.Graph().as_default() as graph:
        tf.compat.v1.placeholder(tf.float32, (1, 2), name="x")
        tf.io.write_graph(graph.as_graph_def(), ".", "frozen.pb", as_text=False)
        tf.io.write_graph(graph.as_graph_def(), ".", "frozen.pbtxt", as_text=True)


@part
def safetensors():
    import numpy as np
    from safetensors.numpy import save_file

    save_file({"a": np.ones((2, 3), "f4"), "b": np.zeros(4, "i8"), "empty": np.zeros((0,), "f4"), "scalar": np.array(1.0)}, "plain.safetensors")
    save_file({"lora_A.weight": np.ones((2, 3), "f2")}, "adapter_model.safetensors", metadata={"format": "pt", "ss_training_comment": "see https://example.org", "modelspec.author": "me"})


@part
def gguf():
    import gguf as library
    import numpy as np

    writer = library.GGUFWriter("tiny.gguf", "llama")
    writer.add_name("tiny")
    writer.add_context_length(128)
    writer.add_embedding_length(8)
    writer.add_block_count(1)
    writer.add_license("apache-2.0")
    writer.add_url("https://example.org/tiny")
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list([b"<s>", b"</s>", b"import", b"os", b".system", "é".encode()])
    writer.add_token_types([3, 3, 1, 1, 1, 1])
    writer.add_chat_template("{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")
    writer.add_tensor("token_embd.weight", np.ones((6, 8), np.float32))
    writer.add_tensor("output.weight", np.ones((6, 8), np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@part
def flax():
    import flax.serialization as serialization
    import numpy as np

    tree = {"params": {"Dense_0": {"kernel": np.ones((3, 4), "f4"), "bias": np.zeros(4, "f4")}}, "step": 3, "bf": np.ones(2, "f2")}
    with open("flax_model.msgpack", "wb") as file:
        file.write(serialization.to_bytes(tree))
    dump("flax_tree", tree)
    def orbax():
        import jax.numpy as jnp
        import orbax.checkpoint as ocp

        checkpointer = ocp.PyTreeCheckpointer()
        checkpointer.save(os.path.abspath("orbax_checkpoint"), {"w": jnp.ones((3,)), "n": 1})
        dump("jax_arrays", {"w": jnp.ones((3,)), "i": jnp.arange(3)})
    attempt("orbax", orbax)


@part
def language():
    def gensim():
        from gensim import corpora, models

        texts = [["human", "computer", "os.system"], ["graph", "trees", "import"], ["graph", "human"]] * 5
        dictionary = corpora.Dictionary(texts)
        corpus = [dictionary.doc2bow(text) for text in texts]
        word = models.Word2Vec(texts, vector_size=8, min_count=1, epochs=1)
        saved = {"word2vec": word, "vectors": word.wv, "fasttext": models.FastText(texts, vector_size=8, min_count=1, epochs=1, bucket=50), "doc2vec": models.Doc2Vec([models.doc2vec.TaggedDocument(t, [i]) for i, t in enumerate(texts)], vector_size=8, min_count=1, epochs=1), "lda": models.LdaModel(corpus, id2word=dictionary, num_topics=2), "tfidf": models.TfidfModel(corpus), "lsi": models.LsiModel(corpus, id2word=dictionary, num_topics=2), "dictionary": dictionary, "phrases": models.Phrases(texts)}
        for name, model in saved.items():
            attempt("gensim " + name, lambda: model.save("gensim_%s.model" % name))
            attempt("gensim " + name, lambda: dump("gensim_" + name, model))
        word.wv.save_word2vec_format("gensim_vectors.bin", binary=True)
        word.wv.save_word2vec_format("gensim_vectors.txt")
    def nltk():
        import nltk
        from nltk.tag import DefaultTagger, UnigramTagger

        features = [({"a": i % 2}, "xy"[i % 2]) for i in range(20)]
        dump("nltk_bayes", nltk.NaiveBayesClassifier.train(features))
        dump("nltk_tagger", UnigramTagger([[("a", "X"), ("b", "Y")]], backoff=DefaultTagger("N")))
        dump("nltk_freq", nltk.FreqDist("abca"))
        dump("nltk_stem", [nltk.PorterStemmer(), nltk.RegexpTokenizer("a+"), nltk.SnowballStemmer("english")])
        attempt("punkt", lambda: dump("nltk_punkt", nltk.tokenize.punkt.PunktSentenceTokenizer("A b. C d.")))
        attempt("lm", lambda: dump("nltk_lm", nltk.lm.MLE(2)))
    def spacy():
        import spacy

        pipeline = spacy.blank("en")
        pipeline.add_pipe("sentencizer")
        category = pipeline.add_pipe("textcat")
        category.add_label("A")
        category.add_label("B")
        pipeline.initialize(lambda: [spacy.training.Example.from_dict(pipeline.make_doc("x y"), {"cats": {"A": 1.0, "B": 0.0}})])
        pipeline.to_disk("spacy_model")
        dump("spacy_pipeline", pipeline)
        dump("spacy_doc", pipeline("some words here"))
        spacy.tokens.DocBin(docs=[pipeline("a b")]).to_disk("train.spacy")
    for step in (gensim, nltk, spacy):
        attempt(step.__name__, step)


@part
def statistics():
    import pandas as pd

    features, target = data()
    frame = pd.DataFrame(features, columns=list("abc")).assign(t=range(1, 61), e=target)
    def lifelines():
        import lifelines as ll

        dump("lifelines_km", ll.KaplanMeierFitter().fit(frame.t, frame.e))
        dump("lifelines_cox", ll.CoxPHFitter().fit(frame, "t", "e"))
        dump("lifelines_weibull", ll.WeibullAFTFitter().fit(frame, "t", "e"))
    def prophet():
        from prophet import Prophet
        from prophet.serialize import model_to_json

        model = Prophet()
        dump("prophet_blank", model)
        with open("prophet.json", "w") as file:
            file.write(model_to_json(model.fit(pd.DataFrame({"ds": pd.date_range("2020", periods=60), "y": range(60)}))))
        dump("prophet", model)
    def hmmlearn():
        from hmmlearn import hmm

        dump("hmm", hmm.GaussianHMM(2, n_iter=2).fit(features))
    def umap():
        import umap as library

        dump("umap", library.UMAP(n_neighbors=5, n_epochs=5).fit(features))
    def pyod():
        from pyod.models import ecod, hbos, iforest, knn, lof

        for name, model in {"knn": knn.KNN(), "iforest": iforest.IForest(10), "ecod": ecod.ECOD(), "hbos": hbos.HBOS(), "lof": lof.LOF()}.items():
            attempt(name, lambda: dump("pyod_" + name, model.fit(features)))
    def river():
        from river import compose, linear_model, preprocessing, tree

        model = compose.Pipeline(preprocessing.StandardScaler(), linear_model.LogisticRegression())
        forest = tree.HoeffdingTreeClassifier()
        for row, label in zip(features.tolist(), target.tolist()):
            sample = dict(zip("abc", row))
            model.learn_one(sample, bool(label))
            forest.learn_one(sample, label)
        dump("river_pipeline", model)
        dump("river_tree", forest)
    def sktime():
        from sktime.forecasting.naive import NaiveForecaster
        from sktime.forecasting.trend import TrendForecaster

        series = pd.Series(range(20), dtype=float)
        for model in (NaiveForecaster(), TrendForecaster()):
            dump("sktime_" + type(model).__name__, model.fit(series))
            attempt("sktime zip", lambda: model.save("sktime_" + type(model).__name__))
    def implicit():
        import scipy.sparse as sparse
        from implicit.als import AlternatingLeastSquares

        model = AlternatingLeastSquares(4, iterations=2)
        model.fit(sparse.random(20, 20, 0.3).tocsr())
        dump("implicit", model)
        model.save("implicit_model.npz")
    def interpret():
        from interpret.glassbox import ExplainableBoostingClassifier

        dump("interpret", ExplainableBoostingClassifier(max_rounds=5, outer_bags=2, n_jobs=1).fit(features, target))
    for step in (lifelines, prophet, hmmlearn, umap, pyod, river, sktime, implicit, interpret):
        attempt(step.__name__, step)


@part
def skops():
    import skops.io
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler
    import numpy as np

    features, target = data()
    for name, model in {"forest": RandomForestClassifier(3), "pipeline": make_pipeline(FunctionTransformer(np.log1p), StandardScaler(), LogisticRegression())}.items():
        skops.io.dump(model.fit(features, target), "skops_%s.skops" % name)


@part
def nyoka():
    from nyoka import skl_to_pmml
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline

    features, target = data()
    skl_to_pmml(Pipeline([("m", LogisticRegression().fit(features, target))]), ["a", "b", "c"], "y", "nyoka.pmml")


@part
def coreml():
    import coremltools as ct
    from sklearn.linear_model import LinearRegression

    features, target = data()
    ct.converters.sklearn.convert(LinearRegression().fit(features, target)).save("linear.mlmodel")


@part
def mlflow():
    import mlflow as library
    from sklearn.linear_model import LogisticRegression

    features, target = data()
    library.set_tracking_uri("sqlite:///mlflow.db")
    with library.start_run():
        library.log_params({"lr": 0.1, "text": "a b"})
        library.log_metric("loss", 0.5)
        library.sklearn.log_model(LogisticRegression().fit(features, target), "model", input_example=features[:2])
    attempt("mlflow save", lambda: library.sklearn.save_model(LogisticRegression().fit(features, target), "mlflow_model"))
    def custom():
        class Model(library.pyfunc.PythonModel):
            def predict(self, context, model_input, params=None):
                return model_input
        library.pyfunc.save_model("mlflow_pyfunc", python_model=Model())
    if "--code" in sys.argv:
        attempt("mlflow pyfunc", custom)


@part
def tables():
    import pandas as pd

    frame = pd.DataFrame({"text": ["import os", "=1+1", "a,b"], "n": [1, 2, 3], "when": pd.date_range("2020", periods=3)})
    frame.to_csv("table.csv", index=False)
    frame.to_json("table.json", orient="records")
    frame.to_json("table.jsonl", orient="records", lines=True)
    frame.to_pickle("table.pkl")
    frame.to_pickle("table.pkl.gz")
    frame.to_pickle("table.pkl.xz")
    frame.to_pickle("table.pkl.zip")
    frame.to_html("table.html")
    for form in ("parquet", "feather", "excel", "hdf", "orc", "stata"):
        suffix = {"excel": "xlsx", "hdf": "h5", "stata": "dta"}.get(form, form)
        attempt(form, lambda: getattr(frame, "to_" + form)("table." + suffix, **({"key": "k"} if form == "hdf" else {})))


@part
def settings():
    import collections
    import pathlib

    import numpy as np
    import yaml

    for name, value in {"ordered": collections.OrderedDict(a=1), "path": pathlib.PurePosixPath("data/x"), "scalar": np.float64(0.5), "tuple": (1, 2)}.items():
        with open("settings_%s.yaml" % name, "w") as file:
            yaml.dump({"value": value}, file)
    targets = ("hydra._internal.core_plugins.basic_launcher.BasicLauncher", "torchvision.datasets.FashionMNIST", "transformers.AutoTokenizer.from_pretrained", "pytorch_lightning.loggers.WandbLogger", "pandas.read_csv")
    with open("settings_hydra.yaml", "w") as file:
        yaml.safe_dump({"part%d" % at: {"_target_": target, "name": "x"} for at, target in enumerate(targets)}, file)
    with open("arrays_in_a_row.npy", "wb") as file:
        for array in (np.arange(3.0), np.array(["a", "b"]), np.array([{"a": 1}], dtype=object), np.ones((2, 2))):
            np.save(file, array)
    with open("not_fetched.safetensors", "w") as file:
        file.write("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 12345\n" % ("4d" * 32))
    cells = ["!curl -fsSL https://ollama.com/install.sh | sh", "%%bash\npip install -q torch\n", "files = !ls\n%matplotlib inline"]
    with open("cells.ipynb", "w") as file:
        json.dump({"cells": [{"cell_type": "code", "source": cell, "outputs": []} for cell in cells], "nbformat": 4}, file)


@part
def results():
    import subprocess
    import urllib.parse

    dump("process", subprocess.run([sys.executable, "-V"], capture_output=True))
    dump("address", [urllib.parse.urlsplit("https://example.org/a?b"), os.stat("."), os.terminal_size((80, 24))])

    def matlab():
        from scipy.io import loadmat, savemat

        savemat("struct.mat", {"s": {"a": 1.0, "b": "text"}})
        dump("matlab", loadmat("struct.mat", struct_as_record=False))

    attempt("matlab", matlab)


run_parts()
print(sum(len(files) for _, _, files in os.walk(".")), "files")
