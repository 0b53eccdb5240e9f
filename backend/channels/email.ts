/** E-mail by SMTP to the reviewers: when a request waits, and what became of it. */
import { createTransport } from 'nodemailer';
import type { Channel, DeliveryResult } from './channel.ts';
import type { Summary } from './summary.ts';

export interface EmailSettings {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** `implicit`: TLS from the first byte (port 465). `starttls`: required upgrade. `off`: only for a relay on this machine. */
  readonly tls: 'implicit' | 'starttls' | 'off';
  readonly user?: string;
  readonly password?: string;
  /** PEM of the authority to trust, where it is an own one. */
  readonly ca?: string;
  readonly from: string;
  /** Who is told. */
  readonly reviewers: readonly string[];
  readonly timeoutMs: number;
  readonly wants: (type: string, summary: Summary) => boolean;
}

export function createEmail(settings: EmailSettings): Channel {
  const transport = createTransport({
    host: settings.host, port: settings.port,
    secure: settings.tls === 'implicit', requireTLS: settings.tls === 'starttls', ignoreTLS: settings.tls === 'off',
    ...(settings.user === undefined ? {} : { auth: { user: settings.user, pass: settings.password ?? '' } }),
    ...(settings.ca === undefined ? {} : { tls: { ca: settings.ca } }),
    connectionTimeout: settings.timeoutMs, greetingTimeout: settings.timeoutMs, socketTimeout: settings.timeoutMs,
    disableFileAccess: true, disableUrlAccess: true,
  });
  return {
    id: settings.id,
    wants: settings.wants,
    async deliver({ id, summary }) {
      try {
        await transport.sendMail({
          from: settings.from,
          to: [...settings.reviewers],
          subject: oneLine(summary.outcome === undefined ? `Approval needed: ${summary.headline}` : `${summary.outcome.split(':')[0]}: ${summary.headline}`),
          text: body(summary),
          // The same on every try, so that a mailbox shows it once; replies and updates thread under the request.
          messageId: `<${id}@pii-gate>`,
          references: `<request-${summary.requestId}@pii-gate>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { kind: 'done' };
      } catch (error) {
        return smtpFailure(error);
      }
    },
  };
}

/** Plain text only: nothing in it can be taken for markup. */
function body(summary: Summary): string {
  return [
    ...(summary.outcome === undefined ? [] : [summary.outcome, '']),
    `${oneLine(summary.headline)}.`, `It ${oneLine(summary.touches)}.`, '',
    ...(summary.reason === '' ? [] : [`Reason: ${summary.reason}`, '']),
    ...summary.facts.map(([name, value]) => `${name}: ${value}`), '',
    ...summary.preview.split('\n').slice(0, 60).map((line) => `    ${line.slice(0, 300)}`), '',
    summary.outcome === undefined ? `Review: ${summary.inbox}` : `See: ${summary.inbox}`,
    `In the editor: ${summary.editor}`, '',
  ].join('\n');
}

/** Header text has no line breaks: nobody adds a header through a connection's name. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ').slice(0, 200);
}

/** 4xx and lost connections are tried again, 5xx and refused sign-ins are not (RFC 5321, section 4.2.1). */
function smtpFailure(error: unknown): DeliveryResult {
  const code: unknown = error instanceof Error && 'responseCode' in error ? error.responseCode : undefined;
  const kind: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  const why = typeof code === 'number' ? `answered ${code}` : typeof kind === 'string' ? kind : 'connection failed';
  return (typeof code === 'number' && code >= 500) || kind === 'EAUTH' ? { kind: 'dead', why } : { kind: 'retry', why };
}
