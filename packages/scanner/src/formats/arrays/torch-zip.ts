import { checkStored, isEmpty, type Member, type ZipContent } from "../../archive/zip-scan.js";
import { digestMember } from "../../content/digests.js";
import { examineContent } from "../../content/examine.js";
import { examineWeights } from "../../content/weights/examine.js";
import { numberType, type Tensor } from "../../content/weights/tensor.js";
import type { Part, Scan } from "../../core/scan.js";
import { carve, probe, type Stream, scanPickle, scanStream } from "../../pickle/streams.js";
import { scanTorchScript } from "../graphs/torchscript.js";
import { elementSize, storageId } from "./torch-storage.js";

const DATA = /^((?:.*\/)?)data\.pkl$/;

/** The directory of torch's `data.pkl`, or undefined when the archive is no torch file. */
export function torchRoot(zip: ZipContent): string | undefined {
  for (const { name } of zip.members) {
    const match = DATA.exec(name);
    if (match) return match[1] ?? "";
  }
  return undefined;
}

/**
 * Proves a torch file by its structure: only members that a pickle's canonical persistent ids name as storages are
 * tensor bytes. Every other member is examined.
 */
export function scanTorchZip(scan: Scan, part: Part, zip: ZipContent, root: string): string {
  const storages: Storages = new Map();
  const tensors: Tensor[] = [];
  const pickles = new Set(
    zip.members.filter(({ name }) => /\.pkl$/i.test(name) && !/\.debug_pkl$/.test(name)),
  );
  for (const member of pickles) scan.scoped(() => scanMemberPickle(scan, member, zip, storages));
  const script = zip.members.some(
    ({ name }) => name === `${root}constants.pkl` || name.startsWith(`${root}code/`),
  );
  for (const member of zip.members) {
    if (pickles.has(member) || isEmpty(member.entry)) continue;
    const claimed = storages.get(member.name);
    if (claimed !== undefined) {
      checkStorage(scan, member, claimed.bytes);
      checkDecoy(scan, member, zip);
      collectTensor(scan, member, claimed.type, zip, tensors);
      continue;
    }
    scan.scoped(() => examineOther(scan, part, member, zip, root, script));
  }
  examineWeights(scan, part, tensors);
  return script ? "torchscript" : "torch";
}

/** What the pickles claim of each storage, by the name of its member. */
type Storages = Map<string, { bytes: number; type: string }>;

/** Stored members are looked at where they lie; torch compresses none. */
function collectTensor(scan: Scan, member: Member, type: string, zip: ZipContent, tensors: Tensor[]): void {
  const { name, entry, part } = member;
  if (entry.method !== 0 && scan.budget.limits.memberDigests === 0) return;
  scan.scoped(() => {
    const source = zip.open(member);
    if (!source) return;
    digestMember(scan, { ...part, source });
    if (entry.method === 0)
      tensors.push({ name, type: numberType(type), source, offset: 0, length: source.size });
  });
}

function scanMemberPickle(scan: Scan, member: Member, zip: ZipContent, storages: Storages): void {
  const source = zip.open(member);
  if (!source) return;
  const part: Part = { ...member.part, source };
  checkStored(scan, member, source);
  scan.guard(part, () => {
    const directory = `${member.name.slice(0, -".pkl".length)}/`;
    const stream = scanStream(scan, part, 0);
    collectStorages(stream, directory, storages);
    if (!stream.stopped || stream.end < source.size) scanPickle(scan, part);
  });
  scan.guard(part, () => examineContent(scan, part, "pickle", "pickle"));
}

function collectStorages(stream: Stream, directory: string, storages: Storages): void {
  for (const id of stream.judge.persistentIds) {
    const storage = storageId(id);
    if (!storage) continue;
    const bytes = storage.elements * elementSize(storage.type);
    const name = `${directory}${storage.key}`;
    storages.set(name, { bytes: Math.max(bytes, storages.get(name)?.bytes ?? 0), type: storage.type });
  }
}

function checkStorage(scan: Scan, { part, entry }: Member, claimed: number): void {
  if (claimed <= entry.size) return;
  scan.report("torch-storage-mismatch", part, `A tensor claims ${claimed} bytes of ${entry.size}.`, {
    cause: "storage",
  });
}

/** A storage that is another loader's file: numpy and others find members by their own rules. */
function checkDecoy(scan: Scan, member: Member, zip: ZipContent): void {
  if (member.entry.method !== 0) return;
  const source = zip.open(member);
  const head = source?.read(0, 6);
  if (!source || !head) return;
  const part: Part = { ...member.part, source };
  if (head.equals(NPY)) scan.examine(part);
  else if (head[0] === 0x80 && (head[1] ?? 255) <= 5) scan.guard(part, () => void carve(scan, part, 0, 1));
}

const NPY = Buffer.from("\x93NUMPY", "latin1");

const PLAIN =
  /(^|\/)(version|byteorder|\.format_version|\.storage_alignment|\.data\/serialization_id|mobile_ivalue_tensor)$/;

function examineOther(
  scan: Scan,
  parent: Part,
  member: Member,
  zip: ZipContent,
  root: string,
  script: boolean,
): void {
  const source = zip.open(member);
  if (!source) return;
  const part: Part = { ...member.part, source };
  checkStored(scan, member, source);
  digestMember(scan, part);
  if (PLAIN.test(member.name) && source.size <= 256) {
    const reads = probe(source, 0).called;
    scan.guard(part, () => void (reads ? scanPickle(scan, part) : carve(scan, part, 0, source.size)));
    return;
  }
  if (script && member.name.startsWith(`${root}code/`) && member.name.endsWith(".py")) {
    scanTorchScript(scan, part);
    return;
  }
  if (script && member.name.endsWith(".debug_pkl")) {
    scan.guard(part, () => void scanStream(scan, part, 0));
    return;
  }
  const format = scan.examine(part);
  if (format === "unknown" && member.name.startsWith(`${root}data/`)) {
    const message = `The member ${member.name} lies among the tensors but belongs to none.`;
    scan.report("archive-unreferenced", parent, message, {
      offset: member.entry.header,
      cause: "unreferenced",
    });
  }
}
