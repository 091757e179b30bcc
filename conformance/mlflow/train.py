"""A realistic training with an unmodified MLflow client. Prints one JSON object for each check; the runner counts them.

    python train.py before STATE   trains, logs, registers, loads back, and is refused the production alias
    python train.py after STATE    asks again, once the model was signed, declared and approved
"""

import json
import os
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("MLFLOW_ENABLE_ASYNC_LOGGING", "false")

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.models import infer_signature
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

STEP, STATE = sys.argv[1], sys.argv[2]
NAME = "tumour-" + mlflow.__version__.replace(".", "-")


def say(check, ok, detail=""):
    print(json.dumps({"check": check, "ok": bool(ok), "detail": str(detail)[:2000]}), flush=True)


def check(name):
    """Runs a check; what it returns must be true, and an exception is a failure with its text."""

    def wrap(act):
        try:
            say(name, act() is not False)
        except Exception as error:
            say(name, False, f"{type(error).__name__}: {error}")

    return wrap


def refused(name, act, *words):
    """The client must show a PERMISSION_DENIED that says why and which command helps."""
    try:
        act()
        say(name, False, "it was allowed")
    except Exception as error:
        # Artifacts come over plain HTTP: there the client quotes the whole answer.
        text = f"{getattr(error, 'error_code', '')} {error}"
        lacks = [word for word in ("PERMISSION_DENIED", *words) if word not in text]
        say(name, not lacks, f"{text} lacks {lacks}")


def data():
    frame = load_breast_cancer(as_frame=True).frame.head(400)
    return train_test_split(frame.drop(columns="target"), frame["target"], test_size=0.25, random_state=7)


def fitted(rows, labels, strength):
    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=500)).fit(rows, labels)


