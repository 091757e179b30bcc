"""Survival, time series, outliers and recommendations: lifelines, Prophet, hmmlearn, UMAP, PyOD, river, sktime and others."""

from honest.more.fitted import data, dump
from parts import attempt, part


@part
def statistics():
    import pandas as pd

    features, target = data()
    frame = pd.DataFrame(features, columns=list("abc")).assign(t=range(1, 61), e=target)
    def lifelines():
        import lifelines as ll

        dump("lifelines_km", ll.KaplanMeierFitter().fit(frame.t, frame.e))
        dump("lifelines_cox", ll.CoxPHFitter().fit(frame, "t", "e"))
        dump("lifelines_weibull", ll.WeibullAFTFitter().fit(frame, "t", "e"))
    def prophet():
        from prophet import Prophet
        from prophet.serialize import model_to_json

        model = Prophet()
        dump("prophet_blank", model)
        with open("prophet.json", "w") as file:
            file.write(model_to_json(model.fit(pd.DataFrame({"ds": pd.date_range("2020", periods=60), "y": range(60)}))))
        dump("prophet", model)
    def hmmlearn():
        from hmmlearn import hmm

        dump("hmm", hmm.GaussianHMM(2, n_iter=2).fit(features))
    def umap():
        import umap as library

        dump("umap", library.UMAP(n_neighbors=5, n_epochs=5).fit(features))
    def pyod():
        from pyod.models import ecod, hbos, iforest, knn, lof

        for name, model in {"knn": knn.KNN(), "iforest": iforest.IForest(10), "ecod": ecod.ECOD(), "hbos": hbos.HBOS(), "lof": lof.LOF()}.items():
            attempt(name, lambda: dump("pyod_" + name, model.fit(features)))
    def river():
        from river import compose, linear_model, preprocessing, tree

        model = compose.Pipeline(preprocessing.StandardScaler(), linear_model.LogisticRegression())
        forest = tree.HoeffdingTreeClassifier()
        for row, label in zip(features.tolist(), target.tolist()):
            sample = dict(zip("abc", row))
            model.learn_one(sample, bool(label))
            forest.learn_one(sample, label)
        dump("river_pipeline", model)
        dump("river_tree", forest)
    def sktime():
        from sktime.forecasting.naive import NaiveForecaster
        from sktime.forecasting.trend import TrendForecaster

        series = pd.Series(range(20), dtype=float)
        for model in (NaiveForecaster(), TrendForecaster()):
            dump("sktime_" + type(model).__name__, model.fit(series))
            attempt("sktime zip", lambda: model.save("sktime_" + type(model).__name__))
    def implicit():
        import scipy.sparse as sparse
        from implicit.als import AlternatingLeastSquares

        model = AlternatingLeastSquares(4, iterations=2)
        model.fit(sparse.random(20, 20, 0.3).tocsr())
        dump("implicit", model)
        model.save("implicit_model.npz")
    def interpret():
        from interpret.glassbox import ExplainableBoostingClassifier

        dump("interpret", ExplainableBoostingClassifier(max_rounds=5, outer_bags=2, n_jobs=1).fit(features, target))
    for step in (lifelines, prophet, hmmlearn, umap, pyod, river, sktime, implicit, interpret):
        attempt(step.__name__, step)
