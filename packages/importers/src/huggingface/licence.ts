import type { Loose } from "../value.js";
import { text, texts } from "../value.js";

// Hub identifiers (https://huggingface.co/docs/hub/repositories-licenses) whose SPDX spelling differs by more than case.
const SPDX: Record<string, string> = {
  "afl-3.0": "AFL-3.0",
  "agpl-3.0": "AGPL-3.0-only",
  "apache-2.0": "Apache-2.0",
  "artistic-2.0": "Artistic-2.0",
  "bsd-2-clause": "BSD-2-Clause",
  "bsd-3-clause": "BSD-3-Clause",
  "bsd-3-clause-clear": "BSD-3-Clause-Clear",
  "bsl-1.0": "BSL-1.0",
  "cc0-1.0": "CC0-1.0",
  "cdla-permissive-2.0": "CDLA-Permissive-2.0",
  "ecl-2.0": "ECL-2.0",
  "epl-2.0": "EPL-2.0",
  "gpl-2.0": "GPL-2.0-only",
  "gpl-3.0": "GPL-3.0-only",
  isc: "ISC",
  "lgpl-2.1": "LGPL-2.1-only",
  "lgpl-3.0": "LGPL-3.0-only",
  mit: "MIT",
  "mpl-2.0": "MPL-2.0",
  "ms-pl": "MS-PL",
  ncsa: "NCSA",
  "odc-by": "ODC-By-1.0",
  odbl: "ODbL-1.0",
  "osl-3.0": "OSL-3.0",
  pddl: "PDDL-1.0",
  unlicense: "Unlicense",
  wtfpl: "WTFPL",
  zlib: "Zlib",
};

/** A card's licence in SPDX's words; one that SPDX does not know becomes a `LicenseRef-`, which no list takes for another. */
export function licenceOf(metadata: Loose): string | undefined {
  const [licence, ...more] = texts(metadata.license ?? metadata.licence);
  if (licence === undefined) return undefined;
  if (more.length > 0) return [licence, ...more].map(spdx).join(" AND ").slice(0, 256);
  if (licence !== "other") return spdx(licence);
  const name = text(metadata.license_name);
  return name === undefined ? undefined : reference(name);
}

function spdx(licence: string): string {
  const key = licence.toLowerCase();
  if (Object.hasOwn(SPDX, key)) return SPDX[key] ?? licence;
  if (/^cc-by(-nc)?(-sa|-nd)?-\d\.\d$/.test(key)) return key.toUpperCase();
  return reference(licence);
}

function reference(name: string): string {
  return `LicenseRef-${name.replace(/[^A-Za-z0-9.-]+/g, "-").slice(0, 128)}`;
}
