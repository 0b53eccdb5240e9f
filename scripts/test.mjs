import { runWithProjectNode } from './bootstrap.mjs';

runWithProjectNode('scripts/test.ts');
