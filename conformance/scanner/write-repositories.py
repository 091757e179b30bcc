"""Writes whole honest repositories, as users have them on disk, with the libraries that are installed: write-repositories.py DIRECTORY.

Nothing is downloaded: models are tiny, with random weights, and tokenizers are trained on a few sentences.
"""

import json
import os
import pickle
import subprocess
import sys
import warnings

from parts import attempt, part, run_parts

os.environ.update(CUDA_VISIBLE_DEVICES="", HF_HUB_OFFLINE="1", WANDB_MODE="offline", WANDB_SILENT="true", GIT_CONFIG_GLOBAL=os.devnull, TOKENIZERS_PARALLELISM="false")
warnings.simplefilter("ignore")
OUT = os.path.abspath(sys.argv[1])
os.makedirs(OUT, exist_ok=True)
SENTENCES = ["The quick brown fox.", "import os; os.system is text here", "Ein Satz über Bäume.", "def f(x): return x"] * 20


def write(path, text):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def card(folder, **fields):
    front = "\n".join("%s: %s" % item for item in {"license": "apache-2.0", "language": "en", **fields}.items())
    write(folder + "/README.md", "---\n%s\ntags:\n- text-classification\n---\n# Model\n\nUse it so:\n\n```python\nimport os\nfrom transformers import pipeline\npipe = pipeline('fill-mask', model='me/model')\nos.environ['TOKENIZERS_PARALLELISM'] = 'false'\n```\n\n```bash\npip install transformers && curl -L https://example.org/data.zip -o data.zip\n```\n" % front)
    write(folder + "/.gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n*.safetensors filter=lfs diff=lfs merge=lfs -text\n")
    write(folder + "/LICENSE", "Apache License\nVersion 2.0, January 2004\nhttp://www.apache.org/licenses/\n")


def tokenizer():
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    raw = Tokenizer(models.BPE(unk_token="<unk>"))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel()
    raw.train_from_iterator(SENTENCES, trainers.BpeTrainer(vocab_size=300, special_tokens=["<unk>", "<pad>", "<s>", "</s>", "<mask>"]))
    fast = PreTrainedTokenizerFast(tokenizer_object=raw, unk_token="<unk>", pad_token="<pad>", bos_token="<s>", eos_token="</s>", mask_token="<mask>", cls_token="<s>", sep_token="</s>")
    fast.chat_template = "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% for message in messages %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] | trim + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token }}{% else %}{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}"
    return fast


