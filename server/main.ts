/** Entry point of the language server (`dist/server.js`): a connection over stdio, node IPC, a pipe or a socket, and the wiring. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { letCellsStayYoung } from '#query/results/cells-stay-young.ts';
import { serverPaths } from './session/paths.ts';
import { startServer } from './start-server.ts';

const transports = ['--stdio', '--node-ipc', '--socket', '--pipe'];
if (!process.argv.some((argument) => transports.some((transport) => argument.startsWith(transport)))) process.argv.push('--stdio');

letCellsStayYoung();
const connection = createConnection(ProposedFeatures.all);
startServer(connection, {
  loadCore: async () => (await import('./detection/core.ts')).createCore(),
  loadGate: async () => (await import('./gate/register.ts')).registerGate,
  paths: serverPaths(import.meta.dirname),
});
connection.listen();
