import { parseDockerfile } from '../../extract/dockerfile.ts';
import type { Evidence } from '../system.ts';
import { isVariant, type Located, locate, sourcesIn } from './locate.ts';
import {
  entriesOf,
  hasServerPackage,
  isBrowserApp,
  isFullStack,
  isMobile,
  type Program,
  runsNode,
  startScripts,
  startsOthers,
  startsServer,
} from './programs.ts';
import { isExample, isOutsideProduction, isTaskName, isTestFolder } from './purpose.ts';
import { baseOf, folderOf, isWithin, joined, type Survey } from './survey.ts';
import type { Unit } from './unit.ts';
import type { Workspace } from './workspace.ts';

/** What runs without a compose file or a manifest that names it: applications of a workspace, Dockerfiles, packages with a start. */
export function standaloneUnits(survey: Survey, workspace: Workspace, deployed: readonly Unit[]): Unit[] {
  // a task in a folder says nothing about what else runs there
  const running = deployed.filter(one => !one.isTask);
  const taken = new Set(running.map(one => one.root));
  const units: Unit[] = [];
  const add = (found: readonly Unit[]): void => {
    for (const unit of found) {
      if (taken.has(unit.root) && unit.environments.length === 0 && unit.entries.length === 0) continue;
      units.push(unit);
      taken.add(unit.root);
    }
  };
  add(applicationUnits(survey, workspace));
  const hasManifests = deployed.some(one => !one.isTask && (one.kind === 'compose' || one.kind === 'kubernetes'));
  add(dockerfileUnits(survey, workspace, taken, new Set(running.flatMap(one => one.dockerfile ?? [])), hasManifests));
  add(packageUnits(survey, workspace, taken));
  const production = units.filter(unit => !isExample(unit.root));
  return production.length || deployed.some(unit => !unit.isTask) ? production : units;
}

const unit = (
  kind: Unit['kind'],
  name: string,
  root: string,
  entries: readonly string[],
  at: Evidence,
  more: Partial<Unit> = {},
): Unit => ({
  kind,
  name,
  root,
  entries,
  isTask: false,
  isBuilt: true,
  command: '',
  evidence: [at],
  environments: [],
  hosts: [],
  isWebServer: false,
  ...more,
});

function applicationUnits(survey: Survey, workspace: Workspace): Unit[] {
  return [...workspace.applications.values()].flatMap(application => {
    if (isTaskName(application.name) || /-e2e$/.test(application.name)) return [];
    if (application.by === 'nest')
      return application.entries.length || sourcesIn(survey, application.root)
        ? [unit('nest', application.name, application.root, application.entries, application.at)]
        : [];
    const executors = application.nx?.executors.join(' ') ?? '';
    if (
      /angular|react|vue|next|nuxt|expo|vite:dev-server|storybook|cypress|playwright|web:/.test(executors) &&
      !/js:node|nx\/node|:node\b/.test(executors)
    )
      return [];
    if (
      survey
        .inside(application.root)
        .some(file => /(^|\/)(index\.html|next\.config\.\w+|vite\.config\.\w+|angular\.json)$/.test(file)) ||
      survey.has(`${application.root}/src/index.html`)
    )
      return [];
    const listens = application.entries.some(entry => startsServer(survey.read(entry) ?? ''));
    return listens || /js:node|nx\/node|node:(execute|node)/.test(executors)
      ? [unit('nx', application.name, application.root, application.entries, application.at)]
      : [];
  });
}

const isDockerfile = (path: string): boolean =>
  /^dockerfile([.-][\w.-]+)?$|\.dockerfile$/i.test(baseOf(path)) && !/ignore$|\.(md|sh|js|ts)$/i.test(baseOf(path));

