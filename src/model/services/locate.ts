import { type Dockerfile, parseDockerfile, type Stage } from '../../extract/dockerfile.ts';
import { interpolate } from '../../extract/dotenv.ts';
import type { Probe } from '../../extract/probes.ts';
import { ownValue } from '../own-value.ts';
import type { Evidence } from '../system.ts';
import { type ImageKind, imageKind } from './images.ts';
import { pathsIn, sourceOf } from './programs.ts';
import { baseOf, folderOf, isWithin, joined, relativeTo, type Survey } from './survey.ts';
import type { Workspace } from './workspace.ts';

/** How a container is built: what compose, skaffold or a folder with a Dockerfile says. */
export interface Build {
  readonly context: string;
  readonly dockerfile?: string;
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly command?: string;
  /** Name of the deployed thing, for when the files do not tell. */
  readonly name: string;
}

export interface Located {
  /** The image that the last stage starts from, judged. */
  readonly base: ImageKind;
  readonly root?: string;
  readonly entries: readonly string[];
  readonly settings: readonly { readonly name: string; readonly value: string | null; readonly at: Evidence }[];
  readonly command: string;
  readonly at?: Evidence;
  /** Folders one of which each image holds, where a build argument chooses and nobody gives it. */
  readonly choices: readonly string[];
  /** A web server that gets nothing but its configuration: a proxy, no program of ours. */
  readonly isProxy: boolean;
  /** False for an image that nothing starts: a base for others. */
  readonly isStarted: boolean;
  /** HEALTHCHECK of the image. */
  readonly probe?: Probe;
}

interface Search {
  readonly survey: Survey;
  readonly workspace: Workspace;
}

export function locate(search: Search, build: Build): Located {
  const { survey } = search;
  const text = build.dockerfile === undefined ? undefined : survey.read(build.dockerfile);
  if (text === undefined || build.dockerfile === undefined) {
    const root = fromCommand(search, build.command ?? '', build.context) ?? ownRoot(search, build);
    return {
      base: { kind: 'unknown' },
      ...(root ? { root } : {}),
      entries: entriesIn(search, root ?? build.context, build.command ?? ''),
      settings: [],
      command: build.command ?? '',
      choices: [],
      isProxy: false,
      isStarted: true,
    };
  }
  const parsed = parseDockerfile(build.dockerfile, text);
  const chain = chainOf(parsed, build.target);
  const values = argumentsOf(parsed, chain, build.args);
  const fill = (raw: string): string => interpolate(raw, name => values.get(name) ?? '') ?? raw;
  const last = chain[0];
  const command = fill(
    build.command ??
      [last?.entrypoint ?? inherited(chain, 'entrypoint'), last?.command ?? inherited(chain, 'command')]
        .filter(Boolean)
        .join(' '),
  );
  const base = imageKind(fill(chain.at(-1)?.base ?? ''));
  const isProxy = base.kind === 'web-server' && !servesContent(parsed, chain);
  const choices = choicesOf(search, build.context, parsed, values);
  const root = base.kind === 'server' ? undefined : rootOf(search, build, parsed, chain, command, fill);
  const probe = chain.find(stage => stage.probe)?.probe;
  return {
    base,
    ...(root ? { root } : {}),
    entries: entriesIn(search, root ?? build.context, command),
    settings: chain
      .toReversed()
      .flatMap(stage =>
        stage.settings.map(setting => ({ ...setting, value: setting.value === null ? null : fill(setting.value) })),
      ),
    command,
    ...(last ? { at: parsed.stages[0]?.at ?? last.at } : {}),
    choices: choices.length > 1 ? choices : [],
    isProxy,
    isStarted: command !== '' || !(base.kind === 'runtime' && !base.startsItself),
    ...(probe === undefined || probe === 'none' ? {} : { probe }),
  };
}

/** The wanted stage and the stages that it starts from. */
function chainOf(parsed: Dockerfile, target: string | undefined): Stage[] {
  const chain: Stage[] = [];
  let stage = (target ? parsed.stages.find(one => one.name === target) : undefined) ?? parsed.stages.at(-1);
  while (stage && !chain.includes(stage)) {
    chain.push(stage);
    const base = stage.base;
    stage = parsed.stages.find(one => one.name === base);
  }
  return chain;
}

