import type { RenderCheck, RenderGraph } from './report.ts';

export const checkFormats = ['console', 'json', 'sarif', 'github', 'gitlab', 'junit', 'markdown'] as const;
export type CheckFormat = (typeof checkFormats)[number];
export const graphFormats = ['text', 'mermaid', 'dot', 'json'] as const;

/** A reporter is one file, one line here and its name above; only the one asked for is loaded. */
export const checkReporters = {
  console: async () => (await import('./console.ts')).renderConsole,
  json: async () => (await import('./json.ts')).renderJson,
  sarif: async () => (await import('./sarif.ts')).renderSarif,
  github: async () => (await import('./github.ts')).renderGithub,
  gitlab: async () => (await import('./gitlab.ts')).renderGitlab,
  junit: async () => (await import('./junit.ts')).renderJunit,
  markdown: async () => (await import('./markdown.ts')).renderMarkdown,
} satisfies Record<CheckFormat, () => Promise<RenderCheck>>;

export const graphReporters = {
  text: async () => (await import('./graph-text.ts')).renderGraphText,
  mermaid: async () => (await import('./mermaid.ts')).renderMermaid,
  dot: async () => (await import('./dot.ts')).renderDot,
  json: async () => (await import('./json.ts')).renderGraphJson,
} satisfies Record<(typeof graphFormats)[number], () => Promise<RenderGraph>>;
