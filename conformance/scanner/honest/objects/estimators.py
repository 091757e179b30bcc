"""Fitted models: scikit-learn, imbalanced-learn, the boosters and statsmodels."""

import contextlib

from honest.objects.frame import dump, writes


def every_estimator(prefix, found):
    import numpy as np
    x = np.abs(np.random.RandomState(0).rand(40, 4))
    targets = {"y": (x[:, 0] > 0.5).astype(int), "r": x[:, 1]}
    for name, kind in found:
        fitted = None
        for target in targets.values():
            try:
                fitted = kind().fit(x, target)
                break
            except Exception:
                continue
        try:
            dump(f"{prefix}_{name}", fitted if fitted is not None else kind(), (4,))
        except Exception as error:
            print(f"skipped {prefix} {name}: {error}"[:160])


@writes
def sklearn():
    from sklearn.utils import all_estimators
    import sklearn.pipeline, sklearn.compose, sklearn.preprocessing, sklearn.linear_model, sklearn.feature_extraction.text
    import sklearn.metrics, sklearn.model_selection, sklearn.ensemble, sklearn.gaussian_process as gp
    import numpy as np
    from __main__ import helper
    every_estimator("sk", all_estimators())
    x = np.random.RandomState(0).rand(40, 3)
    y = (x[:, 0] > 0.5).astype(int)
    pipe = sklearn.pipeline.make_pipeline(sklearn.preprocessing.FunctionTransformer(np.log1p), sklearn.linear_model.LogisticRegression())
    dump("sk_pipeline", pipe.fit(x, y))
    dump("sk_function_transformer", sklearn.preprocessing.FunctionTransformer(helper))
    dump("sk_columns", sklearn.compose.ColumnTransformer([("a", sklearn.preprocessing.StandardScaler(), [0])]).fit(x))
    dump("sk_grid", sklearn.model_selection.GridSearchCV(sklearn.linear_model.LogisticRegression(), {"C": [1, 2]}, scoring="f1").fit(x, y))
    dump("sk_scorer", [sklearn.metrics.make_scorer(sklearn.metrics.f1_score), sklearn.metrics.get_scorer("accuracy")])
    dump("sk_vector", sklearn.feature_extraction.text.TfidfVectorizer(tokenizer=str.split).fit(["a b", "c d"]))
    dump("sk_count", sklearn.feature_extraction.text.CountVectorizer(analyzer=helper))
    dump("sk_gp", gp.GaussianProcessRegressor(gp.kernels.RBF() + gp.kernels.WhiteKernel()).fit(x, y))
    dump("sk_split", sklearn.model_selection.KFold(3))
    dump("sk_bunch", __import__("sklearn.datasets").datasets.load_iris())
    dump("sk_calibrated", __import__("sklearn.calibration").calibration.CalibratedClassifierCV().fit(x, y))


@writes
def imblearn():
    import imblearn.utils.estimator_checks  # noqa: F401
    from imblearn.utils.testing import all_estimators
    every_estimator("imb", all_estimators())


@writes
def boosting():
    import numpy as np
    x, y = np.random.rand(40, 3), np.random.randint(0, 2, 40)
    with contextlib.suppress(ImportError):
        import xgboost
        dump("xgb", xgboost.XGBClassifier(n_estimators=2).fit(x, y))
        dump("xgb_booster", xgboost.train({}, xgboost.DMatrix(x, y), 2))
        dump("xgb_rf", xgboost.XGBRFRegressor(n_estimators=2).fit(x, y))
    with contextlib.suppress(ImportError):
        import lightgbm
        model = lightgbm.LGBMClassifier(n_estimators=2, verbose=-1).fit(x, y)
        dump("lgb", model)
        dump("lgb_booster", model.booster_)
        dump("lgb_ranker", lightgbm.LGBMRegressor(objective="quantile", verbose=-1).fit(x, y))
    with contextlib.suppress(ImportError):
        import catboost
        dump("cat", catboost.CatBoostClassifier(iterations=2, verbose=0, allow_writing_files=False).fit(x, y))


@writes
def statsmodels():
    import numpy as np
    import statsmodels.api as sm
    from statsmodels.tsa.arima.model import ARIMA
    from statsmodels.tsa.holtwinters import ExponentialSmoothing
    import statsmodels.formula.api as smf
    import pandas as pd
    x, y = np.random.rand(50, 2), np.random.rand(50)
    frame = pd.DataFrame({"a": x[:, 0], "y": y, "n": (y > 0.5).astype(int)})
    dump("sm_ols", sm.OLS(y, sm.add_constant(x)).fit())
    dump("sm_glm", sm.GLM(y, x, family=sm.families.Gaussian()).fit())
    dump("sm_logit", smf.logit("n ~ a", frame).fit(disp=0))
    dump("sm_formula", smf.ols("y ~ a", frame).fit())
    dump("sm_arima", ARIMA(y, order=(1, 0, 0)).fit())
    dump("sm_ets", ExponentialSmoothing(y).fit())
    dump("sm_sarimax", sm.tsa.SARIMAX(y).fit(disp=0))
    dump("sm_kde", sm.nonparametric.KDEUnivariate(y))
    dump("sm_mixed", smf.mixedlm("y ~ a", frame, groups=frame.n).fit())
