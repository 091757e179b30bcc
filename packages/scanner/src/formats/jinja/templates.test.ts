import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";
import { cpuTime } from "../../testing/cpu-time.js";

// Every attack below was rendered by Jinja2 3.1 without a sandbox, with a harmless command, and took effect.
const ATTACKS = [
  "{{ '}}' ~ cycler.__init__.__globals__.os.popen('id').read() }}",
  "{% set a='__in' %}{% set b='it__' %}{{ cycler[a~b]['__glo'~'bals__'].os }}",
  "{% set ns=namespace(s='') %}{% for c in ['__','ini','t__'] %}{% set ns.s = ns.s ~ c %}{% endfor %}{{ cycler|attr(ns.s) }}",
  "{% macro m() %}__{% endmacro %}{{ cycler|attr(m()~'init'~m()) }}",
  "{% set x %}__in{{ 'it__' }}{% endset %}{{ cycler|attr(x) }}",
  "{{ cycler|attr('%c%cinit%c%c'|format(95,95,95,95)) }}",
  "{{ cycler|attr('__slabolg__'[::-1]) }}",
  "{{ cycler|attr('__tini__'|reverse) }}",
  "{{ cycler|attr('__GLOBALS__'|lower) }}",
  "{{ cycler|attr(dict(__in=1,it__=2)|join) }}",
  "{% set u=(lipsum|string)[18] %}{{ cycler|attr(u*2~'init'~u*2) }}",
  "{% set u=(()|select|string|list)[24] %}{{ cycler|attr(u~u~'init'~u~u) }}",
  "{{ [cycler]|map(attribute='__init__.__globals__')|first }}",
  "{{ [cycler]|map('attr','__init__')|first }}",
  "{{ '{0.__class__}'.format(cycler) }}",
  "{% for k in {'__init__':1} %}{{ cycler[k] }}{% endfor %}",
  "{% with a='__init__' %}{{ cycler|attr(a) }}{% endwith %}",
  "{{ cycler|attr('X_X_XiXnXiXtX_X_'|replace('X','')) }}",
  "{{ cycler|attr('__in<b>it__'|striptags) }}",
  "{{ cycler|attr('\\N{LOW LINE}\\137init\\x5f\\u005f') }}",
  "{{ cycler|attr({'a':'__init__'}.get('a')) }}",
  "{% set c = cycler('__init__') %}{{ cycler|attr(c.next()) }}",
  "{{ ([1]|groupby('__class__')|list)[0].grouper }}",
  "{% raw %}{{ a }}{% endraw %}{{ joiner.__init__ }}",
  "{% set u=(lipsum|pprint)[18] %}{{ lipsum[u~u~'globals'~u~u][['o','s']|join]|attr('mkdir') }}",
  "{% for k,v in lipsum[((lipsum|pprint)[18])*2~'globals'~((lipsum|pprint)[18])*2].items() %}{% if k=='os' %}{{ v.getcwd() }}{% endif %}{% endfor %}",
  "{% set f='%s'|format(lipsum) %}{% set g=lipsum[f[18]*2~'globals'~f[18]*2] %}{% set m=g.values()|selectattr('getcwd','defined')|first %}{{ m.getcwd() }}",
  "{% set f=lipsum~'' %}{% set g=lipsum[f[18]*2~'globals'~f[18]*2] %}{% set m=g.values()|selectattr('getcwd','defined')|first %}{{ m.getcwd() }}",
  "{% set f=(lipsum|pprint)[18] %}{{ messages[f*2~'class'~f*2] }}",
  "{% set f='{}'.format(lipsum) %}{{ messages[f[18]*2~'class'~f[18]*2] }}",
  "{% set f='%s' % lipsum %}{{ messages[f[18]*2~'class'~f[18]*2] }}",
  "{% set f %}{{ lipsum }}{% endset %}{{ messages[f[18]*2~'class'~f[18]*2] }}",
  "{% set f=[lipsum]|join %}{{ messages[f[18]*2~'class'~f[18]*2] }}",
  "{% set f=[lipsum]|map('string')|first %}{{ messages[f[18]*2~'class'~f[18]*2] }}",
  "{% set f=[lipsum]~'' %}{{ messages[f[19]*2~'class'~f[19]*2] }}",
  "{% set f=(['a']|map('lower')|string)[22] %}{{ messages[f*2~'class'~f*2] }}",
  "{% set f=({}|items|string)[20] %}{{ messages[f*2~'class'~f*2] }}",
  `${"{##}".repeat(100_001)}{{ cycler.__init__ }}`,
];

