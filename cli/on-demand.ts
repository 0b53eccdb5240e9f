/** What only `serve`, `audit`, `policy` and `query` need, as one bundle (`dist/cli-on-demand.js`): databases, web server, parsers. */
export * from '#backend/cli.ts';
export * from './query/command.ts';
