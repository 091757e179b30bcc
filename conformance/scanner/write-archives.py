"""Writes archives with every archiver that is installed: write-archives.py DIRECTORY

DIRECTORY/clean holds archives of a harmless tree, DIRECTORY/malicious the same archivers' archives of a tree with an
inert pickle that names os.system. Nothing here is ever loaded. Uses Python's own modules and, where they are there,
zip, 7zz (or 7z), bsdtar, GNU tar, cpio, ar, xz, zstd, lz4, bzip2, py7zr and zipfile-deflate64.
"""

import io
import os
import pickle
import random
import shutil
import struct
import subprocess
import sys
import tarfile
import zipfile

PAYLOAD = b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x0aecho pwned\x85R."


def tree(where: str, hostile: bool) -> None:
    os.makedirs(where + "/model/weights/ünïcode", exist_ok=True)
    os.makedirs(where + "/model/empty", exist_ok=True)
    rng = random.Random(7)
    with open(where + "/model/config.json", "w") as out:
        out.write('{"architectures": ["Bert"], "hidden_size": 768}\n' * 1)
    with open(where + "/model/README.md", "w") as out:
        out.write("# A model\n\n" + "It classifies things. " * 2000)
    for name, size in (("a.bin", 300_000), ("ünïcode/b.bin", 70_000), ("zero.bin", 100_000)):
        with open(where + "/model/weights/" + name, "wb") as out:
            out.write(bytes(size) if name.startswith("zero") else rng.randbytes(size))
    with open(where + "/model/long-" + "x" * 150 + ".txt", "w") as out:
        out.write("a long name\n")
    open(where + "/model/nothing.txt", "w").close()
    os.symlink("weights/a.bin", where + "/model/link.bin")
    os.symlink("../config.json", where + "/model/weights/config.json")
    shutil.copy("/bin/ls", where + "/tool") if hostile else None
    with open(where + "/model/labels.pkl", "wb") as out:
        out.write(PAYLOAD if hostile else pickle.dumps({"labels": ["a", "b"], "n": 3}))


def run(command: str, cwd: str) -> None:
    done = subprocess.run(command, shell=True, cwd=cwd, capture_output=True)
    if done.returncode != 0:
        print("failed:", command, done.stderr.decode()[-300:])


def with_zipfile(source: str, out: str) -> None:
    methods = {"stored": 0, "deflated": 8, "bzip2": 12, "lzma": 14}
    if hasattr(zipfile, "ZIP_ZSTANDARD"):
        methods["zstd"] = 93
    try:
        import zipfile_deflate64  # noqa: F401  (registers method 9)
    except ImportError:
        pass
    for name, method in methods.items():
        with zipfile.ZipFile(f"{out}/python-{name}.zip", "w", method) as archive:
            for folder, _, files in os.walk(source):
                archive.write(folder, os.path.relpath(folder, source) + "/")
                for file in files:
                    path = os.path.join(folder, file)
                    with archive.open(os.path.relpath(path, source), "w", force_zip64=True) as to:
                        to.write(open(path, "rb").read())

    class Pipe(io.RawIOBase):
        def __init__(self, to: str) -> None:
            self.to = open(to, "wb")

        def writable(self) -> bool:
            return True

        def write(self, data) -> int:
            return self.to.write(data)

    with zipfile.ZipFile(Pipe(f"{out}/python-stream.zip"), "w", 8) as archive:
        archive.write(f"{source}/model/labels.pkl", "labels.pkl")
        archive.writestr("raw.bin", os.urandom(5000), 0)
        archive.comment = b"a comment"


def with_tarfile(source: str, out: str) -> None:
    for name, form in {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}.items():
        for mode in ("", "gz", "bz2", "xz"):
            if name != "pax" and mode:
                continue
            try:
                with tarfile.open(f"{out}/python-{name}.tar{'.' if mode else ''}{mode}", f"w:{mode}", format=form) as archive:
                    archive.add(source, ".", recursive=True)
            except ValueError as error:
                print("failed: tarfile", name, error)


