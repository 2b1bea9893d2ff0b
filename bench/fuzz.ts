// npm run fuzz -- [--cases 1000000] [--seed 1] [--target sql]: hostile inputs for every reader, and for whole repositories.
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { readerTargets, repositoryTarget } from '../test/robustness/fuzz.ts';

const batch = 500;
/** A batch without any case done for this long hangs. */
const patience = 60_000;

if (isMainThread) await watch();
else work();

interface Plan {
  readonly cases: number;
  readonly seed: number;
  readonly only: string | undefined;
  readonly done: SharedArrayBuffer;
}

type Report =
  | { readonly kind: 'batch'; readonly target: string; readonly seed: number }
  | { readonly kind: 'failure'; readonly target: string; readonly seed: number; readonly text: string }
  | { readonly kind: 'end' };

/** Tries one batch of each target in turn; of a whole repository a tenth, as each takes longer. */
function work(): void {
  const { cases, seed, only, done }: Plan = workerData;
  const report = (message: Report) => parentPort?.postMessage(message);
  const count = new Int32Array(done);
  const targets = [...readerTargets, repositoryTarget()].filter(({ name }) => only === undefined || name === only);
  for (let round = 0; Atomics.load(count, 0) < cases && targets.length > 0; round++) {
    for (const target of targets) {
      report({ kind: 'batch', target: target.name, seed: seed + round });
      const size = target.name === 'repository' ? batch / 10 : batch;
      const failure = target.run(size, seed + round, () => Atomics.add(count, 0, 1));
      if (failure)
        report({
          kind: 'failure',
          target: target.name,
          seed: seed + round,
          text: `${failure.error}\n${JSON.stringify(failure.input)}`,
        });
    }
  }
  report({ kind: 'end' });
}

/** A thread that hangs cannot say so itself. */
async function watch(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      target: { type: 'string' },
    },
  });
  const done = new SharedArrayBuffer(4);
  const count = new Int32Array(done);
  const plan: Plan = { cases: Number(values.cases), seed: Number(values.seed), only: values.target, done };
  const failures = new Map<string, string>();
  let now = '';
  let hangs = 0;
  const start = Date.now();
  await new Promise<void>((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: plan });
    let last = -1;
    const watchdog = setInterval(() => {
      if (count[0] === last) {
        hangs++;
        failures.set(`hang ${now}`, `hangs: npm run fuzz -- ${now}`);
        worker.terminate().then(() => resolve());
      }
      last = count[0] ?? 0;
    }, patience);
    worker.on('message', (report: Report) => {
      if (report.kind === 'batch') now = `--target ${report.target} --seed ${report.seed} --cases ${batch}`;
      else if (report.kind === 'failure') {
        const [first = ''] = report.text.split('\n');
        const key = `${report.target} ${first}`;
        if (!failures.has(key))
          process.stdout.write(
            `crash: npm run fuzz -- --target ${report.target} --seed ${report.seed} --cases ${batch}\n${report.text}\n\n`,
          );
        failures.set(key, first);
      } else resolve();
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      clearInterval(watchdog);
      resolve();
    });
  });
  const seconds = Math.round((Date.now() - start) / 1000);
  const crashes = failures.size - hangs;
  process.stdout.write(
    `${count[0]} inputs in ${seconds} s, ${crashes} crashes, ${hangs} hangs; again with --cases ${plan.cases} --seed ${plan.seed}\n`,
  );
  process.exitCode = failures.size > 0 ? 1 : 0;
}
