"""Tokenizers and word vectors."""

from honest.variety.material import RANDOM, TEXTS, place
from parts import attempt, part


@part
def vocabularies():
    import sentencepiece
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    at = place("vocabularies")
    open(at("corpus.txt"), "w").write("\n".join(TEXTS * 20))
    for kind in ("unigram", "bpe", "word", "char"):
        attempt(kind, lambda: sentencepiece.SentencePieceTrainer.train(input=at("corpus.txt"), model_prefix=at(kind), vocab_size=60 if kind in ("unigram", "bpe") else 25, model_type=kind, hard_vocab_limit=False, minloglevel=3))
    for model, trainer in ((models.BPE(), trainers.BpeTrainer(vocab_size=300, special_tokens=["<s>"])), (models.WordPiece(unk_token="[UNK]"), trainers.WordPieceTrainer(vocab_size=200, special_tokens=["[UNK]"])),
                           (models.Unigram(), trainers.UnigramTrainer(vocab_size=80)), (models.WordLevel(unk_token="[UNK]"), trainers.WordLevelTrainer(special_tokens=["[UNK]"]))):
        tokenizer = Tokenizer(model)
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
        tokenizer.decoder = decoders.ByteLevel()
        tokenizer.train_from_iterator(TEXTS, trainer)
        name = type(model).__name__
        tokenizer.save(at(f"{name}.tokenizer.json"))
        tokenizer.model.save(place("vocabularies/" + name)(""))
    import base64

    open(at("ranks.tiktoken"), "wb").write(b"\n".join(base64.b64encode(bytes([i])) + b" %d" % i for i in range(256)) + b"\n")


@part
def word_vectors():
    at = place("vectors")
    words = ["eval", "system", "os", "posix", "import", "weather"] * 40

    def fasttext():
        import fasttext

        open(at("train.txt"), "w").write("\n".join(f"__label__{i % 2} {text}" for i, text in enumerate(TEXTS * 5)))
        model = fasttext.train_supervised(at("train.txt"), dim=8, epoch=2, verbose=0)
        model.save_model(at("supervised.bin"))
        fasttext.train_unsupervised(at("train.txt"), dim=8, epoch=1, minCount=1, verbose=0, bucket=2000).save_model(at("unsupervised.bin"))

    attempt("fasttext", fasttext)
    with open(at("word2vec.bin"), "wb") as file:
        file.write(b"%d 50\n" % len(words))
        for i, word in enumerate(words):
            file.write(f"{word}{i} ".encode() + RANDOM.normal(size=50).astype("<f4").tobytes() + b"\n")
    with open(at("glove.txt"), "w") as file:
        for i, word in enumerate(words):
            file.write(f"{word}{i} " + " ".join("%.4f" % x for x in RANDOM.normal(size=20)) + "\n")

    def gensim_models():
        from gensim.models import Doc2Vec, FastText, KeyedVectors, LdaModel, Word2Vec
        from gensim.corpora import Dictionary, MmCorpus

        sentences = [text.split() for text in TEXTS]
        model = Word2Vec(sentences, vector_size=10, min_count=1)
        model.save(at("gensim.model"))
        model.wv.save(at("gensim.kv"))
        model.wv.save_word2vec_format(at("gensim.bin"), binary=True)
        model.wv.save_word2vec_format(at("gensim.bin.gz"), binary=True)
        model.wv.save_word2vec_format(at("gensim.txt"))
        FastText(sentences, vector_size=10, min_count=1, bucket=1000).save(at("gensim_fasttext.model"), sep_limit=1000)
        dictionary = Dictionary(sentences)
        dictionary.save(at("gensim.dict"))
        MmCorpus.serialize(at("corpus.mm"), [dictionary.doc2bow(s) for s in sentences])
        LdaModel([dictionary.doc2bow(s) for s in sentences], 2, dictionary).save(at("lda.model"))

    attempt("gensim", gensim_models)
