/** What the model does on rows it never saw. */
export interface Metrics {
  rows: number;
  trainingRows: number;
  testRows: number;
  /** Share of defaults in the test rows: the accuracy of always answering "repays" is one minus this. */
  defaultRate: number;
  accuracy: number;
  auc: number;
}

export function accuracy(scores: readonly number[], labels: readonly number[]): number {
  const right = scores.filter((score, at) => (score >= 0.5 ? 1 : 0) === labels[at]).length;
  return right / scores.length;
}

/** Area under the ROC curve by Mann and Whitney's ranks; equal scores share their mean rank. */
export function areaUnderCurve(scores: readonly number[], labels: readonly number[]): number {
  const order = scores
    .map((score, at) => ({ score, label: labels[at] ?? 0 }))
    .sort((a, b) => a.score - b.score);
  let rankSum = 0;
  let positives = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && order[end]?.score === order[start]?.score) end++;
    const found = order.slice(start, end).filter((row) => row.label === 1).length;
    rankSum += (found * (start + 1 + end)) / 2;
    positives += found;
    start = end;
  }
  const negatives = order.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
