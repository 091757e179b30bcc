import { CONTAINERS } from "./containers.js";
import type { Handler } from "./machine.js";
import { OBJECTS } from "./objects.js";
import { SCALARS } from "./scalars.js";

/** Every opcode of protocols 0 to 5 but STOP, by its byte. */
export const OPCODES: readonly (Handler | undefined)[] = Array.from(
  { length: 256 },
  (_, opcode) => SCALARS[opcode] ?? CONTAINERS[opcode] ?? OBJECTS[opcode],
);
