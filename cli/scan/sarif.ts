/** SARIF 2.1.0 (OASIS). Columns are UTF-16 code units (§3.14.17), regions carry no snippet: a snippet would be the value. */
import { pathToFileURL } from 'node:url';
import { isAbsolute } from 'node:path';
import type { EntityInfo } from '#core/engine/detector.ts';
import type { Severity } from '#core/wire/finding.ts';
import type { Output } from '../io/output.ts';
import type { FileReport, Placed, ReportWriter } from '#files/report.ts';

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', information: 'note', hint: 'note' };

export function sarifWriter(out: Output, entitiesOf: () => ReadonlyMap<string, EntityInfo>): ReportWriter {
  const rules = new Map<string, { id: string; index: number; entity: string }>();
  const notifications: object[] = [];
  let written = 0;
  const head = `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"columnKind":"utf16CodeUnits","results":[\n`;
  return {
    async file(report) {
      notifications.push(...notificationsOf(report));
      if (report.findings.length === 0) return;
      const entities = entitiesOf();
      const rows = report.findings.map((finding) => {
        let rule = rules.get(finding.ruleId);
        if (rule === undefined) {
          rule = { id: finding.ruleId, index: rules.size, entity: finding.entity };
          rules.set(finding.ruleId, rule);
        }
        return JSON.stringify(result(report.path, finding, rule.index, entities));
      });
      await out.write(`${written === 0 ? head : ',\n'}${rows.join(',\n')}`);
      written += rows.length;
    },
    async end({ errors }) {
      const entities = entitiesOf();
      const driver = {
        name: 'PII Gate',
        informationUri: 'https://github.com/pii-gate/pii-gate',
        rules: [...rules.values()].map(({ id, entity }) => descriptor(id, entity, entities.get(entity))),
      };
      const invocation = { executionSuccessful: errors === 0, toolExecutionNotifications: notifications };
      await out.write(`${written === 0 ? head : ''}\n],"tool":{"driver":${JSON.stringify(driver)}},"invocations":[${JSON.stringify(invocation)}]}]}\n`);
    },
  };
}

function result(path: string, finding: Placed, ruleIndex: number, entities: ReadonlyMap<string, EntityInfo>): object {
  const title = entities.get(finding.entity)?.title ?? finding.entity;
  return {
    ruleId: finding.ruleId,
    ruleIndex,
    level: levels[finding.severity],
    kind: 'fail',
    // `rank` is 0..100 (§3.27.25).
    rank: Math.round(finding.confidence * 1000) / 10,
    message: { text: `${title} (${Math.round(finding.confidence * 100)} %).${finding.reasons.length === 0 ? '' : ` ${finding.reasons.map(({ text }) => text).join('; ')}.`}` },
    locations: [{
      physicalLocation: {
        artifactLocation: { uri: uriOf(path) },
        region: {
          startLine: finding.line, startColumn: finding.column, endLine: finding.endLine, endColumn: finding.endColumn,
          charOffset: finding.start, charLength: finding.end - finding.start,
        },
      },
    }],
    properties: { entity: finding.entity, category: finding.category, confidence: finding.confidence, reserved: finding.reserved === true, reasons: finding.reasons },
  };
}

function descriptor(id: string, entity: string, info: EntityInfo | undefined): object {
  const title = info?.title ?? entity;
  return {
    id,
    name: entity,
    shortDescription: { text: title },
    fullDescription: { text: `${title}. ${info === undefined ? '' : `Category ${info.category}. ${info.regulations.join(', ')}`}`.trim() },
    helpUri: `https://github.com/pii-gate/pii-gate/blob/main/docs/entities.md#${entity.toLowerCase()}`,
    defaultConfiguration: { level: levels[info?.severity ?? 'warning'] },
    properties: { entity, category: info?.category ?? '', tags: ['privacy', ...(info?.regulations ?? [])] },
  };
}

function notificationsOf({ path, limits, error }: FileReport): object[] {
  const at = [{ physicalLocation: { artifactLocation: { uri: uriOf(path) } } }];
  const texts: { text: string; level: string }[] = limits.filter(({ kind }) => kind !== 'binary').map((limit) => ({ text: `${path}: ${JSON.stringify(limit)}`, level: 'warning' }));
  if (error !== undefined) texts.push({ text: `${path}: ${error}`, level: 'error' });
  return texts.map(({ text, level }) => ({ level, message: { text }, locations: at }));
}

function uriOf(path: string): string {
  if (path === '<stdin>') return 'stdin';
  if (isAbsolute(path)) return pathToFileURL(path).href;
  return path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}
