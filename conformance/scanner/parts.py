"""The frame of the scripts that write honest files: parts that run one by one, each only where its library is installed."""

PARTS = []


def part(function):
    PARTS.append(function)
    return function


def attempt(name, work):
    try:
        work()
    except Exception as error:
        print("skipped", name, type(error).__name__, str(error)[:120].replace("\n", " "))


def run_parts():
    for step in PARTS:
        attempt(step.__name__, step)
