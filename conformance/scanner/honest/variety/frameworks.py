"""TensorFlow in each of its forms."""

import zipfile

import numpy as np
from honest.variety.material import RANDOM, TEXTS, place
from parts import attempt, part


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