@part
def transformers_models():
    import torch
    import transformers as tf

    small = dict(vocab_size=300, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, max_position_embeddings=64)
    kinds = {
        "bert": lambda: tf.BertForSequenceClassification(tf.BertConfig(**small)),
        "roberta": lambda: tf.RobertaForMaskedLM(tf.RobertaConfig(**small)),
        "gpt2": lambda: tf.GPT2LMHeadModel(tf.GPT2Config(vocab_size=300, n_embd=16, n_layer=2, n_head=2, n_positions=64)),
        "llama": lambda: tf.LlamaForCausalLM(tf.LlamaConfig(**small)),
        "qwen2": lambda: tf.Qwen2ForCausalLM(tf.Qwen2Config(**small, num_key_value_heads=2)),
        "mistral": lambda: tf.MistralForCausalLM(tf.MistralConfig(**small, num_key_value_heads=2)),
        "t5": lambda: tf.T5ForConditionalGeneration(tf.T5Config(vocab_size=300, d_model=16, d_kv=8, d_ff=32, num_layers=1, num_heads=2)),
        "distilbert": lambda: tf.DistilBertForTokenClassification(tf.DistilBertConfig(vocab_size=300, dim=16, n_layers=1, n_heads=2, hidden_dim=32)),
        "vit": lambda: tf.ViTForImageClassification(tf.ViTConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, image_size=32, patch_size=8)),
        "whisper": lambda: tf.WhisperForConditionalGeneration(tf.WhisperConfig(vocab_size=300, pad_token_id=1, bos_token_id=2, eos_token_id=3, decoder_start_token_id=2, d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=32, decoder_ffn_dim=32)),
        "clip": lambda: tf.CLIPModel(tf.CLIPConfig(text_config=dict(vocab_size=300, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32), vision_config=dict(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, image_size=32, patch_size=8))),
    }
    words = tokenizer()
    for name, make in kinds.items():
        def save(name=name, make=make):
            folder = "%s/hf-%s" % (OUT, name)
            model = make()
            model.save_pretrained(folder)
            words.save_pretrained(folder)
            torch.save(model.state_dict(), folder + "/pytorch_model.bin")
            card(folder, pipeline_tag="fill-mask")
            sharded = folder + "-sharded"
            model.save_pretrained(sharded, max_shard_size="20KB")
            with open(folder + "-model.pkl", "wb") as file:
                pickle.dump(model, file)
            torch.save(model, folder + "-whole.pt")
        attempt(name, save)
    def slow_tokenizers():
        folder = OUT + "/hf-wordpiece"
        write(folder + "/vocab.txt", "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + list("abcdefgh") + ["import", "os", "##system"]))
        tf.BertTokenizer(folder + "/vocab.txt").save_pretrained(folder)
        write(OUT + "/hf-merges/vocab.json", json.dumps({"a": 0, "b": 1, "ab": 2, "<|endoftext|>": 3}))
        write(OUT + "/hf-merges/merges.txt", "#version: 0.2\na b\n")
        write(OUT + "/hf-merges/special_tokens_map.json", json.dumps({"eos_token": "<|endoftext|>"}))
    attempt("slow tokenizers", slow_tokenizers)


@part
def trainer():
    import torch
    import transformers as tf

    folder = OUT + "/trainer"
    words = tokenizer()
    model = tf.BertForSequenceClassification(tf.BertConfig(vocab_size=300, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, max_position_embeddings=64))
    rows = [{**words(text, padding="max_length", max_length=16, truncation=True), "labels": i % 2} for i, text in enumerate(SENTENCES[:16])]
    for row in rows:
        row.pop("token_type_ids", None)
    arguments = tf.TrainingArguments(folder, max_steps=2, save_steps=1, logging_steps=1, per_device_train_batch_size=4, report_to=[], use_cpu=True)
    run = tf.Trainer(model, arguments, train_dataset=rows)
    run.train()
    run.save_model(folder + "/final")
    card(folder)


@part
def adapters():
    import peft
    import transformers as tf

    base = tf.LlamaForCausalLM(tf.LlamaConfig(vocab_size=300, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32))
    for name, config in {"lora": peft.LoraConfig(r=2, target_modules=["q_proj", "v_proj"]), "ia3": peft.IA3Config(target_modules=["k_proj", "down_proj"], feedforward_modules=["down_proj"]), "prompt": peft.PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=2)}.items():
        def save(name=name, config=config):
            model = peft.get_peft_model(base, config)
            model.save_pretrained("%s/adapter-%s" % (OUT, name))
            model.save_pretrained("%s/adapter-%s-bin" % (OUT, name), safe_serialization=False)
        attempt(name, save)


@part
def sentence():
    import sentence_transformers as st
    import transformers as tf

    folder = OUT + "/hf-bert"
    try:
        from sentence_transformers import models
    except ImportError:
        import sentence_transformers.sentence_transformer.modules as models
    model = st.SentenceTransformer(modules=[models.Transformer(folder), models.Pooling(16), models.Dense(16, 8), models.Normalize()])
    model.save(OUT + "/sentence-transformer")
    with open(OUT + "/sentence-transformer.pkl", "wb") as file:
        pickle.dump(model, file)


