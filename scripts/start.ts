/**
 * `npm start`: builds, starts the sample's approval backend, makes the sample database and opens the sample workspace
 * in VS Code with the extension: desktop `code` where there is one, else a desktop build where one can be downloaded,
 * else the workbench in the browser.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { buildAll } from './build.ts';
import { root } from './bundles.ts';
import { packVsix } from './package.ts';
import { type SampleBackend, startSampleBackend } from './sample-backend.ts';
import { makeSampleDatabase } from './sample-database.ts';
import { sampleConnections } from './sample-connections.ts';
import { isOnPath } from './workbench/system-packages.ts';
import { startWorkbench, type Workbench } from './workbench/server.ts';

const state = join(root, '.cache', 'sample');
const workspace = join(state, 'workspace');
const step = (text: string) => console.log(`· ${text}`);

/** A desktop program needs a desktop. */
const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);

async function desktopProgram(): Promise<string | undefined> {
  if (process.argv.includes('--browser') || !hasDisplay) return undefined;
  if (isOnPath('code')) return 'code';
  try {
    step('no `code` on PATH: downloading a desktop VS Code …');
    return await downloadAndUnzipVSCode({ cachePath: join(root, '.cache', 'vscode') });
  } catch (error) {
    step(`that did not work (${error instanceof Error ? error.message : error}); using the workbench in the browser`);
    return undefined;
  }
}

function openDesktop(program: string, backend: SampleBackend): string {
  const userData = join(state, 'desktop');
  mkdirSync(join(userData, 'User'), { recursive: true });
  const settings = { 'piiGate.backend.url': backend.url, 'piiGate.connections': sampleConnections(workspace), 'security.workspace.trust.enabled': false };
  writeFileSync(join(userData, 'User', 'settings.json'), JSON.stringify(settings, null, 2));
  const env = { ...process.env, PII_GATE_TOKEN: backend.tokens.dana, PII_GATE_BACKEND_URL: backend.url };
  spawn(program, ['--new-window', '--user-data-dir', userData, `--extensionDevelopmentPath=${root}`, workspace], { env, stdio: 'ignore', detached: true, shell: process.platform === 'win32' }).unref();
  return `VS Code on ${workspace}`;
}

async function openBrowserWorkbench(backend: SampleBackend): Promise<Workbench> {
  const vsix = await packVsix();
  return startWorkbench({
    stateDir: join(state, 'browser'),
    extensions: [vsix],
    machineSettings: { 'piiGate.backend.url': backend.url, 'piiGate.connections': sampleConnections(workspace) },
    env: { PII_GATE_TOKEN: backend.tokens.dana, PII_GATE_BACKEND_URL: backend.url },
    smokeTestDriver: false,
  });
}

step('building …');
await buildAll();
step('making the sample workspace and its database …');
mkdirSync(state, { recursive: true });
rmSync(workspace, { recursive: true, force: true });
cpSync(join(root, 'examples', 'workspace'), workspace, { recursive: true, filter: (source) => !/\.db(-\w+)?$/.test(source) });
makeSampleDatabase(join(workspace, 'shop.db'));
// A repository of its own, so that Git features behave as in a real project.
if (!existsSync(join(workspace, '.git')) && isOnPath('git')) spawnSync('git', ['init', '--quiet'], { cwd: workspace });
step('starting the approval backend …');
const backend = await startSampleBackend(join(state, 'backend'));

const program = await desktopProgram();
let workbench: Workbench | undefined;
let opened: string;
if (program !== undefined) {
  opened = openDesktop(program, backend);
} else {
  step('starting the VS Code workbench in the browser …');
  workbench = await openBrowserWorkbench(backend);
  opened = workbench.url(workspace);
}

console.log(`
  Editor    ${opened}  (signed in as Dana, a developer)
  Inbox     ${backend.url}/  sign in as Sam, the data steward, with the token  ${backend.tokens.sam}
  Others    Devon (dba)  ${backend.tokens.devon}   Aria (auditor)  ${backend.tokens.aria}
  Try       open seed.ts · run queries/top-customers.sql · run queries/customer-ids.sql on production and approve it in the inbox
  Stop      Ctrl+C
`);

let stopping = false;
const stop = async () => {
  if (stopping) return;
  stopping = true;
  await workbench?.close();
  await backend.close();
  process.exit(0);
};
process.on('SIGINT', () => void stop());
process.on('SIGTERM', () => void stop());
// Keeps the process alive until it is stopped.
setInterval(() => undefined, 1 << 30);
