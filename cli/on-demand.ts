/** What only `serve`, `audit`, `policy`, `query` and `mcp` need, as one bundle (`dist/cli-on-demand.js`): databases, web server, parsers. */
export * from '#backend/cli.ts';
export * from './query/command.ts';
export * from './mcp/command.ts';
