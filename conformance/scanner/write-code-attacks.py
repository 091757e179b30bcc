"""Writes pickles whose code acts when it is loaded or called: write-code-attacks.py DIRECTORY [prove].

Needs cloudpickle. The code touches a file `marker` in the current directory, or tries to connect to this machine, no more.
With `prove` each file is loaded, and its function called, in a child process, and what did not act is named. The attacks
stand in attacks/; each file there runs as a script does, since an attacker's functions are those of a `__main__`.
"""

import os
import subprocess
import sys

import cloudpickle

from attacks.frame import C, M

OUT = sys.argv[1]
os.makedirs(OUT, exist_ok=True)
for kind in ("loaded", "programs", "held", "named", "shapes"):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "attacks", kind + ".py")
    with open(path) as file:
        exec(compile(file.read(), path, "exec"), {"__name__": "__main__", "__package__": None, "__file__": path})

for name, (when, make) in C.items():
    path = os.path.join(OUT, name + ".pkl")
    try:
        data = cloudpickle.dumps(make())
    except Exception as e:
        print("skip", name, type(e).__name__, e)
        continue
    open(path, "wb").write(data)
    if sys.argv[2:] == ["prove"]:
        if os.path.exists(M):
            os.remove(M)
        run = "import pickle,sys\no=pickle.load(open(%r,'rb'))\n%s" % (path, "o()" if when == "call" else "")
        p = subprocess.run([sys.executable, "-c", run], capture_output=True, timeout=20)
        acted = os.path.exists(M)
        if not acted:
            print("NOT PROVEN", name, p.stderr[-150:])
        if acted:
            os.remove(M)
