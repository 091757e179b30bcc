"""Keras and TensorFlow: Keras 3, its older form, saved models, TFLite, frozen graphs."""

from honest.more.fitted import dump
from parts import attempt, part


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
