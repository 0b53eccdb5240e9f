/**
 * How each document is to be scanned: settings of the client, policy of its workspace folder and trust, folded into one
 * plan that stays the same object until one of them changes.
 */
import ignore from 'ignore';
import { scanChoices } from '#core/policy/scan-choices.ts';
import type { OpenDocument, ScanPlan } from '../documents/open-document.ts';
import type { FolderPolicy, PolicyStore } from '../policy/policy-store.ts';
import type { Providers } from '#files/providers/providers.ts';
import type { Trust } from '../session/trust.ts';
import type { Settings } from '../settings/settings.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import { basename, pathOf } from '../text/uri-path.ts';
import type { Engine } from './engine.ts';

export interface PlanSources {
  readonly engine: () => Promise<Engine>;
  readonly settings: SettingsStore;
  readonly policies: PolicyStore;
  readonly trust: Trust;
  readonly providers: Providers;
}

/** Findings kept of a live document, best first: twice what a client shows. More would only cost memory on every keystroke. */
const liveFindings = 2000;

interface Kept { readonly settings: Settings; readonly policy: FolderPolicy; readonly trusted: boolean; readonly plan: ScanPlan }

export class ScanPlans {
  private readonly sources: PlanSources;
  private readonly kept = new Map<string, Kept>();

  constructor(sources: PlanSources) {
    this.sources = sources;
  }

  async of(document: OpenDocument): Promise<ScanPlan> {
    const home = document.notebook ?? document.uri;
    const [settings, policy] = await Promise.all([this.sources.settings.of(home), this.sources.policies.of(home)]);
    const trusted = this.sources.trust.get();
    const known = this.kept.get(document.uri);
    if (known !== undefined && known.settings === settings && known.policy === policy && known.trusted === trusted) return known.plan;
    const plan = await this.make(document, home, settings, policy, trusted);
    this.kept.set(document.uri, { settings, policy, trusted, plan });
    return plan;
  }

  forget(uri: string): void {
    this.kept.delete(uri);
  }

  private async make(document: OpenDocument, home: string, settings: Settings, { folder, policy }: FolderPolicy, trusted: boolean): Promise<ScanPlan> {
    const detector = await (await this.sources.engine()).detector(policy.custom);
    const options = { ...scanChoices(settings, policy, trusted), languageId: document.languageId, filename: basename(home), maxFindings: liveFindings };
    const globs = [...settings.exclude, ...(trusted ? policy.exclude : [])];
    const skip = !settings.enable ? 'disabled' : isExcluded(home, folder, globs) ? 'excluded' : document.length > settings.maxFileSizeMb * 1e6 ? 'too-large' : undefined;
    const entities = new Map(detector.entities().map((info) => [info.entity, info]));
    // An untrusted workspace's settings can't send its files anywhere.
    const provider = trusted ? this.sources.providers.of(settings) : undefined;
    return { detector, options, entities, ...(provider === undefined ? {} : { provider }), ...(skip === undefined ? {} : { skip }) };
  }
}

/** Globs in `.gitignore` syntax, relative to the folder; outside of one, to the file's own. */
function isExcluded(uri: string, folder: string | undefined, globs: readonly string[]): boolean {
  if (globs.length === 0) return false;
  const path = folder === undefined ? basename(uri) : pathOf(uri).slice(pathOf(folder).length + 1);
  return ignore.isPathValid(path) && ignore().add([...globs]).ignores(path);
}
