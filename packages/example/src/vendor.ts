import type { Tensor } from "./network.js";
import { call, global, program, string } from "./pickle.js";
import { toPoisonedTorchZip } from "./poison.js";
import { seededRandom } from "./random.js";
import { toSafetensors } from "./safetensors.js";
import { storedZip } from "./zip.js";

type Files = Record<string, Uint8Array | string>;

/**
 * A vendor's delivery in which every kind of finding has a file: clean weights, a helper that calls a function nobody knows, an archive with a
 * password, and last year's checkpoint, which runs a command and lies inside another archive.
 */
export function vendorDelivery(tensors: readonly Tensor[]): Files {
  const text = new TextEncoder();
  const random = seededRandom(ENCRYPTED_SEED);
  const encrypted = Uint8Array.from({ length: 256 }, () => random.below(256));
  return {
    "README.md": CARD,
    "model.safetensors": toSafetensors(tensors, { format: "pt" }),
    "encoder.pkl": program([call(global("vendor_tools.regions", "region_table"), [string("se-1")])]),
    "calibration.zip": storedZip([{ name: "calibration.pkl", bytes: encrypted, encrypted: true }]),
    "archive-2025.zip": storedZip([
      { name: "notes.txt", bytes: text.encode("Last year's checkpoint, for comparison.\n") },
      { name: "checkpoints/model.pt", bytes: toPoisonedTorchZip(tensors) },
    ]),
  };
}

/** What a cipher leaves looks like chance; nothing is hidden in it. */
const ENCRYPTED_SEED = 20_260_401;

const CARD = `---
license: apache-2.0
---
# Credit risk, a vendor's delivery

Weights (\`model.safetensors\`), the encoder of regions (\`encoder.pkl\`), calibration tables (\`calibration.zip\`, password by
telephone) and last year's checkpoint (\`archive-2025.zip\`).
`;
