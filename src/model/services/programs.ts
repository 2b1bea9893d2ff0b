import { type PackageFacts, parsePackageJson } from '../../extract/package-json.ts';
import type { Problem } from '../../extract/yaml.ts';
import { ownValue } from '../own-value.ts';
import type { Evidence } from '../system.ts';
import { isExample, isOutsideProduction } from './purpose.ts';
import { baseOf, folderOf, joined, type Survey } from './survey.ts';

/** A folder that holds a program or a library, in any language. */
export interface Program {
  readonly root: string;
  readonly language: string;
  readonly facts?: PackageFacts;
  /** Tests, tools, documents: not what is deployed. */
  readonly isOutside: boolean;
  readonly isExample: boolean;
  readonly at: Evidence;
}

const markers: Readonly<Record<string, string>> = {
  'go.mod': 'go',
  'cargo.toml': 'rust',
  'pom.xml': 'java',
  'build.gradle': 'java',
  'build.gradle.kts': 'kotlin',
  'requirements.txt': 'python',
  'pyproject.toml': 'python',
  pipfile: 'python',
  'composer.json': 'php',
  gemfile: 'ruby',
  'mix.exs': 'elixir',
  'deno.json': 'typescript',
  'deno.jsonc': 'typescript',
};

export function programsOf(survey: Survey): { programs: ReadonlyMap<string, Program>; problems: readonly Problem[] } {
  const programs = new Map<string, Program>();
  const problems: Problem[] = [];
  for (const file of survey.named('package.json')) {
    const root = folderOf(file);
    const { facts, problem } = parsePackageJson(file, survey.read(file) ?? '');
    if (problem) problems.push(problem);
    if (facts)
      programs.set(root, { root, language: scriptLanguage(survey, root), facts, ...judged(root), at: facts.at });
  }
  const add = (file: string, language: string): void => {
    const root = folderOf(file);
    if (!programs.has(root)) programs.set(root, { root, language, ...judged(root), at: { file, line: 1, column: 1 } });
  };
  for (const [name, language] of Object.entries(markers)) for (const file of survey.named(name)) add(file, language);
  for (const file of survey.files) if (/\.(cs|fs)proj$/.test(file)) add(file, 'c#');
  return { programs, problems };
}

const judged = (root: string): { isOutside: boolean; isExample: boolean } => ({
  isOutside: root !== '.' && isOutsideProduction(root),
  isExample: root !== '.' && isExample(root),
});

export function scriptLanguage(survey: Survey, root: string): string {
  const typed =
    survey.inside(root).some(file => /(^|\/)tsconfig[^/]*\.json$/.test(file) || /[^.][^d]\.tsx?$/.test(file)) ||
    survey.inside(joined(root, 'src') ?? root).some(file => /\.tsx?$/.test(file));
  return typed ? 'typescript' : 'javascript';
}

