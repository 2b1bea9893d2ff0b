import { expect, test } from 'vitest';
import { type Data, namedTemplates, renderTemplate } from '../../src/extract/helm.ts';

const values: Data = {
  Values: {
    name: 'orders',
    port: 80,
    on: true,
    off: false,
    list: ['a', 'b'],
    map: { y: 1, x: 2 },
    text: '{{ .Values.name }}-db',
  },
  Release: { Name: 'shop' },
};
const rendered = (text: string, ...helpers: string[]): string =>
  renderTemplate(text, namedTemplates(helpers), values).text;

test.each([
  ['{{ .Values.name }}:{{ .Values.port }}', 'orders:80'],
  ['{{ .Values.gone | default "none" | quote }}', '"none"'],
  ['{{ if .Values.off }}a{{ else if .Values.on }}b{{ else }}c{{ end }}', 'b'],
  ['{{ if and .Values.on (eq .Values.name "orders") }}yes{{ end }}', 'yes'],
  ['{{ with .Values.map }}{{ .y }}{{ $.Release.Name }}{{ end }}', '1shop'],
  ['{{ range .Values.list }}<{{ . }}>{{ end }}', '<a><b>'],
  ['{{ range $key, $value := .Values.map }}{{ $key }}={{ $value }};{{ end }}', 'x=2;y=1;'],
  ['{{ $full := printf "%s-%s" .Release.Name .Values.name }}{{ $full | trunc 6 | upper }}', 'SHOP-O'],
  ['{{ tpl .Values.text . }}', 'orders-db'],
  ['a:\n  {{- toYaml .Values.map | nindent 2 }}', 'a:\n  y: 1\n  x: 2'],
  ['{{/* a comment */}}{{ unheardOf "x" }}', 'x'],
  ['{{ (index .Values.list 1) }}{{ .Values.gone.deeper }}', 'b'],
])('%s', (text, expected) => expect(rendered(text)).toBe(expected));

test('templates of the chart are included by name', () => {
  expect(
    rendered(
      '{{ include "shop.name" (dict "of" .Values.name) }}',
      '{{- define "shop.name" -}}\nshop-{{ .of }}\n{{- end -}}',
    ),
  ).toBe('shop-orders');
});

test('each line knows the line of the template that it comes from', () => {
  const { text, lines } = renderTemplate(
    'a: 1\n{{- range .Values.list }}\n- {{ . }}\n{{- end }}\nlast: 2\n',
    namedTemplates([]),
    values,
  );
  expect(text.split('\n')).toEqual(['a: 1', '- a', '- b', 'last: 2', '']);
  expect(lines.slice(0, 4)).toEqual([1, 3, 3, 5]);
});
