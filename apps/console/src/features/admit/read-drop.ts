/** One file of a model, by its path inside the model's directory. */
export interface PickedFile {
  path: string;
  data: File;
}

export interface Picked {
  /** What to call the model: the folder's or the file's name. */
  name: string;
  files: PickedFile[];
}

/** Version control is not the model: the manifest leaves these out too. */
const SKIPPED = /^(\.git|\.github|\.gitignore|\.gitattributes|\.DS_Store)(\/|$)/;

const childrenOf = async (directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> => {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  // A reader hands out at most a hundred entries at a time and an empty list when it is done.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
};

const walk = async (entry: FileSystemEntry, prefix: string): Promise<PickedFile[]> => {
  const path = `${prefix}${entry.name}`;
  if (entry.isFile) {
    const data = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path, data }];
  }
  const files: PickedFile[] = [];
  for (const child of await childrenOf(entry as FileSystemDirectoryEntry))
    files.push(...(await walk(child, `${path}/`)));
  return files;
};

/** Reads what was dropped, folders and all. */
export const readDrop = async (items: DataTransferItemList): Promise<Picked> => {
  // The list empties as soon as the handler yields, so take everything out first.
  const dropped = Array.from(items, (item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const files: PickedFile[] = [];
  for (const { entry, file } of dropped) {
    if (entry !== null) files.push(...(await walk(entry, "")));
    else if (file !== null) files.push({ path: file.name, data: file });
  }
  return arrange(files);
};

/** Reads what was chosen with a file dialog. */
export const readChosen = (list: FileList): Picked =>
  arrange(Array.from(list, (data) => ({ path: data.webkitRelativePath || data.name, data })));

/** A single folder is the model: its own name is not part of the paths inside. */
export const arrange = (files: PickedFile[]): Picked => {
  const top = files[0]?.path.split("/")[0] ?? "";
  const oneFolder = files.length > 0 && files.every(({ path }) => path.startsWith(`${top}/`));
  const inside = oneFolder
    ? files.map(({ path, data }) => ({ path: path.slice(top.length + 1), data }))
    : files;
  const kept = inside.filter(({ path }) => !SKIPPED.test(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
  return { name: nameFrom(oneFolder || files.length > 1 ? top : top.replace(/\.[^.]+$/, "")), files: kept };
};

/** A name that the server takes: letters, digits and a few signs, not starting with a sign. */
export const nameFrom = (text: string): string =>
  text
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{N}._@/+-]+/gu, "-")
    .replace(/^[^\p{L}\p{N}]+/u, "")
    .slice(0, 128);
