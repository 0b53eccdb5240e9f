import { runWithProjectNode } from './bootstrap.mjs';

runWithProjectNode('scripts/bench.ts');