// Constructs of the templates of popular models.
const HONEST = [
  "{%- set ns = namespace(is_first=false, system_prompt='') -%}{%- for message in messages %}{%- if message['role'] == 'system' %}{% set ns.system_prompt = message['content'] %}{%- endif %}{%- endfor %}{{bos_token}}{{ns.system_prompt}}",
  "{{- 'Cutting Knowledge Date: ' + strftime_now('%d %b %Y') if strftime_now is defined }}{{ tools | tojson(indent=4) }}",
  "{% set content = message.content.split('</think>')[-1].lstrip('\\n') %}{{ content }}",
  "{{ message.citations|map(attribute='document_id')|list|string }}",
  "{%- for key, value in tool.parameters.properties | items %}{{ key }}: {{ value.type | upper }}{% endfor %}",
  "{% macro render(m, depth=0) -%}{{ '  ' * depth ~ m.role }}{%- endmacro %}{{ render(messages[0]) }}{{ messages[::-1][0] }}",
  '{{- range .Messages }}<|im_start|>{{ .Role }}{{ if eq .Role "user" }}{{ .Content }}{{ end }}{{ end }}',
  "{{ raise_exception('no __init__ here') if messages|selectattr('role', 'equalto', 'user')|list|length == 0 }}",
];

describe("templates in pieces", () => {
  it.each(ATTACKS.map((one) => [one.slice(0, 200), one] as const))("alarms at %s", (_, template) =>
    expect(scanBytes(Buffer.from(template), "chat_template.jinja").verdict).toBe("malicious"),
  );
  it.each(HONEST)("lets %s pass", (template) => {
    const report = scanBytes(
      Buffer.from(JSON.stringify({ chat_template: template })),
      "tokenizer_config.json",
    );
    expect(report.verdict).toBe("clean");
  });
  it("says that it did not read a template of too many pieces", () => {
    const template = `${"{{1}}".repeat(100_001)}{{ cycler.__init__ }}`;
    expect(scanBytes(Buffer.from(template), "chat_template.jinja").verdict).toBe("incomplete");
  });
  const nested = (depth: number): string =>
    `${"{% for a in range(999) %}".repeat(depth)}{{ a }}${"{% endfor %}".repeat(depth)}`;
  const MANY = [
    nested(4),
    nested(90),
    `{% macro m() %}${"{{ m() }}".repeat(9)}{% endmacro %}`,
    `{% set l=[messages] %}${"{% set l=[l,l] %}".repeat(40)}{{ l.a }}{{ l ~ '' }}`,
    `${Array.from({ length: 4_000 }, (_, at) => `{% set v${at} = 1 %}`).join("")}${"{% if a %}{% endif %}".repeat(2_000)}`,
  ];
  it.each(MANY.map((one) => [one.slice(0, 60), one] as const))(
    "is through with %s in time",
    (_, template) => {
      const start = cpuTime();
      expect(scanBytes(Buffer.from(template), "a.jinja").verdict).not.toBe("malicious");
      expect(cpuTime() - start).toBeLessThan(2_000);
    },
  );
  it("has an answer for any text", () => {
    const piece = fc.constantFrom(
      "{{",
      "}}",
      "{%",
      "%}",
      "set a =",
      "for x in",
      "'",
      "(",
      ")",
      "|",
      "a",
      "~",
      "endfor",
      "[",
      ":",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const report = scanBytes(Buffer.from(pieces.join(" ")), "a.jinja");
        expect(report.findings.map(({ rule }) => rule)).not.toContain("parser-failed");
      }),
    );
  });

  it("is charged for what filters go through", () => {
    const template =
      "{% set x='x'*9999 %}{% set x=x*6 %}{% for a in range(900) %}{% set y = x|list %}{% endfor %}";
    const before = cpuTime();
    expect(scanBytes(Buffer.from(template), "a.jinja").verdict).toBe("incomplete");
    expect(cpuTime() - before).toBeLessThan(5_000);
  });
});
