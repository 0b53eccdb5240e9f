/** Entry point of the language server (`dist/server.js`): a connection over stdio, node IPC, a pipe or a socket, and the wiring. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { createMasker } from '#core/masking/create.ts';
import { builtinPacks } from '#rules';
import { Engine } from './detection/engine.ts';
import { serverPaths } from './session/paths.ts';
import { startServer } from './start-server.ts';

const transports = ['--stdio', '--node-ipc', '--socket', '--pipe'];
if (!process.argv.some((argument) => transports.some((transport) => argument.startsWith(transport)))) process.argv.push('--stdio');

const connection = createConnection(ProposedFeatures.all);
const regex = createRe2();
startServer(connection, {
  engine: new Engine(builtinPacks, async (packs) => createDetector(packs, regex)),
  regex: () => regex,
  createMasker,
  loadGate: async () => (await import('./gate/register.ts')).registerGate,
  paths: serverPaths(import.meta.dirname),
});
connection.listen();