function argumentsOf(
  parsed: Dockerfile,
  chain: readonly Stage[],
  given: Readonly<Record<string, string>>,
): Map<string, string> {
  const values = new Map<string, string>();
  const stages = [...parsed.stages.filter(stage => !chain.includes(stage)), ...chain.toReversed()];
  for (const setting of [...parsed.globals, ...stages.flatMap(stage => stage.args)]) {
    const value = ownValue(given, setting.name) ?? setting.value;
    if (value !== null) values.set(setting.name, interpolate(value, name => values.get(name) ?? '') ?? value);
  }
  for (const setting of stages.flatMap(stage => stage.settings))
    if (setting.value !== null && !values.has(setting.name))
      values.set(setting.name, interpolate(setting.value, name => values.get(name) ?? '') ?? setting.value);
  return values;
}

const inherited = (chain: readonly Stage[], key: 'entrypoint' | 'command'): string | undefined =>
  chain.find(stage => stage[key] !== undefined)?.[key];

/** nginx with pages in it is a front end; nginx with only its configuration is a proxy. */
function servesContent(parsed: Dockerfile, chain: readonly Stage[]): boolean {
  if (parsed.stages.length > chain.length && chain[0]?.copies.some(copy => copy.from)) return true;
  return chain.some(stage =>
    stage.copies.some(
      copy =>
        copy.sources.some(
          source =>
            !/\.(conf|template|tmpl|crt|key|pem|sh|tpl|ya?ml|toml|json)$|nginx|caddyfile|conf\.d|certs?|ssl|haproxy/i.test(
              baseOf(source.replace(/\/$/, '')),
            ),
        ) && !/etc\/nginx/.test(copy.target),
    ),
  );
}

function rootOf(
  search: Search,
  build: Build,
  parsed: Dockerfile,
  chain: readonly Stage[],
  command: string,
  fill: (raw: string) => string,
): string | undefined {
  const { survey, workspace } = search;
  const dockerfile = build.dockerfile ?? '';
  const beside = folderOf(dockerfile);
  const isOwn = (folder: string): boolean =>
    folder !== '.' &&
    folder !== build.context &&
    isWithin(folder, build.context) &&
    (workspace.programs.has(folder) || workspace.applications.has(folder) || sourcesIn(survey, folder));
  if (isOwn(beside) && !workspace.holders.has(beside)) return beside;
  const byCommand = fromCommand(search, command, build.context);
  if (byCommand && byCommand !== build.context) return byCommand;
  if (!workspace.holders.has(build.context) && workspace.programs.has(build.context) && build.context !== '.')
    return build.context;
  const chosen = distinct(
    Object.entries(build.args)
      .filter(([name]) => !/version|env|tag|registry/i.test(name))
      .flatMap(([, value]) => workspace.byName(value, build.context) ?? [])
      .filter(root => workspace.isRunnable(root) && root !== build.context),
  );
  if (chosen.length === 1) return chosen[0];
  const byCopies = fromCopies(search, build.context, parsed, fill);
  if (byCopies) return byCopies;
  const byRuns = distinct(
    parsed.stages
      .flatMap(stage => stage.runs)
      .flatMap(run => fromCommand(search, fill(run), build.context) ?? [])
      .filter(root => root !== build.context && workspace.isRunnable(root)),
  );
  if (byRuns.length === 1) return byRuns[0];
  if (chain.length === 0) return undefined;
  const prefix =
    /^(.+)\.dockerfile$/i.exec(baseOf(dockerfile))?.[1] ?? /^dockerfile[.-](.+)$/i.exec(baseOf(dockerfile))?.[1];
  if (prefix && !isVariant(prefix)) {
    const named = workspace.byLikeness(prefix.replace(/[.-](dev|prod|production|local)$/, ''), build.context);
    if (named) return named;
  }
  return ownRoot(search, build);
}

