/** Entry of the tests that run inside a real extension host: `run()` is what VS Code calls. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

export interface HostResult { readonly title: string; readonly error?: string; readonly durationMs: number }

/** Runs every bundled host test and writes the results where `PII_GATE_HOST_RESULTS` says. Rejects when one failed. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', timeout: 30_000, reporter: 'min' });
  const folder = import.meta.dirname;
  for (const file of readdirSync(folder)) if (file.endsWith('.test.js')) mocha.addFile(join(folder, file));
  const results: HostResult[] = [];
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failures) => {
      const target = process.env.PII_GATE_HOST_RESULTS;
      if (target !== undefined) writeFileSync(target, JSON.stringify(results));
      if (failures > 0) reject(new Error(`${failures} host tests failed`));
      else resolve();
    });
    runner.on('pass', (test) => results.push({ title: test.fullTitle(), durationMs: test.duration ?? 0 }));
    runner.on('fail', (test, error) => results.push({ title: test.fullTitle(), error: String(error?.stack ?? error), durationMs: test.duration ?? 0 }));
  });
}
