"""An object or two of each of some thirty smaller libraries: survival, language, graphs, settings, plots, dates."""

from honest.objects.frame import dump, writes


@writes
def small_libraries():
    from __main__ import pydantic_model
    import numpy as np
    import pandas as pd
    x, y = np.random.rand(60, 3), np.random.randint(0, 2, 60)
    for name, make in {
        "hmm": lambda: __import__("hmmlearn.hmm").hmm.GaussianHMM(2).fit(x),
        "lifelines_km": lambda: __import__("lifelines").KaplanMeierFitter().fit(x[:, 0], y),
        "lifelines_cox": lambda: __import__("lifelines").CoxPHFitter().fit(pd.DataFrame({"t": x[:, 0], "e": y, "a": x[:, 1]}), "t", "e"),
        "encoder_target": lambda: __import__("category_encoders").TargetEncoder(cols=["a"]).fit(pd.DataFrame({"a": list("ab") * 30}), y),
        "encoder_ordinal": lambda: __import__("category_encoders").OrdinalEncoder(cols=["a"]).fit(pd.DataFrame({"a": list("ab") * 30})),
        "encoder_woe": lambda: __import__("category_encoders").WOEEncoder(cols=["a"]).fit(pd.DataFrame({"a": list("ab") * 30}), y),
        "networkx": lambda: __import__("networkx").karate_club_graph(), "networkx_di": lambda: __import__("networkx").DiGraph([(1, 2)]),
        "networkx_multi": lambda: __import__("networkx").MultiGraph([(1, 2)]),
        "sympy": lambda: __import__("sympy").sympify("x**2 + sin(y)"), "sympy_matrix": lambda: __import__("sympy").Matrix([[1, 2]]),
        "omegaconf": lambda: __import__("omegaconf").OmegaConf.create({"a": {"b": [1, "${a}"]}}),
        "pil": lambda: __import__("PIL.Image").Image.new("RGB", (2, 2)), "tqdm": lambda: __import__("tqdm").tqdm,
        "gensim_w2v": lambda: __import__("gensim.models").models.Word2Vec([["a", "b"]] * 5, min_count=1, vector_size=4),
        "gensim_d2v": lambda: __import__("gensim.models.doc2vec").models.doc2vec.Doc2Vec(
            [__import__("gensim.models.doc2vec").models.doc2vec.TaggedDocument(["a"], [1])], min_count=1, vector_size=3),
        "gensim_lda": lambda: __import__("gensim.models").models.LdaModel([[(0, 1)]], num_topics=1),
        "gensim_tfidf": lambda: __import__("gensim.models").models.TfidfModel([[(0, 1)]]),
        "gensim_dict": lambda: __import__("gensim.corpora").corpora.Dictionary([["a"]]),
        "gensim_phrases": lambda: __import__("gensim.models.phrases").models.phrases.Phrases([["a", "b"]] * 9),
        "nltk_punkt": lambda: __import__("nltk.tokenize.punkt").tokenize.punkt.PunktSentenceTokenizer("A b. C d."),
        "nltk_freq": lambda: __import__("nltk").FreqDist("abca"), "nltk_cfd": lambda: __import__("nltk").ConditionalFreqDist([(1, 2)]),
        "nltk_bayes": lambda: __import__("nltk").NaiveBayesClassifier.train([({"a": 1}, "x"), ({"a": 2}, "y")]),
        "nltk_stem": lambda: __import__("nltk.stem").stem.PorterStemmer(), "nltk_tree": lambda: __import__("nltk").Tree("S", ["a"]),
        "nltk_snowball": lambda: __import__("nltk.stem").stem.SnowballStemmer("english"),
        "nltk_lm": lambda: __import__("nltk.lm").lm.MLE(2), "nltk_regexp": lambda: __import__("nltk").RegexpTokenizer("a+"),
        "nltk_tagger": lambda: __import__("nltk").UnigramTagger([[("a", "N")]]),
        "pydantic": lambda: pydantic_model(), "figure": lambda: figure(), "colormap": lambda: __import__("matplotlib.cm").cm.viridis,
        "patsy": lambda: __import__("patsy").dmatrix("a", {"a": [1, 2]}).design_info if False else None,
        "pmdarima": lambda: __import__("pmdarima").ARIMA((1, 0, 0)).fit(x[:, 0]),
        "prophet": lambda: __import__("prophet").Prophet(), "polars": lambda: __import__("polars").DataFrame({"a": [1]}),
        "pyarrow": lambda: __import__("pyarrow").table({"a": [1]}), "pyarrow_schema": lambda: __import__("pyarrow").schema([("a", "int64")]) if False else __import__("pyarrow").table({"a": [1]}).schema,
        "optuna": lambda: __import__("optuna").create_study(), "optuna_trial": lambda: __import__("optuna").trial.create_trial(value=1.0),
        "umap": lambda: __import__("umap").UMAP(n_neighbors=3), "shap": lambda: __import__("shap").Explanation(x),
        "spacy_vocab": lambda: __import__("spacy").blank("en").vocab, "spacy_doc": lambda: __import__("spacy").blank("en")("a b"),
        "spacy_nlp": lambda: __import__("spacy").blank("en"), "requests": lambda: __import__("requests").Session() if False else None,
        "mlxtend": lambda: __import__("mlxtend.classifier").classifier.EnsembleVoteClassifier([]),
        "pyod": lambda: __import__("pyod.models.knn").models.knn.KNN().fit(x), "sktime": lambda: __import__("sktime.forecasting.naive").forecasting.naive.NaiveForecaster().fit(pd.Series(x[:, 0])),
        "jinja": lambda: None, "bs4": lambda: None, "yaml": lambda: None, "autograd": lambda: None,
        "pytz": lambda: [__import__("pytz").timezone("Europe/Paris"), __import__("pytz").utc, __import__("pytz").FixedOffset(60)],
        "dateutil": lambda: [__import__("dateutil.relativedelta").relativedelta.relativedelta(days=1), __import__("dateutil.tz").tz.tzutc(),
                             __import__("dateutil.tz").tz.tzoffset("x", 60)],
        "regex": lambda: __import__("regex").compile("a+"), "sortedcontainers": lambda: __import__("sortedcontainers").SortedDict(a=1),
        "tslearn": lambda: __import__("tslearn.clustering").clustering.TimeSeriesKMeans(2).fit(x),
    }.items():
        try:
            value = make()
        except BaseException as error:
            print(f"skipped {name}: {type(error).__name__} {error}"[:160])
            continue
        dump(f"lib_{name}", value)


def figure():
    import matplotlib.pyplot as plt
    made, axis = plt.subplots()
    axis.plot([1, 2])
    return made
