import { type NestProject, parseNestCli } from '../../extract/nest-cli.ts';
import { type NxProject, parseNxProject, parseNxWorkspace } from '../../extract/nx.ts';
import type { Problem } from '../../extract/yaml.ts';
import { parseYaml, textsAt } from '../../extract/yaml.ts';
import { exactMatcherOf } from '../glob.ts';
import type { Evidence } from '../system.ts';
import { entriesOf, isFullStack, isMobile, type Program, programsOf, startScripts } from './programs.ts';
import { isExample, isOutsideProduction, plain, stems } from './purpose.ts';
import { baseOf, folderOf, isWithin, joined, type Survey } from './survey.ts';

/** An application that a workspace tool declares, apart from what deploys it. */
export interface Application {
  readonly name: string;
  readonly root: string;
  readonly entries: readonly string[];
  readonly by: 'nest' | 'nx';
  readonly nx?: NxProject;
  readonly at: Evidence;
}

/** Every folder that holds a program, and the names by which commands choose one. */
export interface Workspace {
  readonly programs: ReadonlyMap<string, Program>;
  readonly applications: ReadonlyMap<string, Application>;
  /** Folders of libraries that a workspace tool declares. */
  readonly libraries: ReadonlyMap<string, Evidence>;
  /** Folders of which a Dockerfile takes one by a build argument: `services/${NAME}`. */
  readonly chosen: ReadonlySet<string>;
  /** Folders whose package only starts or holds other packages. */
  readonly holders: ReadonlySet<string>;
  readonly problems: readonly Problem[];
  /** Is there something below this folder that can be run? */
  isRunnable(root: string): boolean;
  /** By the name of a package, an Nx or Nest project, or a path. */
  byName(name: string, within: string): string | undefined;
  /** The folder that a container or image most likely runs. */
  byLikeness(name: string, within: string): string | undefined;
}

