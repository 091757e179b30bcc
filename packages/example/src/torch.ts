import { littleEndian, type Tensor } from "./network.js";
import {
  BINPERSID,
  call,
  global,
  integer,
  MARK,
  NEWFALSE,
  type Opcode,
  program,
  SETITEMS,
  string,
  tuple,
} from "./pickle.js";
import { concat } from "./protobuf.js";
import { type Member, storedZip } from "./zip.js";

const orderedDict = (): Opcode => call(global("collections", "OrderedDict"), []);

/** Row-major: the last dimension is dense. */
function strides(shape: readonly number[]): number[] {
  return shape.map((_, at) => shape.slice(at + 1).reduce((product, size) => product * size, 1));
}

/** `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks)` over the persistent id of a storage. */
function tensorOpcodes({ shape, values }: Tensor, key: number): Opcode {
  const storage = tuple([
    string("storage"),
    global("torch", "FloatStorage"),
    string(String(key)),
    string("cpu"),
    integer(values.length),
  ]);
  return call(global("torch._utils", "_rebuild_tensor_v2"), [
    concat([storage, BINPERSID]),
    integer(0),
    tuple(shape.map(integer)),
    tuple(strides(shape).map(integer)),
    NEWFALSE,
    orderedDict(),
  ]);
}

/** The opcodes of a state dictionary; they leave one object on the stack. */
function stateDictionary(tensors: readonly Tensor[]): Opcode[] {
  const items = tensors.flatMap((tensor, key) => [string(tensor.name), tensorOpcodes(tensor, key)]);
  return [orderedDict(), MARK, ...items, SETITEMS];
}

/**
 * What `torch.save(state_dict, path)` writes: a stored zip whose `data.pkl` names tensors by key and whose
 * `data/<key>` hold their bytes. `before` runs ahead of the state dictionary: see poison.ts.
 */
export function toTorchZip(tensors: readonly Tensor[], before: readonly Opcode[] = []): Uint8Array {
  const text = new TextEncoder();
  const members: Member[] = [
    { name: "archive/data.pkl", bytes: program([...before, ...stateDictionary(tensors)]) },
    { name: "archive/byteorder", bytes: text.encode("little") },
    ...tensors.map(({ values }, key) => ({ name: `archive/data/${key}`, bytes: littleEndian(values) })),
    { name: "archive/version", bytes: text.encode("3\n") },
  ];
  return storedZip(members);
}
