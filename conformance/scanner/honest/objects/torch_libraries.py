"""What libraries above torch save: transformers, YOLO, Lightning, fastai, timm, stable-baselines3 and others."""

import os

from honest.objects.frame import OUT, writes


@writes
def torch_libraries():
    import numpy as np
    import torch

    def save(name, make):
        try:
            torch.save(make(), os.path.join(OUT, f"torchlib_{name}.pt"))
        except BaseException as error:
            print(f"skipped {name}: {type(error).__name__} {error}"[:160])

    def training_args():
        import transformers
        return transformers.TrainingArguments("out", report_to=[])

    def yolo():
        from ultralytics.nn.tasks import DetectionModel
        return {"epoch": 1, "model": DetectionModel("yolov8n.yaml", verbose=False).half(), "ema": None, "train_args": {}, "date": "x"}

    def classify():
        from ultralytics.nn.tasks import ClassificationModel
        return {"model": ClassificationModel("yolov8n-cls.yaml", verbose=False)}

    def lightning():
        import pytorch_lightning as pl
        from pytorch_lightning.utilities.parsing import AttributeDict
        checkpoint = pl.callbacks.ModelCheckpoint(dirpath="x")
        return {"state_dict": {"a": torch.rand(1)}, "hyper_parameters": AttributeDict(a=1), "callbacks": {"m": checkpoint.state_dict()},
                "pytorch-lightning_version": "2.0", "loops": {}, "optimizer_states": [], "lr_schedulers": []}

    def fastai_learner():
        from fastai.tabular.all import TabularDataLoaders, tabular_learner, Categorify, FillMissing, Normalize, CategoryBlock
        import pandas as pd
        frame = pd.DataFrame({"a": list("ab") * 20, "b": np.random.rand(40), "y": np.random.randint(0, 2, 40)})
        loaders = TabularDataLoaders.from_df(frame, y_names="y", cat_names=["a"], cont_names=["b"], procs=[Categorify, FillMissing, Normalize],
                                             y_block=CategoryBlock(), bs=8)
        learner = tabular_learner(loaders)
        learner.dls = loaders.new_empty()
        return learner

    def fastai_vision():
        from __main__ import own_items, own_label
        from fastai.vision.all import DataBlock, ImageBlock, CategoryBlock, Resize, Learner, PILImage, xresnet18
        from PIL import Image
        block = DataBlock((ImageBlock, CategoryBlock), get_items=own_items, get_y=own_label, item_tfms=Resize(16))
        loaders = block.dataloaders(OUT, bs=2, num_workers=0)
        learner = Learner(loaders, xresnet18(n_out=2))
        learner.dls = loaders.new_empty()
        return learner

    def sentence():
        from sentence_transformers import models
        return models.Pooling(4)

    def accelerate_state():
        from accelerate.utils import DistributedType
        return {"type": DistributedType.NO}

    def omega():
        from omegaconf import OmegaConf
        return {"cfg": OmegaConf.create({"model": {"lr": 0.1, "a": "${model.lr}"}}), "model": {"w": torch.rand(1)}}

    def skorch_net():
        import skorch
        return skorch.NeuralNetClassifier(torch.nn.Linear, module__in_features=2, module__out_features=2).initialize()

    def bert():
        import transformers
        return transformers.BertModel(transformers.BertConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, vocab_size=9))

    def generation():
        import transformers
        return [transformers.GenerationConfig(), transformers.BertConfig(), transformers.BatchEncoding({"a": [1]})]

    def timm_model():
        import timm
        return timm.create_model("resnet18")

    def timm_vit():
        import timm
        return timm.create_model("vit_tiny_patch16_224")

    def geometric():
        from torch_geometric.data import Data
        return Data(x=torch.rand(2, 2))

    def sb3():
        import gymnasium
        import stable_baselines3
        model = stable_baselines3.PPO("MlpPolicy", gymnasium.make("CartPole-v1"), n_steps=8, batch_size=8)
        model.save(os.path.join(OUT, "sb3_ppo.zip"))
        stable_baselines3.DQN("MlpPolicy", gymnasium.make("CartPole-v1")).save(os.path.join(OUT, "sb3_dqn.zip"))
        return {"a": 1}

    def vision():
        import torchvision
        return torchvision.models.resnet18()

    def spaces():
        import gymnasium
        return gymnasium.spaces.Dict(a=gymnasium.spaces.Box(0, 1, (2,)), b=gymnasium.spaces.Discrete(3))

    def dictionaries():
        from easydict import EasyDict
        from yacs.config import CfgNode
        from addict import Dict
        from ml_collections import ConfigDict
        from box import Box
        return [EasyDict(a=1), CfgNode({"a": 1}), Dict(a=1), ConfigDict({"a": 1}), Box(a=1)]

    for make in (training_args, yolo, classify, lightning, fastai_learner, fastai_vision, sentence, accelerate_state, omega, skorch_net, bert,
                 generation, timm_model, timm_vit, geometric, sb3, vision, spaces, dictionaries):
        save(make.__name__, make)
