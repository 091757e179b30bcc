"""Writes compressed streams, whole and damaged, with what Python's decoders give of each before they stop.

write-streams.py CASES.json [COUNT] [SEED]. Uses zlib, bz2, lzma and, where they are installed, zstandard and lz4.
check-streams.mjs CASES.json then demands that the scanner's decoders give at least as much.
"""

import base64
import bz2
import json
import lzma
import random
import sys
import zlib

rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
MOST = 300_000


def content() -> bytes:
    kind = rng.randrange(4)
    if kind == 0:
        return rng.randbytes(rng.randrange(1, 3000))
    if kind == 1:
        return b"".join(rng.choice([b"abc", b"model", rng.randbytes(3)]) for _ in range(rng.randrange(800)))
    if kind == 2:
        return bytes([rng.randrange(3)]) * rng.randrange(20000)
    piece = rng.randbytes(200)
    return piece + b"x" * rng.randrange(5000) + piece


def gzip(data: bytes) -> bytes:
    packer = zlib.compressobj(rng.randrange(10), wbits=31)
    return packer.compress(data) + packer.flush()


KINDS = {
    "gz": (gzip, lambda: zlib.decompressobj(31)),
    "bz2": (lambda data: bz2.compress(data, rng.randrange(1, 10)), bz2.BZ2Decompressor),
    "xz": (lambda data: lzma.compress(data, preset=rng.choice([0, 6])), lzma.LZMADecompressor),
    "lzma": (
        lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE),
        lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE),
    ),
}
try:
    import zstandard

    def zstd(data: bytes) -> bytes:
        options = {"write_checksum": rng.random() < 0.5, "write_content_size": rng.random() < 0.5}
        return zstandard.ZstdCompressor(level=rng.choice([1, 3, 9, 19]), **options).compress(data)

    KINDS["zst"] = (zstd, lambda: zstandard.ZstdDecompressor().decompressobj())
except ImportError:
    print("skipped: zstandard is not here")
try:
    import lz4.frame

    def lz4_frame(data: bytes) -> bytes:
        options = {"block_linked": rng.random() < 0.5, "content_checksum": rng.random() < 0.5}
        options |= {"block_checksum": rng.random() < 0.3, "store_size": rng.random() < 0.5}
        return lz4.frame.compress(data, compression_level=rng.choice([0, 9]), **options)

    KINDS["lz4"] = (lz4_frame, lz4.frame.LZ4FrameDecompressor)
except ImportError:
    print("skipped: lz4 is not here")


def damage(packed: bytearray) -> None:
    for _ in range(rng.choice([1, 1, 2])):
        at = rng.randrange(len(packed)) if packed else 0
        action = rng.randrange(4)
        if action < 2 and packed:
            packed[at] = rng.randrange(256)
        elif action == 2:
            del packed[at : at + rng.choice([1, 4, 100])]
        else:
            packed[at:at] = rng.randbytes(rng.choice([1, 3]))


def main() -> None:
    cases = []
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 1000):
        kind = rng.choice(list(KINDS))
        pack, decoder = KINDS[kind]
        packed = bytearray(pack(content()))
        if rng.random() < 0.8:
            damage(packed)
        unpacker = decoder()
        given = b""
        try:
            for at in range(len(packed)):
                given += unpacker.decompress(bytes(packed[at : at + 1]))
                if getattr(unpacker, "eof", False) or len(given) > MOST:
                    break
        except Exception:
            pass
        cases.append([kind, base64.b64encode(packed).decode(), base64.b64encode(given[:MOST]).decode()])
    with open(sys.argv[1], "w") as out:
        json.dump(cases, out)


main()
