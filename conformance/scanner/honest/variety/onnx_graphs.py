"""ONNX of its own tools: quantised, optimised, with external data, with functions, sparse and training."""

import os

import numpy as np
from honest.variety.material import RANDOM, place
from parts import attempt, part


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
