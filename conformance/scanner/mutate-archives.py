"""Holds the scanner against what real archivers extract: mutate-archives.py DIRECTORY [COUNT] [SEED]

Damages the structure of small archives that carry an inert pickle (it names os.system and is never loaded), lets every
archiver that is installed (Python's modules, unzip, 7zz or 7z, bsdtar, GNU tar) extract each one, and writes to
DIRECTORY/extracted.json which archives gave the payload to whom. check-mutations.mjs DIRECTORY then scans them: what
anybody extracts must not be called clean.
"""

import io
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib

PAYLOAD = b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x0aecho pwned\x85R."
SAFE = b"\x80\x02}."


def zips(rng: random.Random) -> bytes:
    """A zip file with the payload, sometimes with Zip64 fields, sometimes with a comment or another zip file in it."""
    members = [("m/data.pkl", SAFE), ("m/version", b"3\n"), ("m/other.bin", rng.randbytes(60)), ("payload.pkl", PAYLOAD)]
    rng.shuffle(members)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = rng.choice([0, 0, 8, 8, 12, 14])
            with archive.open(info, "w", force_zip64=rng.random() < 0.2) as to:
                to.write(data)
        if rng.random() < 0.2:
            archive.comment = rng.choice([b"x" * 30, out.getvalue()])
    return out.getvalue()


