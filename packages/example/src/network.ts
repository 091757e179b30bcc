/** A layer as torch keeps it: `weight[output][input]`. */
export interface Layer {
  weight: number[][];
  bias: number[];
}

/** Standardise, one hidden ReLU layer, one sigmoid output: the probability of default. */
export interface Network {
  mean: number[];
  scale: number[];
  hidden: Layer;
  output: Layer;
}

export interface Tensor {
  name: string;
  shape: number[];
  values: Float32Array;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

export function standardise(network: Network, row: readonly number[]): number[] {
  return row.map((value, at) => (value - (network.mean[at] ?? 0)) / (network.scale[at] ?? 1));
}

/** weight * input + bias. */
export function affine(layer: Layer, input: readonly number[]): number[] {
  return layer.weight.map((weights, at) => {
    return sum(weights.map((weight, from) => weight * (input[from] ?? 0))) + (layer.bias[at] ?? 0);
  });
}

export function predict(network: Network, row: readonly number[]): number {
  const hidden = affine(network.hidden, standardise(network, row)).map((value) => Math.max(0, value));
  return sigmoid(affine(network.output, hidden)[0] ?? 0);
}

/** The published weights are 32-bit: round before measuring, so that the figures are those of the files. */
export function toSinglePrecision(network: Network): Network {
  const round = (values: readonly number[]): number[] => values.map(Math.fround);
  const layer = ({ weight, bias }: Layer): Layer => ({ weight: weight.map(round), bias: round(bias) });
  return {
    mean: round(network.mean),
    scale: round(network.scale),
    hidden: layer(network.hidden),
    output: layer(network.output),
  };
}

export function tensorsOf(network: Network): Tensor[] {
  const vector = (name: string, values: number[]): Tensor => {
    return { name, shape: [values.length], values: Float32Array.from(values) };
  };
  const matrix = (name: string, rows: number[][]): Tensor => {
    return { name, shape: [rows.length, rows[0]?.length ?? 0], values: Float32Array.from(rows.flat()) };
  };
  return [
    vector("input.mean", network.mean),
    vector("input.scale", network.scale),
    matrix("hidden.weight", network.hidden.weight),
    vector("hidden.bias", network.hidden.bias),
    matrix("output.weight", network.output.weight),
    vector("output.bias", network.output.bias),
  ];
}

/** Little-endian, as every format here wants it, whatever the machine's own order. */
export function littleEndian(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, at) => {
    view.setFloat32(at * 4, value, true);
  });
  return bytes;
}
