"""Estimators beside scikit-learn's: statsmodels, imbalanced-learn, category_encoders."""

from honest.more.fitted import data, dump
from parts import attempt, part


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