/** When nothing points below the context, it is the context, unless that is a workspace of several programs. */
function ownRoot(search: Search, build: Build): string | undefined {
  const { survey, workspace } = search;
  const isHolder = workspace.holders.has(build.context) || programsBelow(workspace, build.context) > 1;
  const named = isHolder || build.context === '.' ? workspace.byLikeness(build.name, build.context) : undefined;
  if (named) return named;
  if (isHolder && !sourcesIn(survey, build.context)) return undefined;
  return survey.under(build.context).length ? build.context : undefined;
}

const programsBelow = (workspace: Workspace, folder: string): number =>
  [...new Set([...workspace.programs.keys(), ...workspace.applications.keys()])].filter(
    root => root !== folder && isWithin(root, folder),
  ).length;

const sourceFile = /\.(ts|js|mjs|cjs|tsx|jsx|go|rs|java|kt|py|php|rb|cs|ex|scala|html)$/;

/** Source right in the folder or in its `src`. */
export function sourcesIn(survey: Survey, folder: string): boolean {
  const own = (file: string): boolean =>
    sourceFile.test(file) && !/\.(config|conf|setup|spec|test)\.|gulpfile|\.eslintrc|\.d\.ts$/i.test(file);
  return (
    survey.inside(folder).some(own) ||
    ['src', 'app', 'lib', 'cmd', 'source'].some(
      name => survey.under(joined(folder, name) ?? folder).some(own) && survey.hasFolder(joined(folder, name) ?? ''),
    )
  );
}

const variants =
  /^(dev|devel|develop|development|prod|production|prd|local|stage|staging|test|tests|ci|debug|release|alpine|slim|debian|arm|arm64|amd64|base|build|builder|multi|multistage|node|docker|self_hosted|selfhosted|review|template|example|new|old|windows|linux|nanoserver|optimized|simple|web|default|main)$/i;
export const isVariant = (word: string): boolean => word.split(/[.-]/).every(part => variants.test(part));

/** Copies of sources (not of manifests) from the context: if only one program that can run is among them, it is that one. */
function fromCopies(
  search: Search,
  context: string,
  parsed: Dockerfile,
  fill: (raw: string) => string,
): string | undefined {
  const { workspace } = search;
  const code = new Set<string>();
  const manifests = new Set<string>();
  for (const copy of parsed.stages.flatMap(stage => stage.copies))
    for (const source of copy.sources.map(fill)) {
      const root = programOn(search, source, context);
      if (!root) continue;
      if (/(package(-lock)?\.json|lock|go\.(mod|sum)|\.toml|requirements.*\.txt|\.xml|\.csproj)$/.test(source))
        manifests.add(root);
      else code.add(root);
    }
  for (const found of [code, manifests]) {
    const runnable = [...found].filter(
      root => root !== context && workspace.isRunnable(root) && !workspace.programs.get(root)?.isOutside,
    );
    if (runnable.length === 1) return runnable[0];
    const deepest = runnable.filter(root => !runnable.some(other => other !== root && isWithin(other, root)));
    if (deepest.length === 1) return deepest[0];
    const applications = runnable.filter(
      root => !workspace.libraries.has(root) || /(^|\/)(apps|services)\//.test(root),
    );
    if (applications.length === 1) return applications[0];
  }
  return undefined;
}

/** Source folders of the form `services/${NAME}` whose argument nobody gives: each such folder is one choice. */
function choicesOf(search: Search, context: string, parsed: Dockerfile, values: ReadonlyMap<string, string>): string[] {
  const { survey } = search;
  const patterns = parsed.stages.flatMap(stage =>
    stage.copies.filter(copy => !copy.from).flatMap(copy => copy.sources),
  );
  const chosen = patterns.flatMap(source => {
    const match = /^((?:\.\/)?[\w@./-]+)\/\$\{?(\w+)\}?(\/.*)?$/.exec(source);
    return match?.[1] && match[2] && !values.has(match[2])
      ? [{ folder: joined(context, match[1]), argument: match[2], rest: (match[3] ?? '').replace(/\/$/, '') }]
      : [];
  });
  const [first] = chosen;
  if (!first?.folder) return [];
  return survey
    .subfolders(first.folder)
    .filter(folder =>
      chosen.every(
        one =>
          one.argument !== first.argument ||
          one.folder !== first.folder ||
          !/\.\w+$/.test(one.rest) ||
          survey.has(`${folder}${one.rest}`),
      ),
    );
}