/** A folder with a Dockerfile that no deployment names: still somebody's image. */
function dockerfileUnits(
  survey: Survey,
  workspace: Workspace,
  taken: ReadonlySet<string>,
  used: ReadonlySet<string>,
  hasManifests: boolean,
): Unit[] {
  return survey.files.filter(isDockerfile).flatMap(file => {
    const folder = folderOf(file);
    if (used.has(file) || baseOf(file).startsWith('.')) return [];
    const suffix =
      /^dockerfile[.-](.+)$/i.exec(baseOf(file))?.[1] ?? /^(.+)\.dockerfile$/i.exec(baseOf(file))?.[1] ?? '';
    if (
      folder.split('/').some(segment => segment.startsWith('.') && segment !== '.') ||
      isOutsideProduction(folder) ||
      isTaskName(suffix) ||
      /^base/i.test(suffix)
    )
      return [];
    const name = suffix && !isVariant(suffix) ? suffix : baseOf(folder);
    if (isTaskName(name)) return [];
    const context = contextOf(survey, workspace, file, folder);
    const located: Located = locate({ survey, workspace }, { context, dockerfile: file, args: {}, name });
    if (located.choices.length)
      return located.choices
        .filter(root => !isTaskName(baseOf(root)) && !taken.has(root))
        .map(root =>
          unit('dockerfile', baseOf(root), root, [], located.at ?? { file, line: 1, column: 1 }, { dockerfile: file }),
        );
    const root = located.root;
    if (
      !root ||
      located.isProxy ||
      located.base.kind === 'server' ||
      located.base.kind === 'infrastructure' ||
      !located.isStarted
    )
      return [];
    // compose or manifests run everything else here, so a page that none of them names is not deployed from here
    if (hasManifests && !taken.has(root) && isPage(workspace, root)) return [];
    const program = workspace.programs.get(root);
    if (
      !program &&
      !workspace.applications.has(root) &&
      !workspace.chosen.has(root) &&
      !(
        located.entries.length ||
        survey.under(root).some(path => /\.(go|rs|java|kt|rb|cs|php|py)$/.test(path) && folder !== '.')
      )
    )
      return [];
    if (program?.isOutside || (program?.facts && isMobile(program.facts))) return [];
    if (
      workspace.holders.has(root) &&
      !located.entries.some(entry => folderOf(entry) === root || folderOf(entry) === joined(root, 'src'))
    )
      return [];
    const environment = located.settings.length
      ? [
          {
            id: `dockerfile:${file}`,
            kind: 'dockerfile' as const,
            project: `dockerfile:${folder}`,
            production: true,
            variables: Object.fromEntries(located.settings.map(setting => [setting.name, setting])),
          },
        ]
      : [];
    return [
      unit('dockerfile', name, root, located.entries, located.at ?? { file, line: 1, column: 1 }, {
        dockerfile: file,
        command: located.command,
        environments: environment,
        isWebServer: located.base.kind === 'web-server',
        ...(located.probe ? { probes: [located.probe] } : {}),
      }),
    ];
  });
}

const isPage = (workspace: Workspace, root: string): boolean => {
  const facts = workspace.programs.get(root)?.facts;
  if (!facts || isFullStack(facts)) return false;
  const bundles = startScripts(facts).some(script =>
    /\b(vite|react-scripts|react-app-rewired|craco|vue-cli-service|ng serve|parcel|webpack(-dev-server)?|rollup|rsbuild|http-server)\b/.test(
      script,
    ),
  );
  return isBrowserApp(facts) ? bundles || !hasServerPackage(facts) : bundles && !hasServerPackage(facts);
};