def before():
    client = MlflowClient()
    x_train, x_test, y_train, y_test = data()
    mlflow.set_experiment("tumours")
    with mlflow.start_run(run_name="baseline") as run:
        run_id = run.info.run_id
        mlflow.log_params({"C": 1.0, "solver": "lbfgs", "rows": len(x_train)})
        mlflow.set_tag("mlflow.source.git.commit", "0123456789abcdef0123456789abcdef01234567")
        table = pd.concat([x_train, y_train], axis=1)
        dataset = mlflow.data.from_pandas(table, source="https://example.com/tumours.csv", name="tumours", targets="target")
        mlflow.log_input(dataset, context="training")
        model = fitted(x_train, y_train, 1.0)
        auc = roc_auc_score(y_test, model.predict_proba(x_test)[:, 1])
        for step in range(20):
            mlflow.log_metric("loss", 1.0 / (step + 1), step=step)
        mlflow.log_metrics({"auc": auc, "rows": len(x_test)})
        with tempfile.TemporaryDirectory() as place:
            note = os.path.join(place, "note.txt")
            with open(note, "w") as file:
                file.write("kept as it was\n")
            mlflow.log_artifact(note, artifact_path="notes")
        info = mlflow.sklearn.log_model(
            model,
            name="model",
            signature=infer_signature(x_test, model.predict(x_test)),
            input_example=x_test.head(2),
            registered_model_name=NAME,
        )
    wanted = model.predict(x_test)

    @check("the run is read back as it was logged")
    def _():
        got = client.get_run(run_id)
        return (
            got.info.status == "FINISHED"
            and got.data.params["C"] == "1.0"
            and abs(got.data.metrics["auc"] - auc) < 1e-12
            and got.inputs.dataset_inputs[0].dataset.name == "tumours"
        )

    @check("metric history keeps every step")
    def _():
        return [m.step for m in client.get_metric_history(run_id, "loss")] == list(range(20))

    @check("an artifact is listed and downloaded")
    def _():
        listed = [f.path for f in client.list_artifacts(run_id, "notes")]
        text = mlflow.artifacts.load_text(f"runs:/{run_id}/notes/note.txt")
        return listed == ["notes/note.txt"] and text == "kept as it was\n"

    @check("runs are searched by metric, parameter and tag")
    def _():
        found = mlflow.search_runs(
            experiment_names=["tumours"],
            filter_string="metrics.auc > 0.5 and params.solver = 'lbfgs' and attributes.run_name = 'baseline'",
            order_by=["metrics.auc DESC"],
        )
        return run_id in set(found["run_id"])

    @check("the logged model knows its run, its parameters and its registration")
    def _():
        logged = client.get_logged_model(info.model_id)
        return logged.source_run_id == run_id and str(logged.status) == "READY" and logged.params["C"] == "1.0"

    @check("logged models are searched")
    def _():
        experiment = client.get_experiment_by_name("tumours").experiment_id
        found = client.search_logged_models([experiment], filter_string="name = 'model' AND metrics.auc > 0.5")
        return info.model_id in [each.model_id for each in found]

    @check("the version is ready, and names its artifact")
    def _():
        version = client.get_model_version(NAME, "1")
        return version.status == "READY" and version.tags["countersign.artifact"].startswith("sha256:")

    for uri in (f"models:/{NAME}/1", f"models:/{info.model_id}", f"runs:/{run_id}/model", f"models:/{NAME}/latest"):

        @check(f"loads back from {uri.replace(run_id, 'RUN').replace(info.model_id, 'MODEL').replace(NAME, 'NAME')}")
        def _():
            return np.array_equal(mlflow.sklearn.load_model(uri).predict(x_test), wanted)

    @check("pyfunc loads it too")
    def _():
        return np.array_equal(mlflow.pyfunc.load_model(f"models:/{NAME}/1").predict(x_test), wanted)

    @check("a dev alias is set, read and loaded")
    def _():
        client.set_registered_model_alias(NAME, "shadow", "1")
        loaded = mlflow.sklearn.load_model(f"models:/{NAME}@shadow")
        return client.get_model_version_by_alias(NAME, "shadow").version == "1" and np.array_equal(
            loaded.predict(x_test), wanted
        )

    refused(
        "the production alias is refused with reasons and commands",
        lambda: client.set_registered_model_alias(NAME, "champion", "1"),
        "production",
        "not signed",
        "countersign sign sha256:",
        "countersign declare sha256:",
    )
    refused(
        "so is it in another case",
        lambda: client.set_registered_model_alias(NAME, "Champion", "1"),
        "production",
    )
    refused(
        "so is the stage Production",
        lambda: client.transition_model_version_stage(NAME, "1", "Production"),
        "production",
    )
    refused("so is the stage Staging", lambda: client.transition_model_version_stage(NAME, "1", "Staging"), "staging")

    @check("a refused alias is not there")
    def _():
        return "champion" not in client.get_registered_model(NAME).aliases

    def overwrite():
        with tempfile.TemporaryDirectory() as place:
            path = os.path.join(place, "MLmodel")
            with open(path, "w") as file:
                file.write("changed")
            client.log_model_artifact(info.model_id, path)

    if hasattr(client, "log_model_artifact"):
        refused("the artifacts of a registered model are sealed", overwrite, "sealed")

    @check("a copied version has the same artifact")
    def _():
        copy = client.copy_model_version(f"models:/{NAME}/1", NAME + "-copy")
        return copy.tags["countersign.artifact"] == client.get_model_version(NAME, "1").tags["countersign.artifact"]

    refused(
        "a copy is refused production as well",
        lambda: client.set_registered_model_alias(NAME + "-copy", "production", "1"),
        "production",
    )

    @check("a second run's model loads back before and after it is registered from runs:/")
    def _():
        with mlflow.start_run(run_name="stronger") as second:
            mlflow.sklearn.log_model(fitted(x_train, y_train, 10.0), name="model")
        source = f"runs:/{second.info.run_id}/model"
        unregistered = mlflow.sklearn.load_model(source).predict(x_test)
        version = mlflow.register_model(source, NAME)
        same = np.array_equal(mlflow.sklearn.load_model(f"models:/{NAME}/2").predict(x_test), unregistered)
        return same and str(version.version) == "2" and version.status == "READY"

    @check("versions and models are searched")
    def _():
        versions = client.search_model_versions(f"name = '{NAME}'", order_by=["version_number DESC"])
        models = client.search_registered_models(f"name LIKE '{NAME}%'")
        return [int(v.version) for v in versions] == [2, 1] and len(models) == 2

    @check("tags and descriptions are kept")
    def _():
        client.set_model_version_tag(NAME, "1", "validated", "yes")
        client.set_registered_model_tag(NAME, "team", "risk")
        client.update_model_version(NAME, "1", "the first")
        client.update_registered_model(NAME, "tumours, by their measures")
        version, model = client.get_model_version(NAME, "1"), client.get_registered_model(NAME)
        kept = (version.tags["validated"], version.description, model.tags["team"], model.description)
        client.delete_model_version_tag(NAME, "1", "validated")
        gone = "validated" not in client.get_model_version(NAME, "1").tags
        return gone and kept == ("yes", "the first", "risk", "tumours, by their measures")

    @check("autolog records a training by itself")
    def _():
        mlflow.sklearn.autolog(log_models=False, silent=True)
        with mlflow.start_run(run_name="auto") as auto:
            LogisticRegression(max_iter=200).fit(x_train.iloc[:, :4], y_train)
        mlflow.sklearn.autolog(disable=True, silent=True)
        got = client.get_run(auto.info.run_id)
        return "max_iter" in got.data.params and "training_score" in got.data.metrics

    artifact = client.get_model_version(NAME, "1").tags["countersign.artifact"]
    with open(STATE, "w") as file:
        json.dump({"name": NAME, "artifact": artifact, "run": run_id, "model": info.model_id}, file)


def after():
    client = MlflowClient()
    _, x_test, _, _ = data()

    @check("once signed, declared and approved, the production alias is allowed")
    def _():
        client.set_registered_model_alias(NAME, "champion", "1")
        return client.get_model_version_by_alias(NAME, "champion").version == "1"

    @check("and loads")
    def _():
        return len(mlflow.sklearn.load_model(f"models:/{NAME}@champion").predict(x_test)) == len(x_test)

    @check("so is the stage Production")
    def _():
        return client.transition_model_version_stage(NAME, "1", "Production").current_stage == "Production"

    @check("the stage loads")
    def _():
        return len(mlflow.sklearn.load_model(f"models:/{NAME}/Production").predict(x_test)) == len(x_test)

    refused(
        "the other version is still refused",
        lambda: client.set_registered_model_alias(NAME, "champion", "2"),
        "production",
    )

    @check("the alias still points to the first")
    def _():
        return client.get_model_version_by_alias(NAME, "champion").version == "1"


def revoked():
    client = MlflowClient()
    refused(
        "after the approval is revoked, the alias gives nothing out",
        lambda: client.get_model_version_by_alias(NAME, "champion"),
        "production",
        "countersign approve sha256:",
    )
    refused("nor does loading it", lambda: mlflow.sklearn.load_model(f"models:/{NAME}@champion"), "production")
    refused("nor the stage", lambda: mlflow.sklearn.load_model(f"models:/{NAME}/Production"), "production")

    @check("the list no longer names it")
    def _():
        return "champion" not in client.get_registered_model(NAME).aliases


say(f"{STEP}: client {mlflow.__version__}", True)
{"before": before, "after": after, "revoked": revoked}[STEP]()
