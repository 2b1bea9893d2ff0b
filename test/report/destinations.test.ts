import { describe, expect, test } from 'vitest';
import { destinationsOf } from '../../src/report/destinations.ts';
import type { CheckFormat } from '../../src/report/index.ts';

test.for([
  [[], [], ['console']],
  [['json'], [], ['json']],
  [['console', 'github'], [], ['console', 'github']],
  [['sarif'], ['lintel.sarif'], ['sarif → lintel.sarif']],
  [[], ['sarif=lintel.sarif'], ['console', 'sarif → lintel.sarif']],
  [['console', 'sarif'], ['sarif=a=b.sarif'], ['console', 'sarif → a=b.sarif']],
  [['json'], ['sarif=a.sarif', 'junit=b/c.xml'], ['json', 'sarif → a.sarif', 'junit → b/c.xml']],
  [[], ['out/a=b.txt'], ['console → out/a=b.txt']],
  [[], ['json=a.json', 'json=b.json'], ['console', 'json → a.json', 'json → b.json']],
] as const satisfies [CheckFormat[], string[], string[]][])(
  '--format %j --output %j gives %j',
  ([formats, outputs, expected]) => {
    const given = destinationsOf(formats, outputs);
    expect(given.map(({ format, file }) => (file === undefined ? format : `${format} → ${file}`))).toEqual(expected);
  },
);

describe('is wrong usage:', () => {
  test.for([
    [['json', 'sarif'], [], 'sarif and json cannot both be printed'],
    [['console', 'json'], [], 'console and json cannot both be printed'],
    [['console', 'sarif'], ['lintel.sarif'], '--output lintel.sarif does not say which of console and sarif it is for'],
    [[], ['sarfi=lintel.sarif'], '--output sarfi=lintel.sarif: sarfi is not a format'],
    [[], ['sarif='], '--output sarif= names no file'],
    [[], ['sarif=a', 'json=a'], 'two reports go to a'],
  ] as const satisfies [CheckFormat[], string[], string][])(
    '--format %j --output %j: %s',
    ([formats, outputs, message]) => {
      expect(() => destinationsOf(formats, outputs)).toThrow(message);
    },
  );
});