@part
def diffusion():
    import diffusers

    net = diffusers.UNet2DModel(sample_size=8, in_channels=3, out_channels=3, layers_per_block=1, block_out_channels=(8, 16), norm_num_groups=4, down_block_types=("DownBlock2D", "AttnDownBlock2D"), up_block_types=("AttnUpBlock2D", "UpBlock2D"))
    pipeline = diffusers.DDPMPipeline(net, diffusers.DDPMScheduler(10))
    pipeline.save_pretrained(OUT + "/diffusers-ddpm")
    pipeline.save_pretrained(OUT + "/diffusers-ddpm-bin", safe_serialization=False)
    vae = diffusers.AutoencoderKL(block_out_channels=(8,), norm_num_groups=4, latent_channels=2)
    vae.save_pretrained(OUT + "/diffusers-vae")
    card(OUT + "/diffusers-ddpm", library_name="diffusers")


@part
def torch_files():
    import torch
    from torch import nn

    os.makedirs(OUT + "/torch", exist_ok=True)
    os.chdir(OUT + "/torch")
    net = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.rand(2, 4)).sum().backward()
    optimizer.step()
    torch.save({"epoch": 1, "model_state_dict": net.state_dict(), "optimizer_state_dict": optimizer.state_dict(), "loss": torch.tensor(0.1), "scaler": torch.amp.GradScaler("cpu").state_dict(), "rng": torch.get_rng_state(), "config": {"lr": 1e-3, "path": "data/train.csv"}}, "checkpoint.tar")
    for name in ("SGD", "AdamW", "RMSprop", "Adagrad", "Adadelta", "NAdam", "RAdam", "Rprop", "ASGD", "LBFGS", "Adamax"):
        attempt(name, lambda: torch.save(getattr(torch.optim, name)(net.parameters(), lr=0.1), "optim_%s.pt" % name))
    schedulers = torch.optim.lr_scheduler
    for name, make in {"step": lambda: schedulers.StepLR(optimizer, 2), "cosine": lambda: schedulers.CosineAnnealingLR(optimizer, 2), "lambda": lambda: schedulers.LambdaLR(optimizer, abs), "plateau": lambda: schedulers.ReduceLROnPlateau(optimizer), "onecycle": lambda: schedulers.OneCycleLR(optimizer, 0.1, 10), "sequential": lambda: schedulers.SequentialLR(optimizer, [schedulers.ConstantLR(optimizer), schedulers.ExponentialLR(optimizer, 0.9)], [2])}.items():
        attempt(name, lambda: torch.save(make(), "schedule_%s.pt" % name))
    for dtype in ("float8_e4m3fn", "float8_e5m2", "bfloat16", "uint16", "complex64"):
        attempt(dtype, lambda: torch.save(torch.zeros(3).to(getattr(torch, dtype)), "dtype_%s.pt" % dtype))
    attempt("export", lambda: torch.export.save(torch.export.export(net, (torch.rand(1, 4),)), "exported.pt2"))
    attempt("script", lambda: torch.jit.script(net).save("script.pt"))
    attempt("dynamo", lambda: torch.onnx.export(net, (torch.rand(1, 4),), "dynamo.onnx", dynamo=True))
    attempt("onnx", lambda: torch.onnx.export(net, (torch.rand(1, 4),), "legacy.onnx", dynamo=False))
    attempt("quantised", lambda: torch.save(torch.ao.quantization.quantize_dynamic(net, {nn.Linear}, torch.qint8), "quantised.pt"))
    attempt("quantised state", lambda: torch.save(torch.ao.quantization.quantize_dynamic(net, {nn.Linear}, torch.qint8).state_dict(), "quantised_state.pt"))
    attempt("parametrised", lambda: torch.save(nn.utils.weight_norm(nn.Linear(2, 2)), "weight_norm.pt"))
    import torch.nn.utils.prune as prune

    attempt("pruned", lambda: torch.save(prune.l1_unstructured(nn.Linear(2, 2), "weight", 1), "pruned.pt"))
    attempt("nested", lambda: torch.save(torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]), "nested.pt"))
    attempt("sparse", lambda: torch.save(torch.eye(3).to_sparse_csr(), "sparse.pt"))
    attempt("dataset", lambda: torch.save(torch.utils.data.TensorDataset(torch.ones(2, 2)), "dataset.pt"))
    attempt("packed", lambda: torch.save(nn.utils.rnn.pack_padded_sequence(torch.ones(2, 2, 1), [2, 1], True), "packed.pt"))
    attempt("distributions", lambda: torch.save(torch.distributions.Normal(0.0, 1.0), "normal.pt"))
    import torch.distributed.checkpoint as dcp

    attempt("distributed", lambda: dcp.save(net.state_dict(), checkpoint_id="distributed"))
    import numpy as np

    torch.save({"n": np.float64(1.5), "a": np.arange(3), "when": __import__("datetime").datetime.now(), "path": __import__("pathlib").Path("a/b"), "names": {0: "cat"}, "args": __import__("argparse").Namespace(lr=1)}, "mixed.pt")


