/** The language model tools. Enforcement is in `invoke`, by the gate; `prepareInvocation` only explains: users may confirm all tools at once. */
import { randomBytes } from 'node:crypto';
import { type Disposable, type LanguageModelTool, LanguageModelTextPart, LanguageModelToolResult, l10n, lm, MarkdownString, workspace } from 'vscode';
import type { AgentRuns } from './agent-runs.ts';
import { wordsOf } from '#core/wire/agent-answer.ts';

interface QueryInput { readonly connection: string; readonly statement: string; readonly reason: string; readonly maxRows?: number }
interface WaitInput { readonly runId: string }

export function registerTools(agents: AgentRuns): Disposable[] {
  const say = (text: string): LanguageModelToolResult => new LanguageModelToolResult([new LanguageModelTextPart(text)]);
  const fence = (): string => `rows-${randomBytes(9).toString('base64url')}`;
  const untrusted = (): LanguageModelToolResult | undefined => workspace.isTrusted ? undefined : say('blocked: the workspace is not trusted. The user has to trust it first.');

  const connections: LanguageModelTool<Record<string, never>> = {
    invoke: () => untrusted() ?? say(JSON.stringify(agents.connections().map(({ id, name, dialect, environment }) => ({ id, name, dialect, environment })))),
  };
  const query: LanguageModelTool<QueryInput> = {
    prepareInvocation: ({ input }) => ({
      invocationMessage: l10n.t('Running a statement on {0}', input.connection),
      confirmationMessages: {
        title: l10n.t('Run this on {0}?', input.connection),
        message: new MarkdownString().appendCodeblock(input.statement, 'sql').appendText(l10n.t('Personal data comes back masked; what the policy calls sensitive asks a person first.')),
      },
    }),
    async invoke({ input }, token) {
      return untrusted() ?? say(wordsOf(await agents.run(input, token), fence()));
    },
  };
  const wait: LanguageModelTool<WaitInput> = {
    prepareInvocation: () => ({ invocationMessage: l10n.t('Waiting for approval') }),
    async invoke({ input }, token) {
      return untrusted() ?? say(wordsOf(await agents.wait(input.runId, token), fence()));
    },
  };
  return [
    lm.registerTool('pii-gate_list_connections', connections),
    lm.registerTool('pii-gate_query', query),
    lm.registerTool('pii-gate_wait', wait),
  ];
}
