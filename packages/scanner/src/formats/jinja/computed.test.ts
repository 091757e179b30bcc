import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";

const verdict = (template: string): string =>
  scanBytes(Buffer.from(JSON.stringify({ chat_template: template })), "tokenizer_config.json").verdict;

/** Each was seen to reach a class with Jinja 3.1 outside its sandbox. */
const ESCAPES = [
  "{{ messages[bos_token] }}",
  "{% set e=eos_token %}{{ ''[e] }}",
  "{{ ''[eos_token or 'a'] }}",
  "{{ ['']|map(attribute=eos_token)|list }}",
  "{{ ['']|map('attr', eos_token)|list }}",
  "{{ messages|attr(bos_token) }}",
  "{% set u=bos_token[1] %}{{ messages[u*2~'class'~u*2] }}",
  "{% set u=strftime_now('_') %}{{ messages[u*2~'class'~u*2] }}",
  "{% set u=['_']|random %}{{ ''[u*2~'class'~u*2] }}",
  "{% set u='_x'.partition('x')[0] %}{{ ''[u*2~'class'~u*2] }}",
  "{% set u='_'|urlencode %}{{ ''[u*2~'class'~u*2] }}",
  "{% set u=['_','_']|sum(start='') %}{{ ''[u~'class'~u] }}",
  "{{ ''['**class**'.translate({42:'_'})] }}",
  "{{ ''[('__class__'|tojson)[1:-1]] }}",
  "{% set a={'__class__':1}|xmlattr %}{{ ''[a[1:10]] }}",
  "{{ ''[('__class__'|list)|batch(9)|first|join] }}",
  "{% set a=[{'k':'__class__'}]|groupby('k') %}{{ ''[a[0][0]] }}",
  "{% set x | replace('X','_') %}XXclassXX{% endset %}{{ ''[x] }}",
  "{% macro m() %}{{ ''[caller()] }}{% endmacro %}{% call m() %}__class__{% endcall %}",
  "{% for i in ['__class__',1] %}{% if loop.previtem %}{{ ''[loop.previtem] }}{% endif %}{% endfor %}",
  "{{ ['']|map(**{'attribute':'__class__'})|list }}",
  "{{ ['']|map(*['attr','__class__'])|list }}",
  "{% set c=cycler('__class__') %}{{ ''[c.next()] }}",
  "{% macro m() %}{{ varargs[0] }}{% endmacro %}{{ ''[m('__class__')] }}",
  "{{ ''[['__class__'][messages|length-1]] }}",
  "{% set u='abcdefghijklmnopqrstuvwxyz_'[messages|length+25] %}{{ ''[u~u~'class'~u~u] }}",
];

const HONEST = [
  "{{ messages[loop.index0 - 1]['content'] }}{{ tools[name] }}",
  "{{ bos_token + messages|map(attribute='content')|join(eos_token) }}",
  "{{ messages|map('replace', eos_token, '')|join }}",
  "{% set roles={'user':'Human','assistant':'Bot'} %}{{ roles[message['role']] }}",
  "{% set last=content.split('</think>')[-1] %}{{ last[0] }}",
  "{% macro type(spec) %}{{ {'string':'str'}[spec.type] }}{{ type(spec['items']) }}{{ type('Any') }}{% endmacro %}{{ type(a) }}",
];

describe("an item or attribute by a name that the template computes", () => {
  it.each(ESCAPES)("is an escape: %s", (template) => expect(verdict(template)).toBe("malicious"));
  it.each(HONEST)("is none: %s", (template) => expect(verdict(template)).toBe("clean"));
});
