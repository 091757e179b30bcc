"""Archives of zip, tar, 7z, cpio and ar, and the code filters of xz and 7z."""

import io
import lzma
import os
import pickle
import struct
import tarfile
import zipfile

from writers.material import RICH, TEXT, path, write


def archives():
    data = pickle.dumps(RICH, 4)
    with zipfile.ZipFile(path("mixed.zip"), "w") as file:
        for index, method in enumerate((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)):
            file.writestr(f"dir/{index}.pkl", data[:300], method)
        file.writestr("config.json", TEXT, zipfile.ZIP_DEFLATED)
        file.comment = b"a comment"
        file.mkdir("empty")
    with zipfile.ZipFile(path("zip64.zip"), "w") as file:
        with file.open("a.pkl", "w", force_zip64=True) as member:
            member.write(data)

    class Stream(io.BytesIO):
        def seekable(self):
            return False

        def tell(self):
            raise OSError

    out = Stream()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("streamed.pkl", data)
        file.writestr("packed.txt", TEXT, zipfile.ZIP_DEFLATED)
    write("streamed.zip", out.getvalue())
    for name, form in (("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT), ("ustar", tarfile.USTAR_FORMAT)):
        with tarfile.open(path(f"{name}.tar"), "w", format=form) as file:
            for member in ("model.pkl", f"{'deep/' * 15}é.json" if form != tarfile.USTAR_FORMAT else "b.json"):
                info = tarfile.TarInfo(member)
                info.size = len(data) if member.endswith("pkl") else len(TEXT)
                file.addfile(info, io.BytesIO(data if member.endswith("pkl") else TEXT))
            link = tarfile.TarInfo("link")
            link.type, link.linkname = tarfile.SYMTYPE, "model.pkl"
            file.addfile(link)
            folder = tarfile.TarInfo("folder")
            folder.type = tarfile.DIRTYPE
            file.addfile(folder)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as file:
        info = tarfile.TarInfo("model.pkl")
        info.size = len(data)
        file.addfile(info, io.BytesIO(data))
    write("model.tar.gz", out.getvalue())
    import py7zr

    chains = {
        "lzma2": None, "copy": [{"id": py7zr.FILTER_COPY}], "deflate": [{"id": py7zr.FILTER_DEFLATE}], "bzip2": [{"id": py7zr.FILTER_BZIP2}],
        "lzma": [{"id": py7zr.FILTER_LZMA}], "x86": [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2, "preset": 6}],
        "delta": [{"id": py7zr.FILTER_DELTA}, {"id": py7zr.FILTER_LZMA2, "preset": 6}],
        "zstd": [{"id": py7zr.FILTER_ZSTD}], "ppmd": [{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 16 << 10}],
    }
    for name, filters in chains.items():
        try:
            with py7zr.SevenZipFile(path(f"{name}.7z"), "w", filters=filters) as file:
                file.set_encoded_header_mode(name in ("lzma2", "x86"))
                file.writestr(data, "model.pkl")
                file.writestr(TEXT, "config.json")
                file.writestr(b"", "empty.txt")
        except Exception as error:
            print(f"skipped {name}.7z: {error}")


def branches():
    """Code filters of xz and 7z, over bytes that look like calls of every machine that they know."""
    import shutil
    import subprocess
    import tempfile

    code = b"".join(struct.pack("<I", word) + struct.pack(">I", word) for word in (
        0xE8001234, 0x0000E8E9, 0xEB000123, 0xF000F812, 0x48001231, 0x40000012, 0x7FC01234, 0x94000123, 0x90000045, 0x00000297, 0x00412083, 0x010000EF,
    )) * 3 + b"\xe8\x12\x34\x00\x00\xe9\x12\x34\xff\xff\x0f\x84\x12\x00\x00\x00" * 6
    for name in ("ARM", "ARMTHUMB", "IA64", "POWERPC", "SPARC"):
        chain = [{"id": getattr(lzma, f"FILTER_{name}")}, {"id": lzma.FILTER_LZMA2, "preset": 6}]
        write(f"{name.lower()}.xz", lzma.compress(code, lzma.FORMAT_XZ, filters=chain))
    write("legacy.lz4", subprocess.run(["lz4", "-l", "-c"], input=TEXT * 4, capture_output=True, check=True).stdout)
    skip = struct.pack("<II", 0x184D2A53, 5) + b"hello"
    for name in ("rich.pkl.lz4", "rich.pkl.zst"):
        with open(path(name), "rb") as file:
            write(f"skip-{name}", skip + file.read())
    folder = tempfile.mkdtemp()
    for name, content in (("code.bin", code), ("model.pkl", pickle.dumps(RICH, 4)), ("config.json", TEXT), ("empty.txt", b"")):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
    os.symlink("model.pkl", os.path.join(folder, "link.pkl"))
    os.mkdir(os.path.join(folder, "sub"))
    methods = {
        "bcj2": ["-m0=BCJ2", "-m1=LZMA", "-m2=LZMA", "-m3=LZMA", "-mb0:1", "-mb0s1:2", "-mb0s2:3"], "arm64": ["-m0=ARM64", "-m1=LZMA2"],
        "riscv": ["-m0=RISCV", "-m1=LZMA2"], "arm": ["-m0=ARM", "-m1=LZMA"], "armt": ["-m0=ARMT", "-m1=LZMA"], "ppc": ["-m0=PPC", "-m1=LZMA"],
        "sparc": ["-m0=SPARC", "-m1=Copy"], "ia64": ["-m0=IA64", "-m1=Copy"], "swap2": ["-m0=Swap2", "-m1=LZMA"], "swap4": ["-m0=Swap4", "-m1=LZMA"],
        "delta4": ["-m0=Delta:4", "-m1=LZMA"], "deflate64": ["-m0=Deflate64"], "ppmd": ["-m0=PPMD"], "split": ["-ms=off", "-m0=LZMA2"],
        "plain-header": ["-mhc=off", "-m0=BZip2"], "secret": ["-psecret", "-m0=LZMA2"], "hidden": ["-psecret", "-mhe=on"],
    }
    for name, options in methods.items():
        target = os.path.join(folder, f"{name}.7z")
        files = ["code.bin", "model.pkl", "config.json", "empty.txt", "link.pkl", "sub"]
        made = subprocess.run(["7zz", "a", "-snl", *options, target, *files], cwd=folder, capture_output=True)
        if made.returncode != 0:
            print(f"skipped {name}.7z: {made.stderr[-200:]}")
            continue
        with open(target, "rb") as file:
            write(f"7zz-{name}.7z", file.read())
    target = os.path.join(folder, "many.zip")
    subprocess.run(["7zz", "a", "-tzip", "-mm=Deflate64", target, "config.json"], cwd=folder, capture_output=True)
    subprocess.run(["7zz", "a", "-tzip", "-mm=LZMA", target, "model.pkl"], cwd=folder, capture_output=True)
    subprocess.run(["7zz", "a", "-tzip", "-snl", "-psecret", target, "code.bin", "link.pkl"], cwd=folder, capture_output=True)
    with open(target, "rb") as file:
        write("7zz-many.zip", file.read())
    shutil.rmtree(folder)


def unix_archives():
    """GNU tar's four forms of files with holes, and cpio and ar where they are installed."""
    import shutil
    import subprocess
    import tempfile

    folder = tempfile.mkdtemp()
    with open(os.path.join(folder, "holes.pkl"), "wb") as file:
        file.write(pickle.dumps(RICH, 4))
        file.truncate(1 << 17)
        file.seek(1 << 16)
        file.write(b"end")
    with open(os.path.join(folder, "a-name-that-is-longer-than-sixteen.json"), "wb") as file:
        file.write(TEXT)
    forms = {"gnu": ["--format=gnu"], "pax0": ["--format=pax", "--sparse-version=0.0"], "pax01": ["--format=pax", "--sparse-version=0.1"], "pax1": ["--format=pax", "--sparse-version=1.0"]}
    for name, options in forms.items():
        made = subprocess.run(["tar", "-c", "-S", "-b1", *options, "holes.pkl"], cwd=folder, capture_output=True, check=True)
        write(f"sparse-{name}.tar", made.stdout)
    names = b"a-name-that-is-longer-than-sixteen.json\n"
    for form in ("newc", "crc", "odc", "bin"):
        if shutil.which("cpio"):
            made = subprocess.run(["cpio", "-o", "-H", form], cwd=folder, input=names, capture_output=True)
            write(f"{form}.cpio", made.stdout)
    if shutil.which("ar"):
        subprocess.run(["ar", "qc", "made.ar", names.decode().strip()], cwd=folder, check=True)
        with open(os.path.join(folder, "made.ar"), "rb") as file:
            write("gnu.ar", file.read())
    shutil.rmtree(folder)
