/** Identifiers that need another name than upper case or their own spelling gives. */
const KNOWN: Readonly<Record<string, string>> = {
  "apache 2.0": "Apache-2.0",
  "apache license 2.0": "Apache-2.0",
  "apache-2": "Apache-2.0",
  "apache-2.0": "Apache-2.0",
  apache2: "Apache-2.0",
  mit: "MIT",
  "mit license": "MIT",
  bsd: "BSD-3-Clause",
  "bsd-2-clause": "BSD-2-Clause",
  "bsd-3-clause": "BSD-3-Clause",
  isc: "ISC",
  "blueoak-1.0.0": "BlueOak-1.0.0",
  unlicense: "Unlicense",
  gpl: "GPL-3.0-only",
  "gpl-2.0": "GPL-2.0-only",
  "gpl-3.0": "GPL-3.0-only",
  "lgpl-2.1": "LGPL-2.1-only",
  "lgpl-3.0": "LGPL-3.0-only",
  "agpl-3.0": "AGPL-3.0-only",
  gemma: "LicenseRef-Gemma",
  llama2: "LicenseRef-Llama-2",
  llama3: "LicenseRef-Llama-3",
  "llama3.1": "LicenseRef-Llama-3.1",
  "llama3.2": "LicenseRef-Llama-3.2",
  "llama3.3": "LicenseRef-Llama-3.3",
  llama4: "LicenseRef-Llama-4",
  "apple-amlr": "LicenseRef-Apple-AMLR",
  "bigscience-openrail-m": "LicenseRef-BigScience-OpenRAIL-M",
  "bigscience-bloom-rail-1.0": "LicenseRef-BigScience-BLOOM-RAIL-1.0",
  "bigcode-openrail-m": "LicenseRef-BigCode-OpenRAIL-M",
  "creativeml-openrail-m": "LicenseRef-CreativeML-OpenRAIL-M",
  "openrail++": "LicenseRef-CreativeML-OpenRAIL++-M",
  openrail: "LicenseRef-OpenRAIL",
  "fair-noncommercial-research-license": "LicenseRef-FAIR-Noncommercial-Research",
  "intel-research": "LicenseRef-Intel-Research",
  "deepfloyd-if-license": "LicenseRef-DeepFloyd-IF",
  "mistral-ai-research-license": "LicenseRef-Mistral-Research",
  mrl: "LicenseRef-Mistral-Research",
  mnpl: "LicenseRef-Mistral-Non-Production",
  "mnpl-0.1": "LicenseRef-Mistral-Non-Production",
  "qwen-research": "LicenseRef-Qwen-Research",
  qwen: "LicenseRef-Qwen",
  "tongyi-qianwen": "LicenseRef-Qwen",
  deepseek: "LicenseRef-DeepSeek",
  "deepseek-license": "LicenseRef-DeepSeek",
  "falcon-llm-license": "LicenseRef-Falcon",
  "stabilityai-ai-community": "LicenseRef-Stability-Community",
  "stabilityai-nc-research-community": "LicenseRef-Stability-Non-Commercial",
  "flux-1-dev-non-commercial-license": "LicenseRef-Flux-1-Dev-Non-Commercial",
};

/** What says nothing of the licence. */
const SILENT = /^(?:other|unknown|none|proprietary|see .*|custom|n\/?a|-)?$/;
const SPDX =
  /^(?:cc-by(?:-nc)?(?:-sa|-nd)?-[1-4]\.0|cc0-1\.0|mpl-2\.0|epl-[12]\.0|eupl-1\.[12]|cdla-[a-z]+-[12]\.0|afl-3\.0|artistic-2\.0|bsl-1\.0|ecl-2\.0|gfdl-1\.[123]|lppl-1\.3c|ms-pl|ncsa|odbl-1\.0|ofl-1\.1|osl-3\.0|pddl-1\.0|wtfpl|zlib|0bsd|(?:a|l)?gpl-[23]\.[01]-(?:only|or-later))$/;
const CASE: Readonly<Record<string, string>> = {
  artistic: "Artistic",
  zlib: "Zlib",
  permissive: "Permissive",
  sharing: "Sharing",
  only: "only",
  or: "or",
  later: "later",
};

/** An SPDX identifier for what somebody wrote as a licence, `LicenseRef-` for what SPDX does not list, or undefined. */
export function licenceIdentifier(written: string): string | undefined {
  const plain = written.trim().toLowerCase();
  if (plain.length > 80 || SILENT.test(plain)) return undefined;
  const known = Object.hasOwn(KNOWN, plain) ? KNOWN[plain] : undefined;
  if (known !== undefined) return known;
  if (SPDX.test(plain))
    return plain
      .split("-")
      .map((word) => CASE[word] ?? word.toUpperCase())
      .join("-");
  if (/^licenseref-[a-z0-9.+-]+$/i.test(plain))
    return `LicenseRef-${written.trim().slice("LicenseRef-".length)}`;
  const name = plain.replace(/[^a-z0-9.+]+/g, "-").replace(/^-+|-+$/g, "");
  return name === "" ? undefined : `LicenseRef-${name}`;
}

/** Two names of one licence. `-only` and `-or-later` are one text. */
export function sameLicence(a: string, b: string): boolean {
  return family(a) === family(b);
}

function family(licence: string): string {
  return licence.toLowerCase().replace(/-(?:only|or-later)$/, "");
}