def apple_double(source: str, out: str) -> None:
    """What macOS adds: resource forks and folder settings."""
    fork = struct.pack(">II16sH", 0x00051607, 0x00020000, b"Mac OS X        ", 2)
    fork += struct.pack(">III", 9, 50, 3760) + struct.pack(">III", 2, 3810, 286) + bytes(4046)
    store = b"\0\0\0\1Bud1\0\0\x10\0\0\0\x08\0\0\0\x10\0" + bytes(6100)
    with zipfile.ZipFile(f"{out}/macos.zip", "w", 8) as archive:
        archive.write(f"{source}/model/labels.pkl", "model/labels.pkl")
        archive.writestr("model/.DS_Store", store)
        archive.writestr("__MACOSX/._model", fork)
        archive.writestr("__MACOSX/model/._labels.pkl", fork)
    with zipfile.ZipFile(f"{out}/windows.zip", "w", 8) as archive:
        for path in ("model/labels.pkl", "model/config.json"):
            info = zipfile.ZipInfo("x")
            info.filename = path.replace("/", "\\")
            info.create_system = 0
            archive.writestr(info, open(f"{source}/{path}", "rb").read())
        archive.writestr("model\\Thumbs.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000))
        archive.writestr("desktop.ini", "[.ShellClassInfo]\r\n")


def with_programs(source: str, out: str) -> None:
    seven = shutil.which("7zz") or shutil.which("7z")
    commands = []
    if shutil.which("zip"):
        commands += [f"zip -qr {out}/infozip.zip .", f"zip -qry {out}/infozip-links.zip ."]
        commands += [f"zip -qr - . | cat > {out}/infozip-stream.zip", f"zip -qr0 -fz {out}/infozip-zip64.zip ."]
        commands += [f"zip -qr -Z bzip2 {out}/infozip-bzip2.zip .", f"LC_ALL=C zip -qr {out}/infozip-c.zip ."]
    if seven:
        for method in ("Copy", "Deflate", "Deflate64", "BZip2", "LZMA", "xz"):
            commands.append(f"{seven} a -tzip -mm={method} {out}/7z-{method}.zip .")
        for method in ("Copy", "LZMA", "LZMA2", "BZip2", "Deflate", "Deflate64"):
            commands.append(f"{seven} a -m0={method} {out}/7z-{method}.7z .")
        commands += [f"{seven} a -mx=9 {out}/7z-ultra.7z .", f"{seven} a -ms=off -mhc=off {out}/7z-loose.7z ."]
        commands += [f"{seven} a -mf=on -snl {out}/7z-links.7z .", f"{seven} a -m0=BCJ2 -m1=LZMA -m2=LZMA -m3=LZMA -mb0:1 -mb0s1:2 -mb0s2:3 {out}/7z-bcj2.7z ."]
        for filters in ("Delta:4", "ARM", "ARMT", "ARM64", "PPC", "SPARC", "BCJ"):
            commands.append(f"{seven} a -mf={filters} {out}/7z-{filters.replace(':', '')}.7z .")
        commands += [f"{seven} a -ttar {out}/7z.tar .", f"{seven} a -txz {out}/7z.pkl.xz model/labels.pkl"]
    if shutil.which("bsdtar"):
        for form in ("ustar", "pax", "gnutar", "v7", "cpio", "newc", "odc", "ar", "zip", "7zip"):
            extension = {"zip": "zip", "7zip": "7z", "ar": "a", "cpio": "cpio", "newc": "cpio", "odc": "cpio"}.get(form, "tar")
            what = "model/labels.pkl" if form == "ar" else "."
            commands.append(f"bsdtar --format {form} -cf {out}/bsdtar-{form}.{extension} {what} || true")
        for filters in ("gzip", "bzip2", "xz", "lzma", "zstd", "lz4"):
            commands.append(f"bsdtar --{filters} -cf {out}/bsdtar.tar.{filters} .")
    for form in ("gnu", "oldgnu", "pax", "posix", "ustar", "v7"):
        commands.append(f"tar --format={form} -cf {out}/tar-{form}.tar . 2>/dev/null || true")
    commands.append(f"truncate -s 3M sparse.bin; tar -S -cf {out}/tar-sparse.tar . ; tar -S --format=posix -cf {out}/tar-sparse-pax.tar .; rm sparse.bin")
    if shutil.which("cpio"):
        commands.append(f"find . -type f | cpio -o -H newc > {out}/cpio-newc.cpio")
    if shutil.which("ar"):
        commands.append(f"ar rc {out}/ar.a model/labels.pkl model/README.md")
    for program, extension in (("gzip", "gz"), ("bzip2", "bz2"), ("xz", "xz"), ("lzma", "lzma"), ("zstd", "zst"), ("lz4", "lz4")):
        if shutil.which(program):
            commands.append(f"{program} -c model/labels.pkl > {out}/labels.pkl.{extension}")
    for command in commands:
        run(command, source)


def with_py7zr(source: str, out: str) -> None:
    try:
        import py7zr
    except ImportError:
        print("skipped: py7zr is not here")
        return
    filters = {
        "default": None,
        "lzma": [{"id": py7zr.FILTER_LZMA}],
        "delta": [{"id": py7zr.FILTER_DELTA}, {"id": py7zr.FILTER_LZMA2, "preset": 6}],
        "deflate": [{"id": py7zr.FILTER_DEFLATE}],
        "bzip2": [{"id": py7zr.FILTER_BZIP2}],
        "copy": [{"id": py7zr.FILTER_COPY}],
        "zstd": [{"id": py7zr.FILTER_ZSTD, "level": 3}],
        "arm": [{"id": py7zr.FILTER_ARM}, {"id": py7zr.FILTER_LZMA2, "preset": 6}],
    }
    for name, chain in filters.items():
        with py7zr.SevenZipFile(f"{out}/py7zr-{name}.7z", "w", filters=chain) as archive:
            archive.writeall(source, "x")


def main() -> None:
    root = os.path.abspath(sys.argv[1])
    for kind in ("clean", "malicious"):
        out = f"{root}/{kind}"
        source = f"{root}/source-{kind}"
        os.makedirs(out)
        tree(source, kind == "malicious")
        with_zipfile(source, out)
        with_tarfile(source, out)
        apple_double(source, out)
        with_programs(source, out)
        with_py7zr(source, out)
        shutil.rmtree(source)


main()
