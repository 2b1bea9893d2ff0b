import { expect, test } from 'vitest';
import { parseCompose } from '../../src/extract/compose.ts';
import { parseDockerfile } from '../../src/extract/dockerfile.ts';
import { parseManifests } from '../../src/extract/kubernetes.ts';

const asked = (test: string) => {
  const [service] = parseCompose(
    'compose.yaml',
    `services:\n  orders:\n    build: .\n    healthcheck:\n      test: ${test}\n`,
  ).services;
  if (service?.probe === undefined || service.probe === 'none') return service?.probe;
  const { path, port, at } = service.probe;
  return { path, port, line: at.line };
};

test.each([
  ['curl -f http://localhost:3000/health || exit 1', '/health', 3000],
  ['["CMD", "curl", "-f", "http://127.0.0.1:3000/api/health?full=1"]', '/api/health', 3000],
  ['["CMD-SHELL", "wget --no-verbose --spider http://localhost:3000 || exit 1"]', '/', 3000],
  ['curl --silent localhost/ping', '/ping', undefined],
  [
    `["CMD", "node", "-e", "fetch('http://localhost:3000/healthz').then(r => process.exit(r.ok ? 0 : 1))"]`,
    '/healthz',
    3000,
  ],
  [`["CMD", "node", "-e", "require('http').get({ port: 3000, path: '/health' }, r => 0)"]`, '/health', undefined],
])('a healthcheck of compose by HTTP: %s', (command, path, port) => {
  expect(asked(command)).toEqual({ path, port, line: 5 });
});

test.each([
  '["CMD", "pg_isready", "-U", "orders"]',
  'nc -z localhost 3000',
  'node healthcheck.js',
  'curl http://localhost:$PORT/$HEALTH_PATH',
  'curl -f http://localhost:3000/live && curl -f http://localhost:3000/ready',
  'curl -f http://stock:3000/health',
])('asks for no path that is sure: %s', command => {
  expect(asked(command)).toMatchObject({ path: undefined, line: 5 });
});

test('a healthcheck that is switched off', () => {
  expect(asked('["NONE"]')).toBe('none');
  expect(asked('NONE\n      disable: true')).toBe('none');
});

test('probes of Kubernetes, each where its path stands', () => {
  const { workloads } = parseManifests(
    'k8s/orders.yaml',
    `apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  template:
    spec:
      containers:
        - name: orders
          image: orders
          livenessProbe:
            httpGet:
              path: /live
              port: 3000
          readinessProbe:
            httpGet: { port: http }
          startupProbe:
            tcpSocket: { port: 3000 }
        - name: side
          image: side
          livenessProbe:
            grpc: { port: 9000 }
          readinessProbe:
            httpGet: { host: stock, path: /health, port: 80 }
          startupProbe:
            exec: { command: [curl, -f, 'http://localhost:9000/up'] }
`,
  );
  const probes = workloads[0]?.containers.map(container =>
    container.probes.map(({ at, ...probe }) => ({ ...probe, line: at.line })),
  );
  expect(probes).toEqual([
    [
      { probe: 'liveness', path: '/live', port: 3000, line: 12 },
      { probe: 'readiness', path: '/', line: 14 },
      { probe: 'startup', line: 16 },
    ],
    [
      { probe: 'liveness', line: 20 },
      { probe: 'readiness', port: 80, line: 23 },
      { probe: 'startup', path: '/up', port: 9000, line: 24 },
    ],
  ]);
});

test('HEALTHCHECK of a Dockerfile, the last of a stage', () => {
  const { stages } = parseDockerfile(
    'Dockerfile',
    `FROM node AS base
HEALTHCHECK --interval=30s \\
  CMD curl -f http://localhost:3000/health || exit 1
FROM base
HEALTHCHECK NONE
`,
  );
  expect(stages.map(stage => stage.probe)).toEqual([
    { probe: 'container', path: '/health', port: 3000, at: { file: 'Dockerfile', line: 2, column: 1 } },
    'none',
  ]);
});
