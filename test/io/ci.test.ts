import { expect, test } from 'vitest';
import { ciOf } from '../../src/io/ci.ts';

test('GitHub tells of its job, its summary and the repository', () => {
  const env = {
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: '/tmp/summary',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'shop/shop',
    GITHUB_SHA: 'c0ffee',
  };
  expect(ciOf(env)).toEqual({
    githubActions: { summary: '/tmp/summary' },
    ci: true,
    repository: {
      url: 'https://github.com/shop/shop',
      revision: 'c0ffee',
      files: 'https://github.com/shop/shop/blob/c0ffee/',
    },
  });
});

test('GitLab tells of the repository', () => {
  const { ci, repository, githubActions } = ciOf({
    CI: 'true',
    CI_PROJECT_URL: 'https://gitlab.com/shop/shop',
    CI_COMMIT_SHA: 'c0ffee',
  });
  expect({ ci, githubActions }).toEqual({ ci: true, githubActions: undefined });
  expect(repository?.files).toBe('https://gitlab.com/shop/shop/-/blob/c0ffee/');
});

test('elsewhere nothing is known', () => {
  expect(ciOf({ CI: 'false' })).toEqual({ githubActions: undefined, ci: false, repository: undefined });
});
