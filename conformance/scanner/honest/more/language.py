"""Language: gensim, NLTK, spaCy."""

from honest.more.fitted import dump
from parts import attempt, part


@part
def language():
    def gensim():
        from gensim import corpora, models

        texts = [["human", "computer", "os.system"], ["graph", "trees", "import"], ["graph", "human"]] * 5
        dictionary = corpora.Dictionary(texts)
        corpus = [dictionary.doc2bow(text) for text in texts]
        word = models.Word2Vec(texts, vector_size=8, min_count=1, epochs=1)
        saved = {"word2vec": word, "vectors": word.wv, "fasttext": models.FastText(texts, vector_size=8, min_count=1, epochs=1, bucket=50), "doc2vec": models.Doc2Vec([models.doc2vec.TaggedDocument(t, [i]) for i, t in enumerate(texts)], vector_size=8, min_count=1, epochs=1), "lda": models.LdaModel(corpus, id2word=dictionary, num_topics=2), "tfidf": models.TfidfModel(corpus), "lsi": models.LsiModel(corpus, id2word=dictionary, num_topics=2), "dictionary": dictionary, "phrases": models.Phrases(texts)}
        for name, model in saved.items():
            attempt("gensim " + name, lambda: model.save("gensim_%s.model" % name))
            attempt("gensim " + name, lambda: dump("gensim_" + name, model))
        word.wv.save_word2vec_format("gensim_vectors.bin", binary=True)
        word.wv.save_word2vec_format("gensim_vectors.txt")
    def nltk():
        import nltk
        from nltk.tag import DefaultTagger, UnigramTagger

        features = [({"a": i % 2}, "xy"[i % 2]) for i in range(20)]
        dump("nltk_bayes", nltk.NaiveBayesClassifier.train(features))
        dump("nltk_tagger", UnigramTagger([[("a", "X"), ("b", "Y")]], backoff=DefaultTagger("N")))
        dump("nltk_freq", nltk.FreqDist("abca"))
        dump("nltk_stem", [nltk.PorterStemmer(), nltk.RegexpTokenizer("a+"), nltk.SnowballStemmer("english")])
        attempt("punkt", lambda: dump("nltk_punkt", nltk.tokenize.punkt.PunktSentenceTokenizer("A b. C d.")))
        attempt("lm", lambda: dump("nltk_lm", nltk.lm.MLE(2)))
    def spacy():
        import spacy

        pipeline = spacy.blank("en")
        pipeline.add_pipe("sentencizer")
        category = pipeline.add_pipe("textcat")
        category.add_label("A")
        category.add_label("B")
        pipeline.initialize(lambda: [spacy.training.Example.from_dict(pipeline.make_doc("x y"), {"cats": {"A": 1.0, "B": 0.0}})])
        pipeline.to_disk("spacy_model")
        dump("spacy_pipeline", pipeline)
        dump("spacy_doc", pipeline("some words here"))
        spacy.tokens.DocBin(docs=[pipeline("a b")]).to_disk("train.spacy")
    for step in (gensim, nltk, spacy):
        attempt(step.__name__, step)
