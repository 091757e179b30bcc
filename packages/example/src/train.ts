import { accuracy, areaUnderCurve, type Metrics } from "./metrics.js";
import {
  affine,
  type Layer,
  type Network,
  predict,
  sigmoid,
  standardise,
  toSinglePrecision,
} from "./network.js";
import { type Random, seededRandom, shuffled } from "./random.js";
import { type Applicant, FEATURES, featuresOf } from "./table.js";

export const HIDDEN_UNITS = 8;
export const EPOCHS = 30;
export const LEARNING_RATE = 0.05;

export interface Trained {
  network: Network;
  metrics: Metrics;
}

function drawLayer(outputs: number, inputs: number, random: Random): Layer {
  const spread = Math.sqrt(2 / inputs);
  const row = (): number[] => Array.from({ length: inputs }, () => spread * random.normal());
  return { weight: Array.from({ length: outputs }, row), bias: new Array<number>(outputs).fill(0) };
}

function freshNetwork(rows: readonly number[][], random: Random): Network {
  const columns = FEATURES.map((_, at) => rows.map((row) => row[at] ?? 0));
  const mean = columns.map((column) => column.reduce((total, value) => total + value, 0) / column.length);
  const scale = columns.map((column, at) => {
    const centre = mean[at] ?? 0;
    return Math.sqrt(
      column.reduce((total, value) => total + (value - centre) * (value - centre), 0) / column.length,
    );
  });
  const hidden = drawLayer(HIDDEN_UNITS, FEATURES.length, random);
  return { mean, scale, hidden, output: drawLayer(1, HIDDEN_UNITS, random) };
}

function descend(layer: Layer, gradient: readonly number[], input: readonly number[], rate: number): void {
  gradient.forEach((slope, at) => {
    const weights = layer.weight[at] ?? [];
    input.forEach((value, from) => {
      weights[from] = (weights[from] ?? 0) - rate * slope * value;
    });
    layer.bias[at] = (layer.bias[at] ?? 0) - rate * slope;
  });
}

/** One row, one step down the gradient of the cross-entropy. */
function step(network: Network, row: readonly number[], label: number, rate: number): void {
  const input = standardise(network, row);
  const raw = affine(network.hidden, input);
  const hidden = raw.map((value) => Math.max(0, value));
  const error = sigmoid(affine(network.output, hidden)[0] ?? 0) - label;
  const weights = network.output.weight[0] ?? [];
  const back = raw.map((value, at) => (value > 0 ? error * (weights[at] ?? 0) : 0));
  descend(network.output, [error], hidden, rate);
  descend(network.hidden, back, input, rate);
}

/** Plain stochastic gradient descent with a falling rate, on three quarters of the rows. */
export function train(table: readonly Applicant[], seed: number): Trained {
  const random = seededRandom(seed);
  const rows = shuffled(table, random);
  const cut = Math.floor(rows.length * 0.75);
  const training = rows.slice(0, cut).map((row) => ({ input: featuresOf(row), label: row.defaulted }));
  const test = rows.slice(cut);
  const network = freshNetwork(
    training.map(({ input }) => input),
    random,
  );
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const rate = LEARNING_RATE / (1 + epoch);
    for (const { input, label } of shuffled(training, random)) step(network, input, label, rate);
  }
  return measure(toSinglePrecision(network), table.length, cut, test);
}

function measure(network: Network, rows: number, trainingRows: number, test: readonly Applicant[]): Trained {
  const labels = test.map((row) => row.defaulted);
  const scores = test.map((row) => predict(network, featuresOf(row)));
  const defaultRate = labels.filter((label) => label === 1).length / labels.length;
  const metrics = {
    rows,
    trainingRows,
    testRows: test.length,
    defaultRate,
    accuracy: accuracy(scores, labels),
    auc: areaUnderCurve(scores, labels),
  };
  return { network, metrics };
}
