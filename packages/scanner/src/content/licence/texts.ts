/** Words that stand only in one licence's text, in lower case and with single spaces; the first that fits names it. */
const TEXTS: readonly (readonly [licence: string, ...marks: RegExp[]])[] = [
  ["LicenseRef-Llama-4", /llama 4 community license agreement/],
  ["LicenseRef-Llama-3.3", /llama 3\.3 community license agreement/],
  ["LicenseRef-Llama-3.2", /llama 3\.2 community license agreement/],
  ["LicenseRef-Llama-3.1", /llama 3\.1 community license agreement/],
  ["LicenseRef-Llama-3", /(?:meta )?llama 3 community license agreement/],
  ["LicenseRef-Llama-2", /llama 2 community license agreement/],
  ["LicenseRef-Gemma", /gemma terms of use/],
  ["LicenseRef-Mistral-Research", /mistral ai research license/],
  ["LicenseRef-Mistral-Non-Production", /mistral ai non-production license/],
  ["LicenseRef-Qwen-Research", /qwen research license agreement/],
  ["LicenseRef-Qwen", /(?:tongyi qianwen|qwen) license agreement/],
  ["LicenseRef-DeepSeek", /deepseek license agreement/],
  ["LicenseRef-Falcon-180B", /falcon[- ]180b tii license/],
  ["LicenseRef-Falcon", /tii falcon llm license|falcon 2 11b tii license/],
  ["LicenseRef-Stability-Non-Commercial", /stability ai non-?commercial research community license/],
  ["LicenseRef-Stability-Community", /stability ai community license/],
  ["LicenseRef-Flux-1-Dev-Non-Commercial", /flux\.1 ?\[dev\] non-commercial license/],
  ["LicenseRef-Exaone-NC", /exaone ai model license agreement .{0,12}nc/],
  ["LicenseRef-Nvidia-Open-Model", /nvidia open model license/],
  ["LicenseRef-Nvidia-Source-Code-NC", /nvidia source code license.{0,4000}non-?commercial/],
  ["LicenseRef-Apple-AMLR", /apple machine learning research model/],
  ["LicenseRef-Microsoft-Research", /microsoft research license terms/],
  ["LicenseRef-Yi", /yi series models (?:community )?license agreement/],
  ["LicenseRef-Jamba", /jamba open model license/],
  ["LicenseRef-Databricks-Open-Model", /databricks open model license/],
  ["LicenseRef-Tencent-Hunyuan", /tencent hunyuan .{0,60}community license agreement/],
  ["LicenseRef-Grok", /grok[- ]?\d? community license agreement/],
  ["LicenseRef-BigCode-OpenRAIL-M", /bigcode open ?rail-m/],
  ["LicenseRef-BigScience-OpenRAIL-M", /bigscience open ?rail-m/],
  ["LicenseRef-BigScience-BLOOM-RAIL-1.0", /bigscience (?:bloom )?rail license v1\.0/],
  ["LicenseRef-CreativeML-OpenRAIL++-M", /creativeml open ?rail\+\+-m/],
  ["LicenseRef-CreativeML-OpenRAIL-M", /creativeml open ?rail-m/],
  ["Apache-2.0", /apache license.{0,40}version 2\.0, january 2004/],
  ["AGPL-3.0-only", /gnu affero general public license.{0,20}version 3, 19 november 2007/],
  ["LGPL-3.0-only", /gnu lesser general public license.{0,20}version 3, 29 june 2007/],
  ["LGPL-2.1-only", /gnu lesser general public license.{0,20}version 2\.1, february 1999/],
  ["GPL-3.0-only", /gnu general public license.{0,20}version 3, 29 june 2007/],
  ["GPL-2.0-only", /gnu general public license.{0,20}version 2, june 1991/],
  ["MPL-2.0", /mozilla public license,? version 2\.0/],
  ["EPL-2.0", /eclipse public license - v 2\.0/],
  ["EUPL-1.2", /european union public licence v\. 1\.2/],
  ["CDLA-Permissive-2.0", /community data license agreement - permissive - version 2\.0/],
  ["CC0-1.0", /cc0 1\.0 universal/],
  ["Unlicense", /this is free and unencumbered software released into the public domain/],
  [
    "MIT",
    /permission is hereby granted, free of charge, to any person obtaining a copy/,
    /the software is provided "as is"/,
  ],
  [
    "BSD-3-Clause",
    /redistribution and use in source and binary forms/,
    /neither .{1,200}? nor the names? of|names? of .{1,120} may not be used to endorse/,
  ],
  ["BSD-2-Clause", /redistribution and use in source and binary forms/],
  [
    "ISC",
    /permission to use, copy, modify, and(?:\/or)? distribute this software for any purpose/,
    /provided that the above copyright notice/,
  ],
  ["0BSD", /permission to use, copy, modify, and(?:\/or)? distribute this software for any purpose/],
  ["BlueOak-1.0.0", /blue oak model license/],
];

const CREATIVE_COMMONS =
  /attribution(-noncommercial)?(-sharealike|-noderivatives|-noderivs)? ([1-4]\.0)(?: (?:international|unported|generic))?/;
const READ = 64 * 1024;

/** The licence whose text this is, or undefined. */
export function licenceOfText(text: string): string | undefined {
  const plain = text
    .slice(0, READ)
    .toLowerCase()
    .replace(/[“”‘’']/g, '"')
    .replace(/[\s*#=]+/g, " ");
  const named = TEXTS.find(([, ...marks]) => marks.every((mark) => mark.test(plain)))?.[0];
  return named ?? creativeCommons(plain);
}

function creativeCommons(plain: string): string | undefined {
  if (!plain.includes("creative commons")) return undefined;
  const match = CREATIVE_COMMONS.exec(plain);
  if (!match) return undefined;
  const [, noncommercial, more, version] = match;
  const suffix = more === undefined ? "" : more === "-sharealike" ? "-SA" : "-ND";
  return `CC-BY${noncommercial === undefined ? "" : "-NC"}${suffix}-${version ?? ""}`;
}
