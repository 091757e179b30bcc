import { littleEndian, type Network, type Tensor, tensorsOf } from "./network.js";
import { bytes, concat, type Field, integer, message, text } from "./protobuf.js";

/** Numbers from onnx.proto3. */
const FLOAT = 1;
const IR_VERSION = 8;
const OPSET = 13;

function initializer(tensor: Tensor): Field[] {
  return [
    ...tensor.shape.map((size) => integer(1, size)),
    integer(2, FLOAT),
    text(8, tensor.name),
    bytes(9, littleEndian(tensor.values)),
  ];
}

/** ValueInfoProto of a two-dimensional float tensor whose first dimension is free. */
function batchOf(name: string, width: number): Field[] {
  const shape = [message(1, [text(2, "batch")]), message(1, [integer(1, width)])];
  return [text(1, name), message(2, [message(1, [integer(1, FLOAT), message(2, shape)])])];
}

function node(operator: string, inputs: string[], output: string): Field {
  const name = text(3, `${operator.toLowerCase()}-${output}`);
  return message(1, [...inputs.map((input) => text(1, input)), text(2, output), name, text(4, operator)]);
}

/** ONNX multiplies from the left, torch from the right: the same numbers, turned. */
function transposed(tensor: Tensor): Tensor {
  const [rows = 0, columns = 0] = tensor.shape;
  const values = tensor.values.map((_, at) => {
    return tensor.values[(at % rows) * columns + Math.floor(at / rows)] ?? 0;
  });
  return { name: tensor.name, shape: [columns, rows], values };
}

/** A ModelProto that takes raw feature rows and gives one probability of default for each. */
export function toOnnx(network: Network): Uint8Array {
  const weights = tensorsOf(network).map((tensor) =>
    tensor.shape.length === 2 ? transposed(tensor) : tensor,
  );
  const graph = [
    node("Sub", ["features", "input.mean"], "centred"),
    node("Div", ["centred", "input.scale"], "standardised"),
    node("MatMul", ["standardised", "hidden.weight"], "hidden.product"),
    node("Add", ["hidden.product", "hidden.bias"], "hidden.sum"),
    node("Relu", ["hidden.sum"], "hidden"),
    node("MatMul", ["hidden", "output.weight"], "output.product"),
    node("Add", ["output.product", "output.bias"], "logit"),
    node("Sigmoid", ["logit"], "probability"),
    text(2, "credit-risk"),
    ...weights.map((tensor) => message(5, initializer(tensor))),
    message(11, batchOf("features", network.mean.length)),
    message(12, batchOf("probability", 1)),
  ];
  const opset = [text(1, ""), integer(2, OPSET)];
  return concat([
    integer(1, IR_VERSION),
    text(2, "countersign-example"),
    message(7, graph),
    message(8, opset),
  ]);
}
