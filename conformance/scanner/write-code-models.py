"""Writes honest pickles that carry a user's own estimators, networks and functions by value: write-code-models.py DIRECTORY.

With scikit-learn, torch and pydantic, each that is installed, through cloudpickle and dill. Scanned, all must come out clean.
"""

import sys, os, warnings

warnings.simplefilter("ignore")
out = sys.argv[1]
os.makedirs(out, exist_ok=True)
import numpy as np, cloudpickle

D = {"cp": cloudpickle}
try:
    import dill

    D["dill"] = dill
except ImportError:
    print("skipped dill")
try:
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
except ImportError:
    torch = None
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin, ClassifierMixin
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_array, check_is_fitted


class Clip(BaseEstimator, TransformerMixin):
    def __init__(self, lo=0.05, hi=0.95):
        self.lo = lo
        self.hi = hi

    def fit(self, X, y=None):
        X = check_array(X)
        self.q_ = np.quantile(X, [self.lo, self.hi], axis=0)
        return self

    def transform(self, X):
        check_is_fitted(self, "q_")
        return np.clip(X, *self.q_)


class Vote(BaseEstimator, ClassifierMixin):
    def __init__(self, models=()):
        self.models = models

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.fitted_ = [m.fit(X, y) for m in self.models]
        return self

    def predict_proba(self, X):
        return np.mean([m.predict_proba(X) for m in self.fitted_], axis=0)

    def predict(self, X):
        return self.classes_[self.predict_proba(X).argmax(1)]


rs = np.random.RandomState(0)
X = rs.rand(50, 3)
y = (X[:, 0] > 0.5).astype(int)
objs = {
    "pipe": make_pipeline(Clip(), StandardScaler(), LogisticRegression()).fit(X, y),
    "vote": Vote([LogisticRegression(), LogisticRegression(C=2)]).fit(X, y),
    "ft": make_pipeline(FunctionTransformer(lambda a: np.log1p(np.abs(a))), LogisticRegression()).fit(X, y),
    "ftcols": FunctionTransformer(lambda df: df.assign(z=df["a"] * 2).drop(columns=["a"])),
}
if torch:

    class Net(nn.Module):
        def __init__(self, n=4):
            super().__init__()
            self.l1 = nn.Linear(3, n)
            self.bn = nn.BatchNorm1d(n)
            self.l2 = nn.Linear(n, 2)
            self.act = F.relu

        def forward(self, x):
            x = self.act(self.bn(self.l1(x)))
            x = F.dropout(x, 0.1, self.training)
            return F.log_softmax(self.l2(x), dim=1)

        @torch.no_grad()
        def predict(self, x):
            self.eval()
            return self(torch.as_tensor(x).float()).argmax(1).cpu().numpy()

        def save(self, path):
            torch.save(self.state_dict(), path)

    class Attn(nn.Module):
        def __init__(self):
            super().__init__()
            self.q = nn.Parameter(torch.zeros(3, 3))
            self.reg = getattr(nn, "GELU")()

        def forward(self, x, mask=None):
            a = torch.einsum("bi,ij->bj", x, self.q)
            if mask is not None:
                a = a.masked_fill(mask == 0, float("-inf"))
            return self.reg(a.softmax(-1))

    class DS(torch.utils.data.Dataset):
        def __init__(self, x, tf=None):
            self.x = x
            self.tf = tf

        def __len__(self):
            return len(self.x)

        def __getitem__(self, i):
            v = self.x[i]
            return self.tf(v) if self.tf else torch.from_numpy(v)

    objs.update(
        net=Net(),
        attn=Attn(),
        ds=DS(X, lambda v: v * 2),
        opt=(lambda n: torch.optim.Adam(n.parameters())),
        lrs=lambda e: 0.95**e,
    )
    n = Net()
    h = n.register_forward_hook(lambda m, i, o: o)
    objs["hooked"] = n
    for m, mod in D.items():
        torch.save(Net(), f"{out}/{m}-save.pt", pickle_module=mod)
        torch.save({"model": Net(), "fn": lambda x: x + 1}, f"{out}/{m}-save2.pt", pickle_module=mod)
try:
    import pydantic

    class Cfg(pydantic.BaseModel):
        a: int = 1
        b: str = "x"

        def d(self):
            return self.a

    objs["pyd"] = Cfg()
except ImportError:
    pass
for m, mod in D.items():
    for k, v in objs.items():
        try:
            open(f"{out}/{m}-{k}.pkl", "wb").write(mod.dumps(v))
        except Exception as e:
            print("skip", m, k, type(e).__name__, str(e)[:80])
