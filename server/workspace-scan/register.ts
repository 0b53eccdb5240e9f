/** `piiGate/workspace/scan`: all files of the workspace on threads of their own, with progress, cancellable. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CancellationToken } from 'vscode-languageserver/node';
import type { EntityInfo } from '#core/engine/detector.ts';
import { type FileFindings, method, type ScanProgress, type ScanWorkspaceParams, type ScanWorkspaceResult } from '#core/wire/protocol.ts';
import type { FileReport } from '#files/report.ts';
import { scanInPool } from '#files/pool.ts';
import { walk } from '#files/walk.ts';
import { titleOf } from '../diagnostics/wording.ts';
import { policyFileName } from '../policy/policy-store.ts';
import type { FeatureDeps } from '../session/feature-deps.ts';

/** Milliseconds between two progress messages. */
const progressEvery = 200;

/** Findings kept for one answer: a tree with more is of use to nobody, and the count goes on. */
const maxFindings = 20_000;

export interface WorkspaceScanParts {
  readonly scanWorker: string;
  readonly entities: () => Promise<readonly EntityInfo[]>;
}

interface Tally { scanned: number; skipped: number; findings: number; kept: number; told: number }

export function registerWorkspaceScan(deps: FeatureDeps, parts: WorkspaceScanParts): void {
  deps.connection.onRequest(method.scanWorkspace, deps.boundary.request(method.scanWorkspace, async ({ folders }: ScanWorkspaceParams, token: CancellationToken): Promise<ScanWorkspaceResult> => {
    const titles = new Map((await parts.entities()).map((info) => [info.entity, info]));
    const files: FileFindings[] = [];
    const tally: Tally = { scanned: 0, skipped: 0, findings: 0, kept: 0, told: performance.now() };
    for (const folder of folders.filter((uri) => uri.startsWith('file:'))) {
      for await (const report of reportsOf(deps, parts, folder)) {
        take(deps, tally, report);
        const found = inWire(folder, report, titles, maxFindings - tally.kept);
        tally.kept += found.findings.length;
        if (found.findings.length > 0 || found.limits.length > 0) files.push(found);
        if (token.isCancellationRequested) return { files, scanned: tally.scanned, skipped: tally.skipped, cancelled: true };
      }
    }
    return { files, scanned: tally.scanned, skipped: tally.skipped, cancelled: false };
  }));
}

async function* reportsOf(deps: FeatureDeps, parts: WorkspaceScanParts, folder: string): AsyncGenerator<FileReport> {
  const settings = await deps.settings.of(folder);
  if (!settings.enable) return;
  const trusted = deps.trust.get();
  const { policy } = await deps.policies.of(`${folder}/`);
  const text = (await deps.policies.text(deps.policies.fileOf(folder))) ?? '';
  const cwd = fileURLToPath(folder);
  const failed: FileReport[] = [];
  const paths = (function* (): Generator<string> {
    for (const file of walk(['.'], { cwd, gitignore: true, exclude: [...settings.exclude, ...(trusted ? policy.exclude : [])] })) {
      if ('error' in file) failed.push({ path: file.path, findings: [], limits: [], bytes: 0, error: file.error });
      else yield file.path;
    }
  })();
  yield* scanInPool(paths, {
    threads: Math.max(1, availableParallelism() - 1),
    workerFile: parts.scanWorker,
    spec: {
      policy: { name: policyFileName, text },
      cwd,
      choices: { minConfidence: settings.minConfidence, disabledEntities: [...settings.disabledEntities], severity: [...settings.severity], inlineIgnores: settings.inlineIgnores, trusted },
    },
  });
  yield* failed;
}

function take({ connection }: FeatureDeps, tally: Tally, report: FileReport): void {
  tally.scanned++;
  tally.findings += report.findings.length;
  if (report.error !== undefined || report.limits.some(({ kind }) => kind === 'binary')) tally.skipped++;
  if (performance.now() - tally.told < progressEvery) return;
  tally.told = performance.now();
  const progress: ScanProgress = { scanned: tally.scanned, findings: tally.findings };
  void connection.sendNotification(method.scanProgress, progress);
}

/** 1-based places of a report → LSP's; above `room` the findings left out are named as a limit. */
function inWire(folder: string, { path, findings, limits }: FileReport, titles: ReadonlyMap<string, EntityInfo>, room: number): FileFindings {
  const kept = findings.slice(0, Math.max(0, room));
  const cut = kept.length < findings.length ? [{ kind: 'too-many-findings', kept: kept.length, total: findings.length } as const] : [];
  return {
    uri: pathToFileURL(join(fileURLToPath(folder), path)).href,
    findings: kept.map(({ line, column, endLine, endColumn, fingerprint: _fingerprint, ...finding }) => ({
      ...finding, line: line - 1, character: column - 1, endLine: endLine - 1, endCharacter: endColumn - 1, title: titleOf(finding.entity, titles.get(finding.entity)),
    })),
    // Skipped rules are a matter of the policy, shown there; binaries are counted.
    limits: [...limits.filter(({ kind }) => kind !== 'binary' && kind !== 'rule-skipped'), ...cut],
  };
}
