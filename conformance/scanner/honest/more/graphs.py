"""ONNX, converted and of each kind, and HDF5."""

from honest.more.fitted import data
from parts import attempt, part


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
