import { runWithProjectNode } from './bootstrap.mjs';

runWithProjectNode('bench.ts');