export function workspaceOf(survey: Survey): Workspace {
  const { programs, problems } = programsOf(survey);
  const applications = new Map<string, Application>();
  const libraries = new Map<string, Evidence>();
  const holders = new Set<string>();
  readNest(survey, applications, libraries, holders);
  readNx(survey, applications, libraries, holders);
  for (const marker of ['pnpm-workspace.yaml', 'lerna.json', 'nx.json', 'turbo.json', 'rush.json'])
    for (const file of survey.named(marker)) {
      // one package of a Turborepo may have a turbo.json of its own, which extends the root's
      const isOfMember = marker === 'turbo.json' && (survey.read(file) ?? '').includes('"//"');
      if (!isOfMember) holders.add(folderOf(file));
    }
  for (const program of programs.values()) if (program.facts?.workspaces.length) holders.add(program.root);
  const chosen = chosenFolders(survey);
  const members = membersOf(survey, programs, holders);

  const names = new Map<string, string[]>();
  const name = (key: string, root: string): void => {
    const known = names.get(key);
    if (!known) names.set(key, [root]);
    else if (!known.includes(root)) known.push(root);
  };
  for (const { name: own, root } of applications.values()) name(own, root);
  for (const { facts, root } of programs.values()) if (facts?.name) name(facts.name, root);
  for (const root of [...applications.keys(), ...programs.keys()]) if (root !== '.') name(baseOf(root), root);

  const dockerFolders = new Set(survey.files.filter(file => /(^|\/)dockerfile/i.test(file)).map(folderOf));
  const isRunnable = (root: string): boolean => {
    if (applications.has(root)) return true;
    if (chosen.has(root) && !programs.has(root)) return true;
    const program = programs.get(root);
    if (!program) return false;
    if (!program.facts || dockerFolders.has(root)) return !program.facts || !isMobile(program.facts);
    return startScripts(program.facts).length > 0 || isFullStack(program.facts) || members.get(root) === undefined;
  };
  const candidates = (): string[] =>
    [...new Set([...applications.keys(), ...programs.keys(), ...dockerFolders, ...chosen])].filter(
      root => root !== '.' && !isOutsideProduction(root),
    );
  let likely: readonly { root: string; stems: readonly string[] }[] | undefined;
  return {
    programs,
    applications,
    chosen,
    libraries: new Map([...members, ...libraries]),
    holders,
    problems,
    isRunnable,
    byName: (wanted, within) => {
      const path = joined(within, wanted.replace(/^\.\//, '').replace(/\/$/, ''));
      if (path && path !== within && (programs.has(path) || applications.has(path))) return path;
      const found = (names.get(wanted) ?? []).filter(root => isWithin(root, within));
      return found.length === 1 ? found[0] : found.find(root => applications.has(root));
    },
    byLikeness: (wanted, within) => {
      likely ??= candidates().map(root => ({ root, stems: stems(baseOf(root)) }));
      const own = stems(wanted);
      let best: { root: string; points: number } | undefined;
      let tied = false;
      for (const { root, stems: theirs } of likely) {
        if (!isWithin(root, within)) continue;
        const points =
          likeness(wanted, own, baseOf(root), theirs) + (isRunnable(root) ? 0.5 : 0) - (isExample(root) ? 0.25 : 0);
        if (points < 1) continue;
        if (!best || points > best.points) {
          best = { root, points };
          tied = false;
        } else if (points === best.points) tied = true;
      }
      return tied ? undefined : best?.root;
    },
  };
}

function likeness(wanted: string, own: readonly string[], folder: string, theirs: readonly string[]): number {
  if (own[0] === theirs[0]) return 6;
  const shared = own.find(stem => theirs.includes(stem));
  if (shared && shared.length > 1) return own[0] === shared || theirs[0] === shared ? 5 : 4;
  const lower = wanted.toLowerCase().replace(/[_.]/g, '-');
  const tail = folder.toLowerCase().replace(/[_.]/g, '-').replace(/^\d+-/, '');
  if (tail.length > 1 && lower.endsWith(`-${tail}`)) return 3;
  // `shop-orders-prod` ends in the folder once role words are off
  return theirs.some(
    stem =>
      stem.length > 2 &&
      own.some(
        mine =>
          mine !== stem &&
          mine.endsWith(stem) &&
          ['-', '_', '.'].some(sign => wanted.toLowerCase().includes(sign + stem)),
      ),
  )
    ? 2
    : plain(tail) !== plain(folder) && own.includes(plain(tail))
      ? 3
      : 0;
}

function readNest(
  survey: Survey,
  applications: Map<string, Application>,
  libraries: Map<string, Evidence>,
  holders: Set<string>,
): void {
  const files = [...survey.named('nest-cli.json'), ...survey.named('.nestcli.json')];
  for (const file of files) {
    const facts = parseNestCli(file, survey.read(file) ?? '');
    const folder = folderOf(file);
    if (!facts?.projects.length) continue;
    holders.add(folder);
    for (const project of facts.projects) {
      const root = joined(folder, project.root);
      if (!root || !survey.under(root).length) continue;
      if (!project.isApplication) libraries.set(root, project.at);
      else if (!applications.has(root) && !isOutsideProduction(root))
        applications.set(root, {
          name: project.name,
          root,
          entries: nestEntries(survey, folder, root, project),
          by: 'nest',
          at: project.at,
        });
      if (root !== folder && project.isApplication && root === '.') holders.delete(folder);
    }
  }
}

function nestEntries(survey: Survey, folder: string, root: string, project: NestProject): string[] {
  const source = joined(folder, project.sourceRoot ?? `${project.root}/src`) ?? root;
  const entry = joined(source, `${project.entryFile ?? 'main'}.ts`);
  return entry && survey.has(entry) ? [entry] : [];
}

function readNx(
  survey: Survey,
  applications: Map<string, Application>,
  libraries: Map<string, Evidence>,
  holders: Set<string>,
): void {
  const found: { project: NxProject; root: string }[] = [];
  for (const file of survey.named('project.json')) {
    const project = parseNxProject(file, survey.read(file) ?? '');
    if (project && (project.type || project.executors.length || project.sourceRoot))
      found.push({ project, root: folderOf(file) });
  }
  for (const name of ['workspace.json', 'angular.json'])
    for (const file of survey.named(name)) {
      for (const project of parseNxWorkspace(file, survey.read(file) ?? '')) {
        const root = joined(folderOf(file), project.root ?? '.');
        if (root) found.push({ project, root });
      }
      holders.add(folderOf(file));
    }
  for (const { project, root } of found) {
    if (isOutsideProduction(root) || applications.has(root)) continue;
    if (project.type === 'library') libraries.set(root, project.at);
    else if (project.type === 'application') {
      const named = project.main && survey.has(project.main) ? project.main : undefined;
      applications.set(root, {
        name: project.name ?? baseOf(root),
        root,
        entries: named ? [named] : entriesOf(survey, root, undefined),
        by: 'nx',
        nx: project,
        at: project.at,
      });
    }
  }
}

function chosenFolders(survey: Survey): Set<string> {
  const found = new Set<string>();
  for (const file of survey.files) {
    if (!/(^|\/)(dockerfile[^/]*|[^/]*\.dockerfile)$/i.test(file)) continue;
    for (const match of (survey.read(file) ?? '').matchAll(
      /^[ \t]*(?:COPY|ADD)\s+(?:--\S+\s+)*(?:\.\/)?([\w@./-]+)\/\$\{?\w+\}?(?:\/\s|\s)/gim,
    )) {
      const folder = joined('.', match[1] ?? '');
      for (const sub of folder ? survey.subfolders(folder) : []) if (!isOutsideProduction(sub)) found.add(sub);
    }
  }
  return found;
}

/** Packages that a workspace lists, by its globs; what nobody starts among them is a library. */
function membersOf(
  survey: Survey,
  programs: ReadonlyMap<string, Program>,
  holders: ReadonlySet<string>,
): Map<string, Evidence> {
  const members = new Map<string, Evidence>();
  for (const holder of holders) {
    const globs = [...(programs.get(holder)?.facts?.workspaces ?? [])];
    const pnpm = joined(holder, 'pnpm-workspace.yaml');
    if (pnpm && survey.has(pnpm))
      globs.push(...textsAt(parseYaml(pnpm, survey.read(pnpm) ?? '').documents[0], 'packages'));
    const isListed = exactMatcherOf(
      globs.filter(glob => !glob.startsWith('!')).map(glob => joined(holder, glob) ?? glob),
    );
    for (const program of programs.values())
      if (program.facts && program.root !== holder && isListed(program.root)) members.set(program.root, program.at);
  }
  return members;
}
