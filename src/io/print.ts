/** Writes all of `text` to stdout and waits until it is gone; a reader that left early (`| head`) is no failure. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, error => {
      if (error && !('code' in error && error.code === 'EPIPE')) reject(error);
      else resolve();
    });
  });
}

/** Whether stdout shall have colours, by the habits of NO_COLOR and FORCE_COLOR. */
export function wantsColor(env: NodeJS.ProcessEnv = process.env, isTerminal: boolean = process.stdout.isTTY): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return Boolean(isTerminal) && env.TERM !== 'dumb';
}

/** For people, beside what is printed: on stderr, so that it is in no report. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
