/** What each code stands for; docs/exit-codes.md lists the same. */
export const errorCodes = {
  'LT-001': 'wrong command, flag or argument',
  'LT-002': 'a path that does not exist or matches nothing',
  'LT-003': 'lintel.yaml is not YAML',
  'LT-004': 'lintel.yaml says something that Lintel does not understand',
  'LT-005': 'lintel.yaml names something that the repository does not have',
  'LT-006': 'nothing to analyse',
  'LT-007': 'no rule, pattern or part of the system has that name',
  'LT-008': 'this version of Node.js is too old',
  'LT-009': 'a lintel comment in the code that Lintel does not understand',
  'LT-010': 'a file that cannot be written',
  'LT-011': 'a baseline that Lintel does not understand',
  'LT-012': 'git cannot tell what changed',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** A mistake that the user can act on: printed without a stack. Everything else that is thrown is a bug. */
export class UserError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly exitCode: 2 | 3;

  constructor(code: ErrorCode, message: string, options: { hint?: string; exitCode?: 2 | 3; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'UserError';
    this.code = code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 2;
  }
}

export interface Failure {
  readonly exitCode: 0 | 2 | 3 | 4;
  /** For stderr; empty where there is nothing to say. */
  readonly text: string;
}

const issues = 'https://github.com/lintel-dev/lintel/issues';

/** How a program that threw `error` ends. */
export function failureOf(error: unknown): Failure {
  if (error instanceof UserError) return userFailure(error);
  if (isFrameworkExit(error)) return { exitCode: 0, text: '' };
  if (isWrongUsage(error)) return userFailure(new UserError('LT-001', usageMessage(error), { hint: 'lintel --help' }));
  const stack = error instanceof Error ? stackOf(error) : String(error);
  return { exitCode: 4, text: `internal error, please tell us at ${issues}\n${stack}\n` };
}

function userFailure(error: UserError): Failure {
  const hint = error.hint === undefined ? '' : `  ${error.hint}\n`;
  return { exitCode: error.exitCode, text: `error ${error.code}: ${error.message}\n${hint}` };
}

function stackOf(error: Error): string {
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own;
}

/** oclif throws this where help was asked for and printed. */
function isFrameworkExit(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIT';
}

/**
 * oclif's parser errors carry what was parsed, but for a value that is missing or of the wrong type, which only its
 * message tells. Its other errors, as for a command that cannot be loaded, are bugs of ours.
 */
function isWrongUsage(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const isNoCommand = /^Command .+ not found\.$/.test(error.message);
  return ('oclif' in error && 'parse' in error) || /^(?:Parsing|Flag) --/.test(error.message) || isNoCommand;
}

function usageMessage(error: Error): string {
  const [first = '', ...rest] = error.message
    .replace(/^The following errors? occurred:\s*/, '')
    .replace(/\nSee more help with --help$/, '')
    .split(/\s*\n\s*/);
  return [first.charAt(0).toLowerCase() + first.slice(1), ...rest].join(' ');
}
