import { WordFinder } from "./secrets/words.js";

/** A command that fetches a program and runs it at once. In pickles the opcode `q` may follow the text. */
const PIPED =
  /\b(?:curl|wget|fetch)\s[^\n|;&"'`]{0,300}\|\s{0,4}(?:sudo\s{1,4})?(?:(?:\/usr)?\/bin\/)?(?:ba|da|z|k)?sh(?:\b|q)|\b(?:curl|wget)\s[^\n|;"'`]{0,300}\|\s{0,4}(?:sudo\s{1,4})?(?:python3?|perl|ruby|node)\b/;
const SUBSTITUTED =
  /\b(?:ba|z)?sh\s{1,4}-c\s{1,4}["']?\$\((?:curl|wget)\s|\beval\s{1,4}["']?\$\((?:curl|wget)\s/;
const POWERSHELL =
  /\bpowershell(?:\.exe)?\s[^\n]{0,200}(?:-e(?:nc(?:odedcommand)?)?\s{1,4}[A-Za-z0-9+/=]{40}|downloadstring|invoke-webrequest|\biwr\b|\biex\b)/i;
const CERTUTIL =
  /\bcertutil(?:\.exe)?\s[^\n]{0,80}-urlcache|\bbitsadmin\s[^\n]{0,80}\/transfer|\bmshta\s{1,4}["']?https?:/i;
const REVERSE = /\/dev\/tcp\/[\w.-]{1,200}\/\d{1,5}|\bnc(?:at)?\s[^\n]{0,60}-e\s{1,4}\/bin\/(?:ba)?sh\b/;
const SAVED =
  /\b(?:curl|wget)\s[^\n|;&]{0,300}(?:&&|;)\s{0,4}(?:chmod\s[^\n;&]{1,120}(?:&&|;)\s{0,4})?(?:sudo\s{1,4})?(?:(?:ba|z)?sh\s|\.\/|\/tmp\/)/;

const COMMANDS: readonly RegExp[] = [PIPED, SUBSTITUTED, POWERSHELL, CERTUTIL, REVERSE, SAVED];
const FINDER = new WordFinder([
  "curl ",
  "wget ",
  "fetch ",
  "powershell",
  "certutil",
  "bitsadmin",
  "mshta",
  "/dev/tcp/",
  "-e /bin/",
]);
const BEFORE = 64;
const WINDOW = 700;
const MAX_TRIED = 1000;

/** The first command of a text that downloads and runs something. */
export function findDownloadCommand(text: string): { at: number; command: string } | undefined {
  let tried = 0;
  let first: { at: number; command: string } | undefined;
  FINDER.find(text, ({ at }) => {
    if (first || ++tried > MAX_TRIED) return;
    const base = Math.max(0, at - BEFORE);
    const window = text.slice(base, at + WINDOW);
    const match = COMMANDS.map((pattern) => pattern.exec(window)).find((one) => one !== null);
    if (match) first = { at: base + match.index, command: match[0] };
  });
  return first;
}
