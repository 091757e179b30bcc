// A finding is right when a label of the same kind has the same name, letter case aside. Each label counts once.

const key = ({ kind, name }) => `${kind} ${name.toLowerCase()}`;

export function score(labels, findings) {
  const open = new Map(labels.map((label) => [key(label), label]));
  const wrong = [];
  let right = 0;
  for (const finding of findings) {
    if (open.delete(key(finding))) right++;
    else wrong.push(finding);
  }
  return { right, found: findings.length, wanted: labels.length, wrong, lost: [...open.values()] };
}
