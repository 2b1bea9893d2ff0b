import { expect, test } from 'vitest';
import { parseDockerfile } from '../../src/extract/dockerfile.ts';

test('stages, what they copy, set and start', () => {
  const { globals, stages } = parseDockerfile(
    'Dockerfile',
    `ARG NODE=24\nFROM --platform=linux/amd64 node:\${NODE} AS build\nARG APP\nCOPY --chown=node:node apps/\${APP} ./apps/\${APP}\nRUN npm ci \\\n  # why\n  && npm run build\nFROM build\nENV PORT=80 \\\n    NAME="two words"\nENV OLD the rest\nCOPY --from=build ["/app/dist", "./"]\nEXPOSE 80/tcp 81\nENTRYPOINT ["node"]\nCMD ["dist/main.js", "--x"]\n`,
  );
  expect(globals).toMatchObject([{ name: 'NODE', value: '24' }]);
  expect(stages).toMatchObject([
    {
      name: 'build',
      base: `node:\${NODE}`,
      args: [{ name: 'APP', value: null }],
      copies: [{ sources: [`apps/\${APP}`], target: `./apps/\${APP}` }],
    },
    {
      base: 'build',
      settings: [
        { name: 'PORT', value: '80', at: { line: 9 } },
        { name: 'NAME', value: 'two words' },
        { name: 'OLD', value: 'the rest', at: { line: 11 } },
      ],
      copies: [{ from: 'build', sources: ['/app/dist'] }],
      ports: [80, 81],
      entrypoint: 'node',
      command: 'dist/main.js --x',
    },
  ]);
  expect(stages[0]?.runs).toEqual(['npm ci    && npm run build']);
});