@part
def frameworks():
    import torch
    from torch import nn

    folder = OUT + "/frameworks"
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    def lightning():
        import lightning

        class Net(lightning.LightningModule):
            def __init__(self, width=4, rate=0.1):
                super().__init__()
                self.save_hyperparameters()
                self.layer = nn.Linear(width, 1)
            def training_step(self, batch, _):
                return self.layer(batch[0]).mean()
            def configure_optimizers(self):
                optimizer = torch.optim.Adam(self.parameters())
                return [optimizer], [torch.optim.lr_scheduler.StepLR(optimizer, 1)]
        loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(8, 4)), 4)
        run = lightning.Trainer(max_epochs=1, accelerator="cpu", default_root_dir=folder, enable_progress_bar=False, logger=lightning.pytorch.loggers.CSVLogger(folder))
        run.fit(Net(), loader)
        run.save_checkpoint("lightning.ckpt")
    def timm():
        import timm as library

        model = library.create_model("resnet10t", num_classes=2)
        torch.save(model.state_dict(), "timm_state.pth")
        torch.save(model, "timm_model.pth")
    def fastai():
        from fastai.tabular.all import TabularDataLoaders, tabular_learner, Categorify, FillMissing, Normalize
        import pandas as pd

        frame = pd.DataFrame({"a": [float(i) for i in range(40)], "c": list("xy") * 20, "y": [0.0, 1.0] * 20})
        loaders = TabularDataLoaders.from_df(frame, procs=[Categorify, FillMissing, Normalize], cat_names=["c"], cont_names=["a"], y_names="y", bs=8)
        learner = tabular_learner(loaders, layers=[4])
        learner.save(folder + "/fastai_weights")
        learner.export(folder + "/fastai_export.pkl")
    def geometric():
        from torch_geometric.data import Data
        from torch_geometric.nn import GCNConv

        torch.save(Data(x=torch.ones(2, 2), edge_index=torch.tensor([[0, 1], [1, 0]])), "geometric_data.pt")
        torch.save(GCNConv(2, 2), "geometric_layer.pt")
    def skorch():
        import numpy as np
        from skorch import NeuralNetClassifier

        net = NeuralNetClassifier(nn.Sequential(nn.Linear(3, 2), nn.Softmax(-1)), max_epochs=1, verbose=0)
        net.fit(np.random.rand(20, 3).astype("f4"), np.arange(20) % 2)
        net.save_params(f_params="skorch_params.pt", f_optimizer="skorch_optimizer.pt", f_history="skorch_history.json")
        with open("skorch.pkl", "wb") as file:
            pickle.dump(net, file)
    def optuna():
        import joblib
        import optuna as library

        library.logging.set_verbosity(library.logging.ERROR)
        study = library.create_study(sampler=library.samplers.TPESampler(seed=1))
        study.optimize(lambda trial: trial.suggest_float("x", 0, 1), 3)
        joblib.dump(study, "optuna_study.pkl")
    def baselines():
        import stable_baselines3 as library

        library.PPO("MlpPolicy", "CartPole-v1", n_steps=8, batch_size=8, device="cpu").save("ppo_cartpole")
    def wandb():
        import wandb as library

        run = library.init(project="p", dir=folder, config={"lr": 0.1})
        run.log({"loss": 0.5})
        run.finish()
    def tracking():
        import mlflow
        from sklearn.linear_model import LogisticRegression

        mlflow.set_tracking_uri("sqlite:///" + folder + "/mlflow.db")
        mlflow.create_experiment("e", artifact_location="file:" + folder + "/mlruns")
        mlflow.set_experiment("e")
        with mlflow.start_run():
            mlflow.log_params({"lr": 0.1})
            mlflow.sklearn.log_model(LogisticRegression().fit([[0.0], [1.0]], [0, 1]), name="model")
            attempt("mlflow torch", lambda: mlflow.pytorch.log_model(nn.Linear(2, 2), name="net", serialization_format="pickle"))
            attempt("mlflow onnx", lambda: mlflow.onnx.log_model(__import__("onnx").load(OUT + "/torch/legacy.onnx"), name="onnx"))
    def spacy():
        import spacy as library

        pipeline = library.blank("de")
        pipeline.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "os.system"}])
        pipeline.to_disk(folder + "/spacy")
    for step in (lightning, timm, fastai, geometric, skorch, optuna, baselines, wandb, tracking, spacy):
        attempt(step.__name__, step)


