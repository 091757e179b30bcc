import { scanTar } from "../../archive/tar.js";
import { BLOCK, isTarHeader, readTarHeader } from "../../archive/tar-header.js";
import type { Part, Scan } from "../../core/scan.js";
import type { Source } from "../../core/source.js";

const MAX_LISTED = 2_000;

/** Tar files that are a model's own container, or a layer of a container image. */
export function scanTarModel(scan: Scan, part: Part): string {
  const names = firstNames(scan, part.source);
  if (LAYER.test(part.name) && names.some((name) => ROOT.test(name) || WHITEOUT.test(name))) {
    scan.report("image-software", part, "The programs and system files of the image were not examined.", {
      cause: "image",
    });
    scanTar(scan, { ...part, image: true });
    return "image-layer";
  }
  scanTar(scan, part);
  if (names.includes("model_config.yaml")) return "nemo";
  const layers = names.includes("manifest.json") && names.some((name) => LAYER.test(name));
  return layers || names.includes("oci-layout") ? "image" : "tar";
}

/** Names of members without their leading `./`; long names are cut as their headers cut them. */
function firstNames(scan: Scan, source: Source): string[] {
  const names: string[] = [];
  for (let at = 0; names.length < MAX_LISTED && at + BLOCK <= source.size; ) {
    scan.budget.step();
    const header = source.read(at, BLOCK);
    if (!isTarHeader(header)) break;
    const { name, size } = readTarHeader(header);
    names.push(name.replace(/^(\.?\/)+/, ""));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return names;
}

/** What OCI layouts and `docker save` call their layers. */
const LAYER = /(^|\/)([0-9a-f]{64}(\.tar)?|layer\.tar)$/;
const ROOT = /^(bin|boot|dev|etc|lib|lib32|lib64|proc|root|run|sbin|sys|usr|var)\/./;
/** A file that a layer removes (OCI image layer specification). */
const WHITEOUT = /(^|\/)\.wh\../;

const SOFTWARE =
  /^(bin|boot|dev|etc|lib|lib32|lib64|libx32|proc|run|sbin|sys|usr|var|opt\/(conda|venv|nvidia|intel|rocm\w*))\/|(^|\/)(site-packages|dist-packages|node_modules|lib\/python3\.\d+|lib\/R\/library)\//;
const MODEL =
  /\.(pkl|pickle|dill|joblib|pt|pth|ckpt|safetensors|gguf|ggml|onnx|keras|h5|hdf5|npy|npz|tflite|pte|skops|mar|nemo|ubj|cbm|pmml|msgpack|mlmodel)$/i;
const TEST = /(^|\/)tests?\//;

/** Whether a member of an image's layer is software, which a scanner of images knows better than this one. */
export function isImageSoftware(name: string): boolean {
  const path = name.replace(/^(\.?\/)+/, "");
  return SOFTWARE.test(path) && (!MODEL.test(path) || TEST.test(path));
}
