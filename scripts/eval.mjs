import { runWithProjectNode } from './bootstrap.mjs';

runWithProjectNode('eval.ts');
