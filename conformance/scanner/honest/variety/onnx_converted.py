"""ONNX that skl2onnx and onnxmltools converted."""

from honest.variety.material import TEXTS, X, Y, place
from parts import attempt, part


@part
def skl2onnx_models():
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import StringTensorType
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import GradientBoostingClassifier, IsolationForest, RandomForestRegressor, VotingClassifier
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler, StandardScaler
    from sklearn.svm import SVC

    at = place("skl2onnx")
    labels = [i % 2 for i in range(len(TEXTS))]
    for vectorizer in (TfidfVectorizer(), CountVectorizer(ngram_range=(1, 2))):
        def text(vectorizer=vectorizer):
            model = make_pipeline(vectorizer, LogisticRegression()).fit(TEXTS, labels)
            data = to_onnx(model, initial_types=[("text", StringTensorType([None, 1]))], options={"zipmap": False})
            open(at(type(vectorizer).__name__ + ".onnx"), "wb").write(data.SerializeToString())

        attempt("text", text)
    models = [GradientBoostingClassifier(n_estimators=3), IsolationForest(n_estimators=3), RandomForestRegressor(n_estimators=3), GaussianProcessRegressor(),
              KNeighborsClassifier(), MLPClassifier((5,), max_iter=5), SVC(probability=True), make_pipeline(StandardScaler(), LogisticRegression()),
              VotingClassifier([("a", LogisticRegression())], flatten_transform=False), make_pipeline(ColumnTransformer([("n", StandardScaler(), [0, 1]), ("o", MinMaxScaler(), [2])]), LogisticRegression())]
    for at_, model in enumerate(models):
        def fitted(at_=at_, model=model):
            data = to_onnx(model.fit(X, Y), X[:1], target_opset={"": 17, "ai.onnx.ml": 3})
            open(at(f"{at_}_{type(model).__name__}.onnx"), "wb").write(data.SerializeToString())

        attempt(type(model).__name__, fitted)


@part
def onnxmltools_models():
    import lightgbm
    import onnxmltools
    import xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    at = place("onnxmltools")
    types = [("x", FloatTensorType([None, 4]))]
    attempt("xgb", lambda: onnxmltools.utils.save_model(onnxmltools.convert_xgboost(xgboost.XGBClassifier(n_estimators=3).fit(X, Y), initial_types=types), at("xgboost.onnx")))
    attempt("lgb", lambda: onnxmltools.utils.save_model(onnxmltools.convert_lightgbm(lightgbm.LGBMClassifier(n_estimators=3, verbose=-1).fit(X, Y), initial_types=types), at("lightgbm.onnx")))
