"""What users save with torch: states, modules, optimisers, tensors of every kind, in both of its formats."""

import os

from honest.objects.frame import OUT, writes


@writes
def torch():
    from __main__ import Settings, helper, own_module
    import torch
    from torch import nn
    network = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.BatchNorm1d(3), nn.Dropout(), nn.LSTM(3, 3))
    optimizer = torch.optim.Adam(network.parameters())
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 1)
    cosine = torch.optim.lr_scheduler.LambdaLR(optimizer, helper)
    objects = {
        "state": network.state_dict(), "module": network, "optimizer": optimizer.state_dict(), "scheduler": schedule.state_dict(),
        "scheduler_lambda": cosine.state_dict(), "rng": {"python": __import__("random").getstate(), "torch": torch.get_rng_state()},
        "args": __import__("argparse").Namespace(lr=1), "optimizer_object": optimizer, "transformer": nn.Transformer(8, 2, 1, 1),
        "quantized": torch.quantize_per_tensor(torch.rand(2, 2), 0.1, 1, torch.qint8), "sparse": torch.eye(2).to_sparse(),
        "parameter": nn.Parameter(torch.rand(2)), "distribution": torch.distributions.Normal(0.0, 1.0), "dtype": [torch.float32, torch.device("cpu")],
        "subclass": own_module(), "numpy": {"a": torch.rand(2).numpy()}, "mixed": {"epoch": 1, "best": torch.tensor(1.0), "cfg": Settings()},
        "dataset": torch.utils.data.TensorDataset(torch.rand(2, 2)), "generator": None, "complex": torch.rand(2, dtype=torch.complex64),
        "hooked": hooked(), "activation": [nn.functional.relu, torch.tanh, nn.GELU(), torch.sigmoid, torch.nn.functional.gelu],
    }
    for name, value in objects.items():
        for zipped in (True, False):
            try:
                torch.save(value, os.path.join(OUT, f"torch_{name}_{'zip' if zipped else 'old'}.pt"), _use_new_zipfile_serialization=zipped)
            except Exception as error:
                print(f"skipped torch {name}: {error}"[:160])


def hooked():
    from __main__ import helper
    from torch import nn
    layer = nn.Linear(1, 1)
    layer.register_forward_hook(helper)
    return layer
