import { looksLikeCdk, readCdk } from '../../extract/cdk.ts';
import { looksLikeTemplate, parseTemplate } from '../../extract/cloudformation.ts';
import { parsePm2 } from '../../extract/pm2.ts';
import { parseProcfile } from '../../extract/procfile.ts';
import { parseServerless, type ServerlessVariable } from '../../extract/serverless.ts';
import type { Problem } from '../../extract/yaml.ts';
import type { Environment } from '../discovery.ts';
import type { Evidence } from '../system.ts';
import { fromCommand } from './locate.ts';
import { pathsIn, sourceOf } from './programs.ts';
import { isOutsideProduction, isTaskName } from './purpose.ts';
import { baseOf, folderOf, joined, relativeTo, type Survey } from './survey.ts';
import type { Unit } from './unit.ts';
import type { Workspace } from './workspace.ts';

export interface CloudFindings {
  readonly units: readonly Unit[];
  readonly problems: readonly Problem[];
}

/** Services that a cloud or a process manager runs: serverless.yml, SAM, CDK, SST, pm2, Procfile. */
export function cloudUnits(survey: Survey, workspace: Workspace): CloudFindings {
  const serverless = serverlessUnits(survey);
  const sam = templateUnits(survey, workspace);
  return {
    units: [...serverless.units, ...sam.units, ...cdkUnits(survey, workspace), ...processUnits(survey, workspace)],
    problems: [...serverless.problems, ...sam.problems],
  };
}

const unit = (kind: Unit['kind'], name: string, root: string, at: Evidence, more: Partial<Unit>): Unit => ({
  kind,
  name,
  root,
  entries: [],
  isTask: isTaskName(name) && isTaskName(baseOf(root)),
  isBuilt: true,
  command: '',
  evidence: [at],
  environments: [],
  hosts: [],
  isWebServer: false,
  ...more,
});

const byNameOf = (variables: readonly ServerlessVariable[]): Environment['variables'] =>
  Object.fromEntries(variables.map(variable => [variable.name, variable]));

function serverlessUnits(survey: Survey): CloudFindings {
  const units: Unit[] = [];
  const problems: Problem[] = [];
  for (const file of ['serverless.yml', 'serverless.yaml', 'serverless.ts', 'serverless.js', 'serverless.cjs'].flatMap(
    name => survey.named(name),
  )) {
    const root = folderOf(file);
    if (root !== '.' && isOutsideProduction(root)) continue;
    const facts = parseServerless(file, survey.read(file) ?? '', path => survey.read(joined(root, path) ?? ''));
    problems.push(...facts.problems);
    if (!facts.functions.length && !facts.name) continue;
    const entries = facts.functions.flatMap(one =>
      one.handler === undefined ? [] : (sourceOf(survey, root, one.handler.replace(/\.[^./]+$/, '')) ?? []),
    );
    const variables = [...facts.variables, ...facts.functions.flatMap(one => one.variables)];
    const isOpen = variables.length === 0 && /environment/.test(survey.read(file) ?? '');
    units.push(
      unit('serverless', facts.name ?? baseOf(root), root, facts.at, {
        entries: [...new Set(entries)],
        triggers: facts.functions.flatMap(one => one.triggers),
        environments: [
          {
            id: `serverless:${file}`,
            kind: 'serverless',
            project: `serverless:${root}`,
            production: true,
            variables: byNameOf(variables),
            ...(isOpen ? { open: true } : {}),
          },
        ],
      }),
    );
  }
  return { units, problems };
}

function templateUnits(survey: Survey, workspace: Workspace): CloudFindings {
  const units: Unit[] = [];
  const problems: Problem[] = [];
  for (const file of survey.files) {
    if (!/(^|\/)(template|sam|cloudformation|cfn|stack)[\w.-]*\.(ya?ml|json)$|\.template\.(ya?ml|json)$/i.test(file))
      continue;
    const text = survey.read(file) ?? '';
    if (!looksLikeTemplate(text) || isOutsideProduction(folderOf(file))) continue;
    const parsed = parseTemplate(file, text);
    problems.push(...parsed.problems);
    for (const one of parsed.functions) {
      const folder = joined(folderOf(file), one.code);
      if (!folder || !survey.under(folder).length) continue;
      const entry =
        one.handler === undefined ? undefined : sourceOf(survey, folder, one.handler.replace(/\.[^./]+$/, ''));
      const root = programRoot(workspace, survey, entry ?? folder, folderOf(file));
      units.push(
        unit('serverless', one.name, root, one.at, {
          entries: entry ? [entry] : [],
          triggers: one.triggers,
          environments: [
            {
              id: `serverless:${file}#${one.name}`,
              kind: 'serverless',
              project: `serverless:${folderOf(file)}`,
              production: true,
              variables: byNameOf(one.variables),
            },
          ],
        }),
      );
    }
  }
  return { units, problems };
}