/** By the most frequent kind of source file, for folders that say nothing else. */
export function languageOf(survey: Survey, root: string): string {
  const counts = new Map<string, number>();
  for (const file of survey.under(root)) {
    const language = ownValue(byExtension, file.slice(file.lastIndexOf('.') + 1));
    if (language && !file.endsWith('.d.ts')) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'unknown';
}

const byExtension: Readonly<Record<string, string>> = {
  ts: 'typescript',
  tsx: 'typescript',
  mts: 'typescript',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  go: 'go',
  rs: 'rust',
  java: 'java',
  kt: 'kotlin',
  py: 'python',
  php: 'php',
  rb: 'ruby',
  cs: 'c#',
  ex: 'elixir',
  scala: 'scala',
  vue: 'javascript',
};

const serverPackages = [
  'express',
  'fastify',
  'koa',
  '@nestjs/core',
  '@hapi/hapi',
  'hapi',
  'hono',
  '@hono/node-server',
  'restify',
  'polka',
  'moleculer',
  'seneca',
  '@grpc/grpc-js',
  'grpc',
  'apollo-server',
  'apollo-server-express',
  '@apollo/server',
  '@apollo/gateway',
  'graphql-yoga',
  'kafkajs',
  'amqplib',
  'node-rdkafka',
  'bull',
  'bullmq',
  'nats',
  'node-nats-streaming',
  'socket.io',
  'ws',
  'express-gateway',
  'http-proxy-middleware',
  'http-proxy',
  'elysia',
  '@adonisjs/core',
  '@feathersjs/feathers',
  '@feathersjs/express',
  '@loopback/core',
  'sails',
  'micro',
  'h3',
  'nitropack',
  '@trpc/server',
  'routing-controllers',
  'tsoa',
  '@effect/platform-node',
  'smtp-server',
  'fastify-cli',
  'pino-http',
  '@aws-sdk/client-sqs',
  'agenda',
  'node-cron',
  'cron',
  '@temporalio/worker',
  'awilix',
  'json-server',
  'loopback',
];
const fullStack = [
  'next',
  'nuxt',
  '@remix-run/node',
  '@remix-run/serve',
  '@remix-run/react',
  '@sveltejs/kit',
  '@tanstack/react-start',
  '@tanstack/start',
  'astro',
  '@analogjs/platform',
  '@react-router/node',
  '@react-router/serve',
];
const browserPackages = [
  'react',
  'react-dom',
  'vue',
  '@angular/core',
  'svelte',
  'solid-js',
  'preact',
  'react-scripts',
  '@vue/cli-service',
  'lit',
  '@builder.io/qwik',
  'ember-source',
];
const mobilePackages = [
  'react-native',
  'expo',
  '@ionic/react',
  '@capacitor/core',
  'nativescript',
  'electron',
  '@tauri-apps/api',
  'cordova',
];
const workspaceTools = [
  'turbo',
  'nx',
  'lerna',
  'concurrently',
  'npm-run-all',
  'docker',
  'docker-compose',
  'rush',
  'wsrun',
  'moon',
  'skaffold',
  'tilt',
  'pm2',
  'mprocs',
  'run-p',
  'run-s',
];

const any = (facts: PackageFacts, names: readonly string[]): boolean =>
  names.some(name => facts.dependencies.has(name));
const anyAtAll = (facts: PackageFacts, names: readonly string[]): boolean =>
  names.some(name => facts.dependencies.has(name) || facts.devDependencies.has(name));

export const isMobile = (facts: PackageFacts): boolean => anyAtAll(facts, mobilePackages);
export const hasServerPackage = (facts: PackageFacts): boolean => any(facts, serverPackages);
export const isFullStack = (facts: PackageFacts): boolean => anyAtAll(facts, fullStack);
export const isBrowserApp = (facts: PackageFacts): boolean =>
  anyAtAll(facts, browserPackages) ||
  anyAtAll(facts, fullStack) ||
  (anyAtAll(facts, ['vite', 'parcel', 'webpack-dev-server', '@angular/cli']) && !hasServerPackage(facts));

/** The scripts under which a package runs as a long-lived process, best first. */
export function startScripts(facts: PackageFacts): readonly string[] {
  return [
    'start:prod',
    'start',
    'start:dev',
    'serve',
    'dev',
    'start:debug',
    'develop',
    'start:local',
    'server',
    'start:server',
    'serve:dev',
    'dev:server',
    'run',
    'watch',
    'server:dev',
  ].flatMap(name => facts.scripts[name] ?? []);
}

const runner =
  /(^|[\s;&|"'])(node|nodejs|nodemon|ts-node(-dev)?|tsnd|tsx|bun|deno|nest|babel-node|pm2(-runtime)?|forever|fastify|functions-framework|moleculer-runner|micro|nx|swc-node|esno|vite-node|env-cmd|dotenv|cross-env|node-dev|supervisor|tsc-watch|json-server|serverless|sls)(?=\s|$)/;

export const runsNode = (script: string): boolean => runner.test(script);
/** A script that only starts other packages or containers. */
export const startsOthers = (script: string): boolean =>
  workspaceTools.some(tool => new RegExp(`(^|[\\s;&|"'/])${tool}(?=\\s|$)`).test(script)) ||
  /--workspaces?\b|yarn workspaces?\b|--filter\b|--prefix\b|\bcd\s+\w/.test(script);

const listens =
  /\.listen\s*\(|createServer\s*\(|NestFactory\s*\.\s*create|createMicroservice|Bun\s*\.\s*serve|Deno\s*\.\s*serve|\bserve\s*\(\s*\{|startStandaloneServer|\.startAllMicroservices|\.bindAsync\s*\(|\.run\s*\(\s*\{\s*(eachMessage|eachBatch|partitionsConsumedConcurrently)|\.consume\s*\(|new\s+Worker\s*\(|createConsumer|gateway\(\)|\.process\s*\(|new\s+Moleculer|ServiceBroker\s*\(|\.start\s*\(\s*\)|cron\.schedule|setInterval\s*\(/;

export const startsServer = (text: string): boolean => listens.test(text);

const entryNames = /^(main|server|app|index|start|bootstrap|www|worker|cli-server)\.(ts|js|mts|mjs|cjs|tsx)$/;

/** Files that start the package: named by its scripts or `main`, else by convention. Only those that are there. */
export function entriesOf(survey: Survey, root: string, facts: PackageFacts | undefined): readonly string[] {
  const named = facts ? [...startScripts(facts).flatMap(pathsIn), ...(facts.main ? [facts.main] : [])] : [];
  const found = new Set<string>();
  for (const path of named) {
    const source = sourceOf(survey, root, path);
    if (source) found.add(source);
  }
  const config = survey.read(joined(root, 'nodemon.json') ?? '');
  if (config)
    for (const path of pathsIn(config)) {
      const source = sourceOf(survey, root, path);
      if (source) found.add(source);
    }
  if (!found.size || (facts && startScripts(facts).some(script => /\bnest\b/.test(script))))
    for (const folder of [
      'src',
      '.',
      'lib',
      'app',
      'server',
      'bin',
      'api',
      'source',
      'src/server',
      'src/app',
      'server/src',
      'src/bin',
    ]) {
      const inside = survey.inside(joined(root, folder) ?? root).filter(file => entryNames.test(baseOf(file)));
      for (const file of inside) found.add(file);
      if (inside.length) break;
    }
  return [...found];
}

/** Relative file paths in a command line. */
export const pathsIn = (command: string): string[] =>
  [
    ...command.matchAll(
      /(?:^|[\s"'=])((?:\.{0,2}\/)?[\w@.-]+(?:\/[\w@.${}-]+)*(?:\.[cm]?[jt]sx?)|(?:\.\/)?(?:src|dist|build|lib|bin|server|app)(?:\/[\w@.${}-]+)+)(?=$|[\s"',;&])/g,
    ),
  ]
    .map(match => match[1] ?? '')
    .filter(path => path && !/\.json$|\.config\.|node_modules/.test(path));

/** The source behind a path that may name build output: `dist/main` → `src/main.ts`. */
export function sourceOf(survey: Survey, root: string, path: string): string | undefined {
  const bare = path.replace(/^\.\//, '').replace(/\.[cm]?[jt]sx?$/, '');
  const variants = [
    bare,
    ...(/^(dist|build|out|lib|output|\.build)\//.test(bare)
      ? [
          bare.replace(/^[^/]+\//, ''),
          bare.replace(/^[^/]+\//, 'src/'),
          bare.replace(/^[^/]+\//, 'lib/'),
          bare.replace(/^[^/]+\/src\//, 'src/'),
          bare.replace(/^[^/]+\//, 'app/'),
        ]
      : []),
  ];
  for (const variant of variants)
    for (const ending of ['.ts', '.js', '.mts', '.mjs', '.cjs', '.tsx', '/index.ts', '/index.js', '']) {
      const file = joined(root, variant + ending);
      if (file && survey.has(file) && /\.[cm]?[jt]sx?$|\/www$/.test(file)) return file;
    }
  return undefined;
}
