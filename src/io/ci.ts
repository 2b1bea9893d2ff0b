import type { Repository } from '../report/report.ts';

/** What the environment tells of where Lintel runs. */
export interface Ci {
  /** In a job of GitHub Actions; with the file that its summary goes to, where it has one. */
  readonly githubActions: { readonly summary: string | undefined } | undefined;
  /** In any CI, where nobody watches. */
  readonly ci: boolean;
  readonly repository: Repository | undefined;
}

export function ciOf(env: NodeJS.ProcessEnv = process.env): Ci {
  const isGithub = env.GITHUB_ACTIONS === 'true';
  return {
    githubActions: isGithub ? { summary: env.GITHUB_STEP_SUMMARY || undefined } : undefined,
    ci: isGithub || (env.CI !== undefined && env.CI !== '' && env.CI !== 'false'),
    repository: onGithub(env) ?? onGitlab(env),
  };
}

function onGithub({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_SHA }: NodeJS.ProcessEnv): Repository | undefined {
  if (!GITHUB_SERVER_URL || !GITHUB_REPOSITORY || !GITHUB_SHA) return undefined;
  const url = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`;
  return { url, revision: GITHUB_SHA, files: `${url}/blob/${GITHUB_SHA}/` };
}

function onGitlab({ CI_PROJECT_URL, CI_COMMIT_SHA }: NodeJS.ProcessEnv): Repository | undefined {
  if (!CI_PROJECT_URL || !CI_COMMIT_SHA) return undefined;
  return { url: CI_PROJECT_URL, revision: CI_COMMIT_SHA, files: `${CI_PROJECT_URL}/-/blob/${CI_COMMIT_SHA}/` };
}