function cdkUnits(survey: Survey, workspace: Workspace): Unit[] {
  const apps = [
    ...['cdk.json', 'sst.json'].flatMap(name => survey.named(name)),
    ...survey.files.filter(file => /(^|\/)sst\.config\.[tj]s$/.test(file)),
  ];
  return [...new Set(apps.map(folderOf))].flatMap(app => {
    const files = survey
      .under(app)
      .filter(
        file =>
          /\.[cm]?[tj]s$/.test(file) &&
          !file.endsWith('.d.ts') &&
          !isOutsideProduction(folderOf(relativeTo(file, app))) &&
          !/\.(test|spec)\./.test(file),
      )
      .slice(0, 3000)
      .flatMap(file => {
        const text = survey.read(file) ?? '';
        return looksLikeCdk(text) ? [{ file, text }] : [];
      });
    return readCdk(files).flatMap(found => {
      const path = [joined(app, found.code), found.code]
        .flatMap(one => (one ? [one, one.replace(/\/(dist|build|out|lib|bin)(\/.*)?$|\.zip$/s, '')] : []))
        .flatMap(one => (survey.has(one) || survey.hasFolder(one) ? [one] : (sourceOf(survey, '.', one) ?? [])))
        .at(0);
      if (path === undefined) return [];
      const isFile = survey.has(path);
      const entry = isFile
        ? path
        : found.handler === undefined
          ? undefined
          : sourceOf(survey, path, found.handler.replace(/\.[^./]+$/, ''));
      const root = programRoot(workspace, survey, path, app);
      const environment: Environment = {
        id: `cdk:${found.at.file}#${found.name}`,
        kind: 'cdk',
        project: `cdk:${app}`,
        production: true,
        variables: byNameOf(found.variables),
      };
      return [
        unit('cdk', found.name, root, found.at, {
          entries: entry ? [entry] : [],
          environments: [environment],
          triggers: found.triggers,
        }),
      ];
    });
  });
}

/** The package that holds a function, below the folder of the infrastructure; else the folder of its code. */
function programRoot(workspace: Workspace, survey: Survey, path: string, app: string): string {
  const folder = survey.has(path) ? folderOf(path) : path;
  for (let above = folder; above !== '.' && above !== app; above = folderOf(above))
    if (workspace.programs.has(above) && !workspace.holders.has(above)) return above;
  const trimmed = folder.replace(/\/(src|handlers?|lambda|dist|app)$/, '');
  return trimmed === '' ? folder : trimmed;
}

function processUnits(survey: Survey, workspace: Workspace): Unit[] {
  const pm2 = survey.files.filter(
    file =>
      /(^|\/)(ecosystem|pm2|process)([\w.-]*)\.(c?js|json|mjs)$/.test(file) &&
      /\b["']?apps["']?\s*:/.test(survey.read(file) ?? ''),
  );
  const started = pm2.flatMap(file => {
    const apps = parsePm2(file, survey.read(file) ?? '');
    return apps.flatMap(app => {
      const folder = joined(folderOf(file), app.cwd ?? '.') ?? folderOf(file);
      const entry = sourceOf(survey, folder, app.script);
      const root = rootOfProcess(survey, workspace, folder, `${app.script} ${app.args}`, entry);
      if (!root || (root === folder && workspace.holders.has(folder))) return [];
      const stages = [...new Set(['', ...app.env.map(one => one.stage)])];
      const environments = stages.flatMap((stage): Environment[] => {
        const variables = byNameOf(app.env.filter(one => one.stage === '' || one.stage === stage));
        return Object.keys(variables).length
          ? [
              {
                id: `pm2:${file}#${app.name}${stage && `:${stage}`}`,
                kind: 'pm2',
                project: `laptop:${folderOf(file)}`,
                production: /prod/.test(stage),
                variables,
              },
            ]
          : [];
      });
      return [unit('pm2', app.name, root, app.at, { entries: entry ? [entry] : [], environments })];
    });
  });
  const procfiles = survey.named('procfile').flatMap(file =>
    parseProcfile(file, survey.read(file) ?? '').flatMap(process => {
      const folder = folderOf(file);
      const entry = pathsIn(process.command)
        .flatMap(path => sourceOf(survey, folder, path) ?? [])
        .at(0);
      const root = rootOfProcess(survey, workspace, folder, process.command, entry);
      if (
        !root ||
        process.name === 'release' ||
        isOutsideProduction(root) ||
        (root === folder && workspace.holders.has(folder))
      )
        return [];
      return [
        unit('procfile', process.name === 'web' ? baseOf(root) : process.name, root, process.at, {
          entries: entry ? [entry] : [],
          command: process.command,
        }),
      ];
    }),
  );
  return [...started, ...procfiles];
}

function rootOfProcess(
  survey: Survey,
  workspace: Workspace,
  folder: string,
  command: string,
  entry: string | undefined,
): string | undefined {
  const named = fromCommand({ survey, workspace }, command, folder);
  if (named) return named;
  if (!entry) return workspace.programs.has(folder) ? folder : undefined;
  for (let above = folderOf(entry); ; above = folderOf(above)) {
    if (workspace.programs.has(above) || workspace.applications.has(above) || above === folder) return above;
    if (above === '.') return folder;
  }
}
