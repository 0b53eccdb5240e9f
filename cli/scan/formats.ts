/** The four output formats of `scan`. */
import type { EntityInfo } from '#core/engine/detector.ts';
import type { Output } from '../io/output.ts';
import type { Placed, ReportWriter } from '#files/report.ts';
import { sarifWriter } from './sarif.ts';

export const formats = ['text', 'json', 'jsonl', 'sarif'] as const;
export type Format = (typeof formats)[number];

export function createWriter(format: Format, out: Output, entities: () => ReadonlyMap<string, EntityInfo>, colour: boolean): ReportWriter {
  switch (format) {
    case 'json':
      return jsonWriter(out);
    case 'jsonl':
      return jsonlWriter(out);
    case 'sarif':
      return sarifWriter(out, entities);
    default:
      return textWriter(out, entities, colour);
  }
}

const colours = { error: 31, warning: 33, information: 36, hint: 90 } as const;

function textWriter(out: Output, entities: () => ReadonlyMap<string, EntityInfo>, colour: boolean): ReportWriter {
  const paint = (text: string, code: number): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    async file({ path, findings, limits }) {
      if (findings.length === 0 && limits.length === 0) return;
      const titles = entities();
      const lines = findings.filter(({ reserved }) => reserved !== true).map((finding) => {
        const title = titles.get(finding.entity)?.title ?? finding.entity;
        return `${path}:${finding.line}:${finding.column}: ${paint(finding.severity, colours[finding.severity])} ${finding.entity} ${title} (${Math.round(finding.confidence * 100)} %)\n`;
      });
      for (const limit of limits) if (limit.kind === 'truncated') lines.push(`${path}: only ${limit.scanned} of ${limit.total} ${limit.unit === 'bytes' ? 'bytes' : 'characters'} scanned\n`);
      if (lines.length > 0) await out.write(lines.join(''));
    },
    async end() {},
  };
}

/** `{version, findings: [{path, …}], limits: [{path, …}], errors: [{path, message}], summary}`; findings are streamed. */
function jsonWriter(out: Output): ReportWriter {
  const limits: object[] = [];
  const errors: object[] = [];
  let written = 0;
  const open = (): string => (written === 0 ? '{"version":1,"findings":[\n' : ',\n');
  return {
    async file(report) {
      limits.push(...report.limits.map((limit) => ({ path: report.path, ...limit })));
      if (report.error !== undefined) errors.push({ path: report.path, message: report.error });
      if (report.findings.length === 0) return;
      await out.write(open() + report.findings.map((finding) => JSON.stringify(row(report.path, finding))).join(',\n'));
      written += report.findings.length;
    },
    async end(summary) {
      await out.write(`${written === 0 ? open() : ''}\n],"limits":${JSON.stringify(limits)},"errors":${JSON.stringify(errors)},"summary":${JSON.stringify(summary)}}\n`);
    },
  };
}

/** One line a finding; one line `{path, limit}` or `{path, error}` for what was not scanned. */
function jsonlWriter(out: Output): ReportWriter {
  return {
    async file(report) {
      const rows = [
        ...report.findings.map((finding) => row(report.path, finding)),
        ...report.limits.map((limit) => ({ path: report.path, limit })),
        ...(report.error === undefined ? [] : [{ path: report.path, error: report.error }]),
      ];
      if (rows.length > 0) await out.write(rows.map((value) => `${JSON.stringify(value)}\n`).join(''));
    },
    async end() {},
  };
}

function row(path: string, finding: Placed): object {
  return { path, ...finding };
}
