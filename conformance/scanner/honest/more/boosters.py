"""Boosted trees: XGBoost, LightGBM, CatBoost."""

import json

from honest.more.fitted import data, dump
from parts import attempt, part


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
