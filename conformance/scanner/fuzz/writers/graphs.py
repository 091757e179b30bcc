"""Graphs of ONNX, Core ML and TensorFlow."""

import os

from writers.material import path, write


def onnx_models():
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    info = helper.make_tensor_value_info
    x, y = info("x", TensorProto.FLOAT, [1]), info("y", TensorProto.FLOAT, [1])
    cond = info("c", TensorProto.BOOL, [])
    branch = lambda name: helper.make_graph([helper.make_node("Constant", [], ["y"], value=numpy_helper.from_array(np.ones(1, "f4")))], name, [], [y])
    node = helper.make_node("If", ["c"], ["y"], then_branch=branch("t"), else_branch=branch("e"))
    custom = helper.make_node("Double", ["x"], ["z"], domain="mine")
    gelu = helper.make_node("Gelu", ["x"], ["g"], domain="com.microsoft")
    function = helper.make_function("mine", "Double", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])], [helper.make_opsetid("", 18)])
    weight = numpy_helper.from_array(np.ones((2, 2), "f4"), "w")
    outside = TensorProto(name="e", data_type=1, dims=[4], data_location=TensorProto.EXTERNAL)
    for key, value in (("location", "weights.bin"), ("offset", "0"), ("length", "16")):
        outside.external_data.add(key=key, value=value)
    sparse = onnx.SparseTensorProto(values=numpy_helper.from_array(np.ones(1, "f4"), "s"), indices=numpy_helper.from_array(np.zeros(1, "i8")), dims=[4])
    graph = helper.make_graph([node, custom, gelu], "g", [x, cond], [y], [weight, outside], sparse_initializer=[sparse])
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("mine", 1), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, functions=[function], opset_imports=opsets, producer_name="p")
    training = model.training_info.add()
    training.algorithm.CopyFrom(branch("a"))
    helper.set_model_props(model, {"k": "v"})
    write("rich.onnx", model.SerializeToString())


def coreml():
    import coremltools as ct
    from coremltools.models import datatypes
    from coremltools.models.neural_network import NeuralNetworkBuilder
    from coremltools.models.pipeline import Pipeline
    from coremltools.models.tree_ensemble import TreeEnsembleRegressor

    ends = [("x", datatypes.Array(2))], [("y", datatypes.Array(1))]
    builder = NeuralNetworkBuilder(*ends)
    builder.add_inner_product("d", __import__("numpy").ones((1, 2), "f4"), None, 2, 1, False, "x", "y")
    write("network.mlmodel", builder.spec.SerializeToString())
    layer = builder.spec.neuralNetwork.layers.add(name="c", input=["y"], output=["z"])
    layer.custom.className = "MyLayer"
    write("custom.mlmodel", builder.spec.SerializeToString())
    pipeline = Pipeline(*ends)
    pipeline.add_model(builder.spec)
    write("pipeline.mlmodel", pipeline.spec.SerializeToString())
    linked = ct.proto.Model_pb2.Model(specificationVersion=4)
    linked.description.input.add(name="x")
    linked.linkedModel.linkedModelFile.linkedModelFileName.defaultValue = "inner.mlmodelc"
    write("linked.mlmodel", linked.SerializeToString())
    own = ct.proto.Model_pb2.Model(specificationVersion=2)
    own.description.input.add(name="x")
    own.customModel.className = "Mine"
    write("own.mlmodel", own.SerializeToString())


def tensorflow_files():
    import tempfile

    import tensorflow as tf

    class Net(tf.Module):
        def __init__(self):
            self.w = tf.Variable([1.0, 2.0])
            self.table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["a"], [1]), 0)

        @tf.function(input_signature=[tf.TensorSpec([2])])
        def __call__(self, x):
            return tf.cond(tf.reduce_sum(x) > 0, lambda: x * self.w, lambda: x)

    net = Net()
    folder = tempfile.mkdtemp()
    tf.saved_model.save(net, folder)
    with open(os.path.join(folder, "saved_model.pb"), "rb") as file:
        write("saved_model.pb", file.read())
    function = tf.function(lambda x: x * 2 + 1).get_concrete_function(tf.TensorSpec([2]))
    write("graph.pb", function.graph.as_graph_def().SerializeToString())
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function])
    write("plain.tflite", converter.convert())
    model = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(1, activation="relu")])
    model.save(path("dense.keras"))
    model.save(path("dense-legacy.h5"))