def tars(rng: random.Random) -> bytes:
    out = io.BytesIO()
    form = rng.choice([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in (("a.txt", b"hello\n" * 100), ("payload.pkl", PAYLOAD), ("n" * rng.choice([5, 50, 120] if form != tarfile.USTAR_FORMAT else [5]), b"x" * 700)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            if form == tarfile.PAX_FORMAT and rng.random() < 0.5:
                info.pax_headers = {"size": str(len(data) + rng.choice([0, 0, 512, -1, -20])), "comment": "x"}
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


NUMBERS = [0, 1, 2, 8, 9, 10, 22, 30, 46, 100, 0x7F, 0x80, 0xFF, 0xFFFE, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF]


def mutate_zip(data: bytes, rng: random.Random) -> bytes:
    buffer = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        places = [(m.start(), m.group()) for m in re.finditer(rb"PK(\x03\x04|\x01\x02|\x05\x06|\x06\x06|\x06\x07|\x07\x08)", bytes(buffer))]
        if not places:
            break
        at, kind = rng.choice(places)
        length = {b"PK\x03\x04": 30, b"PK\x01\x02": 46, b"PK\x05\x06": 22}.get(kind, 20)
        action = rng.randrange(8)
        if action < 4:
            width = rng.choice([1, 2, 2, 4, 4])
            offset = at + rng.randrange(4, max(5, length - width + 1))
            value = rng.choice(NUMBERS + [at, len(buffer), rng.randrange(len(buffer))]) & (256**width - 1)
            if offset + width <= len(buffer):
                buffer[offset : offset + width] = value.to_bytes(width, "little")
        elif action == 4:
            other, _ = rng.choice(places)
            piece = bytes(buffer[other : other + rng.randrange(1, 120)])
            buffer[at:at] = piece
        elif action == 5:
            del buffer[at : at + rng.choice([1, 4, 22, 46])]
        elif action == 6:
            buffer = bytearray(rng.choice([rng.randbytes(9), bytes(buffer), b"#!/bin/sh\n"])) + buffer
        else:
            buffer += rng.choice([b"\0" * 10, b"PK\x05\x06" + bytes(18), rng.randbytes(9), bytes(buffer[at:])])
    return bytes(buffer)


def mutate_tar(data: bytes, rng: random.Random) -> bytes:
    buffer = bytearray(data)
    for _ in range(rng.choice([1, 1, 2])):
        block = 512 * rng.randrange(max(1, len(buffer) // 512 - 1))
        action = rng.randrange(6)
        if action < 3 and buffer[block]:
            at, width = rng.choice([(124, 12), (156, 1), (156, 1), (0, 100), (100, 8), (157, 100), (257, 8), (345, 20), (482, 1)])
            kinds = b"0123456789ALKSxgVMDN\0"
            value = rng.choice([b"%011o\0" % rng.choice([0, 1, 30, 512, 1024, 700, 2**33]), bytes([rng.choice(kinds)]), b"\x80" + bytes(10) + b"\x20", rng.randbytes(4)])
            if width == 1:
                value = bytes([rng.choice(kinds)])
            buffer[block + at : block + at + min(width, len(value))] = value[:width]
            buffer[block + 148 : block + 156] = b" " * 8
            total = sum(buffer[block : block + 512])
            buffer[block + 148 : block + 156] = b"%06o\0 " % total
        elif action == 3:
            buffer[block:block] = bytes(512) * rng.choice([1, 2])
        elif action == 4:
            del buffer[block : block + 512]
        else:
            other = 512 * rng.randrange(max(1, len(buffer) // 512))
            buffer[block:block] = buffer[other : other + 512]
    return bytes(buffer)


def read_zipfile(path: str, to: str) -> None:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            try:
                with open(f"{to}/{len(os.listdir(to))}", "wb") as out:
                    out.write(archive.read(info))
            except Exception:
                pass


def read_tarfile(path: str, to: str) -> None:
    with tarfile.open(path) as archive:
        for info in archive:
            found = archive.extractfile(info) if info.isreg() else None
            if found:
                with open(f"{to}/{len(os.listdir(to))}", "wb") as out:
                    out.write(found.read(1_000_000))


def tools(kind: str) -> dict:
    seven = shutil.which("7zz") or shutil.which("7z")
    known = {}
    if kind == "zip":
        known["python"] = read_zipfile
        if shutil.which("unzip"):
            known["unzip"] = ["unzip", "-o", "-qq", "{path}", "-d", "{to}"]
    else:
        known["python"] = read_tarfile
        known["tar"] = ["tar", "-xf", "{path}", "-C", "{to}", "--no-same-owner"]
    if seven:
        known["7z"] = [seven, "x", "-y", "-bd", "-px", "-o{to}", "{path}"]
    if shutil.which("bsdtar"):
        known["bsdtar"] = ["bsdtar", "-xf", "{path}", "-C", "{to}"]
        known["bsdtar-stream"] = ["sh", "-c", "cat '{path}' | bsdtar -xf - -C '{to}'"]
    return known


def holds(to: str) -> bool:
    for folder, _, files in os.walk(to):
        for file in files:
            path = os.path.join(folder, file)
            if os.path.islink(path) or not os.path.isfile(path):
                continue
            with open(path, "rb") as source:
                if PAYLOAD in source.read(1_000_000):
                    return True
    return False


def extract(tool, path: str, to: str) -> bool:
    shutil.rmtree(to, ignore_errors=True)
    os.makedirs(to)
    try:
        if callable(tool):
            tool(path, to)
        else:
            command = [part.format(path=path, to=to) for part in tool]
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=10)
    except Exception:
        pass
    subprocess.run(["chmod", "-R", "u+rwx", to], stderr=subprocess.DEVNULL)
    return holds(to)


def main() -> None:
    root = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    os.makedirs(root + "/archives", exist_ok=True)
    found = {}
    for number in range(count):
        kind = rng.choice(["zip", "zip", "tar"])
        data = mutate_zip(zips(rng), rng) if kind == "zip" else mutate_tar(tars(rng), rng)
        name = f"{number:05}.{kind}"
        path = f"{root}/archives/{name}"
        with open(path, "wb") as out:
            out.write(data)
        found[name] = [tool for tool, how in tools(kind).items() if extract(how, path, root + "/out")]
    shutil.rmtree(root + "/out", ignore_errors=True)
    with open(root + "/extracted.json", "w") as out:
        json.dump(found, out, indent=0)


main()