const selectors: readonly RegExp[] = [
  /\bnest\s+(?:start|build)\s+(?:-\S+\s+)*([@\w./-]+)/g,
  /\bnx\s+(?:serve|build|start|dev|serve-static)\s+([@\w./-]+)/g,
  /\bnx\s+run\s+([@\w./-]+):/g,
  /\bnx\s+run-many\b.{0,500}?--projects?[= ]([@\w./-]+)/g,
  /\byarn\s+workspace\s+([@\w./-]+)/g,
  /(?:--filter|-F|--scope|--workspace|-w|--project)(?:=|\s+)["']?(?:\{?\.?\/?)([@\w./-]+?)\}?(?:\.\.\.)?["']?(?=\s|$|\))/g,
  /\bturbo\s+prune\s+(?:--scope=)?["']?([@\w./-]+)/g,
  /--prefix[= ]([\w./-]+)/g,
  /(?:--cwd|-C|--dir)[= ]([\w./-]+)/g,
  /\bcd\s+([\w./-]+)\s*(?:&&|;)/g,
  /(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?[\w:-]+\s+(?:--\s+)?([@\w-]+)(?=\s|$)/g,
];

/** The program that a command names, following the scripts of the package at `folder` one level. */
export function fromCommand(search: Search, command: string, folder: string, depth = 0): string | undefined {
  if (!command) return undefined;
  const { workspace } = search;
  for (const selector of selectors)
    for (const match of command.matchAll(selector)) {
      const root = workspace.byName(match[1] ?? '', folder);
      if (root && root !== folder) return root;
    }
  for (const path of wordsWithSlash(command)) {
    const root = programOn(search, path, folder);
    if (root && root !== folder && workspace.isRunnable(root)) return root;
  }
  if (depth > 2) return undefined;
  const scripts = workspace.programs.get(folder)?.facts?.scripts ?? {};
  for (const match of command.matchAll(/(?:npm|yarn|pnpm|bun)\s+(?:run\s+|-s\s+|--silent\s+)*([\w:.-]+)/g)) {
    const script = ownValue(scripts, match[1] ?? '');
    const root = script === undefined ? undefined : fromCommand(search, script, folder, depth + 1);
    if (root) return root;
    // `start:orders` where no script tells more
    const named =
      script === undefined
        ? undefined
        : (match[1] ?? '')
            .split(':')
            .map(word => workspace.byName(word, folder))
            .find(one => one !== undefined && workspace.isRunnable(one));
    if (named) return named;
  }
  return undefined;
}

const wordsWithSlash = (command: string): string[] =>
  command.split(/[\s"'=,;&|[\]]+/).filter(word => word.includes('/') && !word.includes('://'));

/** The program folder that lies on a path: `/app/dist/apps/orders/main.js` is on `apps/orders`. */
function programOn(search: Search, path: string, context: string): string | undefined {
  const { workspace } = search;
  const segments = path.split('/').filter(segment => segment !== '' && segment !== '.');
  for (let length = segments.length; length > 0; length--)
    for (let start = 0; start + length <= segments.length; start++) {
      const root = joined(context, segments.slice(start, start + length).join('/'));
      if (
        root &&
        root !== context &&
        (workspace.applications.has(root) || workspace.programs.has(root) || workspace.chosen.has(root))
      )
        return root;
    }
  for (const segment of segments.slice(0, -1)) {
    const root = workspace.byName(segment, context);
    if (root && workspace.applications.has(root)) return root;
  }
  return undefined;
}

/** Source files that a command starts, tried from the root of the code and from the context. */
function entriesIn(search: Search, root: string, command: string): string[] {
  const { survey, workspace } = search;
  const script = /(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?([\w:.-]+)/.exec(command)?.[1];
  const expanded = script ? (ownValue(workspace.programs.get(root)?.facts?.scripts, script) ?? command) : command;
  return distinct(
    pathsIn(expanded).flatMap(
      path =>
        sourceOf(survey, root, path) ??
        sourceOf(survey, root, relativeTo(path, root).split('/').slice(1).join('/')) ??
        [],
    ),
  );
}

const distinct = <T>(items: readonly T[]): T[] => [...new Set(items)];