NOTEBOOK = {"cells": [{"cell_type": "code", "execution_count": 1, "id": "a", "metadata": {}, "outputs": [{"name": "stdout", "output_type": "stream", "text": ["ok\n"]}], "source": ["!pip install -q transformers\n", "import os, subprocess\n", "import pandas as pd\n", "df = pd.read_csv('https://example.org/data.csv')\n", "print(os.getcwd())\n"]}, {"cell_type": "markdown", "id": "b", "metadata": {}, "source": ["# Training\n"]}], "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}


@part
def project():
    folder = OUT + "/project"
    files = {
        "train.py": "import argparse\nimport os\nimport subprocess\nimport joblib\nimport pandas as pd\nfrom sklearn.linear_model import LogisticRegression\n\n\ndef main():\n    parser = argparse.ArgumentParser()\n    parser.add_argument('--data', default=os.environ.get('DATA', 'data/train.csv'))\n    args = parser.parse_args()\n    commit = subprocess.check_output(['git', 'rev-parse', 'HEAD'], text=True).strip()\n    frame = pd.read_csv(args.data)\n    model = LogisticRegression().fit(frame[['a']], frame['y'])\n    joblib.dump({'model': model, 'commit': commit}, 'model.joblib')\n\n\nif __name__ == '__main__':\n    main()\n",
        "predict.py": "import json\nimport sys\nimport joblib\nimport requests\n\nmodel = joblib.load('model.joblib')['model']\nprint(json.dumps(model.predict([[float(x)] for x in sys.argv[1:]]).tolist()))\n",
        "tests/test_train.py": "import pytest\n\n\ndef test_it(tmp_path):\n    assert tmp_path\n",
        "setup.py": "from setuptools import find_packages, setup\n\nsetup(name='project', version='0.1', packages=find_packages())\n",
        "requirements.txt": "scikit-learn==1.7.1\npandas>=2\n--extra-index-url https://download.example.org/whl/cpu\n",
        "pyproject.toml": "[project]\nname = \"project\"\nversion = \"0.1\"\ndependencies = [\"joblib\"]\n",
        "environment.yml": "name: p\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n  - pip:\n      - joblib\n",
        "conda.yaml": "channels:\n- conda-forge\ndependencies:\n- python=3.11.7\n- pip<=23.2.1\n- pip:\n  - mlflow==2.9.2\nname: mlflow-env\n",
        "MLmodel": "artifact_path: model\nflavors:\n  python_function:\n    env: conda.yaml\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n    python_version: 3.11.7\n  sklearn:\n    code: null\n    pickled_model: model.pkl\n    serialization_format: cloudpickle\n    sklearn_version: 1.3.2\n",
        "Dockerfile": "FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y curl && pip install -r requirements.txt\nCMD [\"python\", \"predict.py\"]\n",
        "docker-compose.yml": "services:\n  api:\n    build: .\n    ports: ['8000:8000']\n    environment:\n      DATABASE_URL: postgresql://user:${DB_PASSWORD}@db/app\n",
        "Makefile": "train:\n\tpython train.py\nclean:\n\trm -rf build\n",
        ".env.example": "API_KEY=your-api-key-here\nHF_TOKEN=hf_xxxxxxxxxxxxxxxxxxxx\n",
        ".gitignore": "*.pyc\n.env\nmlruns/\n",
        ".dvc/config": "[core]\n    remote = store\n['remote \"store\"']\n    url = s3://bucket/dvc\n",
        "data/train.csv.dvc": "outs:\n- md5: d41d8cd98f00b204e9800998ecf8427e\n  size: 120\n  path: train.csv\n",
        "dvc.yaml": "stages:\n  train:\n    cmd: python train.py\n    deps: [train.py]\n    outs: [model.joblib]\n",
        "dvc.lock": "schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n",
        "params.yaml": "lr: 0.1\nlayers: [1, 2]\n",
        "config/config.yaml": "defaults:\n  - model: mlp\n  - _self_\nlr: 0.1\n",
        "config/model/mlp.yaml": "_target_: torch.nn.Linear\nin_features: 4\nout_features: 2\n",
        "data/train.csv": "a,y\n1.0,0\n2.0,1\n",
        "data/labels.txt": "cat\ndog\n",
        "data/train.jsonl": '{"text": "os.system(\'rm -rf /\')", "label": 1}\n{"text": "hello https://example.org", "label": 0}\n',
        "notebooks/explore.ipynb": json.dumps(NOTEBOOK),
        ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: pip install -r requirements.txt && pytest\n",
        "scripts/download.sh": "#!/usr/bin/env bash\nset -euo pipefail\ncurl -fsSL https://example.org/model.bin -o model.bin\nsha256sum -c model.sha256\n",
        "docs/index.html": "<!doctype html><title>Docs</title><script src=\"app.js\"></script><p>Hello</p>",
        "docs/figure.svg": "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>",
    }
    for name, text in files.items():
        write("%s/%s" % (folder, name), text)
    card(folder)
    def plot():
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot

        pyplot.plot([1, 2])
        for suffix in ("png", "pdf", "svg"):
            pyplot.savefig("%s/docs/plot.%s" % (folder, suffix))
        with open(folder + "/docs/figure.pkl", "wb") as file:
            pickle.dump(pyplot.gcf(), file)
    def model():
        import joblib
        from sklearn.linear_model import LogisticRegression

        joblib.dump({"model": LogisticRegression().fit([[0.0], [1.0]], [0, 1]), "commit": "0" * 40, "metrics": {"auc": 0.9}}, folder + "/model.joblib")
    def parquet():
        import pandas as pd

        pd.DataFrame({"text": ["a", "b"], "n": [1, 2]}).to_parquet(folder + "/data/train.parquet")
    def compiled():
        subprocess.run([sys.executable, "-m", "compileall", "-q", folder + "/train.py"], check=True)
    def repository():
        for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "First"], ["gc", "-q"]):
            subprocess.run(["git", *command], cwd=folder, check=True)
    for step in (plot, model, parquet) + ((compiled,) if "--code" in sys.argv else ()) + (repository,):
        attempt(step.__name__, step)


run_parts()
print(sum(len(files) for _, _, files in os.walk(OUT)), "files")