/** The nearest folder in which most of what the Dockerfile copies is found. */
function contextOf(survey: Survey, workspace: Workspace, file: string, folder: string): string {
  const copied = parseDockerfile(file, survey.read(file) ?? '')
    .stages.flatMap(stage => stage.copies.filter(copy => !copy.from).flatMap(copy => copy.sources))
    .filter(source => !/[$*?{]|^\.?\/?$|:\/\//.test(source));
  let best = { folder, points: -1 };
  for (let above = folder; ; above = folderOf(above)) {
    const points = copied.filter(source => {
      const path = joined(above, source);
      return path !== undefined && (survey.has(path) || survey.hasFolder(path));
    }).length;
    if (points > best.points) best = { folder: above, points };
    if (above === '.') break;
  }
  if (
    best.points > 0 ||
    workspace.programs.has(folder) ||
    workspace.applications.has(folder) ||
    sourcesIn(survey, folder)
  )
    return best.folder;
  for (let above = folder; ; above = folderOf(above)) if (above === '.' || workspace.programs.has(above)) return above;
}

function packageUnits(survey: Survey, workspace: Workspace, taken: ReadonlySet<string>): Unit[] {
  return [...workspace.programs.values()].flatMap(program => {
    const { facts, root } = program;
    if (!facts || program.isOutside || taken.has(root) || isMobile(facts) || root.split('/').some(isTestFolder))
      return [];
    if (workspace.libraries.has(root) && workspace.applications.has(root)) return [];
    if (isTaskName(baseOf(root)) || (facts.hasBin && !/server|api|service/.test(root))) return [];
    const isHolder = workspace.holders.has(root) || (root === '.' && taken.size > 0);
    const scripts = startScripts(facts).filter(script => runsNode(script) && !startsOthers(script));
    const command = startScripts(facts).find(script => !startsOthers(script)) ?? '';
    if (isHolder && (!scripts.length || ownEntries(survey, workspace, program).length === 0)) return [];
    if (isHosted(survey, program))
      return [unit('serverless', baseOf(root), root, [...entriesOf(survey, root, facts)], facts.at)];
    if (isBrowserApp(facts) && !hasServerPackage(facts) && !(isFullStack(facts) && usesServer(survey, program)))
      return [];
    const entries = ownEntries(survey, workspace, program);
    if (!isRun(survey, program, scripts, entries)) return [];
    return [unit('start', baseOf(root), root, entries, facts.at, { command })];
  });
}

/** Azure Functions and Cloudflare Workers: the host's file beside the package. */
function isHosted(survey: Survey, { facts, root }: Program): boolean {
  if (!facts) return false;
  const has = (name: string): boolean => survey.has(joined(root, name) ?? '');
  const isAzure =
    has('host.json') && (facts.dependencies.has('@azure/functions') || facts.devDependencies.has('@azure/functions'));
  return isAzure || (['wrangler.toml', 'wrangler.json', 'wrangler.jsonc'].some(has) && !isBrowserApp(facts));
}

const ownEntries = (survey: Survey, workspace: Workspace, program: Program): string[] =>
  entriesOf(survey, program.root, program.facts).filter(
    entry =>
      !isOutsideProduction(entry) &&
      ![...workspace.programs.keys()].some(
        other => other !== program.root && isWithin(other, program.root) && isWithin(entry, other),
      ),
  );

/** Started by a script, or with no script at all a file that listens. */
function isRun(survey: Survey, program: Program, scripts: readonly string[], entries: readonly string[]): boolean {
  const { facts, root } = program;
  if (facts && !facts.isPublished && startsByRunner(survey, program)) return true;
  if (!facts || !entries.length) return facts !== undefined && isFullStack(facts) && startScripts(facts).length > 0;
  const texts = entries.map(entry => survey.read(entry) ?? '');
  const listens =
    texts.some(startsServer) || (hasServerPackage(facts) && neighbours(survey, root, entries).some(startsServer));
  const isStarted = ['start', 'start:prod', 'serve'].some(
    name => runsNode(facts.scripts[name] ?? '') && !startsOthers(facts.scripts[name] ?? ''),
  );
  if (isStarted && hasServerPackage(facts) && !facts.hasBin && !facts.isPublished) return true;
  if (scripts.length)
    return (
      listens ||
      entries.some(entry => /(^|\/)(server|app|main)\.[cm]?[jt]s$/.test(entry) && !facts.hasBin && !facts.isPublished)
    );
  return listens && hasServerPackage(facts) && !facts.isPublished && facts.scripts.build === undefined;
}

/** Moleculer's runner starts the services that it finds; no script names their files. */
const startsByRunner = (survey: Survey, { facts, root }: Program): boolean =>
  facts !== undefined &&
  startScripts(facts).some(script => /\bmoleculer-runner\b/.test(script)) &&
  survey.under(root).some(file => /\.service\.[cm]?[jt]s$/.test(file));

/** Files that an entry most likely hands over to. */
const neighbours = (survey: Survey, root: string, entries: readonly string[]): string[] =>
  [
    ...new Set(
      entries.flatMap(entry => [
        folderOf(entry),
        ...['src', 'lib', 'app', 'server', 'src/server', 'src/loaders'].map(name => joined(root, name) ?? root),
      ]),
    ),
  ]
    .flatMap(folder => survey.inside(folder))
    .filter(file => /(server|app|index|main|bootstrap|express|fastify|koa|http)\.[cm]?[jt]s$/.test(file))
    .slice(0, 12)
    .map(file => survey.read(file) ?? '');

/** A page framework with a server of its own counts when the server does something: routes or a database. */
function usesServer(survey: Survey, program: Program): boolean {
  const { facts, root } = program;
  const data = [
    '@prisma/client',
    'prisma',
    'mongoose',
    'mongodb',
    'pg',
    'knex',
    'drizzle-orm',
    'typeorm',
    'sequelize',
    'mysql2',
    'redis',
    'ioredis',
    '@trpc/server',
    'kysely',
    '@neondatabase/serverless',
  ];
  if (!facts || !data.some(name => facts.dependencies.has(name))) return false;
  return survey.under(root).some(file => /(^|\/)(pages\/api|app\/api|server\/api|routes\/api)\//.test(file));
}
