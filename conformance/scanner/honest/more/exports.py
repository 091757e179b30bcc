"""Models that another program takes over: skops, PMML, Core ML, MLflow."""

import sys

from honest.more.fitted import data
from parts import attempt, part


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
