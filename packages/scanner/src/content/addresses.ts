import { WordFinder } from "./secrets/words.js";

const FINDER = new WordFinder(["http://", "https://", "ftp://", "ws://", "wss://", "tcp://"]);
const ADDRESS =
  /(?:https?|ftp|wss?|tcp):\/\/(\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253})(?::\d{1,5})?(?:\/[\w./~%?#=&+@:,;!-]{0,500})?/iy;
const NUMBERS = /(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.-])/g;
/** Bytes in which addresses without a scheme are looked for. */
const NUMBERS_WITHIN = 1024 * 1024;
const MAX_FOUND = 100;

/** Hosts that models, licences, papers and libraries name: where they come from, what they cite. */
const ORDINARY =
  /(?:^|\.)(?:huggingface\.co|hf\.co|github\.(?:com|io)|githubusercontent\.com|gitlab\.com|arxiv\.org|doi\.org|w3\.org|pytorch\.org|tensorflow\.org|keras\.io|python\.org|pypi\.org|readthedocs\.(?:io|org)|scikit-learn\.org|numpy\.org|scipy\.org|pydata\.org|onnx\.ai|openai\.com|anthropic\.com|google\.com|googleapis\.com|goo\.gle|gstatic\.com|microsoft\.com|aka\.ms|nvidia\.com|amazonaws\.com|apache\.org|creativecommons\.org|opensource\.org|gnu\.org|spdx\.org|schema\.org|json-schema\.org|wikipedia\.org|wikidata\.org|wikimedia\.org|stackoverflow\.com|kaggle\.com|zenodo\.org|acm\.org|ieee\.org|springer\.com|nature\.com|aclweb\.org|aclanthology\.org|openreview\.net|semanticscholar\.org|ai\.meta\.com|meta\.com|fb\.com|facebook\.com|facebookresearch\.com|fbaipublicfiles\.com|mistral\.ai|deepseek\.com|qwen\.ai|spacy\.io|explosion\.ai|fast\.ai|paperswithcode\.com|medium\.com|youtube\.com|twitter\.com|x\.com|linkedin\.com|[\w.-]+\.edu|[\w.-]+\.gov|[\w.-]+\.ac\.[a-z]{2}|example\.(?:com|org|net)|localhost|127\.0\.0\.1|0\.0\.0\.0)$/i;

export interface Address {
  at: number;
  text: string;
  /** The host is a number, not a name. */
  numeric: boolean;
}

/** Addresses on the network other than those that models ordinarily name. */
export function findAddresses(text: string): Address[] {
  const found: Address[] = [];
  FINDER.find(text, ({ at }) => {
    if (found.length >= MAX_FOUND) return;
    ADDRESS.lastIndex = at;
    const match = ADDRESS.exec(text);
    const host = match?.[1] ?? "";
    if (match && (host.includes(".") || host.startsWith("[")) && !ORDINARY.test(host))
      found.push({ at, text: match[0], numeric: /^[\d.]+$|^\[/.test(host) });
  });
  for (const match of text.slice(0, NUMBERS_WITHIN).matchAll(NUMBERS)) {
    if (found.length >= MAX_FOUND) break;
    const inside = found.some(({ at, text: one }) => match.index >= at && match.index < at + one.length);
    if (!inside && isAddress(match[0])) found.push({ at: match.index, text: match[0], numeric: true });
  }
  return found.sort((a, b) => a.at - b.at);
}

/** Versions have four small numbers as well. */
function isAddress(text: string): boolean {
  const numbers = text.split(".").map(Number);
  const [first = 0] = numbers;
  const valid = numbers.every((number) => number <= 255) && first >= 1 && first <= 223 && first !== 127;
  return valid && numbers.some((number) => number >= 100);
}
