"""Compressed streams of every kind that Python, lz4 and zstandard write."""

import bz2
import gzip
import io
import lzma
import os
import pickle
import zlib

from writers.material import RICH, TEXT, write


def compressed():
    data = pickle.dumps(RICH, 4)
    write("rich.pkl.gz", gzip.compress(data, mtime=0))
    out = io.BytesIO()
    with gzip.GzipFile("model.pkl", "wb", 9, out, mtime=1) as file:
        file.write(data)
    write("named.pkl.gz", out.getvalue() + gzip.compress(b"", mtime=0))
    write("rich.pkl.bz2", bz2.compress(data, 1))
    write("text.bz2", bz2.compress(TEXT * 30, 9) + bz2.compress(b"a" * 5000))
    write("rich.pkl.xz", lzma.compress(data, lzma.FORMAT_XZ, lzma.CHECK_CRC64))
    write("text.xz", lzma.compress(TEXT, lzma.FORMAT_XZ, lzma.CHECK_SHA256) + lzma.compress(os.urandom(0) + bytes(range(256)) * 2, check=lzma.CHECK_NONE))
    delta = [{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_LZMA2, "preset": 6}]
    write("delta.xz", lzma.compress(data, lzma.FORMAT_XZ, filters=delta))
    x86 = [{"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2, "lc": 0, "lp": 2, "pb": 0}]
    write("x86.xz", lzma.compress(data, lzma.FORMAT_XZ, filters=x86))
    write("rich.pkl.lzma", lzma.compress(data, lzma.FORMAT_ALONE))
    write("text.lzma", lzma.compress(TEXT * 4, lzma.FORMAT_ALONE, filters=[{"id": lzma.FILTER_LZMA1, "lc": 2, "lp": 1, "pb": 0}]))
    write("rich.pkl.zlib", zlib.compress(data))
    import lz4.block
    import lz4.frame
    import zstandard

    write("rich.pkl.lz4", lz4.frame.compress(data))
    write("full.lz4", lz4.frame.compress(TEXT * 3, content_checksum=True, block_checksum=True, block_linked=False, store_size=True))
    write("linked.lz4", lz4.frame.compress(TEXT * 40, block_size=lz4.frame.BLOCKSIZE_MAX64KB, block_linked=True) + lz4.frame.compress(os.urandom(0) + bytes(range(256))))
    write("rich.pkl.zst", zstandard.ZstdCompressor(level=3).compress(data))
    write("text.zst", zstandard.ZstdCompressor(level=19, write_checksum=True).compress(TEXT * 3))
    writer = zstandard.ZstdCompressor(level=1, write_content_size=False).compressobj()
    write("stream.zst", writer.compress(TEXT) + writer.flush())
