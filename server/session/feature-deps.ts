/** What every feature may use. Features get this, `main` makes it. */
import type { Connection } from 'vscode-languageserver/node';
import type { Masker } from '#core/masking/masker.ts';
import type { Diagnostics } from '../diagnostics/diagnostics.ts';
import type { EveryFinding } from '../diagnostics/every-finding.ts';
import type { DocumentStore } from '../documents/document-store.ts';
import type { PolicyEditing } from '../policy/policy-editing.ts';
import type { PolicyStore } from '../policy/policy-store.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import type { Boundary } from './boundary.ts';
import type { ClientSupport } from './client-support.ts';
import type { GateLoader } from './gate-loader.ts';
import type { Trust } from './trust.ts';

export interface FeatureDeps {
  readonly connection: Connection;
  readonly boundary: Boundary;
  readonly support: ClientSupport;
  readonly documents: DocumentStore;
  readonly diagnostics: Diagnostics;
  readonly everyFinding: EveryFinding;
  readonly settings: SettingsStore;
  readonly policies: PolicyStore;
  readonly policyEditing: PolicyEditing;
  readonly trust: Trust;
  readonly gate: GateLoader;
  /** Keyed with the installation key as it is now. */
  readonly masker: () => Promise<Masker>;
}
